"""A note of the melody, told."""

import pytest

from composer.explanation.notes import told


@pytest.mark.parametrize(
    ("pitch", "key", "said"),
    [
        ("C5", 72, "it is where the skyline's contour wished for it"),
        # It sounds an octave higher than it is written, and was wished for as it is written.
        ("C5", 84, "it is where the skyline's contour wished for it"),
        ("D5", 62, "2 semitones above the skyline's contour"),
        ("B4", 83, "1 semitone below the skyline's contour"),
    ],
)
def test_the_distance_from_the_skyline_is_that_of_the_note_as_printed(pitch, key, said):
    trace = {"struck": {}, "contour": 72.2, "proposed": None, "weighed": None}
    assert told({"pitch": pitch, "key": key}, trace) == [said]


def note(by):
    trace = {"struck": {}, "contour": 72.0, "proposed": by, "weighed": None}
    return told({"pitch": "C5", "key": 72, "duration": 24}, trace)[0]


SUNG, OTHER, THIRD = ({"pitch": p, "duration": 24} for p in ("C5", "E5", "F5"))


@pytest.mark.parametrize(
    ("wanted", "runner_up", "refused", "said"),
    [
        (SUNG, OTHER, [], "it is the network's first choice (20 %); the rules left 50 % of all"),
        (OTHER, OTHER, [], "and open: this was drawn by chance"),
        (OTHER, THIRD, ["compass"], "which compass forbids; this has 20 %"),
        (OTHER, THIRD, ["scale", "compass"], "which scale and compass forbid; this"),
        (OTHER, None, [], "from which no legal way leads on"),
    ],
)
def test_a_first_choice_that_was_not_sung_has_its_reason(wanted, runner_up, refused, said):
    shares = {"wanted_share": 0.3, "share": 0.2, "allowed": 0.5, "runner_up_share": 0.1}
    assert said in note({"wanted": wanted, "runner_up": runner_up, "refused": refused, **shares})


def test_the_odds_are_of_what_the_rules_left():
    shares = {"wanted_share": 0.3, "share": 0.2, "allowed": 0.5, "runner_up_share": 0.3}
    text = note({"wanted": OTHER, "runner_up": OTHER, "refused": [], **shares})
    assert "its odds were 40 %" in text
