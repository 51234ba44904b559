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
