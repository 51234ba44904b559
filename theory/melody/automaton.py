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

from theory.melody.context import Event, PhraseEntry
from theory.melody.grammar import FAULTS, OWED, Duty
from theory.melody.moves import Move
from theory.melody.reachability import Words, ahead, reachable
from theory.melody.structure import REFUSED, Bools
from theory.melody.tables import PERFECTS, PhraseTables, Placement
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


class Automaton(PhraseTables):
    """The automaton of one phrase. Its caches hold only what follows from its context."""

    # The three verbs.

    def start(self) -> State:
        """The state before the first event."""
        before = self.context.before
        return State(
            self.context.start,
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
            placement = self.placements.at(state.tick, ticks)
            duties, legal, carried = self._row(placement, place, int(state.duty), code)
            found[row, :-1] = legal & ahead(open_[every, duties], carried[:-1])
            if not self.binding[state.duty] and carried[-1] != REFUSED:
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
        return state.tick == self.context.end and not self.unfinished(state)

    def leave(self, state: State) -> PhraseEntry:
        """What a finished phrase hands on to the next; ValueError where it cannot end."""
        if not self.can_end(state) or state.pitch is None:
            raise ValueError(f"the phrase is not finished at tick {state.tick}")
        chord = self.context.spans[-1].chord
        return PhraseEntry(
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
        if event.ticks <= 0 or end > self.context.end:
            raise ValueError(f"{event.ticks} ticks at tick {state.tick} do not fit into the phrase")
        if event.pitch is not None and event.pitch not in self.number:
            low, high = self.context.compass
            inside = low.midi <= event.pitch.midi <= high.midi
            return ("scale",) if inside else ("compass",)
        found = self.local(state, event)
        if end == self.context.end and not found:
            return self.unfinished(self.follow(state, event))
        return found

    # Shared with reachability and the singer.

    @cached_property
    def reachable(self) -> Mapping[int, Words]:
        """Tick → the states from which the phrase can be finished."""
        return reachable(self)

    def _row(
        self, placement: Placement, place: int, duty: int, code: int
    ) -> tuple[NDArray[np.int8], Bools, NDArray[np.int16]]:
        """For one state: next duties and legality by pitch, next code by pitch and rest."""
        moves = self.moves[:, place]
        legal = (self.faults[placement.kinds, duty, moves] == 0) & ~placement.foreign
        if placement.clash is not None and duty != Duty.REST:
            legal &= ~placement.clash[:, place]
        carried = placement.carry[:, code]
        legal &= carried[:-1] != REFUSED
        return self.duties[placement.kinds, duty, moves], legal, carried

    def _place(self, state: State) -> int:
        """The number of a state's pitch; `count` before the first note."""
        return self.count if state.pitch is None else self.number[state.pitch]

    def local(self, state: State, event: Event) -> tuple[str, ...]:
        """The rules that an event breaks whether or not it ends the phrase."""
        placement = self.placements.at(state.tick, event.ticks)
        found: list[str] = []
        number = self.count
        if event.pitch is None:
            if self.binding[state.duty]:
                found.append(OWED[state.duty])
        else:
            number, place = self.number[event.pitch], self._place(state)
            if placement.foreign[number]:
                found.append("scale")
            kind, move = placement.kinds[number], self.moves[number, place]
            bits = self.faults[kind, state.duty, move]
            found.extend(rule for bit, rule in enumerate(FAULTS) if bits >> bit & 1)
            if placement.clash is not None and state.duty and placement.clash[number, place]:
                found.append(PERFECTS)
        if placement.carry[number, state.code] == REFUSED:
            found.append("structural-note")
        return tuple(dict.fromkeys(found))

    def follow(self, state: State, event: Event) -> State:
        """The state after an event that is known to be allowed."""
        placement = self.placements.at(state.tick, event.ticks)
        number = self.count if event.pitch is None else self.number[event.pitch]
        tick = state.tick + event.ticks
        code = int(placement.carry[number, state.code])
        structural, settled = self.structure.read(tick, code)
        if event.pitch is None:
            return replace(
                state, tick=tick, duty=Duty.REST, structural=structural, settled=settled, code=code
            )
        move = Move(int(self.moves[number, self._place(state)]))
        duty = Duty(int(self.duties[placement.kinds[number], state.duty, move]))
        index = self.context.span_at(state.tick)
        bass = self.context.spans[index].voicing.bass if index >= 0 else state.bass
        return State(tick, event.pitch, move, duty, structural, settled, code, bass)

    def unfinished(self, state: State) -> tuple[str, ...]:
        """The rules that keep a state at the phrase's end from ending."""
        found = [OWED[state.duty]] if self.binding[state.duty] else []
        if not self.structure.closing[state.code]:
            found.append("structural-note")
        if not self.ends[self._place(state)]:
            found.append("melodic-cadence")
        return tuple(found)


def _name(event: Event) -> str:
    return "a rest" if event.pitch is None else event.pitch.name
