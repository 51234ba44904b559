"""The contour that the melody is to follow: the skyline, an arch to each phrase, one climax.

All of it is in semitones about the melody's centre, one value a beat.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.skyline import Skyline

# How much of the contour is the skyline's where it is as prominent as can be; the rest is the arch.
SKYLINE_SHARE = 0.65
ARCH_PEAK = 0.6  # where in its phrase the arch is highest
REACH = 0.75  # of half the range; the climax alone goes to its top
CLIMAX_FROM, CLIMAX_TO = 0.35, 0.9  # where in a period its climax may lie


def resample(heights: Sequence[float], count: int) -> list[float]:
    """Straight-line samples of the skyline at the middles of `count` equal stretches."""
    samples = []
    for index in range(count):
        place = (index + 0.5) / count * len(heights) - 0.5
        low = min(len(heights) - 1, max(0, math.floor(place)))
        high = min(len(heights) - 1, low + 1)
        part = min(1.0, max(0.0, place - low))
        samples.append(heights[low] * (1 - part) + heights[high] * part)
    return samples


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


def period_contour(
    skyline: Skyline, beats: Sequence[int], half_range: float
) -> tuple[list[list[float]], tuple[int, int]]:
    """The contour of a period whose phrases have so many beats.

    The skyline runs once through the period from left to right. Returns one list of semitones a
    phrase, and the climax as (phrase, beat within it).
    """
    total = sum(beats)
    share = SKYLINE_SHARE * skyline.strength**0.5
    sky = centred(resample(skyline.heights, total))
    arches = [value for count in beats for value in arch(count)]
    blend = centred([share * s + (1 - share) * a for s, a in zip(sky, arches, strict=True)])
    first, last = int(CLIMAX_FROM * total), max(int(CLIMAX_TO * total), 1)
    climax = max(range(first, last), key=lambda beat: blend[beat])
    curve = [REACH * half_range * value for value in blend]
    curve[climax] = half_range
    phrases, start, where = [], 0, (0, 0)
    for index, count in enumerate(beats):
        if start <= climax < start + count:
            where = (index, climax - start)
        phrases.append(curve[start : start + count])
        start += count
    return phrases, where
