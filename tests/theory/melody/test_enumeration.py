"""On small phrases the automaton admits exactly the melodies that a teacher passes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from tests.theory.examples import as_written
from tests.theory.melody.oracle import Known, violations
from tests.theory.melody.small import SMALL
from tests.theory.melody.walking import admitted
from theory.melody import Automaton, Event, HarmonicContext
from theory.verify import verify_melody


def rhythms(ground_: HarmonicContext, tick: int) -> Iterator[tuple[int, ...]]:
    if tick == ground_.end:
        yield ()
    for ticks in ground_.durations:
        if tick + ticks <= ground_.end:
            for rest in rhythms(ground_, tick + ticks):
                yield (ticks, *rest)


def everything(ground_: HarmonicContext) -> Iterator[tuple[Event, ...]]:
    """Every melody there is, legal or not."""
    pitches = (*Automaton(ground_).pitches, None)
    for rhythm in rhythms(ground_, ground_.start):
        for choice in product(pitches, repeat=len(rhythm)):
            yield tuple(map(Event, choice, rhythm))


@pytest.mark.parametrize("number", range(len(SMALL)))
def test_automaton_admits_what_the_rules_admit(number: int) -> None:
    small = SMALL[number]
    found = set(admitted(Automaton(small)))
    known: Known = {}
    wanted = {events for events in everything(small) if not violations(small, events, known)}
    assert found == wanted
    assert len(found) > 5


# Whether the lower voices can be led is for the verifier of voices to say.
JUDGED = [n for n, small in enumerate(SMALL) if not small.off]


def passed(number: int, share: float) -> None:
    """The verifier passes what is admitted, and of a share of all the rest it passes nothing."""
    small = replace(SMALL[number], off=frozenset({"structural-note"}))
    found, rng = set(admitted(Automaton(small))), random.Random(number)
    tried = [each for each in everything(small) if each in found or rng.random() < share]
    wanted = {
        events
        for events in tried
        if not verify_melody(*as_written(small, events), off=["structural-note"])
    }
    assert found == wanted


@pytest.mark.parametrize("number", JUDGED)
def test_automaton_admits_what_the_verifier_passes(number: int) -> None:
    passed(number, 0.25)


@pytest.mark.slow
@pytest.mark.parametrize("number", JUDGED)
def test_of_all_melodies_the_automaton_admits_what_the_verifier_passes(number: int) -> None:
    passed(number, 1.0)
