"""One reader of settings: options, JSON and keywords become the same value, or all their faults."""

import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import UserError
from composer.settings import MELODIES, SYNTHS, TIMINGS, Settings, read_settings
from theory.rules import RULES

NAMES = st.from_regex(r"[a-z]{3,8}_[a-z]{1,8}", fullmatch=True)
VALUES = st.one_of(st.text("abcdef #", min_size=1), st.integers(-200, 200))


@st.composite
def settings(draw):
    melody = draw(st.sampled_from(MELODIES))
    return Settings(
        table=draw(st.none() | st.text("abc./", min_size=1)),
        overrides=draw(st.dictionaries(NAMES, VALUES, max_size=4)),
        seed=draw(st.integers(0, 10**6)),
        without=tuple(draw(st.sets(st.sampled_from(sorted(RULES)), max_size=3))),
        melody=melody,
        weights=draw(st.none() | st.just("w.safetensors")) if melody == "neural" else None,
        timing=draw(st.sampled_from(TIMINGS)),
        synth=draw(st.sampled_from(SYNTHS)),
        soundfont=draw(st.none() | st.just("x.sf2")),
    )


@given(settings())
def test_json_and_keywords_read_back_the_same(asked):
    assert read_settings(json.loads(json.dumps(asked.to_json()))) == asked
    flat = {**asked.to_json(), **asked.decided}
    flat.pop("overrides", None)
    assert read_settings(flat) == asked
    assert hash(read_settings(flat)) == hash(asked)
    assert eval(repr(asked), {"Settings": Settings}) == asked


def test_order_and_kind_do_not_tell_settings_apart():
    one = Settings(overrides={"mode": "dorian", "tempo": 80}, without=["range", "spacing"])
    two = Settings(overrides=(("tempo", "80"), ("mode", "dorian")), without=("spacing", "range"))
    assert one == two
    assert hash(one) == hash(two)
    with pytest.raises(FrozenInstanceError):
        one.seed = 3


def test_all_faults_are_said_at_once():
    with pytest.raises(UserError) as error:
        read_settings(
            {
                "seed": "three",
                "melody": "choir",
                "without": ["paralel-fifths"],
                "timing": "late",
                "synth": "moog",
                "mode": ["dorian"],
                "table": 7,
            }
        )
    said = str(error.value).splitlines()
    assert len(said) == 7
    for part in (
        "'three'",
        "'choir'",
        "'late'",
        "parallel-fifths",
        "'moog'",
        "['dorian']",
        "not 7",
    ):
        assert any(part in line for line in said), part


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"overrides": {"mode": "dorian"}, "mode": "lydian"}, "decided twice"),
        ({"overrides": "mode"}, "names with values"),
        ({"weights": "w", "melody": "rules"}, "rules need none"),
        ({"seed": True}, "whole number"),
        ({"mode": True}, "a word or a number"),
    ],
)
def test_what_contradicts_itself_is_said(given, said):
    with pytest.raises(UserError, match=said):
        read_settings(given)


def test_paths_hold_in_another_folder_and_packs_keep_their_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    moved = Settings(table="film", weights="w", soundfont="s.sf2").anywhere({"film"})
    assert moved.table == "film"
    assert moved.weights == str(tmp_path / "w")
    assert Settings(table="film.yaml").anywhere({"film"}).table == str(tmp_path / "film.yaml")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("off", (("off", 1.0),)),
        (["weapon=0", "wedding"], (("weapon", 0.0), ("wedding", 1.0))),
        ({"sea animal": 0.4}, (("sea_animal", 0.4),)),
        ((("dog", 1),), (("dog", 1.0),)),
        ([], ()),
    ],
)
def test_what_you_say_of_a_picture_in_every_way(said: Any, found: Any) -> None:
    made = Settings(content=said)
    assert made.content == found
    assert Settings(**made.to_json()) == made
    assert made.looks == (said != "off")
    assert "off" not in made.shown


@pytest.mark.parametrize(
    ("wished", "said"),
    [
        (["wepon=0"], "There is no word 'wepon' for what a picture shows. Did you mean weapon?"),
        (["weapon=2"], "weapon is to be a number from 0, not there, to 1, and not '2'."),
        (["weapon="], "weapon is to be a number"),
        ({"weapon": True}, "weapon is to be a number"),
        (["weapon=0", "weapon"], "weapon is said twice."),
    ],
)
def test_what_cannot_be_said_of_a_picture(wished: Any, said: str) -> None:
    with pytest.raises(UserError) as error:
        Settings(content=wished)
    assert said in str(error.value)
