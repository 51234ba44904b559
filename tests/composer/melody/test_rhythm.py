"""Rhythms fill their bars exactly, come near the wished density, and attack every change."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.melody import rhythm
from composer.melody.motif import WIDEST, make_motif
from theory.metre import METRES
from theory.noise import Noise

METRE = st.sampled_from(list(METRES.values()))
DURATIONS = st.lists(st.sampled_from([6, 12, 18, 24, 36, 48]), min_size=1, max_size=20)


@given(METRE, st.integers(1, 2), st.floats(0.5, 3.0), st.integers(0, 99))
def test_a_drawn_rhythm_fills_its_bars_and_keeps_to_the_beats_of_every_bar(
    metre, bars, density, seed
):
    found = rhythm.draw(rhythm.Wanted(metre, bars, density), Noise(seed), "a")
    assert sum(found) == bars * metre.bar
    assert metre.bar in {0, *accumulate(found)} or bars == 1


@pytest.mark.parametrize("metre", METRES)
def test_density_is_followed(metre):
    def notes(density):
        wanted = rhythm.Wanted(METRES[metre], 2, density)
        return sum(len(rhythm.draw(wanted, Noise(seed), "a")) for seed in range(20))

    assert notes(0.7) < notes(1.3) < notes(2.2)


def test_the_same_place_draws_the_same_rhythm_and_another_seed_another():
    wanted = rhythm.Wanted(METRES["4/4"], 2, 1.4)
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


@given(METRE, st.booleans(), st.integers(0, 50))
def test_a_cadence_fills_its_bar_and_ends_with_the_breath(metre, lean, seed):
    breath = metre.pulse
    found = rhythm.cadential(metre, metre.bar, breath, lean, Noise(seed), "A.1")
    assert sum(ticks for ticks, _ in found) == metre.bar
    assert found[-1] == (breath, False)
    assert all(sounding for _, sounding in found[:-1])


@given(METRE, st.floats(0.6, 2.5), st.integers(0, 99))
def test_a_motif_has_a_step_a_note_and_turns_after_its_leap(metre, density, seed):
    wanted = rhythm.Wanted(metre, 2, density)
    motif = make_motif("a", wanted, [0.0, 2.0, 4.0, 1.0], Noise(seed), "motif")
    assert len(motif.steps) == len(motif.rhythm)
    assert motif.steps[0] == 0
    assert max(motif.steps) - min(motif.steps) <= WIDEST
    moves = [b - a for a, b in pairwise(motif.steps)]
    for move, following in pairwise(moves):
        if abs(move) >= 3:
            assert abs(following) < 3
            assert move * following <= 0
