"""The smallest change that turns a decision: against a search of a fine grid, and by itself."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.errors import UserError
from composer.explanation.replay import SearchMemory, counterfactuals
from composer.explanation.replay.search import WORTH_TWO, turned
from composer.table import decide
from tests.composer.explanation.replay.tables import SCALES, pictures, tables
from tests.composer.table.small import table

STEPS = 120
NAMES = st.sampled_from(("first", "second", "third"))
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}


def changed(features, changes, share=1.0):
    """The picture with so much of every change."""
    made = dict(features)
    for feature, by in changes.items():
        made[feature] = SCALES[feature].moved(features[feature], share * by)
    return made


def signed(change):
    """A change in spreads, with its sign, the shorter way round a circle."""
    scale = SCALES[change.feature]
    by = change.new - change.old
    if scale.turn is not None:
        by = (by + scale.turn / 2) % scale.turn - scale.turn / 2
    return by / scale.spread


def no_grid_finds_a_smaller_change_of_one_feature(table, features, name):
    question = table.decisions[name]
    decisions = decide(table, features)
    was = decisions[name].value
    found = counterfactuals(table, features, decisions, name, pairs=False, scales=SCALES)
    least = found[0].size if found else 10.0
    for feature, scale in SCALES.items():
        down, up = scale.room(features[feature])
        for way, room in ((-1, down), (1, up)):
            for step in range(1, STEPS):
                far = room * step / STEPS
                if far >= least * (1 - 1e-9):
                    break
                after = decide(table, changed(features, {feature: way * far}))[name].value
                assert not turned(question, was, after), (feature, way * far, least)


@settings(max_examples=20, **QUIET)
@given(tables(), pictures, NAMES)
def test_every_change_turns_it_and_99_per_cent_does_not(table, features, name):
    question = table.decisions[name]
    decisions = decide(table, features)
    was = decisions[name].value
    for each in counterfactuals(table, features, decisions, name, scales=SCALES):
        changes = {change.feature: signed(change) for change in each.changes}
        after = decide(table, changed(features, changes))[name].value
        assert after == each.after
        assert turned(question, was, after)
        less = decide(table, changed(features, changes, 0.99))[name].value
        assert not turned(question, was, less)
        assert each.size == pytest.approx(sum(map(abs, changes.values())))


def no_grid_finds_a_smaller_change_of_two_features(table, features, name):
    question = table.decisions[name]
    decisions = decide(table, features)
    was = decisions[name].value
    found = counterfactuals(table, features, decisions, name, scales=SCALES)
    least = found[0].size if found else 10.0
    for one, other in itertools.combinations(SCALES, 2):
        for x, y in itertools.product(range(-10, 11), repeat=2):
            if abs(x) + abs(y) > 10:
                continue
            changes = {one: 0.099 * x * least, other: 0.099 * y * least}
            size = 0.99 * least * (abs(x) + abs(y)) / 10
            if size >= WORTH_TWO * least and x and y:
                continue
            after = decide(table, changed(features, changes))[name].value
            assert not turned(question, was, after), (changes, least)


@settings(max_examples=8, **QUIET)
@given(tables(), pictures, NAMES)
def test_no_grid_finds_a_smaller_change(table, features, name):
    no_grid_finds_a_smaller_change_of_one_feature(table, features, name)
    no_grid_finds_a_smaller_change_of_two_features(table, features, name)


@pytest.mark.slow
@settings(max_examples=250, **{**QUIET, "derandomize": False})
@given(tables(), pictures, NAMES)
def test_no_grid_finds_a_smaller_change_on_many_tables(table, features, name):
    no_grid_finds_a_smaller_change_of_one_feature(table, features, name)
    no_grid_finds_a_smaller_change_of_two_features(table, features, name)


def test_what_the_user_decided_is_not_turned():
    features = {"light.lightness": 50.0, "colour.hue": 10.0}
    decisions = decide(table(), features, {"tonic": "C"})
    assert counterfactuals(table(), features, decisions, "tonic") == ()
    with pytest.raises(UserError, match="no decision 'tonc'"):
        counterfactuals(table(), features, decisions, "tonc")
    with pytest.raises(UserError, match="band cannot be 'quartet'"):
        counterfactuals(table(), features, decisions, "band", to="quartet")


def test_whoever_waits_is_told_of_every_area():
    features = {"light.lightness": 50.0, "colour.hue": 10.0}
    decisions = decide(table(), features)
    told = []
    found = counterfactuals(
        table(), features, decisions, "tonic", step=lambda name="", count=1: told.append(count)
    )
    assert found == counterfactuals(table(), features, decisions, "tonic")
    assert len(told) > 1


@settings(max_examples=20, **QUIET)
@given(tables(), pictures)
def test_what_one_search_has_worked_out_changes_nothing_for_the_next(table, features):
    decisions = decide(table, features)
    memory = SearchMemory(table, decisions)
    for name in (*decisions, *decisions):
        alone = counterfactuals(table, features, decisions, name, scales=SCALES)
        after = counterfactuals(table, features, decisions, name, scales=SCALES, memory=memory)
        assert after == alone
