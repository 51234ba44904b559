"""The melody automaton: which notes may come next, so that the phrase can still be finished.

Immutable: a state and three verbs, `allowed`, `advance`, `can_end`. Whatever a sampler proposes,
a melody that went through the automaton breaks no hard rule, and none runs into a dead end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from theory.melody.grammar import FAULTS, LEAPS, STRONG_RULE, WEAK_RULE, Duty, Kind, Move, table
from theory.melody.ground import Entry, Event, Ground, Palette, palette, pitches_of
from theory.melody.reach import Words, ahead, reach
from theory.melody.structure import REFUSED, Bools, Structure, perfects
from theory.pitch import Interval, Pitch
from theory.rules import RULES

PERFECTS = "perfects-with-bass"
# Moves by letters and semitones, with room for every pair of pitches.
_REACH = 40


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


@dataclass(frozen=True, slots=True)
class Context:
    """What one onset and length mean for every pitch, whatever came before.

    `kinds` and `foreign` (breaks "scale") have shape (pitches,); `carry`, how the structural code
    changes, (pitches + 1, codes), the last row being a rest; `clash`, forbidden perfects with the
    bass, (pitches, pitches + 1) or None.
    """

    kinds: NDArray[np.int8]
    foreign: Bools
    carry: NDArray[np.int16]
    clash: Bools | None


class Automaton:
    """The automaton of one phrase. Its caches hold only what follows from its ground."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.pitches: tuple[Pitch, ...] = pitches_of(ground)
        self.durations: tuple[int, ...] = ground.durations
        self.count = len(self.pitches)
        self.number = {pitch: number for number, pitch in enumerate(self.pitches)}
        self.structure = Structure(ground, self.pitches)
        self.moves = _moves(self.pitches, ground.before.pitch if ground.before else None)
        self.duties, self.faults = table("melodic-interval" not in ground.off)
        self.perfects_bound = RULES[PERFECTS].binds(ground.language) and PERFECTS not in ground.off
        self._contexts: dict[tuple[int, int], Context] = {}
        self._clashes: dict[int, Bools] = {}

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
            open_ = self._reach.get(state.tick + ticks)
            if open_ is None:
                continue
            context = self.context(state.tick, ticks)
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
        return self._next(state, event)

    def can_end(self, state: State) -> bool:
        """Is the phrase filled, and its cadence sung?"""
        return state.tick == self.ground.end and not self._unfinished(state)

    def leave(self, state: State) -> Entry:
        """What a finished phrase hands on to the next; ValueError where it cannot end."""
        if not self.can_end(state) or state.pitch is None:
            raise ValueError(f"the phrase is not finished at tick {state.tick}")
        chord = self.ground.spans[-1].chord
        return Entry(state.pitch, state.structural or state.pitch, chord, self.structure.voicings(state.code))

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
        context = self.context(state.tick, event.ticks)
        found = list(self._local(context, state, event))
        row = self.count if event.pitch is None else self.number[event.pitch]
        if context.carry[row, state.code] == REFUSED:
            found.append("structural-note")
        if end == self.ground.end and not found:
            found.extend(self._unfinished(self._next(state, event)))
        return tuple(dict.fromkeys(found))

    # Shared with reachability and the singer.

    def context(self, tick: int, ticks: int) -> Context:
        """What an event of this onset and length means for each pitch."""
        key = (tick, ticks)
        if key not in self._contexts:
            self._contexts[key] = Context(
                *self._kinds(tick, ticks), self._carry(tick, ticks), self.clash(tick)
            )
        return self._contexts[key]

    def clash(self, tick: int) -> Bools | None:
        """Forbidden perfects into `tick`, (pitches, pitches + 1), where they are a hard rule."""
        index = self.ground.span_at(tick)
        if not self.perfects_bound or index < 0 or self.ground.spans[index].start != tick:
            return None
        return self.perfects(index)

    def perfects(self, index: int) -> Bools:
        """Perfects with the bass into span `index`, forbidden or not."""
        if index not in self._clashes:
            self._clashes[index] = perfects(self.ground, self.pitches, index)
        return self._clashes[index]

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
    def _reach(self) -> Mapping[int, Words]:
        return reach(self)

    @cached_property
    def zones(self) -> tuple[Palette, ...]:
        """The notes to be had in the upbeat and in each span."""
        ground = self.ground
        chords = [ground.before.chord if ground.before else None]
        chords.extend(span.chord for span in ground.spans)
        return tuple(palette(chord, ground.key, ground.scale) for chord in chords)

    @cached_property
    def _zone_tables(self) -> tuple[Bools, Bools, Bools, Bools]:
        """Tone, usable, rising, falling: each (zones, pitches)."""
        notes = [pitch.note for pitch in self.pitches]
        return (
            np.array([[note in zone.tones for note in notes] for zone in self.zones]),
            np.array([[note in zone.every for note in notes] for zone in self.zones]),
            np.array([[note == zone.rising for note in notes] for zone in self.zones]),
            np.array([[note == zone.falling for note in notes] for zone in self.zones]),
        )

    @cached_property
    def _places(self) -> tuple[tuple[int, int, bool], ...]:
        """Strong places in order: tick, zone, whether a span starts there."""
        ground = self.ground
        starts = {span.start for span in ground.spans}
        return tuple(
            (tick, ground.span_at(tick) + 1, tick in starts)
            for tick in range(ground.start, ground.end)
            if tick in starts or (tick % 2 == 0 and ground.metre.strength(tick) >= 3)
        )

    def _kinds(self, tick: int, ticks: int) -> tuple[NDArray[np.int8], Bools]:
        tone, usable, rising, falling = self._zone_tables
        ground = self.ground
        zone = ground.span_at(tick) + 1
        kinds = np.where(
            tone[zone], Kind.CHORD, Kind.STRONG if ground.strong(tick) else Kind.WEAK
        ).astype(np.int8)
        foreign = ~usable[zone]
        if not ground.strong(tick):
            kinds[rising[zone]], kinds[falling[zone]] = Kind.RISING, Kind.FALLING
        for place, there, starts in self._places:
            if not tick < place < tick + ticks:
                continue
            fits = tone[there]
            # Free of harmony until now: the note takes its meaning from the first chord.
            kinds = np.where(
                fits,
                _FITS[kinds],
                np.where((kinds == Kind.CHORD) & starts, Kind.HELD, Kind.DRAGGED),
            ).astype(np.int8)
            foreign |= ~usable[there]
        if STRONG_RULE in ground.off:
            kinds[np.isin(kinds, (Kind.HELD, Kind.STRONG, Kind.DRAGGED))] = Kind.CHORD
        if WEAK_RULE in ground.off:
            weak = (Kind.PUSHED, Kind.WEAK, Kind.RISING, Kind.FALLING)
            kinds[np.isin(kinds, weak)] = Kind.CHORD
        if "scale" in ground.off:
            foreign[:] = False
        return kinds, foreign

    def _carry(self, tick: int, ticks: int) -> NDArray[np.int16]:
        index = self.ground.span_at(tick)
        structure = self.structure
        codes = np.arange(structure.codes, dtype=np.int16)
        if index >= 0:
            inside = tick != self.ground.spans[index].start
            carry = structure.touch(index) if inside else structure.enter(index)
        else:
            carry = np.tile(codes, (self.count + 1, 1))
        for later in range(index + 1, len(self.ground.spans)):
            if self.ground.spans[later].start >= tick + ticks:
                break
            through = np.take_along_axis(structure.enter(later), np.maximum(carry, 0), 1)
            carry = np.where(carry == REFUSED, np.int16(REFUSED), through)
        return carry

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

    def _local(self, context: Context, state: State, event: Event) -> tuple[str, ...]:
        if event.pitch is None:
            return () if state.duty <= Duty.FREE else (_OWED[state.duty],)
        number, place = self.number[event.pitch], self._place(state)
        kind, move = context.kinds[number], self.moves[number, place]
        bits = self.faults[kind, state.duty, move]
        found = [rule for bit, rule in enumerate(FAULTS) if bits >> bit & 1]
        if context.foreign[number]:
            found.insert(0, "scale")
        if context.clash is not None and state.duty and context.clash[number, place]:
            found.append(PERFECTS)
        return tuple(found)

    def _next(self, state: State, event: Event) -> State:
        context = self.context(state.tick, event.ticks)
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

    def _unfinished(self, state: State) -> tuple[str, ...]:
        """The rules that keep a state at the phrase's end from ending."""
        found = [] if state.duty <= Duty.FREE else [_OWED[state.duty]]
        if not self.structure.closing()[state.code]:
            found.append("structural-note")
        if not self.ends[self._place(state)]:
            found.append("melodic-cadence")
        return tuple(found)

    def _leads_on(self, pitch: Pitch, goal: Pitch | None) -> bool:
        if goal is None or "melodic-interval" in self.ground.off:
            return True
        return move_of(pitch.to(goal)) < Move.DIMINISHED_UP


