"""Rhythms fill their bars exactly, come near the wished density, and attack every change."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.music.melody import rhythm
from composer.music.melody.motif import NARROWEST, make_motif
from theory.metre import METRES
from theory.noise import Noise

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
    motif = make_motif("a", drawn, [0.0, 2.0, 4.0, 1.0], [], widest, Noise(seed), "motif")
    assert motif.rhythm == drawn
    assert len(motif.steps) == len(drawn)
    assert motif.steps[0] == 0
    assert max(motif.steps) - min(motif.steps) <= max(NARROWEST, widest)
    moves = [b - a for a, b in pairwise(motif.steps)]
    for move, following in pairwise(moves):
        if abs(move) >= 3:
            assert abs(following) < 3
            assert move * following <= 0


@given(METRE, st.integers(0, 40))
def test_a_language_that_ties_holds_notes_over_the_barline(metre, seed):
    plain, tied = (
        rhythm.draw(rhythm.RhythmWanted(metre, 2, 1.4, 1.0, tie), Noise(seed), "a")
        for tie in (0.0, 1.0)
    )
    assert metre.bar in accumulate(plain)
    assert sum(tied) == sum(plain)
    last = next(t for t, end in zip(plain, accumulate(plain), strict=True) if end == metre.bar)
    after = plain[list(accumulate(plain)).index(metre.bar) + 1]
    short = last <= metre.beat and after <= 36 and last % 6 == 0
    assert (metre.bar not in accumulate(tied)) == short
