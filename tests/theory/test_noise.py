"""Noise is even, independent from place to place, and the same in every process."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory.noise import Noise


def test_draws_are_the_same_in_every_process_and_version():
    assert Noise(0).uniform("stage", 1, "C4") == pytest.approx(0.39629902772714914, abs=1e-15)


def test_draws_are_even():
    drawn = [Noise(7).uniform("slot", number, "a") for number in range(4000)]
    for tenth in range(10):
        share = sum(tenth / 10 <= value < (tenth + 1) / 10 for value in drawn) / len(drawn)
        assert share == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda n: Noise(n).uniform("s", "a"), lambda n: Noise(n + 1).uniform("s", "a")),
        (lambda n: Noise(0).uniform("s", n, "a"), lambda n: Noise(0).uniform("s", n, "b")),
        (lambda n: Noise(0).uniform("s", n, "a"), lambda n: Noise(0).uniform("s", n + 1, "a")),
        (lambda n: Noise(0).uniform("s", n), lambda n: Noise(0).uniform("s", n + 1)),
        (lambda n: Noise(0).uniform("s", n), lambda n: Noise(0).uniform("t", n)),
    ],
)
def test_draws_of_neighbouring_places_are_unrelated(one, other):
    pairs = [(one(n) - 0.5, other(n) - 0.5) for n in range(4000)]
    correlation = 12 * sum(a * b for a, b in pairs) / len(pairs)
    assert abs(correlation) < 0.06  # four standard errors


def test_candidates_are_drawn_by_weight():
    weights = {"rare": 1.0, "common": 3.0, "never": 0.0}
    drawn = [Noise(1).pick(weights, "slot", number) for number in range(4000)]
    assert drawn.count("common") / len(drawn) == pytest.approx(0.75, abs=0.03)
    assert "never" not in drawn


@given(
    st.dictionaries(st.text(max_size=3), st.floats(0.01, 100), min_size=2, max_size=8),
    st.integers(0, 99),
    st.floats(1, 10),
)
def test_one_weight_changed_moves_the_draw_only_to_its_candidate(weights, place, factor):
    before = Noise(0).pick(weights, place)
    raised = next(iter(weights))
    after = Noise(0).pick({**weights, raised: weights[raised] * factor}, place)
    assert after in (before, raised)


def test_a_pick_is_the_highest_log_weight_with_gumbel_noise():
    weights = {"a": 1.0, "b": 2.0, "c": 0.5}
    for place in range(50):
        gumbel = {c: -math.log(-math.log(Noise(0).uniform("x", place, c))) for c in weights}
        scores = {c: math.log(w) + gumbel[c] for c, w in weights.items()}
        assert Noise(0).pick(weights, "x", place) == max(scores, key=scores.__getitem__)


def test_nothing_to_pick_from():
    with pytest.raises(ValueError, match="every weight is nought"):
        Noise(0).pick({"a": 0.0}, "slot")
