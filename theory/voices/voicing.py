"""A chord set for four voices: what a voicing must have, what it should have, and all of them.

The rules here look at one voicing by itself; `motion` has those that look at two in a row.
Every predicate is written with `&`, `|` and arithmetic only, so that the one definition serves for
single numbers and for numpy arrays of thousands of voicings alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from theory.chord import Chord
from theory.pitch import NATURALS, NoteName, Pitch
from theory.rules import RULES, check_language

# A number or a numpy array of numbers: MIDI numbers, diatonic heights, counts, truth values.
Value: TypeAlias = Any

VOICES = ("soprano", "alto", "tenor", "bass")
SOPRANO, ALTO, TENOR, BASS = range(4)
RANGES: tuple[tuple[Pitch, Pitch], ...] = tuple(
    (Pitch.parse(low), Pitch.parse(high))
    for low, high in (str(RULES["range"].parameters[voice]).split() for voice in VOICES)
)
SOPRANO_RANGE = RANGES[SOPRANO]
WIDEST = RULES["spacing"].number("widest")
# Where each voice sounds at its best, in MIDI numbers; straying from it costs a little.
COMFORT = ((62, 76), (57, 70), (51, 65), (40, 56))
# With the rule "range" switched off a voice may go this many semitones beyond its range.
BEYOND = 5
# How far above the bass the tenor may lie at no cost, in semitones.
TENTH = 16
# Below this bass note (C3), a tenor closer than a fifth sounds thick.
LOW_BASS, THICK = 48, 7
VOICING_RULES = (
    "range",
    "spacing",
    "crossing",
    "completeness",
    "doubled-leading-tone",
    "doubled-seventh",
)
# Costs are counted in hundredths of a point, so that sums are exact; a semitone is a point.
POINT = 100


@dataclass(frozen=True, slots=True)
class Voicing:
    """Four spelled pitches, soprano first."""

    soprano: Pitch
    alto: Pitch
    tenor: Pitch
    bass: Pitch

    def __iter__(self) -> Iterator[Pitch]:
        return iter((self.soprano, self.alto, self.tenor, self.bass))

    def __str__(self) -> str:
        return " ".join(pitch.name for pitch in self)


@dataclass(frozen=True, slots=True)
class Parts:
    """The four voices as numbers or as arrays of equal shape: MIDI numbers and diatonic heights."""

    midi: tuple[Value, Value, Value, Value]
    height: tuple[Value, Value, Value, Value]

    @classmethod
    def of(cls, voicing: Voicing) -> Parts:
        a, b, c, d = voicing
        return cls((a.midi, b.midi, c.midi, d.midi), (a.height, b.height, c.height, d.height))


def sings(midi: Value, height: Value, note: NoteName) -> Value:
    """Is this pitch that note, by its spelling?"""
    return (height % 7 == note.step) & (midi % 12 == note.chroma)


def count(parts: Parts, note: NoteName) -> Value:
    """How many of the four voices sing a note."""
    total: Value = 0
    for midi, height in zip(parts.midi, parts.height, strict=True):
        total = total + sings(midi, height, note)
    return total


# --- what a voicing must have ---------------------------------------------------------------------


def voicing_breaks(
    parts: Parts, chord: Chord, soprano_range: tuple[Pitch, Pitch] = SOPRANO_RANGE
) -> Mapping[str, Value]:
    """How often each rule of `VOICING_RULES` is broken."""
    soprano, alto, tenor, bass = parts.midi
    outside: Value = 0
    for midi, (low, high) in zip(parts.midi, (soprano_range, *RANGES[1:]), strict=True):
        outside = outside + ((midi < low.midi) | (midi > high.midi))
    counts = [count(parts, tone) for tone in chord.tones]
    missing = sum((counts[k] == 0 for k in range(len(counts)) if k != 2), 0 * bass)
    leading: Value = 0 if chord.leading is None else count(parts, chord.leading) > 1
    return {
        "range": outside,
        "spacing": (soprano - alto > WIDEST) + 0 + (alto - tenor > WIDEST),
        "crossing": (soprano < alto) + 0 + (alto < tenor) + (tenor < bass),
        "completeness": missing,
        "doubled-leading-tone": leading,
        "doubled-seventh": 0 if chord.seventh is None else counts[3] > 1,
    }


def admissible_voicing(
    voicing: Voicing,
    chord: Chord,
    language: str = "strict",
    off: frozenset[str] = frozenset(),
    soprano_range: tuple[Pitch, Pitch] = SOPRANO_RANGE,
) -> bool:
    """Is this a voicing of the chord, its own bass below, that breaks no hard rule?"""
    upper = (voicing.soprano, voicing.alto, voicing.tenor)
    if voicing.bass.note != chord.bass or any(p.note not in chord.tones for p in upper):
        return False
    breaks = voicing_breaks(Parts.of(voicing), chord, soprano_range)
    return not any(breaks[name] for name in hard_rules(VOICING_RULES, language, off))


def hard_rules(names: tuple[str, ...], language: str, off: frozenset[str]) -> tuple[str, ...]:
    """Those of the rules that bind in a language and are not switched off.

    Raises ValueError for an unknown language.
    """
    check_language(language)
    return tuple(name for name in names if name not in off and RULES[name].binds(language))


def soft_rules(names: tuple[str, ...], language: str, off: frozenset[str]) -> tuple[str, ...]:
    """Those of the rules that only cost their weight in a language."""
    return tuple(name for name in names if name not in off and not RULES[name].binds(language))


# --- what a voicing should have -------------------------------------------------------------------

# The cost of one more root, third, fifth, in points, by inversion. The root is what one doubles in
# root position and the fifth, which is the bass, in a six-four chord; a doubled major third is too
# prominent (Aldwell & Schachter, ch. 5; Piston, ch. 2).
DOUBLING: Mapping[str, tuple[tuple[float, float, float], ...]] = MappingProxyType(
    {
        "major": ((0.0, 3.0, 1.5), (0.5, 2.5, 0.5), (2.5, 3.0, 0.0)),
        "minor": ((0.0, 1.5, 1.5), (0.5, 0.5, 0.5), (2.5, 2.5, 0.0)),
        "diminished": ((1.0, 0.0, 2.0), (2.5, 0.0, 1.0), (2.5, 0.0, 1.0)),
    }
)
# A Neapolitan sixth doubles its bass, the fourth degree, and least of all its lowered root.
NEAPOLITAN = (2.5, 0.0, 1.5)
FIFTH_MISSING = MappingProxyType({"root position": 2.5, "inversion": 4.0, "altered": 5.0})


def voicing_costs(parts: Parts, chord: Chord) -> Mapping[str, Value]:
    """What a voicing costs by itself, by criterion, in hundredths of a point."""
    soprano, alto, tenor, bass = parts.midi
    counts = [count(parts, tone) for tone in chord.tones]
    table = DOUBLING.get(chord.quality.name)
    if chord.neapolitan and chord.inversion == 1:
        extra: tuple[float, ...] = NEAPOLITAN
    elif table is None:
        # Sevenths, sus and augmented chords: the root if anything, the third least of all.
        extra = (0.5, 2.5, 1.5, 0.0)
    else:
        extra = table[chord.inversion]
    doubling: Value = 0 * bass
    for many, price in zip(counts, extra, strict=False):
        doubling = doubling + (many > 1) * (many - 1) * round(POINT * price)
    altered = chord.quality.intervals[2] != "P5"
    kind = "altered" if altered else "inversion" if chord.inversion else "root position"
    # Root-position seventh chords give their fifth away readily.
    lenient = 0.4 if len(counts) > 3 and kind == "root position" else 1.0
    comfort: Value = 0 * bass
    for midi, (low, high) in zip(parts.midi, COMFORT, strict=True):
        comfort = comfort + (midi < low) * (low - midi) * 20 + (midi > high) * (midi - high) * 20
    wide = tenor - bass - TENTH
    return {
        "doubling": doubling,
        "fifth missing": (counts[2] == 0) * round(POINT * FIFTH_MISSING[kind] * lenient),
        "unison": ((soprano == alto) + 0 + (alto == tenor) + (tenor == bass)) * 2 * POINT,
        "tenor far from bass": (wide > 0) * wide * 30,
        "thick bass": ((bass < LOW_BASS) & (tenor - bass < THICK)) * 2 * POINT,
        "compass": comfort,
    }


# --- all of them ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Every voicing of a chord that breaks no hard rule, in a fixed order.

    `parts` holds arrays of n numbers; `costs` is an array of n costs in hundredths of a point.
    """

    pitches: tuple[tuple[Pitch, ...], ...]
    index: np.ndarray[Any, Any]  # n × 4: which of its voice's pitches each voice sings
    parts: Parts
    costs: np.ndarray[Any, Any]

    def __len__(self) -> int:
        return len(self.index)

    def voicing(self, number: int) -> Voicing:
        a, b, c, d = (self.pitches[v][int(self.index[number, v])] for v in range(4))
        return Voicing(a, b, c, d)


