"""The shorthand of the lessons' files: chords in time, tunes in degrees, rows of four voices."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from composer.lessons.values import METRE
from theory.chord import NUMERALS, Chord
from theory.melody import Span
from theory.metre import QUARTER
from theory.pitch import Pitch
from theory.scale import Key
from theory.timed import TimedNote
from theory.voices.frame import lead
from theory.voices.voicing import SOPRANO_RANGE, Voicing

# What a triad on a degree of a mode is called, by the semitones of its third and its fifth.
TRIADS: Mapping[tuple[int, int], tuple[str, bool]] = MappingProxyType(
    {(4, 7): ("", True), (3, 7): ("", False), (3, 6): ("o", False), (4, 8): ("+", True)}
)
SIGNS = MappingProxyType({-1: "b", 0: "", 1: "#"})
_TONE = re.compile(r"(b|#|)(-?\d+):([\d.]+)|r:([\d.]+)")
# A chord with its time; in ticks.
Timed = tuple[Chord, int, int]


def diatonic(degree: int, key: Key) -> str:
    """The Roman numeral of the triad on a degree of the key's mode, the tonic's being 1.

    >>> [diatonic(degree, Key.of("D", "dorian")) for degree in (1, 2, 4, 6, 7)]
    ['i', 'ii', 'IV', 'vio', 'bVII']
    """
    root, third, fifth = (key.degree(degree - 1 + step) for step in (0, 2, 4))
    sizes = ((third.chroma - root.chroma) % 12, (fifth.chroma - root.chroma) % 12)
    mark, upper = TRIADS[sizes]
    numeral = NUMERALS[(degree - 1) % 7]
    sign = SIGNS[key.mode.alters[(degree - 1) % 7]]
    return f"{sign}{numeral if upper else numeral.lower()}{mark}"


def chords(text: str, key: Key, beats: float) -> tuple[Timed, ...]:
    """Chords in time from `I vi V7:4 I`: Roman numerals or degrees, with beats where they are not
    `beats`. The last one fills its bar. Raises ValueError for what is no chord."""
    found: list[Timed] = []
    tick = 0
    tokens = text.split()
    for number, token in enumerate(tokens, 1):
        name, _, length = token.partition(":")
        roman = diatonic(int(name), key) if name.isdigit() else name
        end = tick + round(float(length or beats) * QUARTER)
        if number == len(tokens):
            end += -end % METRE.bar
        found.append((Chord.parse(roman, key), tick, end))
        tick = end
    return tuple(found)


def tune(text: str, key: Key, tonic: Pitch, start: int = 0) -> tuple[TimedNote, ...]:
    """A tune from `5:1 #4:1 5:2 | r:2 8:2`: degrees counted from a tonic, with beats; `r` rests.

    An accidental alters the mode's own degree. Raises ValueError for what is no note.
    """
    tones: list[TimedNote] = []
    tick = start
    for token in text.replace("|", " ").split():
        match = _TONE.fullmatch(token)
        if match is None:
            raise ValueError(f"{token!r} is no note: write a degree and its beats, as in #4:1")
        sign, degree, beats, rest = match.groups()
        end = tick + round(float(beats or rest) * QUARTER)
        if degree is not None:
            octave, place = divmod(int(degree) - 1, 7)
            note = key.degree(place, {"b": -1, "#": 1, "": 0}[sign])
            # Degrees count octaves from the tonic, names from C.
            height = tonic.height + 7 * octave + place
            tones.append(TimedNote(tick, end, note.at(height // 7)))
        tick = end
    return tuple(tones)


def voicing(text: str) -> Voicing:
    """Four voices from `C5 E4 G3 C3`, soprano first. Raises ValueError for anything else."""
    pitches = [Pitch.parse(name) for name in text.split()]
    if len(pitches) != 4:
        raise ValueError(f"{text!r} does not name four voices")
    return Voicing(*pitches)


def given(row: Sequence[Timed], voices: Sequence[str]) -> tuple[Span, ...]:
    """Chords with the voices that are written for them."""
    return tuple(
        Span(start, end, chord, voicing(text))
        for (chord, start, end), text in zip(row, voices, strict=True)
    )


def led(
    row: Sequence[Timed],
    language: str,
    soprano: Sequence[Collection[Pitch] | None],
    off: frozenset[str] = frozenset(),
    bass: Sequence[Pitch | None] | None = None,
) -> tuple[Span, ...]:
    """Chords led exactly in four voices; of the soprano's and bass's pitches None is any."""
    frame = lead(
        [chord for chord, _, _ in row],
        language=language,
        soprano=soprano,
        bass=bass,
        off=off,
    )
    return tuple(
        Span(start, end, chord, four)
        for (chord, start, end), four in zip(row, frame.voicings, strict=True)
    )


def heard(
    row: Sequence[Timed], melody: Sequence[TimedNote]
) -> tuple[Collection[Pitch] | None, ...]:
    """For each chord its own notes that a tune sings over it, of those that a soprano can sing."""
    low, high = SOPRANO_RANGE
    found: list[Collection[Pitch] | None] = []
    for chord, start, end in row:
        over = {tone.pitch for tone in melody if tone.end > start and tone.start < end}
        own = {p for p in over if p.note in chord.tones and low.midi <= p.midi <= high.midi}
        found.append(own or None)
    return tuple(found)
