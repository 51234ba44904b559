"""BatchAutomaton states at once are answered as one by one."""

from __future__ import annotations

import numpy as np
import pytest

from tests.theory.melody.contexts import random_context
from theory.melody import Automaton, Event
from theory.melody.batch import BatchAutomaton

ROWS = 6


@pytest.mark.parametrize("seed", range(40))
def test_many_states_are_answered_as_one_by_one(seed: int) -> None:
    automaton = Automaton(random_context(seed))
    many, rng = BatchAutomaton(automaton), np.random.default_rng(seed)
    states, alone = many.start(ROWS), [automaton.start()] * ROWS
    while len(states.ticks):
        allowed = many.allowed(states)
        assert np.array_equal(allowed, np.stack([automaton.allowed(one) for one in alone]))
        assert allowed.any(axis=(1, 2)).all(), "a dead end"
        chosen = np.array([rng.choice(np.argwhere(row)) for row in allowed])
        states = many.follow(states, chosen[:, 0], chosen[:, 1])
        pitches = (*automaton.pitches, None)
        alone = [
            automaton.follow(one, Event(pitches[column], automaton.durations[row]))
            for one, (row, column) in zip(alone, chosen.tolist(), strict=True)
        ]
        assert states.ticks.tolist() == [one.tick for one in alone]
        assert states.duties.tolist() == [int(one.duty) for one in alone]
        assert states.codes.tolist() == [one.code for one in alone]
        going = states.ticks < automaton.context.end
        assert all(automaton.can_end(one) for one, on in zip(alone, going, strict=True) if not on)
        states, alone = states[going], [one for one, on in zip(alone, going, strict=True) if on]
