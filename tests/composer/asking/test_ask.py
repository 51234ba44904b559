"""What is asked for, as decisions: wishes are rules, a length keeps the tempo."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from composer.asking import ask
from composer.errors import UserError
from composer.explanation.document import explanation, to_json
from composer.explanation.stored import stored
from composer.pipeline import compose_decided
from composer.render.rendering import Rendering
from composer.settings import Settings
from theory.harmony import forms
from theory.harmony.lengths import exactly
from theory.harmony.phrasing import PHRASINGS


def composed(table, analysis, **given):
    settings = Settings(melody="rules", **given)
    asked = ask(table, analysis, settings)
    return compose_decided(analysis, asked.table, asked.decisions, settings, exact=asked.exact)


def midi(piece):
    return Rendering(piece).midi


def test_a_wish_is_a_rule_with_a_share_and_says_so(default_table, china_analysis):
    plain = ask(default_table, china_analysis, Settings()).decisions
    happier = ask(default_table, china_analysis, Settings(make=["happier"])).decisions
    (share,) = [s for s in happier["valence"].shares if s.rule == "you-asked-for-happier"]
    assert share.amount == Decimal("0.3")
    assert share.because.startswith("You asked for happier. ")
    assert happier["valence"].value > plain["valence"].value
    for made in happier.values():
        if not isinstance(made.value, str):
            assert sum(s.amount for s in made.shares) == made.value


def test_opposite_wishes_cancel_to_the_same_bytes(default_table, china_analysis):
    plain = composed(default_table, china_analysis)
    both = composed(default_table, china_analysis, make=["much louder", "softer", "softer"])
    assert midi(both) == midi(plain)
    assert midi(composed(default_table, china_analysis, make=["louder"])) != midi(plain)


def test_faster_is_faster_where_the_tempo_was_held_by_how_long_it_lasts(
    default_table, china_analysis
):
    held = {"overrides": {"metre": "2/4", "arousal": 1, "valence": 1}}
    plain = ask(default_table, china_analysis, Settings(**held)).decisions
    for way, wish in ((1, "faster"), (-1, "slower")):
        made = ask(default_table, china_analysis, Settings(make=[wish], **held)).decisions
        assert way * (made.number("tempo") - plain.number("tempo")) > 0


@pytest.mark.parametrize("length", ["20s", "45s", "2min", "4min", "33bars", "100bars"])
def test_a_length_lands_and_the_tempo_stays(default_table, china_analysis, length):
    plain = composed(default_table, china_analysis)
    piece = composed(default_table, china_analysis, length=length)
    assert piece.plan.performance.rate == plain.plan.performance.rate
    bar = piece.plan.metre.beats * 60 / piece.plan.performance.rate
    if length.endswith("bars"):
        assert piece.plan.bars == int(length[:-4])
    else:
        wished = Settings(length=length).wished_length.seconds
        assert abs(piece.seconds - wished) <= max(0.08 * wished, bar / 2)
    assert not [check.rule for check in piece.checks if check.hard and check.count]


def test_a_short_piece_has_the_introduction_that_was_asked_for(default_table, china_analysis):
    bare, framed = (
        composed(default_table, china_analysis, length="20s", overrides=own)
        for own in ({}, {"introduction": "vamp"})
    )
    assert (bare.plan.introduction, bare.plan.coda) == ("none", "none")
    assert (framed.plan.introduction, framed.plan.coda) == ("vamp", "none")
    bar = framed.plan.metre.beats * 60 / framed.plan.performance.rate
    assert abs(framed.seconds - 20) <= bar


def test_bars_set_by_hand_are_had_off_the_grid(default_table, china_analysis):
    piece = composed(default_table, china_analysis, overrides={"bars": 53})
    stated = [s for s in piece.plan.sections if s.kind not in ("introduction", "coda")]
    assert sum(s.end - s.start for s in stated) == 53 * piece.plan.metre.bar
    with pytest.raises(UserError, match="bars cannot be 2"):
        composed(default_table, china_analysis, overrides={"bars": 2})


def test_two_ways_to_say_how_long_are_one_too_many():
    with pytest.raises(UserError, match="both say how long"):
        Settings(length="2min", make=["longer"])
    with pytest.raises(UserError, match="both say how long"):
        Settings(length="2min", overrides={"bars": 40})


def test_what_was_asked_for_is_decided_again_from_the_file(default_table, china_analysis):
    piece = composed(default_table, china_analysis, make=["much stranger"], length="90s")
    again = stored(json.loads(to_json(explanation(piece))))
    assert {n: m.value for n, m in again.decisions.items()} == {
        name: made.value for name, made in piece.decisions.items()
    }


@pytest.mark.parametrize("form", [*forms.forms()])
@pytest.mark.parametrize("phrasing", PHRASINGS)
def test_a_form_has_just_so_many_bars(form, phrasing):
    for bars in (*range(3, 40), 64, 81, 150, 333):
        layout = exactly(forms.book(), form, bars, phrasing)
        assert layout.bars == bars
        assert len({section.name for section in layout.sections}) == len(layout.sections)
