"""Straight-line forms over convex areas: the arithmetic of an exact search.

A form is c + u·x + v·y with a bound on its error; an area is the corners of a convex polygon in
order (of a segment, its two ends) that lies in one quadrant, where distance from the origin is
|x| + |y|.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

from composer.table.conditions import QUANTUM, Term

Point = tuple[float, float]
Area = tuple[Point, ...]
Form = tuple[float, float, float, float]  # constant, slope along x, slope along y, error

TINY = 1e-12


def constant(value: float) -> Form:
    return (value, 0.0, 0.0, 0.0)


def varies(form: Form) -> bool:
    """Is it anything but one exact number?"""
    return form[1:] != (0.0, 0.0, 0.0)


def scaled(form: Form, factor: float, shift: float = 0.0) -> Form:
    """factor · form + shift."""
    c, u, v, e = form
    return (factor * c + shift, factor * u, factor * v, abs(factor) * e)


def summed(parts: Iterable[tuple[float, Form]], start: float = 0.0) -> Form:
    """start + the sum of amount · form, each error counted in full."""
    c, u, v, e = start, 0.0, 0.0, 0.0
    for amount, form in parts:
        c += amount * form[0]
        u += amount * form[1]
        v += amount * form[2]
        e += abs(amount) * form[3]
    return (c, u, v, e)


def less(one: Form, other: Form) -> Form:
    """one − other."""
    return summed(((1.0, one), (-1.0, other)))


def extent(form: Form, area: Area) -> tuple[float, float]:
    """The least and the greatest value over the area, errors left out."""
    c, u, v, _ = form
    values = [c + u * x + v * y for x, y in area]
    return min(values), max(values)


def below(area: Area, form: Form, bound: float) -> Area:
    """The part of an area where the form is at most `bound`; () where it is nowhere.

    Sutherland & Hodgman 1974: one half-plane against a convex polygon.
    """
    c, u, v, _ = form
    heights = [c + u * x + v * y - bound for x, y in area]
    if max(heights) <= TINY:
        return area
    if min(heights) > TINY:
        return ()
    kept: list[Point] = []
    for i, (point, height) in enumerate(zip(area, heights, strict=True)):
        (x0, y0), before = area[i - 1], heights[i - 1]
        if (height > 0) != (before > 0):
            share = before / (before - height)
            kept.append((x0 + share * (point[0] - x0), y0 + share * (point[1] - y0)))
        if height <= 0:
            kept.append(point)
    return tuple(dict.fromkeys(kept))


def above(area: Area, form: Form, bound: float) -> Area:
    """The part of an area where the form is at least `bound`."""
    return below(area, scaled(form, -1.0), -bound)


def nearest(area: Area) -> Point:
    """The corner least far from the origin."""
    return min(area, key=lambda point: (distance(point), point))


def distance(point: Point) -> float:
    return abs(point[0]) + abs(point[1])


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
