"""Harmonic rhythm: where a phrase's chords change."""

from __future__ import annotations

from theory.metre import Metre


def changes(start: int, end: int, cadence: str, rate: float, metre: Metre) -> tuple[int, ...]:
    """Ticks at which a phrase's chords change.

    `rate` is chords a bar, 0.5 to 2. Harmonic rhythm quickens before a cadence: the bar before the
    last takes twice as many, at least one more than the others where the metre has a beat for it,
    and the last bar belongs to the cadence's goal. A phrase that runs on does not quicken.
    """
    bars = range(start, end, metre.bar)
    if metre.beats == 2:
        rate = min(rate, 1.5)  # two chords a bar are all it has: the bar before the last keeps them
    ticks: list[int] = []
    for index, bar in enumerate(bars):
        before = index == len(bars) - 2 and cadence != "open"
        count = _count(rate * 2 if before else rate, index)
        ticks += places(bar, 1 if index == len(bars) - 1 else count, metre)
    return tuple(ticks)


def _count(rate: float, index: int) -> int:
    """Chords in a bar: a rate below one leaves bars out, 1.5 is one and two in turn."""
    if rate < 1:
        return 1 if index % 2 == 0 else 0
    return int(rate) + (rate % 1 > 0 and index % 2 == 1)


def places(bar: int, count: int, metre: Metre) -> tuple[int, ...]:
    """Where so many chords of a bar fall: on its downbeat, its half, and the beats from there."""
    half = half_bar(metre)
    after = [bar + tick for tick in range(half, metre.bar, metre.beat)]
    return (bar, *after[: count - 1]) if count else ()


def half_bar(metre: Metre) -> int:
    """Where the second chord of a bar falls: on its secondary accent, or its last beat but the
    second where there is no such accent."""
    for beat in range(1, metre.beats):
        if metre.accents[beat] == 3:
            return beat * metre.beat
    return metre.beat if metre.beats == 3 else (metre.beats - 1) * metre.beat
