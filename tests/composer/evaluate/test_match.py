"""How well music is found: the figures of distances that are made here."""

import csv

import numpy as np
import pytest

from composer.errors import UserError
from composer.evaluate.match import judge
from composer.evaluate.music_mood import RatedClip, out_of_fold, ratings, read_clips, report
from composer.hearing.mood import load_mood_table

RANDOM = np.random.default_rng(0)
TRUTH = RANDOM.random((20, 300))
OFFERED = RANDOM.integers(0, 300, (100, 2))


def test_the_truth_itself_is_perfect():
    row = judge("truth", TRUTH, TRUTH, OFFERED)
    assert (row.r, row.choice, row.rank, row.precision) == pytest.approx((1, 1, 1, 1))
    assert row.distance == pytest.approx(np.sort(TRUTH, axis=1)[:, :10].mean())


def test_the_opposite_is_the_worst_and_chance_lies_between():
    worst = judge("worst", -TRUTH, TRUTH, OFFERED)
    assert (worst.r, worst.choice, worst.precision) == pytest.approx((-1, 0, 0))
    chance = judge("chance", RANDOM.random(TRUTH.shape), TRUTH, OFFERED)
    assert chance.choice == pytest.approx(0.5, abs=0.05)
    assert chance.precision == pytest.approx(0.1, abs=0.06)
    assert worst.rank < chance.rank < 0.3


def clips(blocks, learnable=True):
    """Clips whose arousal is their onset rate; or, within each block, that of another clip."""
    found = []
    for block in range(blocks):
        rates = RANDOM.uniform(1, 8, 12)
        said = rates if learnable else RANDOM.permutation(rates)
        for rate, arousal in zip(rates, said, strict=True):
            rated = {"valence": float(RANDOM.normal()), "arousal": float(arousal)}
            found.append(RatedClip("a", block, rated, {"time.onset_rate": float(rate)}))
    return found


def test_folds_learn_what_holds_everywhere_and_nothing_else():
    table = load_mood_table()
    learned, noise = clips(20), clips(20, learnable=False)
    found = report(table, learned, "notes")
    assert found.folds["arousal"].r > 0.9
    assert found.quadrant > found.chance + 0.1  # of two halves one is learned, the other is chance
    assert "the right quarter of the plane" in str(found)
    guessed = out_of_fold(table, noise)[:, 1]
    assert np.corrcoef(guessed, ratings(noise)[:, 1])[0, 1] < 0.3


def test_a_folder_that_cannot_be_used_is_said(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_clips(str(tmp_path))
    path = tmp_path / "ratings.csv"
    path.write_text("file,valence\na.mid,1\n")
    with pytest.raises(UserError, match="has not the columns"):
        read_clips(str(tmp_path))
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["file", "block", "valence", "arousal"], ["a.mid", 1, 0, 0]])
    with pytest.raises(UserError, match="has not the 10 blocks"):
        read_clips(str(tmp_path))
