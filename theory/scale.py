"""Modes and keys: which notes a key has, how they are spelled and what its signature is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from theory.pitch import NATURALS, Interval, NoteName


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode by its degrees' alterations against the major scale.

    `degrees` are the scale's degrees, 0–6 (a pentatonic mode leaves two out); `alters` are the
    semitones by which each of the seven degrees differs from the major scale's; `sharps` is where
    the signature lies on the line of fifths against the tonic's own major signature; `also` are
    further notes, as a degree and its semitones against the mode's own: the octatonic scale has
    eight notes on seven letters, the blues two fifths.
    """

    name: str
    alters: tuple[int, int, int, int, int, int, int]
    sharps: int
    degrees: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    also: tuple[tuple[int, int], ...] = ()

    @property
    def minor(self) -> bool:
        """Has it a minor third?"""
        return self.alters[2] == -1


MODES: Mapping[str, Mode] = MappingProxyType(
    {
        mode.name: mode
        for mode in (
            Mode("lydian", (0, 0, 0, 1, 0, 0, 0), 1),
            Mode("ionian", (0, 0, 0, 0, 0, 0, 0), 0),
            Mode("mixolydian", (0, 0, 0, 0, 0, 0, -1), -1),
            Mode("dorian", (0, 0, -1, 0, 0, 0, -1), -2),
            Mode("aeolian", (0, 0, -1, 0, 0, -1, -1), -3),
            Mode("phrygian", (0, -1, -1, 0, 0, -1, -1), -4),
            Mode("locrian", (0, -1, -1, 0, -1, -1, -1), -5),
            Mode("harmonic minor", (0, 0, -1, 0, 0, -1, 0), -3),
            Mode("melodic minor", (0, 0, -1, 0, 0, 0, 0), -3),
            Mode("major pentatonic", (0, 0, 0, 0, 0, 0, 0), 0, (0, 1, 2, 4, 5)),
            Mode("minor pentatonic", (0, 0, -1, 0, 0, -1, -1), -3, (0, 2, 3, 4, 6)),
            # A semitone and a whole tone by turns; its signature is the one that leaves the fewest
            # accidentals, and so is the whole-tone scale's.
            Mode("octatonic", (0, -1, -1, 1, 0, 0, -1), -2, also=((2, 1),)),
            Mode("whole-tone", (0, 0, 0, 1, 1, 0, -1), 1, (0, 1, 2, 3, 4, 6)),
            # Over major chords its third is the blue one; it is written as a major key is.
            Mode("blues", (0, 0, -1, 0, 0, -1, -1), 0, (0, 2, 3, 4, 6), ((4, -1),)),
        )
    }
)
# A signature of more than six accidentals is spelled from the other side.
MOST_ACCIDENTALS = 6


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic and a mode.

    >>> Key.of("D", "dorian").names
    ('D', 'E', 'F', 'G', 'A', 'B', 'C')
    """

    tonic: NoteName
    mode: Mode

    @classmethod
    def of(cls, tonic: str, mode: str) -> Key:
        """Raises ValueError for an unknown note or mode."""
        if mode not in MODES:
            raise ValueError(f"{mode!r} is no mode: choose from {', '.join(MODES)}")
        return cls(NoteName.parse(tonic), MODES[mode])

    @classmethod
    def spelled(cls, tonic: str, mode: str) -> Key:
        """As `of`, with the tonic respelled where its signature would pass six accidentals.

        >>> Key.spelled("Db", "phrygian").name
        'C# phrygian'
        """
        key = cls.of(tonic, mode)
        if key.signature < -MOST_ACCIDENTALS:
            return cls(NoteName.from_fifths(key.tonic.fifths + 12), key.mode)
        if key.signature > MOST_ACCIDENTALS:
            return cls(NoteName.from_fifths(key.tonic.fifths - 12), key.mode)
        return key

    @property
    def name(self) -> str:
        return f"{self.tonic.name} {self.mode.name}"

    @property
    def signature(self) -> int:
        """Sharps (positive) or flats (negative) in the key signature."""
        return self.tonic.fifths + self.mode.sharps

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(note.name for note in scale_notes(self))

    @property
    def notes(self) -> tuple[NoteName, ...]:
        """The scale's notes, from the tonic up."""
        return scale_notes(self)

    def degree(self, degree: int, alter: int = 0) -> NoteName:
        """The note on a degree, 0 the tonic, altered by semitones against this mode's own."""
        return self.major_degree(degree, self.mode.alters[degree % 7] + alter)

    def major_degree(self, degree: int, alter: int = 0) -> NoteName:
        """The note on a degree of the *major* scale on this tonic, altered by semitones.

        Roman numerals are written so: ♭VI is the same chord in a major and in a minor key.
        """
        return self.tonic.up(Interval(degree % 7, NATURALS[degree % 7] + alter))

    def __str__(self) -> str:
        return self.name


@lru_cache(maxsize=512)
def scale_notes(key: Key) -> tuple[NoteName, ...]:
    plain = tuple((degree, 0) for degree in key.mode.degrees)
    found = (key.degree(degree, alter) for degree, alter in (*plain, *key.mode.also))
    return tuple(sorted(found, key=lambda note: (note.chroma - key.tonic.chroma) % 12))
