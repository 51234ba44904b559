"""What the picture shows is said as surely as it is seen, and no more is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import load
from composer.explanation.document import explanation, number
from composer.explanation.replay import unseen
from composer.explanation.shown import FAINT, caption, told
from composer.explanation.text import view
from composer.music.vocabulary import vocabulary
from composer.pipeline import compose_decided
from composer.settings import Settings
from composer.table import decide, load_table, measured

TABLE = load_table(None, vocabulary())
RULES = Settings(melody="rules")


@pytest.fixture(scope="module")
def china() -> Analysis:
    return analyse(load("sample:china"), look=True)


def document(analysis: Analysis) -> Any:
    made = decide(TABLE, measured(analysis))
    return explanation(compose_decided(analysis, TABLE, made, RULES))


@pytest.fixture(scope="module")
def plain(china: Analysis) -> Any:
    return document(china)


def with_word(plain: Any, word: str, probability: float) -> Any:
    """The document as if the word had been seen at that probability; its strengths as they were."""
    name = f"content.{word}"
    feature = {**plain["features"][name], "value": probability}
    terms = {
        **plain["terms"],
        f"{word} seen": 1 if probability else 0,
        f"{word} shown": min(1.0, max(0.0, (probability - 0.2) / 0.3)),
    }
    return {**plain, "features": {**plain["features"], name: feature}, "terms": terms}


def share(rule: str, amount: float) -> Any:
    row = next(rule_ for rule_ in TABLE.rules if rule_.id == rule)
    return {
        "rule": rule, "strength": 1, "amount": amount, "because": row.because, "evidence": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.9, "It shows a weapon (.90). People"),
        (0.5, "It shows a weapon (.50). People"),
        (0.49, "It may show a weapon (.49). People"),
        (0.3, "It may show a weapon (.30). People"),
    ],
)
def test_a_thing_is_named_as_surely_as_it_is_seen(plain: Any, probability: float, said: str):
    (row,) = told([share("weapon-displeases", -0.29)], with_word(plain, "weapon", probability))
    assert row["because"].startswith(said)


def test_a_word_that_is_little_to_be_trusted_only_may_be_there(plain: Any) -> None:
    (row,) = told([share("wedding-pleases", 0.3)], with_word(plain, "wedding", 0.9))
    assert row["because"].startswith("It may show a wedding (.90).")


def test_faint_signs_stand_in_one_row_and_sum_to_the_same(plain: Any) -> None:
    faint = with_word(with_word(plain, "weapon", 0.29), "dog", 0.1)
    shares = [
        share("weapon-displeases", -0.2941), share("colourful-pleases", 0.02),
        share("dog-pleases", 0.0703),
    ]  # fmt: skip
    rows = told(shares, faint)
    assert [row["rule"] for row in rows] == ["colourful-pleases", FAINT]
    total = sum(Decimal(str(row["amount"])) for row in rows)
    assert total == sum(Decimal(str(row["amount"])) for row in shares)
    assert all("weapon" not in row["because"] for row in rows)


def test_a_rule_that_held_without_the_thing_does_not_name_it(plain: Any) -> None:
    moved = with_word(plain, "weapon", 0.25)
    terms = {**moved["terms"], "unhappy": 1, "lively": 1, "happy": 0}
    (row,) = told([share("menacing-mood", 1.4)], {**moved, "terms": terms})
    assert row["rule"] == "menacing-mood"
    assert row["because"].startswith("Arms, wreckage")


def test_what_you_said_is_yours(china: Analysis) -> None:
    yours = document(china.told({"weapon": 1, "building": 0}))
    assert yours["picture"]["content"]["yours"] == {"content.weapon": 1, "content.building": 0}
    rows = told(yours["decisions"]["valence"]["shares"], yours)
    said = [row["because"] for row in rows if row["rule"] == "weapon-displeases"]
    assert said
    assert said[0].startswith("You said that it shows a weapon.")
    assert yours["picture"]["content"]["caption"].startswith("A weapon")


def test_the_caption_names_nothing_below_its_threshold(plain: Any, china: Analysis) -> None:
    content = plain["picture"]["content"]
    assert content["caption"].startswith("A building")
    assert content["caption"].endswith(".")
    text = view(plain)
    assert content["caption"][:40] in text
    features = {**china.features, "content.building": 0.45, "content.dog": 0.29}
    said = caption(features, plain["picture"])
    assert said.startswith("Dark greyish brown")
    assert said.endswith("perhaps a building.")
    assert "dog" not in said


def test_the_shares_of_regions_sum_to_the_features(plain: Any) -> None:
    shares = plain["picture"]["content"]["shares"]
    assert len(shares) == len(plain["picture"]["regions"])
    for name, feature in plain["features"].items():
        if any(name in share for share in shares):
            total = sum(Decimal(str(share.get(name, 0))) for share in shares)
            assert total == Decimal(str(feature["value"])), name
    assert sum("content.building" in share for share in shares) == len(shares)


def test_without_a_thing_the_mood_is_another_and_is_said_to_be(china: Analysis) -> None:
    armed = china.told({"weapon": 1})
    features = measured(armed)
    made = decide(TABLE, features)
    found = unseen(TABLE, features, made, "mood")
    assert [each.changes[0].feature for each in found] == ["content.weapon"]
    without = {
        key: 0.0 if key.startswith("content.weapon") else value for key, value in features.items()
    }
    assert decide(TABLE, without)["mood"].value == found[0].after != made["mood"].value
    kept = decide(TABLE, features, {"mood": "serene"})
    assert unseen(TABLE, features, kept, "mood") == ()


def test_nothing_looked_at_is_decided_by_pixels_alone(china: Analysis) -> None:
    made = decide(TABLE, measured(china.unlooked()))
    for decision in ("valence", "arousal"):
        spoke = {share.rule for share in made[decision].shares if share.amount}
        assert any(rule.endswith("-alone") for rule in spoke)
        assert not any(rule.endswith(("-likeness", "-displeases", "-stirs")) for rule in spoke)
    seen = decide(TABLE, measured(china))
    spoke = {share.rule for share in seen["valence"].shares if share.amount}
    assert not any(rule.endswith("-alone") for rule in spoke)
    assert number(made["valence"].value) != number(seen["valence"].value)
