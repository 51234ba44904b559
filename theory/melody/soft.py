"""The soft rules of melody: what they weigh, and what they remember of the notes before.

"A leap is answered by a step back" remembers that the last move was a leap, and which way; "the
same pitch is not sung more than three times running" how often it was sung. Never both at once.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from theory.melody.automaton import Automaton
from theory.melody.grammar import FAULTS, OWED, Duty
from theory.melody.moves import STEPS_DOWN, STEPS_UP, Move
from theory.melody.tables import PERFECTS
from theory.rules import RULES

LEAP, REPETITION = "leap-answered", "repetition"
# Letters from which a leap asks for an answer.
WIDE = RULES[LEAP].number("letters")
NOTHING, LEAPT_UP, LEAPT_DOWN, TWICE, THRICE = range(5)

Ints = NDArray[np.int64]


class SoftMemory:
    """States NOTHING … THRICE: how each note changes them, and what it costs.

    The tables have shape (to, from, memory); from the last row, "nothing before", nothing costs.
    """

    def __init__(self, automaton: Automaton, weights: Mapping[str, float]) -> None:
        self.weights = {name: weights.get(name, 0.0) for name in (LEAP, REPETITION)}
        self.size = THRICE + 1 if any(self.weights.values()) else 1
        moves = automaton.moves
        height = np.array([pitch.height for pitch in automaton.pitches])
        letters = np.zeros(moves.shape, np.int64)
        letters[:, :-1] = height[:, None] - height[None, :]
        repeat = moves == Move.REPEAT
        repeat[:, -1] = False
        self._next = np.zeros((*moves.shape, THRICE + 1), np.int64)
        self._next[letters >= WIDE] = LEAPT_UP
        self._next[letters <= -WIDE] = LEAPT_DOWN
        self._next[repeat] = (TWICE, TWICE, TWICE, THRICE, THRICE)
        self._unanswered = np.zeros(self._next.shape, np.bool_)
        self._unanswered[:, :-1, LEAPT_UP] = ~_among(moves[:, :-1], STEPS_DOWN)
        self._unanswered[:, :-1, LEAPT_DOWN] = ~_among(moves[:, :-1], STEPS_UP)
        self._repeated = np.zeros(self._next.shape, np.bool_)
        self._repeated[repeat, THRICE] = True
        self._price = (
            self._unanswered * self.weights[LEAP] + self._repeated * self.weights[REPETITION]
        )
        if self.size == 1:
            self._next[:] = NOTHING

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


class Lapses:
    """What it costs to break the rules of motion that are soft in a phrase's language.

    `price` has shape (kinds, duties, moves); `owed`, (duties,), is what a rest costs after a note
    that asked for another. It is false where the language has no such rule.
    """

    def __init__(self, automaton: Automaton) -> None:
        self.lapses = automaton.lapses
        self.price = np.zeros(self.lapses.shape)
        for number, rule in enumerate(FAULTS):
            self.price += (self.lapses >> number & 1) * RULES[rule].weight
        owed = [RULES[OWED[duty]].weight if duty in OWED else 0.0 for duty in Duty]
        self.owed = np.where(automaton.binding, 0.0, owed)

    def __bool__(self) -> bool:
        return bool(self.lapses.any())

    def broken(self, kind: int, duty: int, move: int) -> dict[str, float]:
        """The cost of one note by rule."""
        bits = int(self.lapses[kind, duty, move])
        return {rule: RULES[rule].weight for n, rule in enumerate(FAULTS) if bits >> n & 1}


def _among(moves: NDArray[np.int8], some: tuple[Move, ...]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (moves == some[0]) | (moves == some[1])
    return found


def soft_weights(automaton: Automaton, soft: Mapping[str, float] | None) -> Mapping[str, float]:
    """The weights of the soft melody rules that count here; ValueError for another name."""
    context = automaton.context
    known = {LEAP, REPETITION, PERFECTS}
    if soft is not None and not known.issuperset(soft):
        wrong = ", ".join(sorted(set(soft) - known))
        raise ValueError(
            f"soft: no soft rule of melody is {wrong}; choose from {', '.join(sorted(known))}"
        )
    weights = {name: RULES[name].weight for name in known} if soft is None else dict(soft)
    return {
        name: weights[name]
        for name in sorted(weights)
        if name not in context.off and not RULES[name].binds(context.language)
    }
