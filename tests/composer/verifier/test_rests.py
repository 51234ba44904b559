"""Where the melody rests and others play alone: it owes no note, and a new line begins after."""

import pytest

from composer.verifier.findings import in_melody, measured, with_rests
from theory.chord import Chord
from theory.metre import METRES
from theory.pitch import Pitch
from theory.scale import MODES, Key
from theory.timed import TimedChord, TimedNote

METRE = METRES["4/4"]
KEY = Key(Pitch.parse("C4").note, MODES["ionian"])


def chords(*romans):
    """A bar each."""
    rows = [(Chord.parse(roman, KEY), 96 * number) for number, roman in enumerate(romans)]
    return [TimedChord(at, at + 96, chord, chord.bass.at(3)) for chord, at in rows]


def broken(silence):
    """What is broken where a B comes so many ticks after a C that lies a seventh lower."""
    notes = [
        TimedNote(0, 96 + 48 - silence // 2, Pitch.parse("C4")),
        TimedNote(96 + 48 + silence // 2, 288, Pitch.parse("B4")),
        TimedNote(288, 384, Pitch.parse("C5")),
    ]
    row = chords("I", "IV", "V", "I")
    found = in_melody(
        notes,
        with_rests(notes, row, METRE),
        METRE,
        "popular",
        measured(METRE),
        rules=["melodic-interval", "structural-note"],
    )
    return {one.rule for one in found}


@pytest.mark.parametrize(("silence", "rules"), [(0, {"melodic-interval"}), (96, set())])
def test_a_bar_of_silence_parts_two_lines_and_owes_no_note(silence, rules):
    assert broken(silence) == rules


def test_a_short_rest_parts_nothing():
    assert "melodic-interval" in broken(24)


def test_chords_before_the_first_note_and_after_the_last_owe_nothing():
    notes = [TimedNote(96, 192, Pitch.parse("F4"))]
    marked = with_rests(notes, chords("I", "IV", "I"), METRE)
    assert [each.sung for each in marked] == [False, True, False]
