"""What the soft rules of melody remember of the notes before, as a small table of its own.

"A leap is answered by a step back" remembers that the last move was a leap, and which way; "the
same pitch is not sung more than three times running" how often it was sung. Never both at once.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from theory.melody.automaton import Automaton
from theory.melody.moves import STEPS_DOWN, STEPS_UP, Move

LEAP, REPETITION = "leap-answered", "repetition"
# Letters from which a leap asks for an answer: a fifth.
WIDE = 4
NOTHING, LEAPT_UP, LEAPT_DOWN, TWICE, THRICE = range(5)

Ints = NDArray[np.int64]


class Memory:
    """States NOTHING … THRICE: how each note changes them, and what it costs.

    The tables have shape (to, from, memory); from the last row, "nothing before", nothing costs.
    """

    def __init__(self, automaton: Automaton, weights: Mapping[str, float]) -> None:
        self.weights = {name: weights.get(name, 0.0) for name in (LEAP, REPETITION)}
        self.size = THRICE + 1 if any(self.weights.values()) else 1
        moves = automaton.moves[:, :, None]
        height = np.array([pitch.height for pitch in automaton.pitches])
        letters = np.zeros(automaton.moves.shape, np.int64)
        letters[:, :-1] = height[:, None] - height[None, :]
        letters = letters[:, :, None]
        sung = np.arange(automaton.count + 1)[None, :, None] < automaton.count
        memory = np.arange(THRICE + 1)
        repeat = (moves == Move.REPEAT) & sung
        self._next = np.select(
            [repeat & (memory >= TWICE), repeat, letters >= WIDE, letters <= -WIDE],
            [THRICE, TWICE, LEAPT_UP, LEAPT_DOWN],
            NOTHING,
        )[:, :, : self.size]
        answered = np.select(
            [memory == LEAPT_UP, memory == LEAPT_DOWN],
            [np.isin(moves, STEPS_DOWN), np.isin(moves, STEPS_UP)],
            True,
        )
        self._unanswered = (~answered & sung)[:, :, : self.size]
        self._repeated = (repeat & (memory == THRICE))[:, :, : self.size]
        self._price = (
            self._unanswered * self.weights[LEAP] + self._repeated * self.weights[REPETITION]
        )
        if self.size == 1:
            self._next = np.zeros_like(self._next)

    def next(self, to: Ints, from_: Ints, memory: Ints) -> Ints:
        """The memory after each note."""
        return self._next[to, from_, memory]

    def price(self, to: Ints, from_: Ints, memory: Ints) -> NDArray[np.float64]:
        """What the soft rules charge for each note."""
        price: NDArray[np.float64] = self._price[to, from_, memory]
        return price

    def broken(self, to: int, from_: int, memory: int) -> dict[str, float]:
        """The cost of one note by rule."""
        return {
            LEAP: float(self._unanswered[to, from_, memory] * self.weights[LEAP]),
            REPETITION: float(self._repeated[to, from_, memory] * self.weights[REPETITION]),
        }
