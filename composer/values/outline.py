"""How closely a tune follows the picture's outline: notes as sung, and heights as measured.

It is Pearson's r at 32 places of a stretch, the tune's height against the outline's from left to
right; through a rest the last note goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt

PLACES = 32
FEWEST = 3  # pitches of a tune that can follow anything


def followed(
    sung: Sequence[tuple[int, int, int]], start: int, end: int, heights: Sequence[float]
) -> float | None:
    """r of what is sung from one tick to another; None for a tune of fewer than three pitches.

    sung: (start, end, MIDI number), in order. heights: of the outline, evenly from left to right.
    """
    line = [note for note in sung if note[0] < end and note[1] > start]
    if len({pitch for _, _, pitch in line}) < FEWEST:
        return None
    curve = []
    for place in range(PLACES):
        tick = start + (place + 0.5) * (end - start) / PLACES
        before = [pitch for begins, _, pitch in line if begins <= tick]
        curve.append(float(before[-1] if before else line[0][2]))
    return correlation(curve, sampled(heights, PLACES))


def sampled(heights: Sequence[float], count: int) -> list[float]:
    """Straight-line samples at the middles of `count` equal stretches.

    >>> sampled([0.0, 1.0], 4)
    [0.0, 0.25, 0.75, 1.0]
    """
    samples = []
    for index in range(count):
        place = (index + 0.5) / count * len(heights) - 0.5
        low = min(len(heights) - 1, max(0, int(place)))
        high = min(len(heights) - 1, low + 1)
        part = min(1.0, max(0.0, place - low))
        samples.append(heights[low] * (1 - part) + heights[high] * part)
    return samples


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Pearson's r; nought where either is level.

    >>> correlation([1, 2, 3], [6, 5, 4])
    -1.0
    """
    means = fsum(one) / len(one), fsum(other) / len(other)
    ones, others = [x - means[0] for x in one], [y - means[1] for y in other]
    size = sqrt(fsum(x * x for x in ones) * fsum(y * y for y in others))
    return fsum(x * y for x, y in zip(ones, others, strict=True)) / size if size > 1e-12 else 0.0
