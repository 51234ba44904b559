"""Metres: bars, beats and their strengths."""

import pytest

from theory.metre import METRES


@pytest.mark.parametrize(
    ("name", "ticks"),
    [("2/4", 48), ("3/4", 72), ("4/4", 96), ("5/4", 120), ("6/8", 72), ("9/8", 108), ("12/8", 144)],
)
def test_a_bar_is_as_long_as_its_signature_says(name, ticks):
    metre = METRES[name]
    assert metre.bar == ticks == metre.numerator * 96 // metre.denominator


def test_common_time_has_its_second_accent_on_the_third_beat():
    assert [METRES["4/4"].strength(beat * 24) for beat in range(4)] == [4, 2, 3, 2]


def test_six_eight_is_two_dotted_beats():
    metre = METRES["6/8"]
    assert metre.compound
    assert metre.beats == 2
    assert [metre.strength(quaver * 12) for quaver in range(6)] == [4, 1, 1, 3, 1, 1]


def test_five_four_is_three_and_two():
    assert METRES["5/4"].accents == (4, 2, 2, 3, 2)


@pytest.mark.parametrize("metre", METRES.values(), ids=METRES)
def test_only_the_barline_is_strongest(metre):
    strengths = [metre.strength(tick) for tick in range(metre.bar)]
    assert strengths.count(4) == 1
    assert strengths[0] == 4
    assert metre.strength(metre.bar + 6) == metre.strength(6) == metre.strength(6 - metre.bar) == 0
