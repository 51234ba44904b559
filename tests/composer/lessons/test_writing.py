"""The shorthand of the lessons' files."""

import pytest

from composer.lessons.writing import chords, diatonic, tune, voicing
from theory.pitch import Pitch
from theory.scale import Key

C = Key.of("C", "ionian")


def test_triads_of_the_modes():
    assert [diatonic(d, C) for d in range(1, 8)] == ["I", "ii", "iii", "IV", "V", "vi", "viio"]
    minor = Key.of("A", "harmonic minor")
    assert [diatonic(d, minor) for d in (1, 2, 3, 5, 7)] == ["i", "iio", "bIII+", "V", "viio"]
    assert diatonic(2, Key.of("F", "lydian")) == "II"
    assert diatonic(8, C) == "I"


def test_chords_have_beats_and_the_last_fills_its_bar():
    row = chords("I V7:1 I", C, 2)
    assert [(chord.roman, start, end) for chord, start, end in row] == [
        ("I", 0, 48),
        ("V7", 48, 72),
        ("I", 72, 192),
    ]


def test_a_tune_in_degrees():
    tones = tune("0:1 1:0.5 #4:0.5 | r:1 8:1", C, Pitch.parse("C4"))
    assert [(tone.start, tone.end, tone.pitch.name) for tone in tones] == [
        (0, 24, "B3"),
        (24, 36, "C4"),
        (36, 48, "F#4"),
        (72, 96, "C5"),
    ]


def test_a_tune_changes_with_its_mode():
    names = [
        t.pitch.name for t in tune("5:1 6:1 7:1 9:1", Key.of("D", "dorian"), Pitch.parse("D4"))
    ]
    assert names == ["A4", "B4", "C5", "E5"]


@pytest.mark.parametrize("text", ["5", "5:x", "H:1", "##4:1"])
def test_what_is_no_note_is_said(text):
    with pytest.raises(ValueError, match="is no note: write a degree and its beats"):
        tune(text, C, Pitch.parse("C4"))


def test_four_voices_are_four():
    assert str(voicing("C5 E4 G3 C3")) == "C5 E4 G3 C3"
    with pytest.raises(ValueError, match="does not name four voices"):
        voicing("C5 E4 G3")
