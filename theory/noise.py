"""Noise that does not run in a stream: every draw is a hash of the seed and of what is drawn for.

Two runs that differ in one decision therefore draw the same noise everywhere else, and an edited
rule changes only the music that it governs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, shake_128
from itertools import count
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
_WHOLE = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Noise:
    """Draws by a hash of (seed, stage, slot, candidate)."""

    seed: int

    def uniform(self, *place: object) -> float:
        """A number strictly between 0 and 1 for a place named by strings and numbers.

        The last of the names is the candidate, the others are its slot.
        """
        *slot, candidate = place
        return _unit(self._slot(slot), _word(str(candidate)))

    def gumbels(self, many: int, *place: object) -> NDArray[np.float64]:
        """Standard Gumbel variates for candidates numbered from 0: of one place, one hash.

        The arg max of log-weight + Gumbel draws by weight. A longer row begins as a shorter one
        does.
        """
        text = "\x1f".join(map(str, (self.seed, *place)))
        bits = np.frombuffer(shake_128(text.encode()).digest(8 * many), "<u8") >> np.uint64(11)
        found: NDArray[np.float64] = -np.log(-np.log((bits + 0.5) / 2**53))
        return found

    def below(self, total: int, *place: object) -> int:
        """A whole number from 0 to `total` − 1, each equally likely however large the total is.

        As many bits as the total has are drawn until they stay under it. Raises ValueError for a
        total under 1.
        """
        if total < 1:
            raise ValueError(f"there is no whole number from 0 to total - 1: total is {total}")
        size = (total - 1).bit_length()
        for attempt in count():
            text = "\x1f".join(map(str, (self.seed, *place, "below", attempt)))
            drawn = int.from_bytes(shake_128(text.encode()).digest(size // 8 + 1), "big")
            if (number := drawn >> (size // 8 + 1) * 8 - size) < total:
                return number
        raise AssertionError("an endless count has no end")

    def pick(self, weights: Mapping[T, float], *place: object) -> T:
        """Draw one candidate by weight; raises ValueError where none has a positive weight.

        Every candidate waits for an exponential time at the rate of its weight, and the first one
        is drawn: where one weight is changed, the draw stays or turns to or from its candidate.
        """
        slot = self._slot(place)
        waits = {
            candidate: -math.log(_unit(slot, _word(str(candidate)))) / weight
            for candidate, weight in weights.items()
            if weight > 0
        }
        if not waits:
            raise ValueError("nothing to pick from: every weight is nought")
        return min(waits, key=waits.__getitem__)

    def _slot(self, place: Sequence[object]) -> int:
        return _digest("\x1f".join(map(str, (self.seed, *place))))


def _digest(text: str) -> int:
    """64 even bits of a text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


# Candidates have few names, and each is hashed once for all its slots.
_word = lru_cache(maxsize=4096)(_digest)


def _unit(slot: int, candidate: int) -> float:
    """A number strictly between 0 and 1 from two hashes of 64 bits.

    Mixed as in SplitMix64 (Steele, Lea & Flood 2014), where every bit sways every other.
    """
    bits = slot ^ candidate
    bits = ((bits ^ bits >> 30) * 0xBF58476D1CE4E5B9) & _WHOLE
    bits = ((bits ^ bits >> 27) * 0x94D049BB133111EB) & _WHOLE
    return ((bits ^ bits >> 31) >> 11) / 2**53 + 2**-54
