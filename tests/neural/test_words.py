"""Words, slots and guides: what the model reads, against what is written in the score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.read.abc import read_abc
from corpora.tune import Tune
from neural import vocabulary as words
from neural.examples import MOST, MelodyExample, examples_of, renotated
from neural.guide import COLUMNS, Guide, fixed_columns
from neural.slots import CONTRAST, ENDING, INVERT, NEW, REPEAT, SEQUENCE, VARY, read_slots
from theory.metre import METRES
from theory.pitch import Pitch
from theory.scale import MODES, Key
from theory.timed import TimedNote

TONICS = ["C", "G", "F", "Bb", "F#", "Cb", "E", "Ab", "B", "Db"]
keys = st.builds(Key.spelled, st.sampled_from(TONICS), st.sampled_from(sorted(MODES)))


def abc(text: str) -> Tune:
    return next(iter(read_abc(text)))


def example(text: str) -> MelodyExample:
    return next(iter(examples_of(abc(text))))


def column(example: MelodyExample, name: str) -> list[int]:
    return example.columns.whole[:, list(COLUMNS).index(name)].tolist()


@given(keys, st.integers(0, words.PITCHES - 1))
def test_a_word_is_one_spelling_and_back(key: Key, word: int) -> None:
    assert words.word_of(words.pitch_of(word, key), key) == word


@given(keys, st.integers(0, words.PITCHES - 1))
def test_words_know_their_semitones(key: Key, word: int) -> None:
    pitch = words.pitch_of(word, key)
    assert words.semitones(key)[word] == pitch.midi - words.tonic_of(key).midi


@given(keys)
def test_the_reference_tonic_lies_from_g3_to_f_sharp_4(key: Key) -> None:
    assert 55 <= words.tonic_of(key).midi <= 66
    assert words.tonic_of(key).note == key.tonic


def test_a_tune_in_another_key_is_the_same_words() -> None:
    tune = "X:1\nM:4/4\nL:1/4\nK:{}\n{}|{}|{}|\n"
    one = example(tune.format("G", "G A B c", "d ^c d z", "B A G F"))
    other = example(tune.format("A", "A B ^c d", "e ^d e z", "^c B A ^G"))
    assert one.pitches.tolist() == other.pitches.tolist()
    assert column(one, "place") == [0, 24, 48, 72] * 3


def test_flat_and_sharp_are_different_words() -> None:
    key = Key.of("C", "ionian")
    assert words.word_of(Pitch.parse("Ab4"), key) != words.word_of(Pitch.parse("G#4"), key)


def test_durations_are_taken_for_the_nearest_in_proportion() -> None:
    ticks = words.DURATIONS[words.duration_word(np.array([12, 13, 95, 1000, 1]))]
    assert ticks.tolist() == [12, 12, 96, 384, 3]


@pytest.mark.parametrize(
    ("second", "role", "shift"),
    [
        ([0, 1, 2, 0], REPEAT, 0),
        ([1, 2, 3, 1], SEQUENCE, 1),
        ([-2, -1, 0, -2], SEQUENCE, -2),
        ([0, -1, -2, 0], INVERT, 0),
        ([0, 1, 4, 5], ENDING, 0),
        ([4, 1, 2, 3], VARY, 0),
        ([3, 5, 1, 4], CONTRAST, 0),
    ],
)
def test_what_a_second_bar_does_with_the_first(second: list[int], role: int, shift: int) -> None:
    starts = np.array([0, 24, 48, 72, 96, 120, 144, 168])
    first, slot = read_slots(starts, np.array([0, 1, 2, 0, *second]), 96, 2)
    assert (first.role, first.source) == (NEW, None)
    assert (slot.role, slot.shift, slot.source, slot.length) == (role, shift, 0, 96)


def test_two_bars_that_come_back_are_one_slot() -> None:
    starts = np.arange(16) * 24
    steps = np.array([0, 1, 2, 3, 4, 2, 0, 1] * 2)
    roles = [(slot.role, slot.end - slot.start) for slot in read_slots(starts, steps, 96, 4)]
    assert roles == [(NEW, 96), (NEW, 96), (REPEAT, 192)] or roles[-1] == (REPEAT, 192)


def test_a_slot_shows_the_motif_at_its_new_height() -> None:
    sung = example("X:1\nM:4/4\nL:1/4\nK:C\nC D E C|D E F D|G G G G|")
    bar = [
        word
        for word, tick in zip(column(sung, "motif"), sung.ticks, strict=True)
        if tick // 96 == 1
    ]
    assert bar == sung.pitches[4:8].tolist()
    assert column(sung, "after")[4:7] == sung.pitches[5:8].tolist()


def test_rests_are_events_and_time_is_filled() -> None:
    sung = example("X:1\nM:3/4\nL:1/4\nK:C\nC z E|F G2|C z E|F G2|c3|C3|")
    assert sung.pitches.tolist().count(words.REST) == 2
    ends = sung.ticks + words.DURATIONS[sung.lengths]
    assert ends[:-1].tolist() == sung.ticks[1:].tolist()


def test_another_notation_is_the_same_tune() -> None:
    tune = abc("X:1\nM:2/4\nL:1/8\nK:D\nA|d2 f2|a2 fd|e2 c2|d3 A|d2 f2|a2 fd|e2 c2|d3|")
    other = renotated(tune)
    assert other is not None
    assert other.metre.name == "4/4"
    assert renotated(other) == tune
    waltz = abc("X:1\nM:3/4\nL:1/4\nK:D\nA B c|d e f|")
    assert renotated(waltz) is None


def test_phrases_of_four_bars_end_with_the_note_that_is_held() -> None:
    sung = example("X:1\nM:2/4\nL:1/8\nK:D\nA|d2 f2|a2 fd|e2 c2|d3 A|d2 f2|a2 fd|e2 c2|d3|")
    left = column(sung, "left")
    at = sung.ticks.tolist().index(3 * 48 + 36)  # the second upbeat
    assert left[at] == 8
    assert left[at - 1] == 1


def test_long_melodies_are_cut_and_nothing_is_lost() -> None:
    tune = abc("X:1\nM:4/4\nL:1/4\nK:C\n" + "C D E F|" * 200)
    found = list(examples_of(tune))
    assert sum(len(each.ticks) for each in found) == 800
    assert max(len(each.ticks) for each in found) <= MOST


def test_a_long_rest_parts_two_melodies() -> None:
    key, metre = Key.of("C", "ionian"), METRES["4/4"]
    scale = [Pitch.parse(name) for name in ("C4", "D4", "E4", "F4")] * 4
    notes = [TimedNote(24 * i, 24 * i + 24, pitch) for i, pitch in enumerate(scale)]
    later = [TimedNote(n.start + 960, n.end + 960, n.pitch) for n in notes]
    tune = Tune("made", "one", "", key, metre, (*notes, *later))
    assert [len(each.ticks) for each in examples_of(tune)] == [16, 16]


def test_nothing_is_told_that_is_not_given() -> None:
    guide = Guide(Key.of("C", "ionian"), METRES["4/4"], named_mode=False, tonic=False)
    columns = fixed_columns(guide.without("named_metre"), np.array([0, 24]))
    assert (columns.whole == -1).all()
    assert not columns.real.any()
