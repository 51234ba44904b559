"""Whole pieces that the trained network sings: legal, the same every time, truly told of."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

import cli
from composer import compose
from composer.explanation.text import view
from composer.pipeline import compose_decided
from composer.settings import Settings
from composer.table import decide
from neural import weights
from tests.whole.pieces import check_piece, random_analysis, written

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = jsonschema.Draft202012Validator(
    json.loads((files("composer") / "explanation" / "schema.json").read_text(encoding="utf-8"))
)
FEW, MANY = 8, 200


def sung(default_table, analysis, seed=0, **overrides):
    decisions = decide(default_table, analysis.features, overrides)
    return compose_decided(analysis, default_table, decisions, Settings(seed=seed, melody="neural"))


@pytest.mark.parametrize("index", range(FEW))
def test_random_features_give_a_piece(index, default_table, china_analysis):
    check_piece(sung(default_table, random_analysis(china_analysis, index), seed=index))


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(10))
def test_two_hundred_random_features_give_a_piece(chunk, default_table, china_analysis):
    for index in range(FEW + chunk, MANY, 10):
        check_piece(sung(default_table, random_analysis(china_analysis, index), seed=index))


def test_another_seed_sings_another_melody_over_the_same_plan(china_sung, china_features):
    other = compose(china_features, melody="neural", seed=1)
    assert (china_sung.plan, china_sung.decisions) == (other.plan, other.decisions)
    assert written(china_sung)["melody"] != written(other)["melody"]


@pytest.mark.parametrize("change", [{"tempo": "61"}, {"melody_instrument": "oboe"}])
def test_another_tempo_or_instrument_moves_no_note(china_sung, china_features, change):
    other = compose(china_features, melody="neural", overrides=change)
    assert written(other) == written(china_sung)


def test_a_rule_left_out_is_left_out():
    off = compose("sample:flower", melody="neural", without=["melodic-interval"])
    assert not [check for check in off.checks if check.hard and check.count]


def test_the_explanation_says_who_sang_and_why(china_sung_document):
    SCHEMA.validate(china_sung_document)
    assert china_sung_document["singer"] == {"name": "neural", "weights": weights.fingerprint()}
    for note in china_sung_document["notes"]:
        trace = note["cause"]["trace"]
        assert (trace is None) == (note["part"] not in ("melody", "second-melody"))
        if trace is not None:
            # What returns is found exactly, among weighed notes; what is new the network proposes.
            assert (trace["weighed"] is None) != (trace["proposed"] is None)
            if trace["proposed"] is not None:
                assert trace["proposed"]["share"] <= trace["proposed"]["wanted_share"]
            assert not any(note["pitch"] in struck for struck in trace["struck"].values())
    traces = [n["cause"]["trace"] for n in china_sung_document["notes"] if n["part"] == "melody"]
    assert any(trace["proposed"] for trace in traces)
    text = view(china_sung_document, everything=True)
    assert f"with weights {weights.fingerprint()[:12]}" in text.replace("\n", " ")
    assert "the network's first choice was" in text
    assert "THE MELODY, NOTE BY NOTE" not in view(china_sung_document)


def test_a_piece_sung_by_rules_says_so_and_what_it_cost(china_document):
    SCHEMA.validate(china_document)
    assert china_document["singer"] == {"name": "rules", "weights": None}
    traces = [n["cause"]["trace"] for n in china_document["notes"] if n["part"] == "melody"]
    assert all(trace["weighed"]["costs"] is not None for trace in traces)
    assert "the next best is" in view(china_document, everything=True)


def test_the_same_files_in_another_process_with_other_threads_and_never_torch(tmp_path):
    suffixes = (".mid", ".musicxml", ".voices.musicxml", ".json", ".html")
    code = "import sys, cli\ntry: cli.compose()\nfinally: print('torch' in sys.modules)"
    for name, threads in (("a", "1"), ("b", "2")):
        args = [arg for suffix in suffixes for arg in ("-o", name + suffix)]
        own = {
            "PYTHONPATH": str(ROOT),
            "PYTHONHASHSEED": threads,
            **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads),
        }
        done = subprocess.run(
            [sys.executable, "-c", code, "sample:flower", *args, "--melody", "neural"],
            cwd=tmp_path,
            env=os.environ | own,
            check=True,
            capture_output=True,
            text=True,
        )
        assert done.stdout.splitlines()[-1] == "False"
    for suffix in suffixes:
        first, second = ((tmp_path / f"{name}{suffix}").read_bytes() for name in "ab")
        assert first == second


def refused(args):
    result = CliRunner().invoke(cli.compose, args)
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    return result.output


def test_weights_that_are_none_are_one_sentence_and_leave_what_was_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("x.mid").write_text("before")
    whole = weights.SHIPPED.read_bytes()
    Path("cut").write_bytes(whole[: len(whole) // 2])
    Path("foreign").write_text("no weights at all")
    for name, says in (
        ("missing", "There are no weights at missing"),
        ("cut", "cut is damaged"),
        ("foreign", "foreign is damaged"),
        (".", "There are no weights at ."),
    ):
        how = ["--melody", "neural", "--weights", name, "-o", "x.mid"]
        assert says in refused(["sample:china", *how])
    assert Path("x.mid").read_text() == "before"


def test_rules_need_no_weights(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(
        cli.compose, ["sample:china", "--melody", "rules", "--weights", "x"]
    )
    assert result.exit_code == 2
    assert "--weights is for --melody neural" in result.output


def test_the_voice_is_no_part_of_the_plan(china_sung, china):
    assert china.plan == china_sung.plan
    assert [s.chord for s in china.harmony.spans] == [s.chord for s in china_sung.harmony.spans]
    assert replace(china_sung.singer, name="rules", weights=None) == china.singer
