"""What is kept of a piece stays note for note; what cannot be is refused with the reason."""

from __future__ import annotations

import json

import pytest

from composer.asking import ask
from composer.errors import UserError
from composer.explanation.document import explanation, to_json
from composer.pipeline import compose_decided
from composer.settings import Settings
from composer.workbench.locks import PARTS, Kept, locked


@pytest.fixture(scope="module")
def compose(default_table, china_analysis):
    def composed(settings):
        asked = ask(default_table, china_analysis, settings)
        return compose_decided(
            china_analysis, asked.table, asked.decisions, settings, exact=asked.exact
        )

    return composed


@pytest.fixture(scope="module")
def before(compose):
    return json.loads(to_json(explanation(compose(Settings(seed=3, melody="rules")))))


def kept(asked, parts, document):
    return Kept(locked(asked, parts, document), parts, document)


@pytest.mark.parametrize("part", [*PARTS])
def test_a_part_stays_note_for_note_under_wishes_and_the_rest_moves(compose, before, part):
    wish = "much happier" if part == "players" else "much faster, jazzier"
    made = kept(Settings(make=[wish]), (part,), before)
    piece = compose(made.settings)
    made.check(piece)
    now = json.loads(to_json(explanation(piece)))
    assert PARTS[part](now) == PARTS[part](before)
    assert now["decisions"]["tempo"]["value"] > before["decisions"]["tempo"]["value"]
    moved = [
        name
        for name, row in now["decisions"].items()
        if row["value"] != before["decisions"][name]["value"]
    ]
    assert len(moved) > 1


def test_without_the_lock_the_same_wish_changes_it(compose, before):
    piece = compose(Settings(make=["much happier"], seed=3, melody="rules"))
    with pytest.raises(UserError, match="The melody cannot be kept: it depends on"):
        Kept(Settings(), ("melody",), before).check(piece)


def test_what_a_part_is_made_of_cannot_be_set_otherwise(before):
    with pytest.raises(UserError, match="melody cannot be kept with another mode"):
        locked(Settings(overrides={"mode": "phrygian"}), ("melody",), before)
    with pytest.raises(UserError, match="another length"):
        locked(Settings(length="2min"), ("harmony",), before)
    same = before["decisions"]["mode"]["value"]
    assert locked(Settings(overrides={"mode": same}), ("melody",), before).seed == 3


def test_of_another_picture_nothing_is_kept_but_the_players(default_table, before, compose):
    other = json.loads(json.dumps(before))
    other["picture"]["sha256"] = "0" * 64
    other["notes"][0]["tick"] += 1
    other["harmony"][0]["tick"] += 1
    made = kept(Settings(), ("harmony",), other)
    with pytest.raises(UserError, match="of another picture"):
        made.check(compose(made.settings))
