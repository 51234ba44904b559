"""How one note of the melody was found, for the explanation."""

from __future__ import annotations

from composer.melody.slots import Stage
from composer.values import Proposed, Trace, Weighed
from theory.melody import Automaton, Event, State


def trace_of(
    stage: Stage, automaton: Automaton, state: State, event: Event, by: Weighed | Proposed
) -> Trace:
    """The trace of an event sung in a state of its phrase's automaton."""
    struck = automaton.struck(state, event.ticks)
    return Trace(
        {rule: tuple(sorted(pitches)) for rule, pitches in struck.items()},
        stage.wished(stage.phrase.start + state.tick),
        by,
    )
