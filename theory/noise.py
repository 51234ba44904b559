"""Noise that does not run in a stream: every draw is a hash of the seed and of what is drawn for.

Two runs that differ in one decision therefore draw the same noise everywhere else, and an edited
rule changes only the music that it governs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b, shake_128
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Noise:
    """Draws by a hash of (seed, stage, slot, candidate)."""

    seed: int

    def uniform(self, *place: object) -> float:
        """A number strictly between 0 and 1 for a place named by strings and numbers."""
        text = "\x1f".join(map(str, (self.seed, *place)))
        bits = int.from_bytes(blake2b(text.encode(), digest_size=7).digest(), "big") >> 3
        return (bits + 0.5) / 2**53

    def gumbel(self, *place: object) -> float:
        """A standard Gumbel variate: the arg max of log-weight + Gumbel draws by weight."""
        return -math.log(-math.log(self.uniform(*place)))

    def gumbels(self, count: int, *place: object) -> NDArray[np.float64]:
        """Standard Gumbel variates for candidates numbered from 0: of one place, one hash.

        A longer row begins as a shorter one does.
        """
        text = "\x1f".join(map(str, (self.seed, *place)))
        bits = np.frombuffer(shake_128(text.encode()).digest(8 * count), "<u8") >> np.uint64(11)
        found: NDArray[np.float64] = -np.log(-np.log((bits + 0.5) / 2**53))
        return found

    def pick(self, weights: Mapping[T, float], *place: object) -> T:
        """Draw one candidate by weight; raises ValueError where none has a positive weight."""
        scores = {
            candidate: math.log(weight) + self.gumbel(*place, candidate)
            for candidate, weight in weights.items()
            if weight > 0
        }
        if not scores:
            raise ValueError("nothing to pick from: every weight is nought")
        return max(scores, key=lambda candidate: scores[candidate])
