"""Why the verifier and music21 differ: every reason that was found on the chorales, as a test.

The page docs/verifier-and-music21.md says the same in words, with counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from theory.chord import Chord
from theory.pitch import Pitch
from theory.verify import VOICE_NAMES

Voices: TypeAlias = tuple[str, ...]
HEIGHT = VOICE_NAMES


@dataclass(frozen=True, slots=True)
class Place:
    """Where two judges looked: a score, quarter notes from its beginning, and what is sung there
    and just before (an empty sequence where nothing is)."""

    name: str
    moment: float
    before: Sequence[tuple[Pitch, ...]]
    now: tuple[Pitch, ...]
    chord_before: Sequence[Chord] = ()
    chord: Chord | None = None

    def __str__(self) -> str:
        rows = [" ".join(pitch.name for pitch in row) for row in (*self.before, self.now)]
        chords = " ".join(str(chord) for chord in (*self.chord_before, self.chord) if chord)
        return f"{self.name} at {self.moment:g}: {' to '.join(rows)} {chords}".rstrip()


def reason(rule: str, voices: Voices, ours: bool, place: Place) -> str | None:
    """Why only one of the two found a fault; None where no known reason explains it."""
    for words, explains in REASONS.get((rule, ours), {}).items():
        if explains(voices, place):
            return words
    return None


def _moves(voice: str, place: Place) -> tuple[Pitch, Pitch]:
    number = VOICE_NAMES.index(voice)
    return place.before[0][number], place.now[number]


def _soprano_steps(voices: Voices, place: Place) -> bool:
    one, two = _moves("soprano", place)
    return abs(one.to(two).steps) <= 1  # a chromatic semitone is a step too


def _crossed(voices: Voices, place: Place) -> bool:
    """Is the part that is written higher the lower one, before or now?"""
    (high, high_now), (low, low_now) = (_moves(voice, place) for voice in voices)
    return high.midi < low.midi or high_now.midi < low_now.midi


def _suspended(voices: Voices, place: Place) -> bool:
    return place.chord is not None and place.chord.quality.name.startswith("suspended")


def _tone_leaps(voices: Voices, place: Place) -> bool:
    """Does the leading tone leap to another octave, or to another note than its goal?"""
    leading = place.chord_before[0].leading
    moves = [_moves(voice, place) for voice in voices]
    return any(one.note == leading and abs(one.to(two).steps) > 1 for one, two in moves)


def _tone_falls(voices: Voices, place: Place) -> bool:
    """Does an inner leading tone fall a third, to the fifth of the chord on its goal?"""
    leading = place.chord_before[0].leading
    moves = [_moves(voice, place) for voice in voices if voice in ("alto", "tenor")]
    return any(one.note == leading and one.to(two).steps == -2 for one, two in moves)


REASONS: Mapping[tuple[str, bool], Mapping[str, Callable[[Voices, Place], bool]]] = (
    MappingProxyType(
        {
            ("direct-fifths", False): {
                "the soprano moves by step, which the books allow": _soprano_steps
            },
            ("direct-octaves", False): {
                "the soprano moves by step, which the books allow": _soprano_steps
            },
            ("chord", True): {
                "a suspended fourth, which music21 calls a stack of fourths": _suspended
            },
            ("resolution", False): {
                "an inner leading tone falls to the fifth, which the books allow": _tone_falls,
                "the seventh is held, to fall as a suspension": _suspended,
                "the voices are crossed, and the tritone is read upside down": _crossed,
            },
            ("resolution", True): {
                "the leading tone leaps; music21 sees intervals, not notes": _tone_leaps
            },
        }
    )
)