# What a note so far becomes where it is a chord tone at a later strong place.
_FITS = np.array(
    [
        {Kind.CHORD: Kind.CHORD, Kind.WEAK: Kind.PUSHED, Kind.PUSHED: Kind.PUSHED}.get(
            kind, Kind.DRAGGED
        )
        for kind in Kind
    ],
    np.int8,
)
# The rule that a duty belongs to.
_OWED = {
    duty: (
        "melodic-interval"
        if duty in (Duty.TURN_UP, Duty.TURN_DOWN)
        else STRONG_RULE
        if duty in (Duty.SUSPENDED, Duty.RESOLVE, Duty.RESOLVE_UP, Duty.RESOLVE_DOWN)
        else WEAK_RULE
    )
    for duty in Duty
}


@lru_cache(maxsize=4096)
def move_of(interval: Interval) -> Move:
    """The class of a melodic interval."""
    steps, semitones = interval.steps, interval.semitones
    if steps * semitones < 0 or (steps == 0) != (abs(semitones) <= 1 and steps == 0):
        return Move.REFUSED
    move = LEAPS.get((abs(steps), abs(semitones)), Move.REFUSED)
    down = semitones < 0 and Move.HALF_UP <= move <= Move.DIMINISHED_UP
    return Move(move + 1) if down else move


def _moves(pitches: tuple[Pitch, ...], entry: Pitch | None) -> NDArray[np.int8]:
    """Classes of the intervals to each pitch from each pitch and, last, from the entry."""
    found = np.full((len(pitches), len(pitches) + 1), Move.NONE, np.int8)
    for to, pitch in enumerate(pitches):
        for from_, other in enumerate(pitches):
            found[to, from_] = move_of(other.to(pitch))
        if entry is not None:
            found[to, -1] = move_of(entry.to(pitch))
    return found


def _name(event: Event) -> str:
    return "a rest" if event.pitch is None else event.pitch.name
