"""Chords change at the wished rate, and quicken before a cadence."""

import pytest

from composer.music.plan.phrases import changes, places
from theory.metre import METRES


def counts(rate, metre, cadence="authentic", bars=4):
    bar = METRES[metre].bar
    found = changes(0, bars * bar, cadence, rate, METRES[metre])
    return [sum(tick // bar == number for tick in found) for number in range(bars)]


def test_one_chord_a_bar_and_two_before_the_cadence():
    assert counts(1, "4/4") == [1, 1, 2, 1]


def test_a_chord_every_second_bar():
    assert counts(0.5, "4/4") == [1, 0, 1, 1]


def test_a_phrase_that_runs_on_does_not_quicken():
    assert counts(1, "4/4", "open") == [1, 1, 1, 1]


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("rate", [0.5, 1, 1.5, 2])
def test_the_bar_before_a_cadence_has_at_least_as_many_as_any_and_more_than_one_of_them(
    metre, rate
):
    found = counts(rate, metre)
    assert found[2] == max(found)
    assert found[2] > min(found[:2])
    assert found[3] == 1


def test_chords_of_a_bar_fall_on_its_half_and_on_the_beats_after():
    assert places(96, 1, METRES["4/4"]) == (96,)
    assert places(96, 2, METRES["4/4"]) == (96, 144)
    assert places(96, 3, METRES["4/4"]) == (96, 144, 168)
    assert places(0, 2, METRES["6/8"]) == (0, 36)
