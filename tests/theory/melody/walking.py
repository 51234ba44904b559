"""Ways through an automaton: one at random, and every one there is."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

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


def admitted(automaton: Automaton) -> Iterator[tuple[Event, ...]]:
    """Every melody that `allowed` leads to."""
    stack = [(automaton.start(), ())]
    while stack:
        state, events = stack.pop()
        if automaton.can_end(state):
            yield events
            continue
        choices = np.argwhere(automaton.allowed(state))
        assert len(choices), "a dead end"
        for row, column in choices:
            pitch = automaton.pitches[column] if column < automaton.count else None
            event = Event(pitch, automaton.durations[row])
            stack.append((automaton.advance(state, event), (*events, event)))
