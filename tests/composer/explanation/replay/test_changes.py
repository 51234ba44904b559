"""The number that is printed of a change is one that turns the decision."""

import pytest

from composer.explanation.replay.changes import Change, figures


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (38.1, 33.4567, ("33.4", "38.1")),
        (33.4, 38.1234, ("38.2", "33.4")),
        (0.0015, 0.0015000004, ("0.00150000040", "0.00150000000")),
        (12.0, 250.1, ("251", "12")),
    ],
)
def test_a_new_value_is_rounded_on_and_never_back(old, new, said):
    assert figures(Change("colour.chroma", old, new, 0.1)) == said


def test_two_values_that_differ_are_printed_as_two():
    for far in range(1, 12):
        new, old = figures(Change("light.contrast", 0.5, 0.5 + 10.0**-far, 0.1))
        assert new != old


def test_a_hue_is_rounded_on_round_its_circle():
    assert figures(Change("colour.hue", 359.0, 2.34, 0.1))[0] == "3"
