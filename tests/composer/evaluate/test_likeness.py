"""Overlaps: what a textbook says of a line, and what must hold of any comparison."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.evaluate.likeness import (
    POOLED,
    SINGLE,
    Line,
    chord_tones,
    compare,
    consonance,
    groove,
    recurrence,
    repetition,
    tonal_distance,
)
from theory.metre import METRES

METRE = METRES["4/4"]


def line(*bars: str | list[int]) -> Line:
    """Bars of quarter notes as MIDI numbers over C major."""
    notes = [
        (96 * bar + 24 * beat, 96 * bar + 24 * beat + 24, midi)
        for bar, midis in enumerate(bars)
        for beat, midi in enumerate(midis)
    ]
    chords = ((0, 96 * len(bars), (0, 4, 7)),)
    return Line(0, METRE, len(bars), tuple(notes), chords)


bars = st.lists(st.lists(st.integers(55, 80), min_size=2, max_size=4), min_size=2, max_size=6)


@given(st.lists(bars, min_size=1, max_size=4))
def test_a_collection_is_altogether_like_itself(collections: list[list[list[int]]]) -> None:
    lines = [line(*each) for each in collections]
    found = compare("same", lines, lines)
    assert set(found.overlaps) == set(POOLED) | set(SINGLE)
    # A contour needs bars of three notes.
    for name, overlap in found.overlaps.items():
        assert overlap == pytest.approx(1.0) or (name == "contour" and overlap == 0)


@given(st.lists(bars, min_size=1, max_size=3), st.lists(bars, min_size=1, max_size=3))
def test_overlaps_are_the_same_both_ways(
    one: list[list[list[int]]], other: list[list[list[int]]]
) -> None:
    ours, theirs = [line(*each) for each in one], [line(*each) for each in other]
    there, back = compare("there", ours, theirs).overlaps, compare("back", theirs, ours).overlaps
    for name, overlap in there.items():
        assert overlap == pytest.approx(back[name])
        assert 0 <= overlap <= 1 + 1e-9


def test_nothing_shared_is_nought() -> None:
    low, high = line([60, 60, 60, 60]), line([66, 67, 66, 67])
    found = compare("far", [low], [high]).overlaps
    assert found["interval"] == found["pitch class"] == 0
    assert found["duration"] == 1


def test_a_chord_tone_is_consonant_and_near() -> None:
    triad, outside = line([60, 64, 67, 72]), line([61, 66, 61, 66])
    assert chord_tones(triad) == 1
    assert chord_tones(outside) == 0
    assert consonance(triad) > 0 > consonance(outside)
    assert tonal_distance(triad) < tonal_distance(outside)


def test_the_root_over_its_triad_by_yehs_marks() -> None:
    # C against C, E, G: unison 1, minor sixth 1, fourth 0.
    assert consonance(line([60, 60, 60, 60])) == pytest.approx(2 / 3)


def test_bars_that_come_back() -> None:
    again = line([60, 62, 64, 65], [67, 67, 69, 67], [60, 62, 64, 65], [67, 67, 69, 67])
    assert repetition(again) == 0.5
    sequence = line([60, 62, 64, 62], [62, 64, 66, 64])
    assert repetition(sequence) == 0
    assert recurrence(sequence) == 1
    assert recurrence(line([60, 62, 64, 62], [72, 60, 71, 61])) < 0.5


def test_groove_is_where_the_onsets_are() -> None:
    steady = line([60, 62, 64, 65], [67, 65, 64, 62])
    assert groove(steady) == 1
    thinner = line([60, 62, 64, 65], [67, 65])
    assert groove(thinner) == pytest.approx(1 - 2 / 16)


def test_nothing_to_compare_is_said() -> None:
    with pytest.raises(ValueError, match="no melody"):
        compare("none", [], [line([60, 62, 64, 65])])
