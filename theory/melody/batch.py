"""The melody automaton asked about many states at once, for samplers that carry many melodies.

The same answers as `Automaton.allowed` and `Automaton.follow`, read off tables that are made once
for a phrase; a state is a row of four whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from theory.melody.automaton import Automaton, State
from theory.melody.grammar import Duty
from theory.melody.reachability import WORD
from theory.melody.structure import REFUSED, Bools
from theory.melody.tables import Placement

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """States side by side, (rows,) each: ticks; numbers of the last pitch sung in the phrase (the
    count of pitches where there is none); duties; structural codes."""

    ticks: Ints
    places: Ints
    duties: Ints
    codes: Ints

    def __getitem__(self, rows: Ints | Bools | slice) -> States:
        return States(self.ticks[rows], self.places[rows], self.duties[rows], self.codes[rows])


class BatchAutomaton:
    """One phrase's automaton for many states; it holds only what follows from its context."""

    def __init__(self, automaton: Automaton) -> None:
        self.automaton = automaton
        context, count = automaton.context, automaton.count
        self._durations = np.array(automaton.durations)
        open_ = automaton.reachable
        width = context.end - context.start + 1
        # Tick (from the phrase's start) → its row among the sets of states that lead on; 0: none.
        self._row = np.zeros(width + int(self._durations.max()), np.int64)
        sets = [np.zeros_like(open_[context.end])]
        for tick, words in open_.items():
            self._row[tick - context.start] = len(sets)
            sets.append(words)
        self._open = np.stack(sets)
        # (tick, duration) → the number of its placement.
        self._placement = np.zeros((width, len(self._durations)), np.int64)
        placements: list[Placement] = []
        numbers: dict[int, int] = {}
        for tick in open_:
            for column, ticks in enumerate(automaton.durations):
                if tick + ticks in open_:
                    placement = automaton.placements.at(tick, ticks)
                    if id(placement) not in numbers:
                        numbers[id(placement)] = len(placements)
                        placements.append(placement)
                    self._placement[tick - context.start, column] = numbers[id(placement)]
        free = np.zeros((count, count + 1), np.bool_)
        shapes = placements or [automaton.placements.at(context.start, automaton.durations[0])]
        self._kinds = np.stack([each.kinds for each in shapes])
        self._foreign = np.stack([each.foreign for each in shapes])
        self._carry = np.stack([each.carry for each in shapes])
        self._clash = np.stack([free if each.clash is None else each.clash for each in shapes])
        self._moves = np.ascontiguousarray(automaton.moves.T)
        self._every = np.arange(count)

    def start(self, rows: int) -> States:
        """So many rows before the first event."""
        return self.of([self.automaton.start()] * rows)

    def of(self, states: Sequence[State]) -> States:
        """Single states side by side."""
        number, count = self.automaton.number, self.automaton.count
        places = [count if each.pitch is None else number[each.pitch] for each in states]
        return States(
            np.array([each.tick for each in states]),
            np.array(places),
            np.array([int(each.duty) for each in states]),
            np.array([each.code for each in states]),
        )

    def allowed(self, states: States) -> Bools:
        """What may come next in each row, (rows, durations, pitches + 1), the last column a rest.

        Looks ahead as `Automaton.allowed` does: whatever is allowed leads to the phrase's end.
        """
        automaton, count = self.automaton, self.automaton.count
        since = states.ticks - automaton.context.start
        placement = self._placement[since]  # (rows, durations)
        onward = self._row[since[:, None] + self._durations]
        duty, place = states.duties[:, None, None], states.places
        moves = self._moves[place][:, None, :]
        kinds = self._kinds[placement]
        legal = (automaton.faults[kinds, duty, moves] == 0) & ~self._foreign[placement]
        bound = (states.duties != Duty.REST)[:, None, None]
        legal &= ~(self._clash[placement, :, place[:, None]] & bound)
        carried = self._carry[placement, :, states.codes[:, None]].astype(np.int64)
        found = np.empty((*placement.shape, count + 1), np.bool_)
        duties = automaton.duties[kinds, duty, moves].astype(np.int64)
        found[..., :-1] = legal & self._ahead(
            onward[..., None], self._every, duties, carried[..., :-1]
        )
        found[..., -1] = ~automaton.binding[states.duties][:, None] & self._ahead(
            onward, place[:, None], Duty.REST, carried[..., -1]
        )
        return found

    def follow(self, states: States, durations: Ints, pitches: Ints) -> States:
        """The states after one allowed event a row: numbers of durations and pitches (the count of
        pitches for a rest)."""
        automaton = self.automaton
        placement = self._placement[states.ticks - automaton.context.start, durations]
        rests = pitches == automaton.count
        sung = np.where(rests, 0, pitches)
        kinds, moves = self._kinds[placement, sung], self._moves[states.places, sung]
        duties = automaton.duties[kinds, states.duties, moves].astype(np.int64)
        return States(
            states.ticks + self._durations[durations],
            np.where(rests, states.places, pitches),
            np.where(rests, int(Duty.REST), duties),
            self._carry[placement, pitches, states.codes].astype(np.int64),
        )

    def _ahead(self, rows: Ints, places: Ints, duties: Ints | int, codes: Ints) -> Bools:
        """Does each state lead to the end?"""
        code = np.maximum(codes, 0)
        words = self._open[rows, places, duties, code // WORD]
        held = (words >> (code % WORD).astype(np.uint64)) & np.uint64(1)
        found: Bools = (held == 1) & (codes != REFUSED)
        return found


@lru_cache(maxsize=4)
def batched(automaton: Automaton) -> BatchAutomaton:
    """The tables of an automaton, made once for all that is sung of its phrase."""
    return BatchAutomaton(automaton)
