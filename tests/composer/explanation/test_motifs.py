"""What is said of a motif's return is what is sung, and not what was planned."""

import copy

import pytest

from composer.explanation.motifs import alike, heard, returns
from composer.explanation.notes import melody

MODEL = {0: 35, 24: 36, 36: 37, 48: 35}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (MODEL, "repeated"),
        ({tick: height + 2 for tick, height in MODEL.items()}, "moved"),
        ({tick: 70 - height for tick, height in MODEL.items()}, "inverted"),
        ({**MODEL, 48: 33}, "nearly repeated"),
        ({0: 37, 24: 38, 36: 39, 48: 33}, "begun alike"),
        ({0: 35, 24: 31, 36: 37, 48: 30}, "in its rhythm"),
        ({0: 35, 12: 36, 60: 37}, "freely"),
        ({}, "freely"),
    ],
)
def test_a_return_is_called_by_what_is_sung(line, said):
    assert alike(MODEL, line) == said


def test_what_was_planned_does_not_change_what_is_said(china_document):
    said = heard(china_document)
    other = copy.deepcopy(china_document)
    for phrase in other["plan"]["phrases"]:
        for slot in phrase["slots"]:
            slot["action"] = "invert"
    assert heard(other) == said
    slots = [slot for phrase in china_document["plan"]["phrases"] for slot in phrase["slots"]]
    assert said.keys() == {slot["name"] for slot in slots}
    first = {slot["motif"]: slot for slot in reversed(slots)}
    for motif, slot in first.items():
        assert returns(china_document, motif).startswith(f"stated in bar {slot['bar']}")


def test_a_note_that_is_sung_otherwise_is_heard(china_document):
    other = copy.deepcopy(china_document)
    repeated = next(name for name, how in heard(other).items() if how == "repeated")
    notes = [n for n in other["notes"] if n["cause"]["slot"] == repeated and n["part"] == "melody"]
    notes[0]["pitch"] = "C2"
    assert heard(other)[repeated] != "repeated"
    assert "\n".join(melody(other)) != "\n".join(melody(china_document))
