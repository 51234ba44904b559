"""Tempo: how long ticks last, and when a place in a piece falls, under a tempo that changes.

All that is known of seconds in written time stands here; what a piece sounds like in time is
`composer.render.timeline`'s.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import fsum

# (tick, beats a minute from there on), the first at tick 0, in rising order of ticks.
Rates = Sequence[tuple[int, float]]


def lasting(ticks: float, beat: int, rate: float) -> float:
    """Seconds that ticks last at `rate` beats a minute, a beat being so many ticks.

    >>> lasting(96, 24, 120)
    2.0
    """
    return ticks / beat * 60 / rate


def mean_rate(rates: Rates, start: int, end: int) -> float:
    """The steady tempo at which what lies between two ticks takes as long as it does.

    >>> round(mean_rate([(0, 120), (48, 60)], 0, 96), 3)
    80.0
    """
    cuts = [start, *(tick for tick, _ in rates if start < tick < end), end]
    passed = fsum(
        (after - now) / next(rate for tick, rate in reversed(rates) if tick <= now)
        for now, after in pairwise(cuts)
    )
    return (end - start) / passed


class Clock:
    """When places fall, in seconds from the first, under changes of pace.

    >>> clock = Clock.at_rates([(0, 120.0), (48, 60.0)], beat=24)
    >>> clock.second(48), clock.second(72), clock.second(12)
    (1.0, 2.0, 0.25)
    >>> clock.place(2.0)
    72.0
    """

    def __init__(self, paces: Sequence[tuple[int, float]]) -> None:
        """paces: (place, seconds for each unit from there on), the first at place 0."""
        self.places = tuple(place for place, _ in paces)
        self.paces = tuple(pace for _, pace in paces)
        spans = (
            (after - before) * pace
            for (before, after), pace in zip(pairwise(self.places), self.paces, strict=False)
        )
        self.seconds = tuple(accumulate(spans, initial=0.0))

    @classmethod
    def at_rates(cls, rates: Rates, beat: int) -> Clock:
        """The clock of ticks under a tempo in beats a minute, a beat being so many ticks."""
        return cls([(tick, lasting(1, beat, rate)) for tick, rate in rates])

    def second(self, place: float) -> float:
        """When this place falls; after the last change of pace it goes on as there."""
        number = bisect_right(self.places, place) - 1
        return self.seconds[number] + (place - self.places[number]) * self.paces[number]

    def place(self, second: float) -> float:
        """Where a second falls, from nought on: the inverse of `second`."""
        number = bisect_right(self.seconds, second) - 1
        return self.places[number] + (second - self.seconds[number]) / self.paces[number]
