"""The contour that the melody is to follow: the skyline, an arch to each phrase, one climax.

All of it is in semitones about the melody's centre, one value a beat.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from analysis.picture.skyline import Skyline
from composer.values import Phrase, Section
from theory.metre import Metre

# How much of the contour is the skyline's where it is as prominent as can be; the rest is the arch.
SKYLINE_SHARE = 0.65
ARCH_PEAK = 0.6  # where in its phrase the arch is highest
REACH = 0.7  # of half the range; the climax alone goes to its top
LATE = 0.3  # by how much a climax at a period's end is liked better than one at its beginning
LEAP_FROM, LEAP_TO = -0.75, 0.8  # of half the range: where a leap of register leaves and lands


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
    skyline: Skyline, free: Sequence[Sequence[bool]], half_range: float
) -> tuple[list[list[float]], tuple[int, int]]:
    """The contour of a period, and its climax as (phrase, beat within it).

    `free` has a row a phrase and a place a beat: may the climax lie there? At least one place must
    be free. The skyline runs once through the period from left to right; the climax is where it is
    highest, a later place before an earlier one that is hardly higher.
    """
    total = sum(len(row) for row in free)
    share = SKYLINE_SHARE * skyline.strength**0.5
    sky = centred(resample(skyline.heights, total))
    arches = [value for row in free for value in arch(len(row))]
    blend = centred([share * s + (1 - share) * a for s, a in zip(sky, arches, strict=True)])
    places = [beat for beat, may in enumerate(may for row in free for may in row) if may]
    climax = max(places, key=lambda beat: blend[beat] + LATE * beat / total)
    curve = [REACH * half_range * value for value in blend]
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
    """The contour of a phrase that leaps to a higher register at beat `at` and falls from it."""
    low, high = LEAP_FROM * half_range, half_range
    down = [
        high + (LEAP_TO * half_range * 0.2 - high) * i / (count - at) for i in range(count - at)
    ]
    return [low + (i / max(1, at)) * 0.15 * half_range for i in range(at)] + down


# Under full rubato a phrase presses on to its crest and slackens towards its end, as factors of
# the tempo: the shape that Todd (1985) found in pianists, with a restrained depth.
PRESSING, SLACKENING = 0.06, 0.16
CREST = 0.4  # where in its phrase the tempo is quickest, as a share of its length
# The final ritardando slows as runners stop (Friberg & Sundberg 1999): v(x) = (1 + (w^q - 1) x)^1/q
# with q = 3; w is the tempo at its end, without rubato and with all of it.
CURVED = 3
STEADY_END, FREE_END = 0.8, 0.62
SOFTEST, LOUDEST = 28, 118
SCORED = 4  # velocity that a full section is louder and a thin one softer


def tempo_curve(
    tempo: float, rubato: float, phrases: Sequence[Phrase], metre: Metre, end: int
) -> tuple[tuple[int, float], ...]:
    """Tempo changes as (tick, beats a minute): phrases that breathe, and a final ritardando.

    The last phrase keeps the tempo up to the ritardando, which fills its last two bars (three of
    two beats): the chord that is held at the end is arrived at, and the slowing heard before it.
    """
    points = {0: tempo}
    if rubato > 0:
        for phrase in phrases[:-1]:
            for tick in range(phrase.start + metre.beat, phrase.end, metre.beat):
                points[tick] = tempo * (1 + rubato * _breathing(phrase, tick, metre))
            points[phrase.end] = tempo
    slow = max(0, end - metre.bar * (3 if metre.beats == 2 else 2))
    final = STEADY_END + (FREE_END - STEADY_END) * rubato
    points = {tick: rate for tick, rate in points.items() if tick < slow or not tick}
    for tick in range(slow, end, metre.beat // 2):
        share = (tick + metre.beat / 4 - slow) / (end - slow)
        points[tick] = tempo * (1 + (final**CURVED - 1) * share) ** (1 / CURVED)
    points[0] = tempo
    changes: list[tuple[int, float]] = []
    for tick, rate in sorted(points.items()):
        if not changes or round(rate, 2) != changes[-1][1]:
            changes.append((tick, round(rate, 2)))
    return tuple(changes)


def _breathing(phrase: Phrase, tick: int, metre: Metre) -> float:
    """How far a phrase under full rubato is from the tempo, a factor less one: nought where it
    begins, most at its crest, least on its last beat."""
    share = (tick - phrase.start) / (phrase.end - metre.beat - phrase.start)
    if share <= CREST:
        return PRESSING * share / CREST
    fallen = (share - CREST) / (1 - CREST)
    return PRESSING - (PRESSING + SLACKENING) * fallen**2


def dynamics_curve(
    level: float, spread: float, sections: Sequence[Section], phrases: Sequence[Phrase]
) -> tuple[tuple[int, int], ...]:
    """Velocity as (tick, velocity): each phrase grows and falls, a climax is the loudest place."""
    offset = {one.name: one.dynamics + SCORED * one.level for one in sections}
    points: list[tuple[int, int]] = []
    for phrase in phrases:
        base = level + offset[phrase.section]
        peak = phrase.climax if phrase.climax is not None else (phrase.start + 2 * phrase.end) // 3
        height = spread / 2 if phrase.climax is not None else spread / 4
        if not points or phrase.start > points[-1][0]:
            points.append((phrase.start, _velocity(base - spread / 4)))
        if phrase.start < peak < phrase.end - 1:
            points.append((peak, _velocity(base + height)))
        points.append((phrase.end - 1, _velocity(base - spread / 3)))
    return tuple(points)


def loudness(curve: Sequence[tuple[int, int]], tick: int) -> float:
    """The velocity of a dynamics curve at a tick."""
    after = bisect_right(curve, (tick, LOUDEST + 1))
    if after == 0:
        return curve[0][1]
    start, low = curve[after - 1]
    if after == len(curve):
        return low
    end, high = curve[after]
    return low + (high - low) * (tick - start) / (end - start)


def _velocity(value: float) -> int:
    return min(LOUDEST, max(SOFTEST, round(value)))
