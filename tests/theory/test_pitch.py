"""Spelled pitches and intervals: textbook facts, properties, agreement with music21 and mingus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingus.core import intervals as mingus_intervals

from tests.theory.strategies import notes, pitches
from theory.pitch import Interval, NoteName, Pitch, interval


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [
        ("C4", "C4", "P1"),
        ("C4", "C#4", "A1"),
        ("E4", "F4", "m2"),
        ("C4", "D#4", "A2"),
        ("C4", "Eb4", "m3"),
        ("F4", "B4", "A4"),
        ("B3", "F4", "d5"),
        ("C4", "G4", "P5"),
        ("C4", "G#4", "A5"),
        ("G#3", "F4", "d7"),
        ("C4", "E5", "M10"),
        ("G4", "C4", "-P5"),
        ("C4", "Cb4", "-A1"),
    ],
)
def test_intervals_are_named_by_their_spelling(low, high, name):
    assert Pitch.parse(low).to(Pitch.parse(high)).name == name


def test_a_flat_is_not_g_sharp_though_they_sound_alike():
    a_flat, g_sharp = Pitch.parse("Ab4"), Pitch.parse("G#4")
    assert a_flat != g_sharp
    assert a_flat.midi == g_sharp.midi == 68


def test_octaves_change_at_c():
    assert Pitch.parse("B#3").midi == Pitch.parse("C4").midi == 60
    assert Pitch.parse("Cb4").midi == Pitch.parse("B3").midi == 59


@given(notes)
def test_the_line_of_fifths_numbers_every_note_once(note):
    assert NoteName.from_fifths(note.fifths) == note
    assert NoteName.parse(note.name) == note


@given(pitches, pitches)
def test_going_up_an_interval_arrives_where_the_interval_was_measured_to(low, high):
    assert low.up(low.to(high)) == high
    assert -low.to(high) == high.to(low)


@given(pitches, pitches)
def test_interval_names_agree_with_music21(low, high):
    from music21 import interval as music21_interval
    from music21 import pitch as music21_pitch

    theirs = music21_interval.Interval(
        music21_pitch.Pitch(low.name.replace("b", "-")),
        music21_pitch.Pitch(high.name.replace("b", "-")),
    )
    ours = low.to(high)
    assert ours.semitones == theirs.semitones
    if ours.steps:  # of a unison music21 does not say which way it is altered
        assert ours.name.lstrip("-") == theirs.name


@given(
    st.sampled_from(
        [
            "P1",
            "m2",
            "M2",
            "m3",
            "M3",
            "P4",
            "A4",
            "d5",
            "P5",
            "A5",
            "m6",
            "M6",
            "d7",
            "m7",
            "M7",
            "P8",
            "m9",
            "P12",
        ]
    )
)
def test_interval_names_are_read_as_they_are_written(name):
    assert interval(name).name == name
    assert interval(f"-{name}") == -interval(name)


@pytest.mark.parametrize("text", ["H4", "C", "4", "C###4", "", "c##b2"])
def test_what_is_no_pitch_is_refused(text):
    with pytest.raises(ValueError, match="is no pitch"):
        Pitch.parse(text)


@pytest.mark.parametrize("text", ["P3", "M5", "m4", "X2", "5"])
def test_what_is_no_interval_is_refused(text):
    with pytest.raises(ValueError, match="is no interval"):
        interval(text)


def test_perfect_intervals_leave_the_fourth_out():
    assert all(interval(name).perfect for name in ("P1", "P5", "P8", "P12", "P15"))
    assert not any(interval(name).perfect for name in ("P4", "d5", "A5", "M6"))


NATURALS = "CDEFGAB"


@pytest.mark.parametrize("low", NATURALS)
@pytest.mark.parametrize("high", NATURALS)
def test_mingus_agrees_on_intervals_between_naturals_but_for_the_name_of_a_diminished_fifth(
    low, high
):
    theirs = mingus_intervals.determine(low, high, shorthand=True)
    ours = NoteName.parse(low).at(4).to(NoteName.parse(high).at(4))
    up = ours if ours.steps >= 0 else Interval(ours.steps + 7, ours.semitones + 12)
    assert mingus_intervals.measure(low, high) == up.semitones
    # mingus counts a b5 and a #4 from the major scale and calls the former "minor fifth".
    counted = {"d5": "b5", "A4": "#4", "P1": "1"}
    number, flat = str(up.number), "b" if up.quality == "m" else ""
    assert theirs == counted.get(up.name, flat + number)


def test_mingus_differs_where_an_interval_is_diminished():
    assert mingus_intervals.determine("B", "F") == "minor fifth"
    assert Pitch.parse("B3").to(Pitch.parse("F4")).name == "d5"