def tones_between(tones: tuple[NoteName, ...], low: int, high: int) -> tuple[Pitch, ...]:
    """The pitches of some notes from one MIDI number to another, from below."""
    found = [
        Pitch(tone.step, tone.alter, octave)
        for tone in tones
        for octave in range((low - NATURALS[tone.step]) // 12 - 3, high // 12 + 2)
    ]
    return tuple(sorted((p for p in found if low <= p.midi <= high), key=lambda p: p.midi))


@lru_cache(maxsize=1024)
def candidates(
    chord: Chord,
    language: str,
    off: frozenset[str],
    soprano_range: tuple[Pitch, Pitch] = SOPRANO_RANGE,
) -> Candidates:
    """All voicings of a chord that break no hard rule of the language; there may be none."""
    slack = BEYOND if "range" in off else 0
    ranges = (soprano_range, *RANGES[1:])
    pitches = tuple(
        tones_between(
            (chord.bass,) if voice == BASS else chord.tones, low.midi - slack, high.midi + slack
        )
        for voice, (low, high) in enumerate(ranges)
    )
    grid = np.indices([len(p) for p in pitches]).reshape(4, -1)
    parts = _parts(pitches, grid)
    breaks = voicing_breaks(parts, chord, soprano_range)
    hard = hard_rules(VOICING_RULES, language, off)
    keep = np.ones(grid.shape[1], dtype=bool)
    for name in hard:
        keep &= np.asarray(breaks[name]) == 0
    grid = grid[:, keep]
    parts = _parts(pitches, grid)
    costs = np.zeros(grid.shape[1], dtype=np.int64)
    for cost in price(parts, chord, language, off, soprano_range).values():
        costs += cost
    return Candidates(pitches, np.ascontiguousarray(grid.T), parts, costs)


def price(
    parts: Parts,
    chord: Chord,
    language: str,
    off: frozenset[str],
    soprano_range: tuple[Pitch, Pitch],
) -> dict[str, Value]:
    """Costs of a voicing by criterion and by soft rule, in hundredths of a point."""
    costs = dict(voicing_costs(parts, chord))
    soft = soft_rules(VOICING_RULES, language, off)
    if soft:
        breaks = voicing_breaks(parts, chord, soprano_range)
        for name in soft:
            costs[name] = breaks[name] * round(POINT * RULES[name].weight)
    return costs


def _parts(pitches: tuple[tuple[Pitch, ...], ...], grid: np.ndarray[Any, Any]) -> Parts:
    midi = [
        np.array([p.midi for p in row], dtype=np.int64)[grid[v]] for v, row in enumerate(pitches)
    ]
    height = [
        np.array([p.height for p in row], dtype=np.int64)[grid[v]] for v, row in enumerate(pitches)
    ]
    return Parts((midi[0], midi[1], midi[2], midi[3]), (height[0], height[1], height[2], height[3]))
