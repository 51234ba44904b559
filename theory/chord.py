"""Chords from Roman numerals: spelled tones, inversion, function, leading tone, chord symbol.

Numerals are read against the major scale on the tonic, whatever the mode, so that ♭VI and ♭VII are
the same chords in minor and when they are borrowed in major. Upper case is a major triad, lower
case a minor one; `o` diminished, `ø` half-diminished, `+` augmented; `maj7` is a major seventh and
a bare `7` a minor seventh (over `o` a diminished one). `V7/V` is applied: a chord of V's own key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from theory.pitch import Note, interval
from theory.scale import MODES, Key

NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")


@dataclass(frozen=True, slots=True)
class Quality:
    """A chord's intervals above its root, and the suffix of its chord symbol."""

    name: str
    intervals: tuple[str, ...]
    suffix: str


QUALITIES: Mapping[str, Quality] = MappingProxyType(
    {
        quality.name: quality
        for quality in (
            Quality("major", ("P1", "M3", "P5"), ""),
            Quality("minor", ("P1", "m3", "P5"), "m"),
            Quality("diminished", ("P1", "m3", "d5"), "dim"),
            Quality("augmented", ("P1", "M3", "A5"), "aug"),
            Quality("suspended fourth", ("P1", "P4", "P5"), "sus4"),
            Quality("suspended second", ("P1", "M2", "P5"), "sus2"),
            Quality("dominant seventh", ("P1", "M3", "P5", "m7"), "7"),
            Quality("major seventh", ("P1", "M3", "P5", "M7"), "maj7"),
            Quality("minor seventh", ("P1", "m3", "P5", "m7"), "m7"),
            Quality("minor-major seventh", ("P1", "m3", "P5", "M7"), "m(maj7)"),
            Quality("half-diminished seventh", ("P1", "m3", "d5", "m7"), "m7b5"),
            Quality("diminished seventh", ("P1", "m3", "d5", "d7"), "dim7"),
        )
    }
)
# Figures: the inversion, and whether the chord has a seventh.
FIGURES: Mapping[str, tuple[int, bool]] = MappingProxyType(
    {
        "": (0, False),
        "6": (1, False),
        "64": (2, False),
        "7": (0, True),
        "65": (1, True),
        "43": (2, True),
        "42": (3, True),
    }
)
# Function by degree of the major scale and alteration; what is missing is "chromatic".
FUNCTIONS: Mapping[tuple[int, int], str] = MappingProxyType(
    {
        (0, 0): "tonic",
        (1, 0): "predominant",
        (1, -1): "predominant",
        (2, 0): "tonic",
        (2, -1): "tonic",
        (3, 0): "predominant",
        (3, 1): "predominant",
        (4, 0): "dominant",
        (5, 0): "tonic",
        (5, -1): "predominant",
        (6, 0): "dominant",
        (6, -1): "dominant",
    }
)
_ROMAN = re.compile(
    r"(bb|b|#|)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)"
    r"(o|ø|\+|)(sus4|sus2|)(maj|)(7|65|64|6|43|42|)"
)


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord in a key. `tones` are spelled, from the root up; `inversion` 0 has the root below.

    `leading` is the leading tone, the note that is bound to rise by a semitone: the raised seventh
    degree in a dominant, or the tonicising note of an applied chord. `target` is the root of the
    chord that an applied chord is applied to.
    """

    roman: str
    key: Key
    root: Note
    quality: Quality
    inversion: int
    tones: tuple[Note, ...]
    function: str
    leading: Note | None
    target: Note | None

    @classmethod
    def parse(cls, roman: str, key: Key) -> Chord:
        """Read a Roman numeral such as `ii65`, `bVI`, `viio7`, `Vsus4`, `V7/ii`.

        Raises ValueError for what is no numeral.

        >>> c = Chord.parse("V65/V", Key.of("C", "ionian"))
        >>> [tone.name for tone in c.tones], c.bass.name, c.leading.name, c.symbol
        (['D', 'F#', 'A', 'C'], 'F#', 'F#', 'D7/F#')
        """
        return _parse(roman, key)

    @property
    def bass(self) -> Note:
        return self.tones[self.inversion]

    @property
    def third(self) -> Note:
        """The third (or what is suspended in its place)."""
        return self.tones[1]

    @property
    def fifth(self) -> Note:
        return self.tones[2]

    @property
    def seventh(self) -> Note | None:
        return self.tones[3] if len(self.tones) > 3 else None

    @property
    def symbol(self) -> str:
        """The chord symbol of lead sheets: `Dm7/F`."""
        below = f"/{self.bass.name}" if self.inversion else ""
        return f"{self.root.name}{self.quality.suffix}{below}"

    @property
    def chromas(self) -> frozenset[int]:
        return frozenset(tone.chroma for tone in self.tones)

    def __str__(self) -> str:
        return self.roman


@lru_cache(maxsize=4096)
def _parse(roman: str, key: Key) -> Chord:
    head, _, applied = roman.partition("/")
    match = _ROMAN.fullmatch(head)
    if match is None or (applied and _ROMAN.fullmatch(applied) is None):
        raise ValueError(f"{roman!r} is no Roman numeral: write one like ii65, bVI, viio7 or V7/V")
    flat, numeral, mark, sus, major, figure = match.groups()
    if applied:
        goal = _parse(applied, key)
        home = Key(
            goal.root, MODES["aeolian" if goal.third == goal.root.up(interval("m3")) else "ionian"]
        )
        target: Note | None = goal.root
    else:
        home, target = key, None
    degree = NUMERALS.index(numeral.upper())
    alter = {"bb": -2, "b": -1, "#": 1, "": 0}[flat]
    root = home.major_degree(degree, alter)
    inversion, seventh = FIGURES[figure]
    quality = QUALITIES[_quality(numeral.isupper(), mark, sus, bool(major), seventh)]
    tones = tuple(root.up(interval(name)) for name in quality.intervals)
    function = FUNCTIONS.get((degree, alter), "chromatic")
    if target is not None:
        function = "applied dominant" if function == "dominant" else "applied predominant"
    # A dominant's leading tone is the note a semitone below its goal, if the chord has it.
    sought = home.major_degree(6)
    leading = (
        sought if function.endswith("dominant") and degree in (4, 6) and sought in tones else None
    )
    return Chord(roman, key, root, quality, inversion, tones, function, leading, target)


def _quality(upper: bool, mark: str, sus: str, major: bool, seventh: bool) -> str:
    if sus:
        return "suspended fourth" if sus == "sus4" else "suspended second"
    if mark == "ø":
        return "half-diminished seventh"
    if mark == "o":
        return "diminished seventh" if seventh else "diminished"
    if mark == "+":
        return "augmented"
    if not seventh:
        return "major" if upper else "minor"
    if major:
        return "major seventh" if upper else "minor-major seventh"
    return "dominant seventh" if upper else "minor seventh"
