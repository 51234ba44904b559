"""The table's mood against people's ratings, and the fit of its weights."""

from pathlib import Path

import numpy as np
import pytest

from analysis.picture.catalogue import CATALOGUE
from composer.errors import UserError
from composer.evaluate.mood import PRIOR, Rated, correlate, fit, read_rated, report
from composer.music.vocabulary import vocabulary
from composer.table import decide, load_table


def test_correlation_agrees_with_numpy_and_with_fishers_interval() -> None:
    drawn = np.random.default_rng(1)
    x = drawn.normal(size=103)
    y = 0.5 * x + drawn.normal(size=103)
    found = correlate(x.tolist(), y.tolist())
    assert found.r == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert np.arctanh(found.high) - np.arctanh(found.r) == pytest.approx(0.196, abs=1e-4)
    assert np.arctanh(found.r) - np.arctanh(found.low) == pytest.approx(0.196, abs=1e-4)


def test_what_does_not_vary_correlates_with_nothing() -> None:
    assert correlate([1, 1, 1, 1], [1, 2, 3, 4]).r == 0


def test_a_folder_without_ratings(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no readable .*ratings\.csv"):
        read_rated(tmp_path)
    (tmp_path / "ratings.csv").write_text("file,valence\na.jpg,1\n" * 5)
    with pytest.raises(UserError, match="columns file, valence, arousal"):
        read_rated(tmp_path)


def test_the_prior_names_rules_and_keeps_their_signs() -> None:
    rules = {rule.id: rule for rule in load_table(None, vocabulary()).rules}
    for axis, effects in PRIOR.items():
        assert set(effects) == {name for name, rule in rules.items() if axis in rule.adds}
        for name, effect in effects.items():
            assert effect * float(rules[name].adds[axis]) > 0, name


def test_the_fit_finds_weights_that_were_hidden() -> None:
    table = load_table(None, vocabulary())
    drawn = np.random.default_rng(2)
    rated = []
    for number in range(120):
        features = {name: drawn.uniform(f.low, f.high) for name, f in CATALOGUE.items()}
        features["texture.edge_density"] = drawn.uniform(0, 0.3)
        strengths = decide(table, features).strengths
        hidden = 2 * float(strengths["light-pleases"]) - 3 * float(strengths["busy-tires"])
        rated.append(Rated(f"subject{number}-1.png", features, {"valence": hidden, "arousal": 0}))
    found = fit(table, rated, "valence")
    assert found.outside.r > 0.95
    assert found.amounts["busy-tires"] < 0 < found.amounts["light-pleases"]
    weights = {name: abs(weight) for name, weight in found.amounts.items()}
    assert max(weights, key=lambda name: weights[name]) == "busy-tires"


def test_the_mood_follows_the_ratings(photographs: tuple[Rated, ...]) -> None:
    found = report(load_table(None, vocabulary()), photographs)
    assert found.valence.low > 0.1
    assert found.arousal.low > 0.3
    assert "182" in str(found) or len(photographs) != 182
