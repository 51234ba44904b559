"""The explanation as data: sound by its schema, exact in its sums, true to the piece."""

import json
from decimal import Decimal
from importlib.metadata import PackageNotFoundError
from importlib.resources import files

import jsonschema
import numpy
import pytest

from analysis.picture.catalogue import CATALOGUE
from composer import compose
from composer.explanation.document import explanation, number, to_json
from composer.explanation.features import TYPICAL
from tests.composer.example import decisions, piece

SCHEMA = jsonschema.Draft202012Validator(
    json.loads((files("composer") / "explanation" / "schema.json").read_text(encoding="utf-8"))
)


@pytest.fixture(scope="module")
def document(china_sung_document):
    return json.loads(to_json(china_sung_document), parse_float=Decimal, parse_int=Decimal)


def test_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA.schema)


@pytest.mark.parametrize("metre", ["4/4", "6/8"])
def test_small_pieces_are_sound(metre):
    SCHEMA.validate(explanation(piece(metre)))


def test_a_whole_piece_is_sound(china_sung_document):
    SCHEMA.validate(china_sung_document)


def test_a_decision_of_the_users_own_is_sound():
    made = compose("sample:china", overrides={"tempo": "80"}, melody="rules")
    SCHEMA.validate(explanation(made))


def test_it_has_the_keys_that_were_promised(document):
    promised = {"picture", "features", "decisions", "plan", "harmony", "notes", "checks", "seed"}
    assert promised | {"promenade", "rules", "versions"} <= document.keys()


def test_shares_sum_to_the_decision_exactly(document):
    for name, made in document["decisions"].items():
        total = sum(share["amount"] for share in made["shares"])
        due = made["value"] if made["kind"] == "number" else made["votes"][made["value"]]
        assert total == due, name


def test_margins_are_the_difference_of_votes(document):
    for made in document["decisions"].values():
        if made["runner_up"] is not None:
            votes = made["votes"]
            assert made["margin"] == votes[made["value"]] - votes[made["runner_up"]]


def test_every_note_and_chord_is_there(china_sung, document):
    assert len(document["notes"]) == sum(len(part.notes) for part in china_sung.parts)
    assert len(document["harmony"]) == len(china_sung.harmony.spans)
    ticks = [note["tick"] for note in document["notes"]]
    assert ticks == sorted(ticks)


def test_bars_and_beats_are_counted_from_one(document):
    metre = document["plan"]["metre"]
    for note in document["notes"]:
        tick = (note["bar"] - 1) * metre["ticks_per_bar"]
        tick += (note["beat"] - 1) * metre["ticks_per_beat"]
        assert abs(tick - note["tick"]) < Decimal("0.01")


def test_every_cause_names_a_slot_and_a_motif_of_the_plan(document):
    slots = {slot["name"] for phrase in document["plan"]["phrases"] for slot in phrase["slots"]}
    motifs = document["plan"]["motifs"].keys()
    for note in document["notes"]:
        assert note["cause"]["slot"] in slots | {None}
        assert note["cause"]["motif"] in motifs | {None}


def test_the_table_is_embedded(china_sung, document):
    rules = document["rules"]
    assert rules["sha256"] == china_sung.table.sha256
    assert len(rules["table"]["rules"]) == len(china_sung.table.rules)
    assert rules["strengths"].keys() <= {rule["id"] for rule in rules["table"]["rules"]}


@pytest.mark.parametrize(
    ("decimal", "written"),
    [("0.4500", "0.45"), ("96", "96"), ("-0.0012", "-0.0012"), ("1E+2", "100"), ("0", "0")],
)
def test_decimals_become_the_numbers_they_print_as(decimal, written):
    assert json.dumps(number(Decimal(decimal))) == written


def test_an_override_says_you():
    made = explanation(piece())["decisions"]
    assert "you" not in {share["rule"] for share in made["tempo"]["shares"]}
    assert decisions(tempo="80")["tempo"].shares[0].rule == "you"


def test_what_photographs_measure_is_known_of_every_feature_but_hue():
    words = {name for name, each in CATALOGUE.items() if each.unit == "probability"}
    assert set(TYPICAL) == set(CATALOGUE) - {"colour.hue", "content.seen"} - words
    for name, bounds in TYPICAL.items():
        assert list(bounds) == sorted(bounds)
        assert CATALOGUE[name].low <= bounds[0]
        assert bounds[-1] <= CATALOGUE[name].high


def test_only_what_a_piece_was_made_with_is_recorded(document):
    """No score, no MIDI file was made for it."""
    assert list(document["versions"]) == [
        "promenade",
        "colorthief",
        "numpy",
        "opencv-python-headless",
        "pillow",
    ]
    assert document["versions"]["numpy"] == numpy.__version__


def test_a_library_installed_by_another_name_has_no_version(monkeypatch):
    def version(library):
        if library == "opencv-python-headless":
            raise PackageNotFoundError
        return "1"

    monkeypatch.setattr("composer.explanation.document.version", version)
    made = explanation(piece())
    assert made["versions"].keys() == {"promenade", "colorthief", "numpy", "pillow"}
    SCHEMA.validate(made)
