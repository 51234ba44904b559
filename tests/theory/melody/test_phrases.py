"""A proposer that knows nothing: whatever it wants, the automaton leads it to a legal phrase.

All modes, metres, families and languages; two readers judge each phrase, the oracle of these tests
and the verifier, and neither shares code with the automaton.
"""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.theory.melody.contexts import random_context
from tests.theory.melody.oracle import violations
from theory.harmony.phrase import families
from theory.melody import Automaton, Event, HarmonicContext, State
from theory.melody.reachability import on_grid
from theory.metre import METRES
from theory.timed import TimedChord, TimedNote
from theory.verify import verify_melody

EACH = 5


def proposed(automaton: Automaton, rng: np.random.Generator) -> tuple[Event, ...]:
    """A phrase sung after a proposer that loves a few events, nearly all of them forbidden."""
    state, events = automaton.start(), []
    while not automaton.can_end(state):
        allowed = automaton.allowed(state)
        assert allowed.any(), f"a dead end at {state}"
        wanted = rng.random(allowed.shape) ** 8
        wanted[~allowed] *= 100
        first = np.unravel_index(int(wanted.argmax()), wanted.shape)
        if not allowed[first]:
            assert refused(automaton, state, event(automaton, *first))
        chosen = np.unravel_index(int(np.where(allowed, wanted, -1).argmax()), wanted.shape)
        events.append(event(automaton, *chosen))
        state = automaton.advance(state, events[-1])
    return tuple(events)


def event(automaton: Automaton, row: int, column: int) -> Event:
    pitch = automaton.pitches[column] if column < automaton.count else None
    return Event(pitch, automaton.durations[row])


def refused(automaton: Automaton, state: State, proposal: Event) -> bool:
    """Is a proposal that is not allowed against a rule at once, off the grid, or a dead end?"""
    if not on_grid(state.tick + proposal.ticks):
        return True
    try:
        after = automaton.advance(state, proposal)
    except ValueError:
        return True
    return not automaton.can_end(after) and not automaton.allowed(after).any()


def faults(context: HarmonicContext, events: tuple[Event, ...]) -> list[str]:
    """What the verifier finds in a phrase."""
    notes, tick = [], context.start
    for each in events:
        if each.pitch is not None:
            notes.append(TimedNote(tick, tick + each.ticks, each.pitch))
        tick += each.ticks
    ends = frozenset(note.name for note in context.final)
    contexts = [
        TimedChord(
            s.start, s.end, s.chord, s.voicing.bass, ends if s is context.spans[-1] else None
        )
        for s in context.spans
    ]
    found = verify_melody(notes, contexts, context.metre, context.compass, context.language)
    return [f"{fault.rule} at {fault.tick}: {fault.sentence}" for fault in found]


def prove(phrases: int) -> set[str]:
    """Sing so many phrases; the modes and metres that came."""
    seen = set()
    for seed in range(phrases // EACH):
        context = random_context(seed, bars=random.Random(seed).choice((1, 2, 2, 3)))
        automaton, rng = Automaton(context), np.random.default_rng(seed)
        seen |= {context.metre.name, context.key.mode.name}
        for _ in range(EACH):
            events = proposed(automaton, rng)
            assert violations(context, events) == set(), (seed, events)
            if context.start == 0:  # an upbeat has no chord of its own to be judged by
                assert faults(context, events) == [], (seed, events)
    return seen


def test_200_phrases_from_bad_proposals_are_legal() -> None:
    prove(200)


@pytest.mark.slow
def test_10_000_phrases_from_bad_proposals_are_legal() -> None:
    modes = {mode for family in families().values() for mode in family.modes}
    assert prove(10_000) == {*METRES, *modes}
