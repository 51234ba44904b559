"""What an onset and a length mean for every pitch: how it stands to the chords it sounds over."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from theory.melody.grammar import STRONG_RULE, WEAK_RULE, Kind
from theory.melody.ground import STRONG, Ground, Palette, palette
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


class Contexts:
    """The contexts of one phrase, each made when it is asked for."""

    def __init__(self, ground: Ground, pitches: tuple[Pitch, ...], structure: Structure) -> None:
        self.ground = ground
        self.pitches = pitches
        self.count = len(pitches)
        self.structure = structure
        self.perfects_bound = RULES[PERFECTS].binds(ground.language) and PERFECTS not in ground.off
        self._contexts: dict[tuple[int, int], Context] = {}
        self._meanings: dict[tuple[int, bool, int, int], Context] = {}
        self._clashes: dict[int, Bools] = {}

    def at(self, tick: int, ticks: int) -> Context:
        """What an event of this onset and length means for each pitch."""
        key = (tick, ticks)
        if key not in self._contexts:
            meaning = self._meaning(tick, ticks)
            if meaning not in self._meanings:
                self._meanings[meaning] = Context(
                    *self._kinds(tick, ticks), self._carry(tick, ticks), self.clash(tick)
                )
            self._contexts[key] = self._meanings[meaning]
        return self._contexts[key]

    def _meaning(self, tick: int, ticks: int) -> tuple[int, bool, int, int]:
        """All that a context depends on: events alike in it share one context.

        The span that sounds at the onset, whether this is a strong place, and the numbers of the
        strong places, changes of chord among them, from the onset on and up to the end.
        """
        first = bisect_left(self._ticks, tick)
        strong = first < len(self._ticks) and self._ticks[first] == tick
        last = bisect_left(self._ticks, tick + ticks)
        return self.ground.span_at(tick), strong, first, last

    def in_harmony(self, tick: int, pitch: Pitch) -> bool:
        """Is this a chord tone of what sounds at `tick`?"""
        return pitch.note in self.zones[self.ground.span_at(tick) + 1].tones

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
    def zones(self) -> tuple[Palette, ...]:
        """The notes to be had in the upbeat and in each span."""
        ground = self.ground
        chords = [ground.before.chord if ground.before else None]
        chords.extend(span.chord for span in ground.spans)
        popular = ground.language == POPULAR
        return tuple(palette(chord, ground.key, ground.scale, popular) for chord in chords)

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
        ground = self.ground
        starts = {span.start for span in ground.spans}
        pulse = ground.metre.pulse
        first = -(-ground.start // pulse) * pulse
        accents = (
            tick
            for tick in range(first, ground.end, pulse)
            if ground.metre.strength(tick) >= STRONG
        )
        ticks = sorted(starts.union(accents))
        return tuple((tick, ground.span_at(tick) + 1, tick in starts) for tick in ticks)

    @cached_property
    def _ticks(self) -> tuple[int, ...]:
        return tuple(tick for tick, _, _ in self._places)

    @cached_property
    def _strong(self) -> frozenset[int]:
        return frozenset(tick for tick, _, _ in self._places)

    def _kinds(self, tick: int, ticks: int) -> tuple[NDArray[np.int8], Bools]:
        tone, usable, rising, falling, altered = self._zone_tables
        ground = self.ground
        zone = ground.span_at(tick) + 1
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
