"""A stored explanation's table and decisions come back as they were."""

import json

import pytest

from composer import compose
from composer.errors import UserError
from composer.explanation.document import explanation, to_json
from composer.explanation.reading import whole
from composer.explanation.stored import read_resolved, stored
from composer.music.vocabulary import vocabulary
from composer.table import load_table
from tests.composer.table.small import table as small_table


@pytest.fixture(scope="module")
def piece():
    return compose("sample:china", overrides={"tempo": "80", "swing": "0.25"}, melody="rules")


@pytest.mark.parametrize("pack", [None, "plain", "scriabin", "film", "chiptune"])
def test_a_resolved_table_reads_back(pack):
    table = load_table(pack, vocabulary())
    row = json.loads(json.dumps(table.resolved()))
    again = read_resolved({"file": table.file, "sha256": table.sha256, "table": row})
    assert again.resolved() == table.resolved()
    assert again.rules == table.rules or [r.resolved() for r in again.rules] == row["rules"]


def test_conditions_of_every_kind_read_back():
    table = small_table()
    row = json.loads(json.dumps(table.resolved()))
    again = read_resolved({"file": table.file, "sha256": table.sha256, "table": row})
    assert [str(rule.when) for rule in again.rules] == [str(rule.when) for rule in table.rules]


def test_the_stored_decisions_are_made_again_share_by_share(piece):
    found = stored(json.loads(to_json(explanation(piece))))
    assert dict(found.decisions) == dict(piece.decisions)
    assert found.decisions.terms == piece.decisions.terms


def test_decisions_that_were_changed_are_not_replayed(piece):
    document = json.loads(to_json(explanation(piece)))
    document["decisions"]["dynamics"]["value"] += 1
    with pytest.raises(UserError, match="decision dynamics of this piece comes out as"):
        stored(document)


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table["terms"].clear(),
        lambda table: table["decisions"].pop("mode"),
        lambda table: table["decisions"]["melody_instrument"]["default"].update(by="nobody"),
        lambda table: table["rules"][0].update(when={"mood": 3}),
    ],
)
def test_a_table_whose_parts_do_not_belong_together_is_one_sentence(piece, change):
    document = json.loads(to_json(explanation(piece)))
    change(document["rules"]["table"])
    with pytest.raises(UserError, match="cannot decide: its parts do not belong together"):
        stored(document)


def test_an_explanation_as_data_is_one_whole(piece):
    document = json.loads(to_json(explanation(piece)))
    assert whole(document, "this") is document
    for wrong, said in (
        ([], "this is no explanation"),
        ({**document, "promenade": 2}, "version 2 of the format"),
        ({**document, "notes": [{}]}, r"this is no whole explanation: \$.notes\[0\]"),
    ):
        with pytest.raises(UserError, match=said):
            whole(wrong, "this")
