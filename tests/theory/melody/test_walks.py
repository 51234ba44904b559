"""Random walks through `allowed`: never a dead end, and nothing that a teacher would mark."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from tests.theory.melody.grounds import random_ground
from tests.theory.melody.oracle import violations
from tests.theory.melody.walking import walk
from theory.melody import Automaton, NoMelody, sing
from theory.rules import RULES

MELODY_RULES = tuple(rule.name for rule in RULES.values() if rule.kind == "melody")


@pytest.mark.parametrize("seed", range(60))
def test_no_walk_ends_early_or_breaks_a_rule(seed: int) -> None:
    ground = random_ground(seed)
    automaton = Automaton(ground)
    rng = random.Random(seed)
    for _ in range(12):
        events = walk(automaton, rng)
        assert violations(ground, events) == set(), events


@pytest.mark.parametrize("name", MELODY_RULES)
def test_a_rule_switched_off_leaves_no_dead_end_and_frees_the_melody(name: str) -> None:
    for seed in range(100, 106):
        ground = random_ground(seed)
        free = Automaton(replace(ground, off=frozenset({name})))
        walk(free, random.Random(seed))
        bound = Automaton(ground)
        if free.pitches != bound.pitches:
            assert set(bound.pitches) < set(free.pitches)
            continue
        beat = ground.metre.beat
        rhythm = [(beat, True)] * ((ground.end - ground.start) // beat)
        if (ground.end - ground.start) % beat:
            rhythm.append(((ground.end - ground.start) % beat, False))
        wishes = np.random.default_rng(seed).random((sum(s for _, s in rhythm), bound.count))
        try:
            total = sing(bound, rhythm, wishes).total
        except NoMelody:
            continue
        assert sing(free, rhythm, wishes).total <= total
