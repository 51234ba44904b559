"""The table's mood against people's ratings, and the fit of its weights."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.picture.catalogue import CATALOGUE
from composer.errors import UserError
from composer.evaluate.fitting import PIXELS, READING, WORDS, fit, folds, kind_of
from composer.evaluate.mood import Rated, correlate, read_rated, report
from composer.evaluate.sources import clustered, forced
from composer.music.vocabulary import vocabulary
from composer.table import MappingRule, decide, load_table
from composer.table.conditions import Is, Term, leaves

TABLE = load_table(None, vocabulary())
SIGNS = {"valence": ("-pleases", "-displeases"), "arousal": ("-stirs", "-calms")}


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


def made(count: int, families: int = 20) -> list[Rated]:
    """Pictures of hidden moods: light pleases, dogs please more, two pooled features excite."""
    drawn, rated = np.random.default_rng(2), []
    for number in range(count):
        features = {name: drawn.uniform(f.low, f.high) for name, f in CATALOGUE.items()}
        features |= {name: 0.0 for name in features if name.startswith("content.")}
        features |= {"texture.edge_density": drawn.uniform(0, 0.3), "content.seen": 1.0}
        features["content.dog"] = float(drawn.choice([0.0, 0.9]))
        pooled = drawn.normal(size=1280)
        strengths = decide(TABLE, features).strengths
        hidden = float(strengths["light-pleases"]) + 4 * float(strengths["dog-pleases"])
        ratings = {"valence": hidden, "arousal": pooled[0] + pooled[1]}
        family, kind = f"family {number % families}", ("animal", "object")[number % 2]
        rated.append(Rated(f"{number}.png", features, ratings, None, pooled, family, kind))
    return rated


def test_the_fit_finds_amounts_that_were_hidden_and_keeps_signs() -> None:
    rated = made(160)
    found = fit(TABLE, rated, "valence", (PIXELS, WORDS))
    assert correlate(found.outside.tolist(), [e.ratings["valence"] for e in rated]).r > 0.95
    assert found.amounts["dog-pleases"] == pytest.approx(4, abs=0.6)
    assert found.amounts["light-pleases"] > 0
    signs = {rule.id: rule.adds["valence"] for rule in TABLE.rules if "valence" in rule.adds}
    assert all(amount * float(signs[name]) >= 0 for name, amount in found.amounts.items())


def test_a_fold_never_splits_a_family() -> None:
    subjects = [each.subject for each in made(90, families=23)]
    groups = folds(subjects, 10, 3)
    assert {len({*groups[[s == name for s in subjects]]}) for name in {*subjects}} == {1}
    assert len({*groups}) == 10
    with pytest.raises(UserError, match="at least 10 subjects"):
        folds(["a", "b"] * 20, 10, 0)


def test_a_reading_is_not_judged_on_what_it_was_learned_from() -> None:
    drawn = np.random.default_rng(7)
    rated = [
        replace(each, ratings={"valence": drawn.normal(), "arousal": drawn.normal()})
        for each in made(120)
    ]
    found = fit(TABLE, rated, "valence", (READING,)).outside
    assert abs(correlate(found.tolist(), [e.ratings["valence"] for e in rated]).r) < 0.3


def test_rules_are_told_apart_by_what_they_listen_to() -> None:
    assert kind_of(TABLE, "colourful-pleases") == PIXELS
    assert kind_of(TABLE, "weapon-displeases") == WORDS
    assert kind_of(TABLE, "pleasant-likeness") == READING


def test_every_mood_rule_of_the_table_keeps_an_acceptable_sign() -> None:
    for rule in TABLE.rules:
        for axis, words in SIGNS.items():
            if axis in rule.adds and rule.id.endswith(words):
                assert (rule.adds[axis] > 0) == rule.id.endswith(words[0]), rule.id
    heard = {term.feature for rule in TABLE.rules_of["valence"] for term in terms(rule)}
    assert "content.vehicle" not in heard  # cars are no worse than other things


def terms(rule: MappingRule) -> list[Term]:
    return [TABLE.terms[leaf.term] for leaf in leaves(rule.when) if isinstance(leaf, Is)]


def test_a_wrong_word_moves_the_mood_as_its_rules_say() -> None:
    found = {each.word: each for each in forced(TABLE, made(40))}
    dog = next(rule for rule in TABLE.rules if rule.id == "dog-pleases").adds["valence"]
    assert found["dog"].having > 10
    assert found["dog"].denied[0] == pytest.approx(-float(dog), abs=0.01)
    assert found["dog"].claimed[0] == pytest.approx(float(dog), abs=0.01)


def test_an_interval_of_families_is_wider_than_one_of_pictures() -> None:
    drawn = np.random.default_rng(1)
    theme = np.repeat(drawn.normal(size=30), 10)
    x, y = theme + 0.1 * drawn.normal(size=300), theme + np.repeat(drawn.normal(size=30), 10)
    together = clustered(x, y, [str(i // 10) for i in range(300)])
    apart = clustered(x, y, [str(i) for i in range(300)])
    assert together[1] - together[0] > 1.5 * (apart[1] - apart[0])


def test_the_mood_follows_the_ratings(photographs: tuple[Rated, ...]) -> None:
    found = report(load_table(None, vocabulary()), photographs)
    assert found.valence.low > 0.4
    assert found.arousal.low > 0.5
    assert "182" in str(found) or len(photographs) != 182


def test_numbers_of_photographs_are_read(tmp_path: Path) -> None:
    names = ["light.lightness", "colour.chroma"]
    arrays = {
        "picture": np.array(["a-1", "a-2"]), "family": np.array(["a", "a"]),
        "category": np.array(["Person", "Object"]), "valence": np.array([0.5, -0.5]),
        "arousal": np.zeros(2), "class_probability": np.eye(1000)[[151, 413]],
        "pooled_feature": np.ones((2, 1280)), "pixel_feature": np.full((2, 2), 30.0),
        "pixel_feature_names": np.array(names),
    }  # fmt: skip
    np.savez(tmp_path / "rated.npz", **arrays)
    one, other = read_rated(tmp_path / "rated.npz")
    assert (one.subject, one.alive, other.alive) == ("a", True, False)
    assert one.features["content.dog"] == 1
    assert one.features["content.weapon"] == 0
    assert other.features["content.weapon in top region"] == 1
    del arrays["family"]
    np.savez(tmp_path / "broken.npz", **arrays)
    with pytest.raises(UserError, match="cannot be used"):
        read_rated(tmp_path / "broken.npz")
