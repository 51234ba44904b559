"""A choice that is set by hand brings with it what it means for the numbers before it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from composer.errors import UserError
from composer.music.vocabulary import vocabulary
from composer.table import decide, measured, survey
from tests.composer.table.small import TEXT, table


@pytest.fixture(scope="module")
def features(china_analysis):
    return measured(china_analysis)


def test_a_mood_set_by_hand_moves_the_music(default_table, features):
    joyful = decide(default_table, features, {"mood": "joyful"})
    sombre = decide(default_table, features, {"mood": "sombre"})
    assert joyful["valence"].value == Decimal("0.35")
    assert sombre["valence"].value == Decimal("-0.35")
    assert joyful.number("tempo") > sombre.number("tempo")
    assert joyful.number("register") > sombre.number("register")
    (share,) = joyful["valence"].shares
    assert (share.rule, share.amount) == ("you", Decimal("0.35"))
    assert share.because == "you asked for mood joyful, whose valence this is"


def test_what_is_typed_outranks_what_a_choice_means(default_table, features):
    made = decide(default_table, features, {"mood": "joyful", "valence": "-1"})
    assert made["valence"].value == -1
    assert made["valence"].shares[0].because == "you said so"
    assert made["arousal"].value == Decimal("0.2")


def test_a_mood_that_the_rules_chose_moves_nothing(default_table, features):
    made = decide(default_table, features)
    assert [share.rule for share in made["valence"].shares] != ["you"]


def test_every_mood_has_its_place_and_the_places_differ(default_table):
    question = default_table.decisions["mood"]
    assert question.means is not None
    assert {*question.means} == {*question.choices}
    places = [tuple(sorted(place.items())) for place in question.means.values()]
    assert len({*places}) == len(places)


def test_an_unknown_mood_is_refused_with_the_nearest(default_table, features):
    with pytest.raises(UserError, match="joyful"):
        decide(default_table, features, {"mood": "joyfull"})


@pytest.mark.parametrize(
    ("typed", "own"), [("G#", "Ab"), ("Gb", "F#"), ("E♭", "Eb"), ("Cb", "B"), ("D", "D")]
)
def test_a_tonic_may_be_typed_as_its_enharmonic(default_table, features, typed, own):
    assert decide(default_table, features, {"tonic": typed})["tonic"].value == own


def test_what_is_no_note_is_refused_all_the_same(default_table, features):
    with pytest.raises(UserError, match="tonic cannot be 'H'"):
        decide(default_table, features, {"tonic": "H"})


def test_a_rule_without_when_holds_always():
    text = TEXT.replace("    when: light\n    then: {valence: +0.45", "    then: {valence: +0.45")
    made = decide(table(text), {"light.lightness": 10.0, "colour.hue": 0.0})
    (share,) = [s for s in made["valence"].shares if s.rule == "light-pleases"]
    assert (share.strength, share.amount) == (1, Decimal("0.45"))


def test_a_rule_without_when_is_checked_and_wastes_nothing(tmp_path):
    path = tmp_path / "mine.yaml"
    rules = "rules:\n  - {id: ever, then: {tempo: +5, mode: {dorian: 0.2}}, because: I like it.}\n"
    path.write_text(f"promenade: 2\nname: mine\nextends: default\n{rules}", encoding="utf-8")
    table, waste = survey(str(path), vocabulary())
    assert table.rules[-1].id == "ever"
    assert waste == ()
