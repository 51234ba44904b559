"""Rules switched off: nothing else is broken, and the explanation says what was."""

from dataclasses import replace

import pytest

from composer import compose
from composer.errors import UserError
from composer.explanation.document import explanation
from composer.explanation.layout import times, unstyle
from composer.explanation.text import summary, view
from composer.settings import Settings
from theory.rules import RULES

SHORT = {"bars": "16", "language": "strict"}


@pytest.mark.parametrize("rule", RULES)
def test_any_one_rule_can_be_left_out_and_all_others_hold(rule):
    piece = compose("sample:flower", overrides=SHORT, without=[rule], melody="rules")
    assert piece.plan.off == {rule}
    assert {check.rule for check in piece.checks if check.off} == {rule, *RULES[rule].figures}
    assert not [check.rule for check in piece.checks if check.hard and check.count]


@pytest.mark.parametrize("rule", ["strong-beat-dissonance", "dissonance-left-by-step"])
@pytest.mark.parametrize("seed", range(3))
def test_a_dissonance_that_is_free_is_a_note_to_arrive_at(rule, seed):
    """What leads to it, or comes from it, is judged as if it were a chord tone."""
    free = {"language": "popular", "mode": "harmonic minor", "dissonance": "1"}
    piece = compose("sample:flower", overrides=free, seed=seed, without=[rule], melody="rules")
    assert not [check.rule for check in piece.checks if check.hard and check.count]


def test_all_the_rules_of_voices_can_be_left_out_at_once():
    voices = [name for name, rule in RULES.items() if rule.kind == "voices" and name != "range"]
    piece = compose("sample:china", overrides=SHORT, without=voices, melody="rules")
    assert not [check.rule for check in piece.checks if check.hard and check.count]


def test_what_it_forbids_is_heard_and_said():
    strict = {"overrides": {"language": "strict"}, "melody": "rules"}
    kept = compose("sample:flower", **strict)
    piece = compose("sample:flower", **strict, without=["crossing", "parallel-fifths"])
    count = {check.rule: check.count for check in piece.checks}["parallel-fifths"]
    assert count > 0
    assert {check.rule: check.count for check in kept.checks}["parallel-fifths"] == 0
    document = explanation(piece)
    assert document["plan"]["rules_off"] == ["crossing", "parallel-fifths"]
    row = next(row for row in document["checks"] if row["rule"] == "parallel-fifths")
    assert (row["off"], row["hard"], row["count"]) == (True, False, count)
    often = times(count)
    assert f"You switched off parallel-fifths: broken {often}" in " ".join(
        unstyle(view(document)).split()
    )
    assert f"Without parallel-fifths: it is broken {often}, " in summary(piece)
    assert "Without crossing: it is not broken even so" in summary(piece)


@pytest.mark.parametrize("rule", ["parallel-fifths", "melodic-interval"])
def test_a_rule_left_out_reshuffles_nothing(rule):
    kept, piece = (
        compose("sample:flower", overrides=SHORT, without=off, melody="rules")
        for off in ((), (rule,))
    )
    assert [s.chord for s in piece.harmony.spans] == [s.chord for s in kept.harmony.spans]
    assert replace(piece.plan, off=frozenset()) == kept.plan
    assert "Without" not in summary(kept)


def test_an_unknown_rule_is_named_with_the_nearest():
    with pytest.raises(UserError, match=r"no rule 'paralel-fifths'. Did you mean parallel-fifths"):
        Settings(without=("paralel-fifths",))
    with pytest.raises(UserError, match=r"no rule 'xyz'. The rules are range, spacing"):
        Settings(without=("xyz",))
