"""Notes, keys and chords as they are spelled, on the line of fifths: C is 0, G 1, F −1.

A sharp is seven fifths up. So an interval is one number, and a chord is its root and a row of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from composer.proof.reading import Node

QUARTER = 24  # ticks
# Ticks of a beat, and how strong each is: 4 the downbeat, 3 a secondary accent, 2 another.
METRES = {
    "2/4": (24, (4, 2)), "3/4": (24, (4, 2, 2)), "4/4": (24, (4, 2, 3, 2)), "6/8": (36, (4, 3)),
    "5/4": (24, (4, 2, 2, 3, 2)), "9/8": (36, (4, 2, 2)), "12/8": (36, (4, 2, 3, 2)),
}  # fmt: skip
MAJOR = (0, 2, 4, -1, 1, 3, 5)  # the degrees of a major scale, in fifths from its tonic
# Degrees a semitone off the major scale's, the signature's place, degrees left out.
MODES: dict[str, tuple[dict[int, int], int, tuple[int, ...]]] = {
    "lydian": ({3: 1}, 1, ()), "ionian": ({}, 0, ()), "mixolydian": ({6: -1}, -1, ()),
    "dorian": ({2: -1, 6: -1}, -2, ()), "aeolian": ({2: -1, 5: -1, 6: -1}, -3, ()),
    "phrygian": ({1: -1, 2: -1, 5: -1, 6: -1}, -4, ()),
    "locrian": ({1: -1, 2: -1, 4: -1, 5: -1, 6: -1}, -5, ()),
    "harmonic minor": ({2: -1, 5: -1}, -3, ()), "melodic minor": ({2: -1}, -3, ()),
    "octatonic": ({1: -1, 2: -1, 3: 1, 6: -1}, -2, ()),
    "whole-tone": ({3: 1, 4: 1, 5: 1, 6: -1}, 1, (5,)),
    "blues": ({2: -1, 5: -1, 6: -1}, 0, (1, 5)),
    "major pentatonic": ({}, 0, (3, 6)), "minor pentatonic": ({2: -1, 5: -1, 6: -1}, -3, (1, 5)),
}  # fmt: skip
# Notes of a scale that share a letter with another, in fifths from the tonic.
ALSO = {"octatonic": (4,), "blues": (-6,)}
NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
# A chord's tones in fifths from its root, and the end of its symbol.
SHAPES = {
    "major": ((0, 4, 1), ""), "minor": ((0, -3, 1), "m"), "o": ((0, -3, -6), "dim"),
    "+": ((0, 4, 8), "aug"), "sus4": ((0, -1, 1), "sus4"), "sus2": ((0, 2, 1), "sus2"),
    "major7": ((0, 4, 1, -2), "7"), "majormaj7": ((0, 4, 1, 5), "maj7"),
    "minor7": ((0, -3, 1, -2), "m7"), "minormaj7": ((0, -3, 1, 5), "m(maj7)"),
    "ø": ((0, -3, -6, -2), "m7b5"), "o7": ((0, -3, -6, -9), "dim7"),
    "7sus4": ((0, -1, 1, -2), "7sus4"), "majoradd6": ((0, 4, 1, 3), "6"),
    "minoradd6": ((0, -3, 1, 3), "m6"), "majoradd9": ((0, 4, 1, 2), "add9"),
    "minoradd9": ((0, -3, 1, 2), "madd9"), "majoraddb9": ((0, 4, 1, -5), "(addb9)"),
    "minoraddb9": ((0, -3, 1, -5), "m(addb9)"), "majoradd#11": ((0, 4, 1, 6), "(add#11)"),
    "minoradd#11": ((0, -3, 1, 6), "m(add#11)"), "It6": ((0, -10, -6), "7"),
    "Fr43": ((0, 4, -6, -2), "7b5"), "Ger65": ((0, -10, -6, -9), "7"),
}  # fmt: skip
SIXTHS = {"It6": (3, 1, 1), "Fr43": (1, 0, 2), "Ger65": (3, 1, 1)}  # degree, raised, inversion
INVERSIONS = {"6": 1, "64": 2, "65": 1, "43": 2, "42": 3}
FUNCTIONS = {0: "tonic", 1: "predominant", 2: "tonic", 3: "predominant", 4: "dominant",
             5: "tonic", 6: "dominant"}  # fmt: skip
ALTERED = {(1, -1): "predominant", (2, -1): "tonic", (3, 1): "predominant",
           (5, -1): "predominant", (6, -1): "dominant"}  # fmt: skip
_PITCH = re.compile(r"([A-G])(bb|b|##|#|)(-?\d{1,2}|)")
_NUMERAL = re.compile(
    r"(bb|b|#|)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)"
    r"(o|ø|\+|)(7?sus4|sus2|add6|addb?9|add#11|(?:maj)?(?:7|65|64|6|43|42|))"
)


class Pitch(NamedTuple):
    """A pitch: letters above C0, the MIDI key, the place on the line of fifths."""

    height: int
    midi: int
    fifths: int


class Key(NamedTuple):
    """A key: its tonic's place, its scale's places from the tonic up, its mode."""

    tonic: int
    scale: tuple[int, ...]
    mode: str


class Chord(NamedTuple):
    """A chord as its numeral says: places on the line of fifths; None for what it has not."""

    root: int
    tones: tuple[int, ...]
    bass: int
    inversion: int
    function: str
    symbol: str
    leading: int | None
    seventh: int | None
    added: int | None
    applied: bool
    key: Key


@lru_cache(maxsize=2048)
def spelled(text: str) -> Pitch | None:
    """The pitch of a name, `F#4`, or of a note without an octave, in octave 0; None for neither."""
    if (found := _PITCH.fullmatch(text)) is None:
        return None
    sharps, octave = found[2].count("#") - found[2].count("b"), int(found[3] or 0)
    height = 7 * octave + "CDEFGAB".index(found[1])
    midi = 12 * (octave + 1) + (0, 2, 4, 5, 7, 9, 11)[height % 7] + sharps
    return Pitch(height, midi, "FCGDAEB".index(found[1]) - 1 + 7 * sharps)


def pitch(node: Node) -> Pitch:
    """The pitch that a part of the document names."""
    found = spelled(node.text())
    node.need(found, "it is no pitch")
    assert found is not None
    return found


def name_of(fifths: int) -> str:
    """The name of a note by its place."""
    sharps = (fifths + 1) // 7
    return "FCGDAEB"[(fifths + 1) % 7] + ("#" * sharps if sharps > 0 else "b" * -sharps)


@lru_cache(maxsize=256)
def key_of(name: str) -> Key | None:
    """The key of a name such as `Eb dorian`; None where there is none."""
    tonic, _, mode = name.partition(" ")
    at = spelled(tonic)
    if mode not in MODES or at is None:
        return None
    alters, _, out = MODES[mode]
    degrees = [MAJOR[d] + 7 * alters.get(d, 0) for d in range(7) if d not in out]
    degrees = sorted((*degrees, *ALSO.get(mode, ())), key=lambda fifths: 7 * fifths % 12)
    return Key(at.fifths, tuple(at.fifths + degree for degree in degrees), mode)


@lru_cache(maxsize=2048)
def chord_of(roman: str, name: str) -> Chord | None:
    """The chord of a Roman numeral in a key, `V65/V` in `C ionian`; None where it is none."""
    key = key_of(name)
    numeral, held, pedal = roman.partition("@")
    head, applied, target = numeral.partition("/")
    goal = chord_of(target, name) if applied else None
    if key is None or (applied and goal is None) or (held and pedal not in ("1", "5")):
        return None
    home = goal.root if goal else key.tonic
    found = _parted(head)
    if found is None or (held and found[1]):
        return None
    shape, inversion, degree, alter = found
    root = home + MAJOR[degree] + 7 * alter
    offsets, suffix = SHAPES[shape]
    tones = tuple(root + offset for offset in offsets)
    if inversion >= len(tones):
        return None
    function = ALTERED.get((degree, alter), "chromatic") if alter else FUNCTIONS[degree]
    function = "predominant" if shape in SIXTHS else function
    if applied:
        function = "applied dominant" if function == "dominant" else "applied predominant"
    leading: int | None = home + (MAJOR[3] + 7 if shape in SIXTHS else MAJOR[6])
    dominant = function.endswith("dominant") and degree in (4, 6) and leading in tones
    bass = tones[inversion]
    if held:
        bass = key.tonic + MAJOR[0 if pedal == "1" else 4]
        inversion = tones.index(bass) if bass in tones else 0
    first = tones[inversion] if shape in SIXTHS else root
    symbol = name_of(first) + suffix + ("" if bass == first else f"/{name_of(bass)}")
    fourth = tones[3] if len(tones) > 3 else None
    added = fourth if "add" in shape else None
    return Chord(
        root, tones, bass, inversion, function, symbol,
        leading if dominant or shape in SIXTHS else None,
        fourth if added is None else None, added, bool(applied), key,
    )  # fmt: skip


def _parted(head: str) -> tuple[str, int, int, int] | None:
    """Shape, inversion, degree and alteration of a numeral."""
    if head in SIXTHS:
        degree, raised, inversion = SIXTHS[head]
        return head, inversion, degree, raised
    if (match := _NUMERAL.fullmatch(head)) is None:
        return None
    flats, numeral, mark, rest = match.groups()
    degree, alter = NUMERALS.index(numeral.upper()), flats.count("#") - flats.count("b")
    third = "major" if numeral.isupper() else "minor"
    if rest.startswith(("sus", "7sus", "add")):
        shape = third + rest if rest.startswith("add") else rest
        return None if mark else (shape, 0, degree, alter)
    figure = rest.removeprefix("maj")
    seventh = "7" if figure in ("7", "65", "43", "42") else ""
    if mark:
        shape = "o7" if mark == "o" and seventh else mark
    else:
        shape = third + ("maj" if seventh and rest != figure else "") + seventh
    return shape, INVERSIONS.get(figure, 0), degree, alter
