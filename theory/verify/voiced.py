"""What a rule of part-writing looks at: a chord as sung, with what leads to it and from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from theory.chord import Chord
from theory.pitch import Interval, Pitch

VOICE_NAMES = ("soprano", "alto", "tenor", "bass")
# What every voice sings, the highest first; None where one rests.
Four: TypeAlias = tuple[Pitch | None, ...]
Found: TypeAlias = Iterator[tuple[tuple[str, ...], str]]


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: at which chord (from 0; of two the second), by which voices, and how."""

    rule: str
    index: int
    voices: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class VoicedChord:
    """A chord as sung, with the two before it, if there are any.

    `names` are the voices', the highest first. `rows` is all that is sung, of which this is the one
    at `index`.
    """

    chord: Chord
    notes: Four
    before: Chord | None
    notes_before: Four | None
    rows: Sequence[Four]
    index: int
    compass: Mapping[str, tuple[str, str]]
    earlier: Chord | None
    bass_earlier: Pitch | None
    names: tuple[str, ...] = VOICE_NAMES

    @property
    def whole(self) -> bool:
        """Do all voices sing?"""
        return None not in self.notes

    @property
    def sung(self) -> Iterator[tuple[str, Pitch]]:
        """The voices that sing, and what."""
        for voice, pitch in zip(self.names, self.notes, strict=True):
            if pitch is not None:
                yield voice, pitch

    def later(self, voice: str) -> Iterator[Pitch]:
        """What a voice sings after this chord."""
        number = self.names.index(voice)
        for index in range(self.index + 1, len(self.rows)):
            pitch = self.rows[index][number]
            if pitch is not None:
                yield pitch


# Reads a rule off a chord: the voices at fault, and how.
Reading: TypeAlias = Callable[[VoicedChord], Found]


def neighbours(place: VoicedChord) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
    """Every voice with the next lower one: their names and their places."""
    for lower in range(1, len(place.names)):
        yield (place.names[lower - 1], place.names[lower]), (lower - 1, lower)


def motions(place: VoicedChord) -> Iterator[tuple[str, Pitch, Pitch, Interval]]:
    """Every voice that sings on, with the note it leaves, the note it reaches and the interval
    between them."""
    if place.notes_before is not None:
        for voice, start, end in zip(place.names, place.notes_before, place.notes, strict=True):
            if start is not None and end is not None:
                yield voice, start, end, start.to(end)


def pairs(
    place: VoicedChord,
) -> Iterator[tuple[tuple[str, str], Interval, Interval, tuple[Interval, Interval]]]:
    """Every two voices with their interval before and after and how each moves."""
    for (a, a1, a2, moved), (b, b1, b2, moves) in combinations(motions(place), 2):
        yield (a, b), b1.to(a1), b2.to(a2), (moved, moves)


def within_octave(one: Interval) -> str:
    """The interval's name within the octave, from the lower note up whichever voice has it."""
    up = -one if one.steps < 0 else one
    octaves = up.steps // 7
    return Interval(up.steps - 7 * octaves, up.semitones - 12 * octaves).name
