"""promenade explain: every question answered from the stored piece, every mistake one sentence."""

import json
import re

import pytest
from click import unstyle
from click.testing import CliRunner

import cli
from analysis.picture.catalogue import CATALOGUE
from composer.errors import UserError
from composer.explanation.answers import answer
from composer.explanation.reading import read
from composer.explanation.replay import Change, Counterfactual
from composer.explanation.replay.changes import changes, comparatives, sentence
from composer.table.conditions import PLACE

# Decisions early in the table, which hang on little.
QUICK = ("valence", "mode", "tonic")


@pytest.fixture(scope="module")
def document(china_file):
    return read(str(china_file))


def ask(document, **questions):
    return unstyle(answer(document, **questions))


def test_a_decision_has_its_shares_features_rivals_and_replays(document):
    made = document["decisions"]["mode"]
    text = ask(document, decision="mode")
    for share in made["shares"]:
        assert not share["amount"] or share["rule"] in text
    assert f"before {made['runner_up']}" in text
    assert "CIELAB" in text or "valence is" in text
    assert made["why_not"]["rule"] in text
    assert made["decisive"] in text
    assert "replays" in text
    assert re.search(r"If the picture (were|had) .*, not .*\)", " ".join(text.split()))


def test_why_not_one_choice(document):
    other = document["decisions"]["mode"]["runner_up"]
    assert f"Why not {other}?" in ask(document, decision=f"mode={other}")


def test_a_chord_has_its_function_alternatives_cost_and_runner_up(document):
    span = next(span for span in document["harmony"] if span["runner_up"] and span["costs"])
    text = ask(document, bar=span["bar"], beat=span["beat"])
    assert span["function"] in text
    assert all(rule in text for rule in span["costs"])
    assert "The grammar" in text
    assert "next best voicing" in text


def test_the_next_best_voicing_is_another_on_the_same_bass(document):
    for span in document["harmony"]:
        if span["runner_up"]:
            assert span["runner_up"]["voices"] != span["voices"]
            assert span["runner_up"]["voices"][-1] == span["voices"][-1]
            assert span["runner_up"]["margin"] >= 0


def test_a_note_has_what_was_struck_out_and_its_contour(document):
    notes = document["notes"]
    sung = [(n, note) for n, note in enumerate(notes, 1) if note["cause"]["trace"]]
    number = next(n for n, note in sung if note["cause"]["trace"]["struck"])
    text = " ".join(ask(document, note=number).split())
    for rule, pitches in notes[number - 1]["cause"]["trace"]["struck"].items():
        assert f"truck out by {rule}:" in text
        assert len(pitches) >= 1
    assert "skyline" in text


def test_every_rule_has_an_answer(document):
    for row in document["rules"]["table"]["rules"][::17]:
        text = " ".join(ask(document, rule=row["id"]).split())
        assert row["because"] in text
    for check in document["checks"][::7]:
        assert check["sentence"] in " ".join(ask(document, rule=check["rule"]).split())


def test_nothing_is_wider_than_a_terminal(document):
    for name in QUICK:
        assert max(map(len, ask(document, decision=name).splitlines())) <= 80


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"decision": "mde"}, "There is no decision 'mde' in this piece. Did you mean mode?"),
        ({"decision": "mode=dorien"}, "Did you mean dorian"),
        ({"decision": "tempo=80"}, "tempo is a number"),
        ({"bar": 999}, "There is no bar 999"),
        ({"bar": 1, "beat": 9.0}, "There is no beat 9"),
        ({"note": 0}, "There is no note 0"),
        ({"rule": "calm-slow"}, "Did you mean calm-slows?"),
    ],
)
def test_what_the_piece_does_not_have(document, question, said):
    with pytest.raises(UserError, match=re.escape(said)):
        answer(document, **question)


def test_files_that_are_no_explanation(china_file, tmp_path):
    whole = china_file.read_text()
    other = json.loads(whole) | {"promenade": 1}
    less = {key: value for key, value in json.loads(whole).items() if key != "notes"}
    bad = {
        "cut short": whole[: len(whole) // 2],
        "no JSON": "\x00\xff",
        "no explanation of a piece": "[1, 2]",
        "version 1 of the format": json.dumps(other),
        "no whole explanation": json.dumps(less),
        "a number that no piece has": whole.replace('"seed": 0', '"seed": 1e999'),
    }
    for said, text in bad.items():
        path = tmp_path / "bad.json"
        path.write_text(text)
        result = CliRunner().invoke(cli.promenade, ["explain", str(path)])
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1
    missing = CliRunner().invoke(cli.promenade, ["explain", str(tmp_path / "none.json")])
    assert missing.exit_code == 2
    assert "There is no file" in missing.stderr


def test_nothing_is_named_that_the_run_did_not_use(document):
    """Rules, features and choices in the answers are all of this run's document."""
    rules = {row["id"] for row in document["rules"]["table"]["rules"]}
    rules |= {check["rule"] for check in document["checks"]}
    heard = {term["feature"] for term in document["rules"]["table"]["terms"].values()}
    for name in QUICK:
        text = ask(document, decision=name)
        for feature in re.findall(r"\b(?:colour|light|texture|layout)\.[a-z_]+", text):
            assert feature in heard, feature
        for rule in re.findall(r"(?:[+−][\d.]+  |not \S+\? )([a-z]+(?:-[a-z]+)+(?:/\S+)?)", text):
            assert rule in rules, rule
        for amount, rule in re.findall(r"([+−][\d.]+)  ([a-z]+(?:-[a-z]+)+(?:/\S+)?)", text):
            shares = {s["rule"]: s["amount"] for s in document["decisions"][name]["shares"]}
            told = float(amount.replace("−", "-"))
            assert told == pytest.approx(shares[rule], abs=0.051 if abs(told) >= 10 else 0.0051)


def test_every_feature_has_words():
    assert comparatives().keys() == CATALOGUE.keys() | PLACE.keys()


def test_changes_in_the_pictures_own_words():
    less = Change("colour.colourfulness", 40.0, 35.2, 0.05)
    more = Change("light.shadow_share in top region", 0.2, 0.35, 0.2)
    assert changes([less]) == "the picture were 12 % less colourful (35.2, not 40.0)"
    both = changes([less, more])
    assert both.endswith("and its top region had more shadow in it (35 %, not 20 %)")
    found = Counterfactual("mode", "aeolian", "dorian", (less,), 0.05)
    assert sentence(found).endswith("mode would be dorian")
