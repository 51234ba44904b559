"""A plan's form: what frames it, its phrases of every length, its line of tension, its layers."""

from functools import lru_cache

import numpy as np
import pytest

from analysis.picture.analyse import analyse
from analysis.picture.load import load
from composer.music.plan import make_plan
from composer.music.vocabulary import vocabulary
from composer.table import decide, load_table, measured
from theory.harmony import forms
from theory.harmony.phrasing import PHRASINGS


@lru_cache(maxsize=1)
def seen():
    rgb = np.zeros((60, 90, 3), np.uint8)
    rgb[:35] = (150, 190, 240)
    rgb[35:] = (20, 60, 120)
    rgb[10:25, 55:70] = (230, 60, 30)
    return analyse(load(rgb, "sea.png")), load_table(None, vocabulary())


@lru_cache(maxsize=256)
def planned(**given):
    analysis, table = seen()
    wishes = {name: str(value) for name, value in given.items()}
    return make_plan(decide(table, measured(analysis), wishes), analysis)


def every(name):
    return [(name, bars) for bars in (16, 24, 48, 80)]


@pytest.mark.parametrize(("form", "bars"), [pair for name in forms.forms() for pair in every(name)])
def test_a_plan_of_any_form_and_length_is_whole(form, bars):
    plan = planned(form=form, bars=bars, introduction="build", coda="leaving")
    bar = plan.metre.bar
    assert [one.start for one in plan.sections] == [0, *(one.end for one in plan.sections)][:-1]
    assert [one.start for one in plan.phrases] == [0, *(one.end for one in plan.phrases)][:-1]
    assert plan.sections[-1].end == plan.phrases[-1].end == plan.bars * bar
    assert (plan.sections[0].kind, plan.sections[-1].kind) == ("introduction", "coda")
    assert len(plan.tension) == plan.bars
    for section in plan.sections:
        assert len(section.layers) == (section.end - section.start) // bar
        assert section.ceiling is not None


@pytest.mark.parametrize("form", list(forms.forms()))
@pytest.mark.parametrize("phrasing", PHRASINGS)
def test_the_line_has_one_peak_at_six_to_eight_and_a_half_tenths(form, phrasing):
    plan = planned(form=form, bars=32, phrasing=phrasing, introduction="vamp", coda="fragment")
    assert max(plan.tension) == 1
    assert plan.tension.count(1) == 1
    place = (plan.tension.index(1) + 0.5) / plan.bars
    assert 0.55 <= place <= 0.85
    assert plan.tension[0] < 0.3 > plan.tension[-1]
    assert plan.phrases[plan.summit].climax // plan.metre.bar == plan.tension.index(1)


def test_the_section_with_the_peak_may_go_higher_than_any_other():
    plan = planned(form="period", bars=48)
    own = plan.section_at(plan.phrases[plan.summit].start)
    assert all(one.ceiling < own.ceiling for one in plan.sections if one != own)


@pytest.mark.parametrize("kind", ["vamp", "pedal", "build"])
def test_an_introduction_that_nobody_sings_has_no_slots_and_no_climax(kind):
    plan = planned(introduction=kind, coda="plagal", bars=32, form="period")
    for phrase in plan.phrases:
        silent = plan.section_at(phrase.start).kind != "statement"
        assert phrase.sung is not silent
        if silent:
            assert (phrase.climax, phrase.upbeat, phrase.breath) == (None, 0, 0)


def test_an_introduction_by_the_motif_is_sung_and_the_motif_stated_in_it():
    first = planned(introduction="motif", form="period", bars=16).phrases[0]
    assert [(slot.motif, slot.action) for slot in first.slots] == [("a", "state")]


def test_no_introduction_and_no_coda_leave_only_what_is_stated():
    plan = planned(introduction="none", coda="none", form="period", bars=16, phrasing="square")
    assert {section.kind for section in plan.sections} == {"statement"}
    assert plan.bars == 16


def test_layers_enter_with_the_tension_and_the_chords_are_silent_before_the_peak():
    plan = planned(form="period", bars=48, phrasing="square", introduction="vamp", coda="leaving")
    bar = plan.metre.bar
    peak = plan.tension.index(1) * bar
    assert plan.plays("chords", peak)
    assert not plan.plays("chords", peak - bar)
    assert plan.plays("melody", peak - bar)
    assert plan.plays("bass", peak - bar)
    stated = [one for one in plan.sections if one.kind == "statement"]
    calm, tense = stated[0], plan.section_at(peak)
    assert sum(map(len, calm.layers)) / len(calm.layers) < max(map(len, tense.layers))


def test_wherever_somebody_sings_the_bass_plays_too():
    for form in forms.forms():
        for introduction in forms.book().introductions:
            plan = planned(form=form, bars=32, introduction=introduction, coda="fragment")
            for phrase in plan.phrases:
                if phrase.sung:
                    ticks = range(phrase.start, phrase.end, plan.metre.bar)
                    assert all(plan.plays("bass", tick) for tick in ticks)


def test_loudness_follows_the_line_and_not_the_place_in_the_phrase():
    plan = planned(form="period", bars=48, phrasing="square", dynamics=74, dynamic_range=30)
    loudest = max(plan.dynamics, key=lambda point: point[1])
    assert abs(loudest[0] // plan.metre.bar - plan.tension.index(1)) <= 1


def test_what_is_held_in_another_key_stays_in_it():
    plan = planned(form="ternary", bars=40, phrasing="echoed", middle_key="dominant")
    for before, phrase in zip(plan.phrases, plan.phrases[1:], strict=False):
        if phrase.cadence == "held":
            assert phrase.key == before.key
