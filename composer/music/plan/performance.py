"""How the piece is to be played: the curves of its tempo and its loudness."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import fsum

from composer.values import Performance, Phrase, Section
from theory.metre import Metre

# Under full rubato a phrase presses on to its crest and slackens towards its end, as factors of
# the tempo: the shape that Todd (1985) found in pianists, with a restrained depth.
PRESSING, SLACKENING = 0.06, 0.16
CREST = 0.4  # where in its phrase the tempo is quickest, as a share of its length
# The final ritardando slows as runners stop (Friberg & Sundberg 1999): v(x) = (1 + (w^q - 1) x)^1/q
# with q = 3; w is the tempo at its end, without rubato and with all of it.
CURVED = 3
STEADY_END, FREE_END = 0.8, 0.62
SOFTEST, LOUDEST = 28, 118
SCORED = 3  # velocity that a full section is louder and a thin one softer
# How much of the dynamic range the line of tension has, and a phrase's own rise and fall.
LINE, PHRASE = 1.1, 0.2


def tempo_curve(
    played: Performance, phrases: Sequence[Phrase], metre: Metre
) -> tuple[tuple[int, float], ...]:
    """Tempo changes as (tick, beats a minute): phrases that breathe, and a final ritardando.

    The last phrase keeps the tempo up to the ritardando, which fills its last two bars (three of
    two beats): the chord that is held at the end is arrived at, and the slowing heard before it.
    """
    tempo, rubato, end = played.rate, played.rubato, phrases[-1].end
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
    played: Performance,
    sections: Sequence[Section],
    phrases: Sequence[Phrase],
    tension: Sequence[float],
    metre: Metre,
) -> tuple[tuple[int, int], ...]:
    """Velocity as (tick, velocity): it follows the line of tension, within which each phrase grows
    and falls a little; the piece's peak is its loudest place."""
    spread = played.dynamic_range
    offset = {one.name: one.dynamics + SCORED * one.level for one in sections}
    calm = fsum(tension) / len(tension)
    points: list[tuple[int, int]] = []

    def at(tick: int, swell: float) -> None:
        line = LINE * (tension[min(tick // metre.bar, len(tension) - 1)] - calm)
        points.append((tick, _velocity(base + spread * (line + PHRASE * swell))))

    for phrase in phrases:
        base = played.level + offset[phrase.section]
        crest = phrase.climax if phrase.climax is not None else (phrase.start + 2 * phrase.end) // 3
        if not points or phrase.start > points[-1][0]:
            at(phrase.start, -0.5)
        if phrase.sung and phrase.start < crest < phrase.end - 1:
            at(crest, 1.0 if phrase.climax is not None else 0.5)
        at(phrase.end - 1, -0.5)
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
