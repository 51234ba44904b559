"""The melody automaton: which notes may come next, so that the phrase can still be finished.

Immutable: a state and three verbs, `allowed`, `advance`, `can_end`. Whatever a sampler proposes,
a melody that went through the automaton breaks no hard rule, and none runs into a dead end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from theory.melody.context import PERFECTS, Context, Contexts
from theory.melody.grammar import FAULTS, OWED, Duty, table
from theory.melody.ground import Entry, Event, Ground, pitches_of
from theory.melody.moves import Move, move_of, moves_between
from theory.melody.reach import Words, ahead, reach
from theory.melody.structure import REFUSED, Bools, Structure
from theory.pitch import Pitch


@dataclass(frozen=True, slots=True)
class State:
    """Where a melody stands: all that the rules need to know of its past.

    `pitch` was sung last in this phrase (before any rest; None before the first note), reached by
    `move`, with `bass` below it at its onset;
    `duty` is what the next note owes it. `structural` is the structural note of the present span
    where `settled`, else that of the last span; `code` stands for it and for the voicings possible
    under it (see `theory.melody.structure`).
    """

    tick: int
    pitch: Pitch | None
    move: Move
    duty: Duty
    structural: Pitch | None
    settled: bool
    code: int
    bass: Pitch | None


# Intervals that a phrase does not leave its last note by.
NOT_LEADING_ON = (Move.REFUSED, Move.DIMINISHED_UP, Move.DIMINISHED_DOWN)


class Automaton:
    """The automaton of one phrase. Its caches hold only what follows from its ground."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.pitches: tuple[Pitch, ...] = pitches_of(ground)
        self.durations: tuple[int, ...] = ground.durations
        self.count = len(self.pitches)
        self.number = {pitch: number for number, pitch in enumerate(self.pitches)}
        self.structure = Structure(ground, self.pitches)
        self.moves = moves_between(self.pitches, ground.before.pitch if ground.before else None)
        self.duties, self.faults = table(ground.off)
        self.contexts = Contexts(ground, self.pitches, self.structure)

    # The three verbs.

    def start(self) -> State:
        """The state before the first event."""
        before = self.ground.before
        return State(
            self.ground.start,
            None,
            Move.NONE,
            Duty.REST,
            before.structural if before else None,
            True,
            0,
            before.voicings[0].bass if before else None,
        )

    def allowed(self, state: State) -> Bools:
        """What may come next, shape (durations, pitches + 1); the last column is a rest.

        Looks ahead: every event allowed here can be followed to the phrase's end.
        """
        place, code = self._place(state), state.code
        found = np.zeros((len(self.durations), self.count + 1), np.bool_)
        every = np.arange(self.count)
        for row, ticks in enumerate(self.durations):
            open_ = self.reachable.get(state.tick + ticks)
            if open_ is None:
                continue
            context = self.contexts.at(state.tick, ticks)
            duties, legal, carried = self._row(context, place, int(state.duty), code)
            found[row, :-1] = legal & ahead(open_[every, duties], carried[:-1])
            if state.duty <= Duty.FREE and carried[-1] != REFUSED:
                found[row, -1] = ahead(open_[place, Duty.REST], carried[-1])
        return found

    def advance(self, state: State, event: Event) -> State:
        """The state after an event; ValueError names the rules that the event itself breaks.

        Any length is accepted that stays in the phrase, in the vocabulary or not.
        """
        broken = self.broken(state, event)
        if broken:
            raise ValueError(f"{_name(event)} at tick {state.tick} breaks {', '.join(broken)}")
        return self.follow(state, event)

    def can_end(self, state: State) -> bool:
        """Is the phrase filled, and its cadence sung?"""
        return state.tick == self.ground.end and not self.unfinished(state)

    def leave(self, state: State) -> Entry:
        """What a finished phrase hands on to the next; ValueError where it cannot end."""
        if not self.can_end(state) or state.pitch is None:
            raise ValueError(f"the phrase is not finished at tick {state.tick}")
        chord = self.ground.spans[-1].chord
        return Entry(
            state.pitch, state.structural or state.pitch, chord, self.structure.voicings(state.code)
        )

    # What explains them.

    def struck(self, state: State, ticks: int | None = None) -> Mapping[str, frozenset[Pitch]]:
        """Which pitches each rule forbids as the next note of a length (the shortest if None)."""
        length = min(self.durations) if ticks is None else ticks
        found: dict[str, set[Pitch]] = {}
        for pitch in self.pitches:
            for rule in self.broken(state, Event(pitch, length)):
                found.setdefault(rule, set()).add(pitch)
        return {rule: frozenset(pitches) for rule, pitches in found.items()}

    def broken(self, state: State, event: Event) -> tuple[str, ...]:
        """The rules that an event breaks here, looking no further than the event itself.

        Raises ValueError for a length that does not fit into the phrase.
        """
        end = state.tick + event.ticks
        if event.ticks <= 0 or end > self.ground.end:
            raise ValueError(f"{event.ticks} ticks at tick {state.tick} do not fit into the phrase")
        if event.pitch is not None and event.pitch not in self.number:
            low, high = self.ground.compass
            inside = low.midi <= event.pitch.midi <= high.midi
            return ("scale",) if inside else ("compass",)
        found = self.local(state, event)
        if end == self.ground.end and not found:
            return self.unfinished(self.follow(state, event))
        return found

    # Shared with reachability and the singer.

    @cached_property
    def ends(self) -> Bools:
        """Which pitches may be the last one sung, (pitches + 1,)."""
        ground, last = self.ground, self.ground.spans[-1].chord
        goal = ground.after[1].soprano if ground.after else None
        found = np.zeros(self.count + 1, np.bool_)
        for number, pitch in enumerate(self.pitches):
            final = "melodic-cadence" in ground.off or pitch.note in ground.final
            found[number] = final and pitch.note in last.tones and self._leads_on(pitch, goal)
        return found

    @cached_property
    def reachable(self) -> Mapping[int, Words]:
        """Tick → the states from which the phrase can be finished (see `theory.melody.reach`)."""
        return reach(self)

    def _row(
        self, context: Context, place: int, duty: int, code: int
    ) -> tuple[NDArray[np.int8], Bools, NDArray[np.int16]]:
        """For one state: next duties and legality by pitch, next code by pitch and rest."""
        moves = self.moves[:, place]
        legal = (self.faults[context.kinds, duty, moves] == 0) & ~context.foreign
        if context.clash is not None and duty != Duty.REST:
            legal &= ~context.clash[:, place]
        carried = context.carry[:, code]
        legal &= carried[:-1] != REFUSED
        return self.duties[context.kinds, duty, moves], legal, carried

    def _place(self, state: State) -> int:
        """The number of a state's pitch; `count` before the first note."""
        return self.count if state.pitch is None else self.number[state.pitch]

    def local(self, state: State, event: Event) -> tuple[str, ...]:
        """The rules that an event breaks whether or not it ends the phrase."""
        context = self.contexts.at(state.tick, event.ticks)
        found: list[str] = []
        number = self.count
        if event.pitch is None:
            if state.duty > Duty.FREE:
                found.append(OWED[state.duty])
        else:
            number, place = self.number[event.pitch], self._place(state)
            if context.foreign[number]:
                found.append("scale")
            kind, move = context.kinds[number], self.moves[number, place]
            bits = self.faults[kind, state.duty, move]
            found.extend(rule for bit, rule in enumerate(FAULTS) if bits >> bit & 1)
            if context.clash is not None and state.duty and context.clash[number, place]:
                found.append(PERFECTS)
        if context.carry[number, state.code] == REFUSED:
            found.append("structural-note")
        return tuple(dict.fromkeys(found))

    def follow(self, state: State, event: Event) -> State:
        """The state after an event that is known to be allowed."""
        context = self.contexts.at(state.tick, event.ticks)
        number = self.count if event.pitch is None else self.number[event.pitch]
        tick = state.tick + event.ticks
        code = int(context.carry[number, state.code])
        structural, settled = self.structure.read(tick, code)
        if event.pitch is None:
            return replace(
                state, tick=tick, duty=Duty.REST, structural=structural, settled=settled, code=code
            )
        move = Move(int(self.moves[number, self._place(state)]))
        duty = Duty(int(self.duties[context.kinds[number], state.duty, move]))
        index = self.ground.span_at(state.tick)
        bass = self.ground.spans[index].voicing.bass if index >= 0 else state.bass
        return State(tick, event.pitch, move, duty, structural, settled, code, bass)

    def unfinished(self, state: State) -> tuple[str, ...]:
        """The rules that keep a state at the phrase's end from ending."""
        found = [] if state.duty <= Duty.FREE else [OWED[state.duty]]
        if not self.structure.closing[state.code]:
            found.append("structural-note")
        if not self.ends[self._place(state)]:
            found.append("melodic-cadence")
        return tuple(found)

    def _leads_on(self, pitch: Pitch, goal: Pitch | None) -> bool:
        """Can the next phrase begin on its frame's soprano?

        A diminished interval would have to turn back there, and it may not be able to; the frame's
        own last note is the way that is proven.
        """
        if goal is None or "melodic-interval" in self.ground.off:
            return True
        if pitch == self.ground.spans[-1].voicing.soprano:
            return move_of(pitch.to(goal)) != Move.REFUSED
        return move_of(pitch.to(goal)) not in NOT_LEADING_ON


def _name(event: Event) -> str:
    return "a rest" if event.pitch is None else event.pitch.name
