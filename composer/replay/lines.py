"""A term as straight pieces: where they end, and where its strength goes up or down a step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from composer.mapping.conditions import QUANTUM, Term

Corner = tuple[float, float]  # a feature's value, and the term's strength there
Piece = tuple[Corner | None, Corner | None]  # None: level from there on


def pieces(term: Term, low: float, high: float) -> Iterator[Piece]:
    """The pieces of a term that meet low..high, in rising order; no two corners fall together."""
    corners = _corners(term)
    if term.turn is not None:
        first = math.floor((low - corners[-1][0]) / term.turn)
        last = math.ceil((high - corners[0][0]) / term.turn)
        corners = tuple(
            (x + lap * term.turn, level) for lap in range(first, last + 1) for x, level in corners
        )
    if low < corners[0][0]:
        yield None, corners[0]
    for left, right in pairwise(corners):
        if left[0] < right[0] and left[0] <= high and right[0] >= low:
            yield left, right
    if high > corners[-1][0]:
        yield corners[-1], None


def _corners(term: Term) -> tuple[Corner, ...]:
    """The term's corners, of a term on a circle within one turn."""
    if term.turn is not None and term.within is not None and term.within > term.turn / 2:
        half = term.turn / 2
        return ((term.low, 1.0), (term.low + half, 1 - half / term.within))
    return term.corners()


def next_step(term: Term, start: float, pace: float, at: float, end: float) -> float | None:
    """The first t after `at` where the strength at start + pace · t goes a ten-thousandth up or
    down; None where that is nowhere up to `end`."""
    reach = sorted((start + pace * at, start + pace * end))
    found = []
    for left, right in pieces(term, *reach):
        if left is None or right is None or left[1] == right[1]:
            continue
        slope = (right[1] - left[1]) / (right[0] - left[0])
        ends = sorted(((left[0] - start) / pace, (right[0] - start) / pace))
        level = QUANTUM * (left[1] + slope * (start - left[0]))
        step = _crossing(level, QUANTUM * slope * pace, max(at, ends[0]))
        if step is not None and at < step <= min(end, ends[1]):
            found.append(step)
    return min(found, default=None)


def _crossing(level: float, slope: float, at: float) -> float | None:
    """Where level + slope · t next passes the middle between two whole numbers, after t = `at`."""
    now = level + slope * at
    edge = math.floor(now - 0.5) + 1.5 if slope > 0 else math.ceil(now - 0.5) - 0.5
    step = (edge - level) / slope
    if step <= at:  # by a rounding of floats
        step = (edge + math.copysign(1.0, slope) - level) / slope
    return step if step > at else None
