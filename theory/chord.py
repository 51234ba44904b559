"""Chords from Roman numerals: spelled tones, inversion, function, leading tone, chord symbol.

Numerals are read against the major scale on the tonic, whatever the mode, so that ♭VI and ♭VII are
the same chords in minor and when they are borrowed in major. Upper case is a major triad, lower
case a minor one; `o` diminished, `ø` half-diminished, `+` augmented; `maj7` is a major seventh and
a bare `7` a minor seventh (over `o` a diminished one). `V7/V` is applied: a chord of V's own key.
`add6`, `add9`, `addb9` and `add#11` add to a triad, `sus4` and `sus2` stand for its third; `It6`,
`Fr43` and `Ger65` are the augmented sixths; `V7@1` is V7 over a held tonic, `@5` over a held
dominant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from theory.pitch import NoteName, interval
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
            Quality("suspended seventh", ("P1", "P4", "P5", "m7"), "7sus4"),
            Quality("added sixth", ("P1", "M3", "P5", "M6"), "6"),
            Quality("minor added sixth", ("P1", "m3", "P5", "M6"), "m6"),
            Quality("added ninth", ("P1", "M3", "P5", "M2"), "add9"),
            Quality("minor added ninth", ("P1", "m3", "P5", "M2"), "madd9"),
            Quality("added flat ninth", ("P1", "M3", "P5", "m2"), "(addb9)"),
            Quality("minor added flat ninth", ("P1", "m3", "P5", "m2"), "m(addb9)"),
            Quality("added sharp eleventh", ("P1", "M3", "P5", "A4"), "(add#11)"),
            Quality("minor added sharp eleventh", ("P1", "m3", "P5", "A4"), "m(add#11)"),
            # An augmented sixth's symbol is named from its bass, as it sounds.
            Quality("Italian sixth", ("P1", "d3", "d5"), "7"),
            Quality("French sixth", ("P1", "M3", "d5", "m7"), "7b5"),
            Quality("German sixth", ("P1", "d3", "d5", "d7"), "7"),
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
# Degree and alteration of each augmented sixth's root, its quality and its inversion: the bass is
# the lowered sixth degree, and the raised fourth lies an augmented sixth above it.
SIXTHS: Mapping[str, tuple[int, int, str, int]] = MappingProxyType(
    {
        "It6": (3, 1, "Italian sixth", 1),
        "Fr43": (1, 0, "French sixth", 2),
        "Ger65": (3, 1, "German sixth", 1),
    }
)
_SIXTH_NAMES = frozenset(row[2] for row in SIXTHS.values())
# What is suspended or added: the qualities of a minor and a major triad with it.
OTHERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sus4": ("suspended fourth", "suspended fourth"),
        "sus2": ("suspended second", "suspended second"),
        "7sus4": ("suspended seventh", "suspended seventh"),
        "add6": ("minor added sixth", "added sixth"),
        "add9": ("minor added ninth", "added ninth"),
        "addb9": ("minor added flat ninth", "added flat ninth"),
        "add#11": ("minor added sharp eleventh", "added sharp eleventh"),
    }
)
# What is added by them, above the root: a sixth, a ninth, a ninth that grates, an eleventh.
ADDITIONS = (("M6",), ("M2",), ("m2",), ("A4",))
# Degrees that may be held in the bass, as they are written after "@".
PEDALS: Mapping[str, int] = MappingProxyType({"1": 0, "5": 4})
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
    r"(o|ø|\+|)(?:(7?sus4|sus2|add6|add9|addb9|add#11)|(maj|)(7|65|64|6|43|42|))"
)
HOWTO = "write one like ii65, bVI, viio7, V7/V, Ger65 or V7@1"


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord in a key. `tones` are spelled, from the root up; `inversion` 0 has the root below.

    `leading` is the leading tone, the note that is bound to rise by a semitone: the raised seventh
    degree in a dominant, or the tonicising note of an applied chord. `target` is the root of the
    chord that an applied chord is applied to. `pedal` is the note held in the bass under a chord
    that goes its own way above it.
    """

    roman: str
    key: Key
    root: NoteName
    quality: Quality
    inversion: int
    tones: tuple[NoteName, ...]
    function: str
    leading: NoteName | None
    target: NoteName | None
    pedal: NoteName | None = None

    @classmethod
    def parse(cls, roman: str, key: Key) -> Chord:
        """Read a Roman numeral such as `ii65`, `bVI`, `viio7`, `Vsus4`, `V7/ii`, `Ger65`, `IV@1`.

        Raises ValueError for what is no numeral.

        >>> c = Chord.parse("V65/V", Key.of("C", "ionian"))
        >>> [tone.name for tone in c.tones], c.bass.name, c.leading.name, c.symbol
        (['D', 'F#', 'A', 'C'], 'F#', 'F#', 'D7/F#')
        """
        return _parse(roman, key)

    @property
    def bass(self) -> NoteName:
        return self.pedal or self.tones[self.inversion]

    @property
    def third(self) -> NoteName:
        """The third (or what is suspended in its place)."""
        return self.tones[1]

    @property
    def fifth(self) -> NoteName:
        return self.tones[2]

    @property
    def seventh(self) -> NoteName | None:
        """The seventh; what is only added to a triad is none."""
        return self.tones[3] if self.quality.intervals[3:] and not self.added else None

    @property
    def added(self) -> NoteName | None:
        """The sixth, ninth or eleventh added to a triad."""
        return self.tones[3] if self.quality.intervals[3:] in ADDITIONS else None

    @property
    def augmented_sixth(self) -> tuple[NoteName, NoteName] | None:
        """The two notes that open outwards to an octave, the lower first."""
        if self.quality.name not in _SIXTH_NAMES or self.leading is None:
            return None
        return self.tones[self.inversion], self.leading

    @property
    def neapolitan(self) -> bool:
        """Is it the major triad on the lowered second degree?"""
        lowered = self.key.major_degree(1, -1)
        return self.target is None and self.quality.name == "major" and self.root == lowered

    @property
    def symbol(self) -> str:
        """The chord symbol of lead sheets: `Dm7/F`."""
        root = self.symbol_root
        below = "" if self.bass == root else f"/{self.bass.name}"
        return f"{root.name}{self.quality.suffix}{below}"

    @property
    def symbol_root(self) -> NoteName:
        """The note that the chord's symbol begins with: the root, or an augmented sixth's bass."""
        return self.root if self.augmented_sixth is None else self.augmented_sixth[0]

    @property
    def chromas(self) -> frozenset[int]:
        return frozenset(tone.chroma for tone in self.tones)

    def __str__(self) -> str:
        return self.roman


