"""Where a melody may move: its section's register, half the range each way."""

from __future__ import annotations

from collections.abc import Sequence

from theory.pitch import Note, Pitch

# The melody and the frame's soprano keep to where a soprano is at ease.
LOWEST, HIGHEST = Pitch.parse("C4"), Pitch.parse("A5")
LEAP_ROOM = 17  # semitones that a phrase with a leap of register has at the least


def middle(centre: float, range_: float) -> float:
    """The centre, moved so that the whole range lies where a soprano is at ease."""
    return min(max(centre, LOWEST.midi + range_ / 2), HIGHEST.midi - range_ / 2)


def bounds(centre: float, range_: float, leaps: bool) -> tuple[float, float]:
    """Lowest and highest MIDI number about a centre; a phrase that leaps has room for an octave."""
    half = max(range_, LEAP_ROOM if leaps else 0) / 2
    centre = middle(centre, range_)
    low, high = max(centre - half, LOWEST.midi), min(centre + half, HIGHEST.midi)
    if leaps:
        low = min(low, HIGHEST.midi - LEAP_ROOM)
        high = max(high, low + LEAP_ROOM)
    return low, high


def compass(
    centre: float, range_: float, leaps: bool, frame: Sequence[Pitch]
) -> tuple[Pitch, Pitch]:
    """The same as pitches, wide enough for the frame's soprano, which proves that the phrase can be
    sung."""
    low, high = bounds(centre, range_, leaps)
    lowest = min(round(low), *(pitch.midi for pitch in frame))
    highest = max(round(high), *(pitch.midi for pitch in frame))
    return _pitch_at(lowest), _pitch_at(highest)


def _pitch_at(midi: int) -> Pitch:
    """Any spelling will do for a bound: only its MIDI number is read."""
    note = next(n for f in range(-5, 7) if (n := Note.from_fifths(f)).chroma == midi % 12)
    return note.at((midi - note.at(0).midi) // 12)
