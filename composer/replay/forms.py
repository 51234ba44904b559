"""Straight-line forms over convex areas: the arithmetic of an exact search.

A form is c + u·x + v·y with a bound on its error; an area is the corners of a convex polygon in
order (of a segment, its two ends) that lies in one quadrant, where distance from the origin is
|x| + |y|.
"""

from __future__ import annotations

from collections.abc import Iterable

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