@lru_cache(maxsize=4096)
def _parse(roman: str, key: Key) -> Chord:
    numeral, held, degree = roman.partition("@")
    head, slash, applied = numeral.partition("/")
    if (held and degree not in PEDALS) or (slash and not _ROMAN.fullmatch(applied)):
        raise _no_numeral(roman)
    if applied:
        goal = _parse(applied, key)
        home = Key(
            goal.root, MODES["aeolian" if goal.third == goal.root.up(interval("m3")) else "ionian"]
        )
        target: NoteName | None = goal.root
    else:
        home, target = key, None
    if head in SIXTHS:
        chord = _sixth(roman, head, key, home, target)
    else:
        chord = _triad_or_seventh(roman, head, key, home, target)
    if not held:
        return chord
    if chord.inversion:
        raise _no_numeral(roman)
    pedal = key.major_degree(PEDALS[degree])
    inversion = chord.tones.index(pedal) if pedal in chord.tones else 0
    return replace(chord, pedal=pedal, inversion=inversion)


def _triad_or_seventh(roman: str, head: str, key: Key, home: Key, target: NoteName | None) -> Chord:
    match = _ROMAN.fullmatch(head)
    if match is None:
        raise _no_numeral(roman)
    flat, numeral, mark, other, major, figure = match.groups()
    if other and mark:
        raise _no_numeral(roman)
    degree = NUMERALS.index(numeral.upper())
    alter = {"bb": -2, "b": -1, "#": 1, "": 0}[flat]
    root = home.major_degree(degree, alter)
    inversion, seventh = FIGURES[figure or ""]
    upper = numeral.isupper()
    name = OTHERS[other][upper] if other else _quality(upper, mark, bool(major), seventh)
    quality = QUALITIES[name]
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


def _sixth(roman: str, head: str, key: Key, home: Key, target: NoteName | None) -> Chord:
    """An augmented sixth: its raised fourth degree is a leading tone to the dominant."""
    degree, alter, name, inversion = SIXTHS[head]
    root, quality = home.major_degree(degree, alter), QUALITIES[name]
    tones = tuple(root.up(interval(one)) for one in quality.intervals)
    function = "predominant" if target is None else "applied predominant"
    leading = home.major_degree(3, 1)
    return Chord(roman, key, root, quality, inversion, tones, function, leading, target)


def _no_numeral(roman: str) -> ValueError:
    return ValueError(f"{roman!r} is no Roman numeral: {HOWTO}")


def _quality(upper: bool, mark: str, major: bool, seventh: bool) -> str:
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
