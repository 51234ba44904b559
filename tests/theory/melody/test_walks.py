"""Random walks through `allowed`: never a dead end, and nothing that a teacher would mark."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from tests.theory.melody.contexts import random_context
from tests.theory.melody.oracle import violations
from tests.theory.melody.walking import walk
from theory.melody import Automaton, NoMelody, best_melody
from theory.rules import RULES

MELODY_RULES = tuple(rule.name for rule in RULES.values() if rule.kind == "melody")


@pytest.mark.parametrize("seed", range(60))
def test_no_walk_ends_early_or_breaks_a_rule(seed: int) -> None:
    context = random_context(seed)
    automaton = Automaton(context)
    rng = random.Random(seed)
    for _ in range(12):
        events = walk(automaton, rng)
        assert violations(context, events) == set(), events


@pytest.mark.parametrize("name", MELODY_RULES)
def test_a_rule_switched_off_leaves_no_dead_end_and_frees_the_melody(name: str) -> None:
    for seed in range(100, 106):
        context = random_context(seed)
        free = Automaton(replace(context, off=frozenset({name})))
        walk(free, random.Random(seed))
        bound = Automaton(context)
        if free.pitches != bound.pitches:
            assert set(bound.pitches) < set(free.pitches)
            continue
        beat = context.metre.beat
        rhythm = [(beat, True)] * ((context.end - context.start) // beat)
        if (context.end - context.start) % beat:
            rhythm.append(((context.end - context.start) % beat, False))
        wishes = np.random.default_rng(seed).random((sum(s for _, s in rhythm), bound.count))
        try:
            total = best_melody(bound, rhythm, wishes).total
        except NoMelody:
            continue
        assert best_melody(free, rhythm, wishes).total <= total
