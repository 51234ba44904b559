"""The contour that the melody is to follow, and the compass that it has.

The contour is the skyline, an arch to each phrase and one climax, in semitones about the melody's
centre, one value a beat. The compass is the section's register, half the range each way.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from analysis.picture.skyline import Skyline
from composer.values.outline import sampled
from theory.pitch import NoteName, Pitch

# How much of the contour is the skyline's where it is as prominent as can be, in sections that show
# it and in others; the rest is the arch.
OUTLINED_SHARE, SKYLINE_SHARE = 0.9, 0.65
ARCH_PEAK = 0.6  # where in its phrase the arch is highest
REACH = 0.7  # of half the range; the climax alone goes to its top
# The same where the outline is shown, and how much of that is its heights' ranks.
OUTLINED_REACH, EVENED = 1.15, 0.2
LATE = 0.3  # by how much a climax at a period's end is liked better than one at its beginning
# Of half the range: from where a leap of register leaves, and how high its phrase ends.
LEAP_FROM, LEAP_TO = -0.75, 0.35


def arch(count: int) -> list[float]:
    """A phrase's own rise and fall, from −1 to 1, highest at ARCH_PEAK."""
    curve = []
    for index in range(count):
        x = (index + 0.5) / count
        half = x / ARCH_PEAK / 2 if x < ARCH_PEAK else 0.5 + (x - ARCH_PEAK) / (1 - ARCH_PEAK) / 2
        curve.append(2 * math.sin(math.pi * half) - 1)
    return curve


def centred(values: Sequence[float]) -> list[float]:
    """Scaled to −1…1 about the middle of their span; a level line is nought throughout."""
    low, high = min(values), max(values)
    if high - low < 1e-9:
        return [0.0] * len(values)
    return [2 * (value - low) / (high - low) - 1 for value in values]


def evened(values: Sequence[float]) -> list[float]:
    """From −1 to 1 by rank, so that all heights are used alike; what is as high has the same."""
    order = sorted(values)
    most = max(1, len(values) - 1)
    return [
        (bisect_left(order, value) + bisect_right(order, value) - 1) / most - 1 for value in values
    ]


def period_contour(
    skyline: Skyline, free: Sequence[Sequence[bool]], half_range: float, outlined: bool = False
) -> tuple[list[list[float]], tuple[int, int]]:
    """The contour of a period, and its climax as (phrase, beat within it).

    `free` has a row a phrase and a place a beat: may the climax lie there? At least one place must
    be free. The skyline runs once through the period from left to right; the climax is where it is
    highest, a later place before an earlier one that is hardly higher. outlined: does the period
    show the skyline, and not only lean on it?
    """
    total = sum(len(row) for row in free)
    share = OUTLINED_SHARE if outlined else SKYLINE_SHARE * skyline.strength**0.5
    sky = centred(sampled(skyline.heights, total))
    if outlined:
        # A single tower over a plain would leave a tune with one high note and many alike.
        sky = [(1 - EVENED) * s + EVENED * e for s, e in zip(sky, evened(sky), strict=True)]
    arches = [value for row in free for value in arch(len(row))]
    blend = centred([share * s + (1 - share) * a for s, a in zip(sky, arches, strict=True)])
    places = [beat for beat, may in enumerate(may for row in free for may in row) if may]
    climax = max(places, key=lambda beat: blend[beat] + LATE * beat / total)
    reach = OUTLINED_REACH if outlined else REACH
    curve = [reach * half_range * value for value in blend]
    curve[climax] = half_range
    phrases, start, where = [], 0, (0, 0)
    for index, row in enumerate(free):
        if start <= climax < start + len(row):
            where = (index, climax - start)
        phrases.append(curve[start : start + len(row)])
        start += len(row)
    return phrases, where


def falling(
    curve: Sequence[float], home: float, weight: float, climax: int | None, last: int
) -> list[float]:
    """A phrase's contour bent towards `home`, from its middle or its climax on.

    `weight`, 0 to 1, is how far it has come home when its last `last` beats begin.
    """
    goal = len(curve) - last
    start = max(len(curve) // 2 - 1, -1 if climax is None else climax)
    bent = []
    for beat, value in enumerate(curve):
        part = weight * min(1.0, max(0.0, (beat - start) / max(1, goal - start)))
        bent.append(value * (1 - part) + home * part)
    return bent


def leaping(count: int, at: int, half_range: float) -> list[float]:
    """The contour of a phrase that leaps to a higher register at beat `at` and stays there."""
    low, high = LEAP_FROM * half_range, half_range
    down = [high + (LEAP_TO * half_range - high) * i / (count - at) for i in range(count - at)]
    return [low + (i / max(1, at)) * 0.15 * half_range for i in range(at)] + down


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


def compass(room: tuple[float, float], frame: Sequence[Pitch]) -> tuple[Pitch, Pitch]:
    """Such bounds as pitches, wide enough for the frame's soprano, which proves that the phrase can
    be sung."""
    low, high = room
    lowest = min(round(low), *(pitch.midi for pitch in frame))
    highest = max(round(high), *(pitch.midi for pitch in frame))
    return _pitch_at(lowest), _pitch_at(highest)


def _pitch_at(midi: int) -> Pitch:
    """Any spelling will do for a bound: only its MIDI number is read."""
    note = next(n for f in range(-5, 7) if (n := NoteName.from_fifths(f)).chroma == midi % 12)
    return note.at((midi - note.at(0).midi) // 12)
