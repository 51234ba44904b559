"""Whole pieces under decisions of every kind, the melody sung by rules: none fails, and nothing
moves that need not."""

import pytest

import composer
from composer.pipeline import compose_decided
from composer.settings import Settings
from composer.table import decide
from tests.whole.pieces import check_piece, random_analysis, written

FEW, MANY = 60, 2000


def piece_of(analysis, default_table, seed=0, **overrides):
    decisions = decide(default_table, analysis.features, overrides)
    return compose_decided(analysis, default_table, decisions, Settings(seed=seed, melody="rules"))


def compose(picture, **how):
    return composer.compose(picture, melody="rules", **how)


@pytest.mark.parametrize("chunk", range(4))
def test_random_features_give_a_piece(chunk, default_table, china_analysis):
    for index in range(chunk, FEW, 4):
        check_piece(piece_of(random_analysis(china_analysis, index), default_table, seed=index))


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(20))
def test_two_thousand_random_features_give_a_piece(chunk, default_table, china_analysis):
    for index in range(chunk, MANY, 20):
        check_piece(piece_of(random_analysis(china_analysis, index), default_table, seed=index))


def sung_by_all(piece):
    """What is written, the melody as one line: with another instrument another may share it."""
    found = written(piece)
    shared = found["melody"] + found.pop("second-melody", [])
    return found | {"melody": sorted(shared, key=lambda note: note[0]), "doubling": []}


@pytest.mark.parametrize(
    "change",
    [
        {"tempo": "61"},
        {"tempo": "152"},
        {"melody_instrument": "oboe"},
        {"chord_instrument": "harp"},
    ],
)
def test_another_tempo_or_instrument_moves_no_note(
    change, china, china_features, flower, flower_features
):
    for piece, features in ((china, china_features), (flower, flower_features)):
        assert sung_by_all(compose(features, overrides=change)) == sung_by_all(piece)


def test_another_seed_sings_another_melody_over_the_same_plan(china, china_features):
    other = compose(china_features, seed=1)
    assert china.seed == 0
    assert china.plan == other.plan
    assert china.decisions == other.decisions
    assert written(china)["melody"] != written(other)["melody"]


def test_the_same_call_gives_the_same_piece():
    first, second = compose("sample:flower", seed=5), compose("sample:flower", seed=5)
    assert first.analysis.features == second.analysis.features
    assert (first.harmony, first.parts, first.checks) == (
        second.harmony,
        second.parts,
        second.checks,
    )


@pytest.mark.parametrize(
    "mode", ["lydian", "ionian", "mixolydian", "dorian", "aeolian", "phrygian"]
)
@pytest.mark.parametrize("metre", ["2/4", "3/4", "4/4", "5/4", "6/8", "9/8", "12/8"])
def test_every_mode_goes_with_every_metre(mode, metre, flower_features):
    piece = compose(flower_features, overrides={"mode": mode, "metre": metre})
    assert (piece.plan.key.mode.name, piece.plan.metre.name) == (mode, metre)
    check_piece(piece)


@pytest.mark.parametrize(
    "name", ["valence", "arousal", "dissonance", "density", "syncopation", "harmonic_rhythm"]
)
def test_decisions_may_stand_at_either_end_of_their_range(name, default_table, china_features):
    question = default_table.decisions[name]
    for end in (question.low, question.high):
        check_piece(compose(china_features, overrides={name: str(end)}))
