"""Random walks through `allowed`: never a dead end, and nothing that a teacher would mark."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.theory.melody.grounds import random_ground
from tests.theory.melody.oracle import violations
from theory.melody import Automaton, Event


def walk(automaton: Automaton, rng: random.Random) -> tuple[Event, ...]:
    state, events = automaton.start(), []
    while not automaton.can_end(state):
        choices = np.argwhere(automaton.allowed(state)).tolist()
        assert choices, f"a dead end at {state}"
        row, column = rng.choice(choices)
        pitch = automaton.pitches[column] if column < automaton.count else None
        events.append(Event(pitch, automaton.durations[row]))
        state = automaton.advance(state, events[-1])
    return tuple(events)


@pytest.mark.parametrize("seed", range(60))
def test_no_walk_ends_early_or_breaks_a_rule(seed: int) -> None:
    ground = random_ground(seed)
    automaton = Automaton(ground)
    rng = random.Random(seed)
    for _ in range(12):
        events = walk(automaton, rng)
        assert violations(ground, events) == set(), events
