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


@pytest.mark.parametrize(
    ("metre", "start", "ticks", "against"),
    [
        ("4/4", 0, 96, False),
        ("4/4", 12, 12, False),  # off the beat, and done before the next
        ("4/4", 12, 24, True),  # a quaver held over the second beat
        ("4/4", 24, 48, True),  # the second beat over the third
        ("4/4", 48, 96, True),  # the third over the barline
        ("4/4", 48, 48, False),
        ("3/4", 24, 48, False),  # no beat of the three but the first is stronger
        ("3/4", 24, 60, True),
        ("6/8", 24, 24, True),
    ],
)
def test_a_note_is_syncopated_that_sounds_over_a_stronger_place(metre, start, ticks, against):
    assert METRES[metre].against(start, ticks) == against
