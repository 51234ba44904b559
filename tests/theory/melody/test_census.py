"""Counting melodies: against writing all of them down, and drawing evenly from what is counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

from tests.theory.melody.contexts import context
from tests.theory.melody.small import SMALL
from tests.theory.melody.walking import admitted
from theory.melody import Automaton, Event
from theory.melody.census import Census, FewRepeats, LeapsAnswered, NoRests
from theory.noise import Noise
from theory.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Exactly these (ticks, sounding) in a row."""

    events: tuple[tuple[int, bool], ...]

    def start(self) -> Hashable:
        return 0

    def step(self, state: Hashable, tick: int, event: Event) -> Hashable | None:
        assert isinstance(state, int)
        here = (event.ticks, event.pitch is not None)
        return state + 1 if state < len(self.events) and self.events[state] == here else None

    def final(self, state: Hashable) -> bool:
        return state == len(self.events)


@dataclass(frozen=True, slots=True)
class Among:
    """Only these pitches; rests are free."""

    pitches: frozenset[Pitch]

    def start(self) -> Hashable:
        return ()

    def step(self, state: Hashable, tick: int, event: Event) -> Hashable | None:
        return state if event.pitch is None or event.pitch in self.pitches else None

    def final(self, state: Hashable) -> bool:
        return True


def rhythm(ticks: Sequence[int]) -> Rhythm:
    """A rhythm without rests."""
    return Rhythm(tuple((each, True) for each in ticks))


@pytest.mark.parametrize("number", range(len(SMALL)))
def test_the_count_is_that_of_writing_all_of_them_down(number: int) -> None:
    small = SMALL[number]
    # That these are the melodies which the rules leave of all, test_enumeration proves.
    wanted = set(admitted(Automaton(small)))
    census = Census(Automaton(small))
    assert census.count() == len(wanted)
    assert {census.melody(each) for each in range(census.count())} == wanted


@pytest.mark.parametrize("number", range(0, len(SMALL), 3))
def test_intersections_are_the_intersections_of_sets(number: int) -> None:
    small = SMALL[number]
    automaton = Automaton(small)
    all_ = set(admitted(automaton))
    sung = {each for each in all_ if all(event.pitch is not None for event in each)}
    some = frozenset(automaton.pitches[1:])
    among = {each for each in sung if all(event.pitch in some for event in each)}
    one = tuple(event.ticks for event in min(sung, key=len))
    like = {each for each in among if tuple(event.ticks for event in each) == one}
    for constraints, wanted in (
        ((NoRests(),), sung),
        ((NoRests(), Among(some)), among),
        ((NoRests(), Among(some), rhythm(one)), like),
    ):
        census = Census(automaton, constraints)
        assert {census.melody(each) for each in range(census.count())} == wanted


def test_the_soft_rules_made_hard_leave_out_what_they_name() -> None:
    small = context("I V", lengths=(48, 48), durations=(24,), compass="C4 G5")
    automaton = Automaton(small)
    free = Census(automaton, (NoRests(),))
    names = [[e.pitch for e in free.melody(n)] for n in range(free.count())]
    few = [row for row in names if not any(len(set(row[k : k + 3])) == 1 for k in range(2))]
    assert Census(automaton, (NoRests(), FewRepeats(2))).count() == len(few) < len(names)
    answered = 0
    for row in names:
        heights = [pitch.height for pitch in row]
        moves = [b - a for a, b in pairwise(heights)]
        answered += all(
            abs(one) < 4 or ((one > 0) != (two > 0) and abs(two) == 1)
            for one, two in pairwise(moves)
        )
    assert Census(automaton, (NoRests(), LeapsAnswered())).count() == answered < len(names)


def test_every_melody_is_drawn_as_often_as_any_other() -> None:
    small = context("I V6", lengths=(48, 48), durations=(24,), compass="G4 E5", metre="2/4")
    census = Census(Automaton(small), (NoRests(),))
    total, draws = census.count(), 20_000
    found = Counter(census.sample(Noise(7), "draw", number) for number in range(draws))
    assert len(found) == total
    expected = draws / total
    square = sum((many - expected) ** 2 / expected for many in found.values())
    # Chi-square with total − 1 degrees of freedom: mean that, variance twice that.
    assert abs(square - (total - 1)) < 4 * (2 * (total - 1)) ** 0.5


def test_its_verbs_look_ahead_through_the_constraints() -> None:
    small = context("I V", lengths=(48, 48), durations=(24, 48), compass="C4 G5")
    census = Census(Automaton(small), (Rhythm(((24, True), (24, False), (48, True))),))
    rng, joint = random.Random(1), census.start()
    events = []
    while not census.can_end(joint):
        row, column = rng.choice(np.argwhere(census.allowed(joint)).tolist())
        pitches = census.automaton.pitches
        pitch = pitches[column] if column < len(pitches) else None
        events.append(Event(pitch, census.automaton.durations[row]))
        joint = census.advance(joint, events[-1])
    assert [event.ticks for event in events] == [24, 24, 48]
    with pytest.raises(ValueError, match="breaks a constraint"):
        census.advance(census.start(), Event(events[0].pitch, 48))


def test_there_is_no_melody_beyond_the_last() -> None:
    small = context("I V", lengths=(24, 24), durations=(24,), compass="G4 C5", metre="2/4")
    census = Census(Automaton(small))
    with pytest.raises(IndexError, match="there is no melody"):
        census.melody(census.count())
    with pytest.raises(ValueError, match="total is 0"):
        Census(Automaton(small), (Among(frozenset()), NoRests())).sample(Noise(1))


def test_numbers_below_a_large_total_are_even_and_repeatable() -> None:
    total = 3 * 2**100
    drawn = [Noise(3).below(total, "n", number) for number in range(3000)]
    assert drawn == [Noise(3).below(total, "n", number) for number in range(3000)]
    thirds = Counter(number // 2**100 for number in drawn)
    assert set(thirds) == {0, 1, 2}
    assert all(abs(many - 1000) < 130 for many in thirds.values())
    assert {Noise(0).below(1, "n", number) for number in range(9)} == {0}
