"""When people play what is written: together, and never quite at once.

What is written stays as it is; here is by how many seconds each player comes before or after it.
Nothing runs in a stream: a deviation is a hash of the seed, the player's role and the written tick,
so that another tempo or another instrument leaves all of them as they were.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from composer.vocabulary import SINGERS
from theory.metre import QUARTER
from theory.noise import Noise

# All in seconds. The tune leads, as pianists and ensembles have it (Goebl 2001; Palmer 1996).
LEAD, LEADING = 0.020, 0.005  # and by how much more or less, from one passage to the next
BEHIND = 0.006  # by which those who accompany come after the beat
LAZY, LAZIER = 0.010, 0.003  # a backbeat's snare after the other drums
AFTER = {"bass": 0.003, "doubling": 0.002}
# A phrase's breath: all come late where one ends and the next begins, and are in time again after
# so many ticks.
BREATH = (0.004, 0.011)
BREATHING = 2 * QUARTER
# People drift: each error takes after the last, at all lengths alike (Hennig et al. 2011). Lengths
# in ticks, with the most that all drift together at that length, and that each does for himself.
DRIFT = ((8 * QUARTER, 0.0025, 0.0015), (4 * QUARTER, 0.002, 0.0015), (QUARTER, 0.001, 0.0015))
HAND = 0.0015  # of a single stroke
SPREAD = (0.002, 0.006)  # from one key of a chord to the next
WIDEST = 0.016  # from its first to its last
MOST = 0.028  # that nobody misses the beat by more than
LED = frozenset({*SINGERS, "doubling"})
SNARES = frozenset({37, 38, 39, 40})  # General MIDI's stick, snares and hand clap


class Timing:
    """How early or late each player of one piece is."""

    def __init__(self, seed: int, breaths: Sequence[int]) -> None:
        """breaths: the ticks at which phrases begin, but for the first."""
        self._noise = Noise(seed)
        self._breaths = tuple(breaths)
        # Every knot of the noise serves many notes.
        self._knot = lru_cache(maxsize=None)(self._drawn)
        self._of_role = lru_cache(maxsize=None)(self._role_late)

    def late(self, role: str, tick: int, drum: int | None = None) -> float:
        """Seconds by which who plays `role` comes after a written tick; early ones are negative."""
        late = self._of_role(role, tick)
        if drum in SNARES:
            late += LAZY + LAZIER * self._smooth("snare", tick, 8 * QUARTER)
        if drum is not None:
            late += HAND * self._knot(f"{role} {drum}", tick)
        return max(-MOST, min(MOST, late))

    def spread(self, role: str, tick: int, keys: int) -> float:
        """Seconds from one key to the next of a chord of so many, from the lowest up."""
        if keys < 2:
            return 0.0
        least, most = SPREAD
        wished = least + (most - least) * (1 + self._knot(f"{role} chord", tick)) / 2
        return min(wished, WIDEST / (keys - 1))

    def _role_late(self, role: str, tick: int) -> float:
        late = BEHIND + AFTER.get(role, 0.0) + self._breath(tick) + HAND * self._knot(role, tick)
        for length, together, alone in DRIFT:
            late += together * self._smooth("all", tick, length)
            late += alone * self._smooth(role, tick, length)
        if role in LED:
            late -= LEAD + LEADING * self._smooth("lead", tick, 8 * QUARTER)
        return late

    def _breath(self, tick: int) -> float:
        nearest = min(self._breaths, key=lambda place: abs(place - tick), default=None)
        if nearest is None or abs(nearest - tick) >= BREATHING:
            return 0.0
        low, high = BREATH
        deep = low + (high - low) * (1 + self._knot("breath", nearest)) / 2
        return deep * (1 + math.cos(math.pi * (nearest - tick) / BREATHING)) / 2

    def _smooth(self, voice: str, tick: int, length: int) -> float:
        """Noise from −1 to 1 that takes `length` ticks from one value to the next."""
        knot, rest = divmod(tick, length)
        before, after = (self._knot(f"{voice} {length}", knot + more) for more in (0, 1))
        return before + (after - before) * (1 - math.cos(math.pi * rest / length)) / 2

    def _drawn(self, voice: str, slot: int) -> float:
        """From −1 to 1, evenly."""
        return 2 * self._noise.uniform("timing", voice, slot) - 1
