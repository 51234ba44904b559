"""The tables of one phrase: all that follows from its context before a note is sung.

Above all what an onset and a length mean for every pitch: how it stands to the chords it sounds
over. Automaton, reachability and search read them.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from theory.melody.context import STRONG, HarmonicContext, Palette, palette, pitches_of
from theory.melody.grammar import (
    FAULTS,
    INTERVAL,
    OWED,
    STRONG_RULE,
    WEAK_RULE,
    Duty,
    Kind,
    table,
)
from theory.melody.moves import Move, move_of, moves_between
from theory.melody.structure import REFUSED, Bools, Structure, perfects
from theory.pitch import Pitch
from theory.rules import POPULAR, RULES

PERFECTS = "perfects-with-bass"
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


@dataclass(frozen=True, slots=True)
class Placement:
    """What one onset and length mean for every pitch, whatever came before.

    `kinds` and `foreign` (breaks "scale") have shape (pitches,); `carry`, how the structural code
    changes, (pitches + 1, codes), the last row being a rest; `clash`, forbidden perfects with the
    bass, (pitches, pitches + 1) or None.
    """

    kinds: NDArray[np.int8]
    foreign: Bools
    carry: NDArray[np.int16]
    clash: Bools | None


class Placements:
    """The placements of one phrase, each made when it is asked for."""

    def __init__(
        self, context: HarmonicContext, pitches: tuple[Pitch, ...], structure: Structure
    ) -> None:
        self.context = context
        self.pitches = pitches
        self.count = len(pitches)
        self.structure = structure
        self.perfects_bound = (
            RULES[PERFECTS].binds(context.language) and PERFECTS not in context.off
        )
        self._placements: dict[tuple[int, int], Placement] = {}
        self._meanings: dict[tuple[int, bool, int, int], Placement] = {}
        self._clashes: dict[int, Bools] = {}

    def at(self, tick: int, ticks: int) -> Placement:
        """What an event of this onset and length means for each pitch."""
        key = (tick, ticks)
        if key not in self._placements:
            meaning = self._meaning(tick, ticks)
            if meaning not in self._meanings:
                self._meanings[meaning] = Placement(
                    *self._kinds(tick, ticks), self._carry(tick, ticks), self.clash(tick)
                )
            self._placements[key] = self._meanings[meaning]
        return self._placements[key]

    def _meaning(self, tick: int, ticks: int) -> tuple[int, bool, int, int]:
        """All that a placement depends on: events alike in it share one placement.

        The span that sounds at the onset, whether this is a strong place, and the numbers of the
        strong places, changes of chord among them, from the onset on and up to the end.
        """
        first = bisect_left(self._ticks, tick)
        strong = first < len(self._ticks) and self._ticks[first] == tick
        last = bisect_left(self._ticks, tick + ticks)
        return self.context.span_at(tick), strong, first, last

    def in_harmony(self, tick: int, pitch: Pitch) -> bool:
        """Is this a chord tone of what sounds at `tick`?"""
        return pitch.note in self.zones[self.context.span_at(tick) + 1].tones

    def clash(self, tick: int) -> Bools | None:
        """Forbidden perfects into `tick`, (pitches, pitches + 1), where they are a hard rule."""
        index = self.context.span_at(tick)
        if not self.perfects_bound or index < 0 or self.context.spans[index].start != tick:
            return None
        return self.perfects(index)

    def perfects(self, index: int) -> Bools:
        """Perfects with the bass into span `index`, forbidden or not."""
        if index not in self._clashes:
            self._clashes[index] = perfects(self.context, self.pitches, index)
        return self._clashes[index]

    @cached_property
    def zones(self) -> tuple[Palette, ...]:
        """The notes to be had in the upbeat and in each span."""
        context = self.context
        chords = [context.before.chord if context.before else None]
        chords.extend(span.chord for span in context.spans)
        popular = context.language == POPULAR
        return tuple(palette(chord, context.key, context.scale, popular) for chord in chords)

    @cached_property
    def _zone_tables(self) -> tuple[Bools, Bools, Bools, Bools, Bools]:
        """Tone, usable, rising, falling, chromatic: each (zones, pitches)."""
        notes = [pitch.note for pitch in self.pitches]
        return (
            np.array([[note in zone.tones for note in notes] for zone in self.zones]),
            np.array([[note in zone.notes for note in notes] for zone in self.zones]),
            np.array([[note == zone.rising for note in notes] for zone in self.zones]),
            np.array([[note == zone.falling for note in notes] for zone in self.zones]),
            np.array([[zone.chromatic(note) for note in notes] for zone in self.zones]),
        )

    @cached_property
    def _places(self) -> tuple[tuple[int, int, bool], ...]:
        """Strong places in order: tick, zone, whether a span starts there."""
        context = self.context
        starts = {span.start for span in context.spans}
        pulse = context.metre.pulse
        first = -(-context.start // pulse) * pulse
        accents = (
            tick
            for tick in range(first, context.end, pulse)
            if context.metre.strength(tick) >= STRONG
        )
        ticks = sorted(starts.union(accents))
        return tuple((tick, context.span_at(tick) + 1, tick in starts) for tick in ticks)

    @cached_property
    def _ticks(self) -> tuple[int, ...]:
        return tuple(tick for tick, _, _ in self._places)

    @cached_property
    def _strong(self) -> frozenset[int]:
        return frozenset(tick for tick, _, _ in self._places)

    def _kinds(self, tick: int, ticks: int) -> tuple[NDArray[np.int8], Bools]:
        tone, usable, rising, falling, altered = self._zone_tables
        context = self.context
        zone = context.span_at(tick) + 1
        strong = tick in self._strong
        kinds = np.where(tone[zone], Kind.CHORD, Kind.STRONG if strong else Kind.WEAK)
        kinds = kinds.astype(np.int8)
        directed = rising[zone] | falling[zone]
        chromatic = altered[zone]
        foreign = ~(usable[zone] | directed | chromatic)
        kinds[chromatic] = Kind.LEANING if strong else Kind.CHROMATIC
        if strong:
            kinds[directed] = Kind.DRAGGED
        else:
            kinds[rising[zone]], kinds[falling[zone]] = Kind.RISING, Kind.FALLING
        for place, there, starts in self._places:
            if not tick < place < tick + ticks:
                continue
            fits = tone[there]
            kinds = np.where(
                fits,
                _FITS[kinds],
                np.where((kinds == Kind.CHORD) & starts, Kind.HELD, Kind.DRAGGED),
            ).astype(np.int8)
            foreign |= ~usable[there] | chromatic
        if STRONG_RULE in context.off:
            kinds[np.isin(kinds, (Kind.HELD, Kind.STRONG, Kind.DRAGGED))] = Kind.CHORD
        if WEAK_RULE in context.off:
            weak = (Kind.PUSHED, Kind.WEAK, Kind.RISING, Kind.FALLING)
            kinds[np.isin(kinds, weak)] = Kind.CHORD
        if "scale" in context.off:
            foreign[:] = False
        return kinds, foreign

    def _carry(self, tick: int, ticks: int) -> NDArray[np.int16]:
        index = self.context.span_at(tick)
        structure = self.structure
        codes = np.arange(structure.codes, dtype=np.int16)
        if index >= 0:
            inside = tick != self.context.spans[index].start
            carry = structure.touch(index) if inside else structure.enter(index)
        else:
            carry = np.tile(codes, (self.count + 1, 1))
        for later in range(index + 1, len(self.context.spans)):
            if self.context.spans[later].start >= tick + ticks:
                break
            through = np.take_along_axis(structure.enter(later), np.maximum(carry, 0), 1)
            carry = np.where(carry == REFUSED, np.int16(REFUSED), through)
        return carry


# Intervals that a phrase does not leave its last note by.
NOT_LEADING_ON = (Move.REFUSED, Move.DIMINISHED_UP, Move.DIMINISHED_DOWN)


class PhraseTables:
    """What a phrase's context leaves: its pitches and durations, and how they may follow.

    `moves` has the classes of the intervals, (to, from); `duties` and `faults` what a note of a
    kind leaves behind and breaks, (kinds, duties, moves); `lapses` are the faults against rules
    that are soft in the language, which forbid nothing. `binding` are the duties that have to be
    met before a rest, (duties,).
    """

    def __init__(self, context: HarmonicContext) -> None:
        self.context = context
        self.pitches: tuple[Pitch, ...] = pitches_of(context)
        self.durations: tuple[int, ...] = context.durations
        self.count = len(self.pitches)
        self.number = {pitch: number for number, pitch in enumerate(self.pitches)}
        self.structure = Structure(context, self.pitches)
        self.moves = moves_between(self.pitches, context.before.pitch if context.before else None)
        hard = [RULES[rule].binds(context.language) for rule in FAULTS]
        self.duties, judged = table(context.off)
        mask = np.uint16(sum(1 << number for number, binds in enumerate(hard) if binds))
        self.faults, self.lapses = judged & mask, judged & ~mask
        owed = [OWED.get(duty) for duty in Duty]
        self.binding = np.array(
            [rule is not None and RULES[rule].binds(context.language) for rule in owed]
        )
        self.placements = Placements(context, self.pitches, self.structure)

    @cached_property
    def ends(self) -> Bools:
        """Which pitches may be the last one sung, (pitches + 1,)."""
        context, last = self.context, self.context.spans[-1].chord
        goal = context.after[1].soprano if context.after else None
        found = np.zeros(self.count + 1, np.bool_)
        for number, pitch in enumerate(self.pitches):
            final = "melodic-cadence" in context.off or pitch.note in context.final
            found[number] = final and pitch.note in last.tones and self._leads_on(pitch, goal)
        return found

    def _leads_on(self, pitch: Pitch, goal: Pitch | None) -> bool:
        """Can the next phrase begin on its frame's soprano?

        A diminished interval would have to turn back there, and it may not be able to; the frame's
        own last note is the way that is proven.
        """
        bound = RULES[INTERVAL].binds(self.context.language) and INTERVAL not in self.context.off
        if goal is None or not bound:
            return True
        if pitch == self.context.spans[-1].voicing.soprano:
            return move_of(pitch.to(goal)) != Move.REFUSED
        return move_of(pitch.to(goal)) not in NOT_LEADING_ON
