"""Spelled pitches: a letter, an alteration and an octave; the MIDI number is derived from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LETTERS = "CDEFGAB"
# Semitones above C of the seven letters, unaltered.
NATURALS = (0, 2, 4, 5, 7, 9, 11)
ACCIDENTALS = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}
SIGNS = {-2: "𝄫", -1: "♭", 0: "", 1: "♯", 2: "𝄪"}
ALTERS = {text: alter for alter, text in ACCIDENTALS.items()}
_NOTE = re.compile(r"([A-Ga-g])(bb|b|##|#|)")
_PITCH = re.compile(r"([A-Ga-g])(bb|b|##|#|)(-?\d+)")


@dataclass(frozen=True, slots=True, order=True)
class NoteName:
    """A spelled pitch class: `step` 0–6 counts letters from C, `alter` −2…2 semitones.

    >>> NoteName.parse("Ab").name, NoteName.parse("Ab") == NoteName.parse("G#")
    ('Ab', False)
    """

    step: int
    alter: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.step <= 6:
            raise ValueError(f"step: {self.step} is no letter; they are 0 for C to 6 for B")

    @classmethod
    def parse(cls, text: str) -> NoteName:
        """Read `C`, `F#`, `Bb`, `Ebb`; raises ValueError for anything else."""
        match = _NOTE.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no note name: write a letter A to G with b, bb, # or ##")
        return cls(LETTERS.index(match[1].upper()), ALTERS[match[2]])

    @property
    def name(self) -> str:
        return LETTERS[self.step] + _accidental(self.alter)

    @property
    def sign(self) -> str:
        """The name with typographic accidentals, as `A♭`."""
        return LETTERS[self.step] + SIGNS[self.alter]

    @property
    def chroma(self) -> int:
        """The pitch class 0–11."""
        return (NATURALS[self.step] + self.alter) % 12

    @property
    def fifths(self) -> int:
        """Place on the line of fifths; C is 0, G 1, F −1, F♯ 6."""
        return (1, 3, 5, 0, 2, 4, 6)[self.step] - 1 + 7 * self.alter

    @classmethod
    def from_fifths(cls, fifths: int) -> NoteName:
        """The note at a place on the line of fifths, from 15 flats' worth to 15 sharps'."""
        step = (3, 0, 4, 1, 5, 2, 6)[(fifths + 1) % 7]
        return cls(step, (fifths + 1) // 7)

    def at(self, octave: int) -> Pitch:
        return Pitch(self.step, self.alter, octave)

    def up(self, interval: Interval) -> NoteName:
        """The note an interval higher (its octave left out)."""
        step = (self.step + interval.steps) % 7
        chroma = self.chroma + interval.semitones
        return NoteName(step, _nearest(chroma - NATURALS[step]))

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Pitch:
    """A spelled pitch; octaves are numbered so that C4 is middle C, MIDI number 60.

    >>> Pitch.parse("Ab4").midi, Pitch.parse("Cb5").midi
    (68, 71)
    """

    step: int
    alter: int
    octave: int

    def __post_init__(self) -> None:
        if not 0 <= self.step <= 6:
            raise ValueError(f"step: {self.step} is no letter; they are 0 for C to 6 for B")

    @classmethod
    def parse(cls, text: str) -> Pitch:
        """Read `C4`, `F#3`, `Bb-1`; raises ValueError for anything else."""
        match = _PITCH.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no pitch: write a note and an octave, as in F#4")
        return cls(LETTERS.index(match[1].upper()), ALTERS[match[2]], int(match[3]))

    @property
    def note(self) -> NoteName:
        return NoteName(self.step, self.alter)

    @property
    def name(self) -> str:
        return f"{LETTERS[self.step]}{_accidental(self.alter)}{self.octave}"

    @property
    def midi(self) -> int:
        return 12 * (self.octave + 1) + NATURALS[self.step] + self.alter

    @property
    def height(self) -> int:
        """Diatonic height: letters above C0."""
        return 7 * self.octave + self.step

    def to(self, other: Pitch) -> Interval:
        """The signed interval from this pitch to another."""
        return Interval(other.height - self.height, other.midi - self.midi)

    def up(self, interval: Interval) -> Pitch:
        height = self.height + interval.steps
        octave, step = divmod(height, 7)
        natural = 12 * (octave + 1) + NATURALS[step]
        return Pitch(step, self.midi + interval.semitones - natural, octave)

    def __lt__(self, other: Pitch) -> bool:
        return (self.midi, self.height) < (other.midi, other.height)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Interval:
    """A signed interval: `steps` in letters (a third is 2), `semitones` in semitones.

    >>> Interval(2, 4).name, Interval(3, 6).name, Interval(-1, -1).name
    ('M3', 'A4', '-m2')
    """

    steps: int
    semitones: int

    @property
    def size(self) -> int:
        """Semitones without sign."""
        return abs(self.semitones)

    @property
    def number(self) -> int:
        """The ordinal number: 1 is a unison, 2 a second, 8 an octave."""
        return abs(self.steps) + 1

    @property
    def alteration(self) -> int:
        """Semitones away from the perfect or major interval of this number; augmented is > 0."""
        sign = -1 if self.steps < 0 or (self.steps == 0 and self.semitones < 0) else 1
        octaves, step = divmod(abs(self.steps), 7)
        return sign * self.semitones - (12 * octaves + NATURALS[step])

    @property
    def perfect(self) -> bool:
        """Is this a unison, fifth, octave or a compound of them (fourths are not counted)?"""
        return abs(self.steps) % 7 in (0, 4) and self.alteration == 0

    @property
    def quality(self) -> str:
        """`P`, `M`, `m`, `A`, `d`, and `AA`, `dd` beyond."""
        shift = self.alteration
        if abs(self.steps) % 7 in (0, 3, 4):
            return "P" if shift == 0 else ("A" * shift if shift > 0 else "d" * -shift)
        if shift in (0, -1):
            return "M" if shift == 0 else "m"
        return "A" * shift if shift > 0 else "d" * (-shift - 1)

    @property
    def name(self) -> str:
        sign = "-" if self.steps < 0 or (self.steps == 0 and self.semitones < 0) else ""
        return f"{sign}{self.quality}{self.number}"

    def __neg__(self) -> Interval:
        return Interval(-self.steps, -self.semitones)


@lru_cache(maxsize=64)
def interval(name: str) -> Interval:
    """Read `P1`, `m3`, `A4`, `d7`, `-M2`; raises ValueError for anything else."""
    match = re.fullmatch(r"(-?)(P|M|m|A+|d+)(\d+)", name)
    if match is None:
        raise ValueError(f"{name!r} is no interval: write a quality P, M, m, A, d and a number")
    steps = int(match[3]) - 1
    for semitones in range(12 * (steps // 7) + NATURALS[steps % 7] - 3, 200):
        found = Interval(steps, semitones)
        if found.quality == match[2]:
            return -found if match[1] else found
        if found.alteration > 3:
            break
    raise ValueError(f"{name!r} is no interval: a {match[3]} cannot be {match[2]}")


def _accidental(alter: int) -> str:
    if alter not in ACCIDENTALS:
        raise ValueError(f"alter: {alter} cannot be written; two flats to two sharps, −2 to 2, can")
    return ACCIDENTALS[alter]


def _nearest(semitones: int) -> int:
    """Fold an alteration into −6…5."""
    return (semitones + 6) % 12 - 6
