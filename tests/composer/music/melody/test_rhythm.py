"""Rhythms fill their bars exactly, come near the wished density, and attack every change."""

from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.music.melody import rhythm
from composer.music.melody.motif import NARROWEST, make_motif
from composer.values import ChordSpan
from theory.chord import Chord
from theory.metre import METRES
from theory.noise import Noise
from theory.scale import Key
from theory.voices.frame import lead

METRE = st.sampled_from(list(METRES.values()))
DURATIONS = st.lists(st.sampled_from([6, 12, 18, 24, 36, 48]), min_size=1, max_size=20)


@given(METRE, st.integers(1, 2), st.floats(0.5, 3.0), st.integers(0, 99))
def test_a_drawn_rhythm_fills_its_bars_and_keeps_to_the_beats_of_every_bar(
    metre, bars, density, seed
):
    found = rhythm.draw(rhythm.RhythmWanted(metre, bars, density), Noise(seed), "a")
    assert sum(found) == bars * metre.bar
    assert metre.bar in {0, *accumulate(found)} or bars == 1


@pytest.mark.parametrize("metre", METRES)
def test_density_is_followed(metre):
    def notes(density):
        wanted = rhythm.RhythmWanted(METRES[metre], 2, density)
        return sum(len(rhythm.draw(wanted, Noise(seed), "a")) for seed in range(20))

    assert notes(0.7) < notes(1.3) < notes(2.2)


def test_the_same_place_draws_the_same_rhythm_and_another_seed_another():
    wanted = rhythm.RhythmWanted(METRES["4/4"], 2, 1.4)
    drawn = {rhythm.draw(wanted, Noise(seed), "a") for seed in range(12)}
    assert rhythm.draw(wanted, Noise(3), "a") == rhythm.draw(wanted, Noise(3), "a")
    assert len(drawn) > 6


@given(DURATIONS, st.lists(st.integers(0, 900), max_size=6), st.integers(0, 96))
def test_every_change_inside_is_attacked_and_nothing_else_is_added(durations, changes, start):
    found = rhythm.attacked(durations, start, changes)
    onsets = set(accumulate(found, initial=start))
    end = start + sum(durations)
    assert sum(found) == sum(durations)
    assert {c for c in changes if start < c < end} <= onsets
    assert onsets == set(accumulate(durations, initial=start)) | {
        c for c in changes if start < c < end
    }


@given(DURATIONS, st.integers(1, 400))
def test_a_motif_is_fitted_to_any_slot(durations, ticks):
    found = rhythm.fitted(durations, ticks)
    assert sum(found) == ticks
    assert min(found) > 0


@given(METRE, st.floats(0.5, 3), st.integers(0, 50))
def test_a_cadence_fills_its_bar_and_ends_on_its_longest_note(metre, density, seed):
    sounding = metre.bar - metre.pulse
    found = rhythm.cadential(metre, sounding, density, Noise(seed), "A.1")
    assert sum(found) == sounding
    assert found[-1] >= metre.pulse
    if metre.beats > 3:
        assert found[-1] == max(found)


@given(METRE, st.floats(0.6, 2.5), st.integers(3, 9), st.integers(0, 99))
def test_a_motif_has_a_step_a_note_and_turns_after_its_leap(metre, density, widest, seed):
    wanted = rhythm.RhythmWanted(metre, 2, density)
    drawn = rhythm.draw(wanted, Noise(seed), "motif")
    motif = make_motif("a", drawn, [0.0, 2.0, 4.0, 1.0], [], widest, 0.25, Noise(seed), "motif")
    assert motif.rhythm == drawn
    assert len(motif.steps) == len(drawn)
    assert motif.steps[0] == 0
    assert max(motif.steps) - min(motif.steps) <= max(NARROWEST, widest)
    moves = [b - a for a, b in pairwise(motif.steps)]
    for move, following in pairwise(moves):
        if abs(move) >= 3:
            assert abs(following) < 3
            assert move * following <= 0


@pytest.mark.parametrize("metre", METRES)
def test_the_more_syncopation_the_more_bars_begin_before_their_barline(metre):
    def tied(syncopated):
        wanted = rhythm.RhythmWanted(METRES[metre], 2, 1.4, syncopated)
        drawn = [rhythm.draw(wanted, Noise(seed), "a") for seed in range(60)]
        assert all(sum(each) == 2 * METRES[metre].bar and min(each) > 0 for each in drawn)
        return sum(METRES[metre].bar not in accumulate(each) for each in drawn)

    assert tied(0.0) == 0
    assert 0 < tied(0.4) < tied(1.0)


def test_a_hemiola_is_two_bars_of_three_heard_as_three_of_two():
    wanted = rhythm.RhythmWanted(METRES["3/4"], 2, 0.6, 1.0)
    drawn = {rhythm.draw(wanted, Noise(seed), "a") for seed in range(60)}
    assert (48, 48, 48) in drawn
    plain = rhythm.RhythmWanted(METRES["3/4"], 2, 0.6)
    assert (48, 48, 48) not in {rhythm.draw(plain, Noise(seed), "a") for seed in range(60)}


def spans(*numerals):
    """A bar of common time for each chord, with the voices that lead them."""
    key = Key.of("C", "ionian")
    frame = lead([Chord.parse(each, key) for each in numerals])
    return key, [
        ChordSpan(
            start=96 * n,
            end=96 * (n + 1),
            chord=chord,
            voicing=voicing,
            phrase="A.1",
            cadence=None,
            alternatives={},
            costs={},
            rival=None,
        )
        for n, (chord, voicing) in enumerate(zip(frame.chords, frame.voicings, strict=True))
    ]


def test_an_anticipation_begins_on_a_weak_place_inside_the_chord_before():
    key, found = spans("I", "V", "I")
    goal = found[1].voicing.soprano
    assert goal != found[0].voicing.soprano

    def early(onset, tick=96):
        return rhythm.early(found, onset, tick, METRES["4/4"], key, key.notes)

    assert early(84)
    assert early(72)
    assert not early(48)  # the third beat is strong, and too soon
    assert not early(0, 96)
    assert early(36, 48)  # no chord changes on the third beat
    held = replace(found[1], voicing=found[0].voicing)
    again = [found[0], held, found[2]]
    assert not rhythm.early(again, 84, 96, METRES["4/4"], key, key.notes)  # the same note again


def test_what_anticipates_is_tied_over_and_what_cannot_is_attacked():
    key, found = spans("I", "V", "I")
    metre = METRES["4/4"]
    assert rhythm.required((84, 108), 0, found, metre, key, key.notes) == ()
    assert rhythm.required((48, 144), 0, found, metre, key, key.notes) == (96,)
    assert rhythm.required((84, 60, 144), 0, found, metre, key, key.notes) == (192,)
