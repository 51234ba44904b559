"""The mood of music by its table: exact for one, the same for many, and of what is known alone."""

from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import composer
from analysis.music.catalogue import MUSIC
from composer.commands.promenade import promenade
from composer.errors import UserError
from composer.hearing.mood import AXES, axes, load_mood_table, mood, strengths
from composer.music.vocabulary import of_music, vocabulary, vocabulary_of
from composer.table import load_table, survey
from composer.table.conditions import Chosen

TABLE = load_mood_table()
HEARD = {term.feature for term in TABLE.terms.values()} - set(TABLE.decisions)
values = st.fixed_dictionaries(
    {},
    optional={name: st.floats(MUSIC[name].feature.low, MUSIC[name].feature.high) for name in HEARD},
)


def test_the_table_is_sound_and_wastes_nothing():
    table, waste = survey("music", of_music())
    assert [str(fault) for fault in waste] == []
    assert list(table.decisions) == ["valence", "arousal", "mood"]
    for rule in table.rules:
        assert rule.evidence.source in table.sources


@given(values)
def test_shares_sum_exactly_and_many_at_once_are_the_same(features):
    made = mood(TABLE, features)
    for axis in AXES:
        assert sum(share.amount for share in made[axis].shares) == made[axis].value
    many = {name: np.array([value, np.nan]) for name, value in features.items()}
    found = axes(TABLE, many, 2)
    assert found[0] == pytest.approx([made.number(axis) for axis in AXES], abs=1e-9)
    assert found[1] == pytest.approx([mood(TABLE, {}).number(axis) for axis in AXES], abs=1e-9)


OWN = """
promenade: 2
name: own
extends: music
terms:
  major: {feature: harmony.majorness, from: -0.2, to: 0.2}
  quick: {feature: time.onset_rate, points: [[1, 0], [3, 0.25], [8, 1]]}
  round: {feature: harmony.majorness, at: 0.1, within: 0.3, turn: 0.7}
  around: {feature: harmony.majorness, points: [[-0.2, 0], [0.1, 1]], turn: 0.6}
  glad: {feature: valence, from: -0.2, to: 0.6}
decisions:
  valence: {number: [-1, 1], start: 0.1, step: 0.05}
rules:
  - {id: a, then: {valence: 0.05, mood: {serene: 0.2}}, because: It is so.}
  - {id: b, when: {any: [round, very major]}, then: {valence: 0.5}, because: It is so.}
  - id: c
    when: {all: [not around, quick]}
    then: {valence: -0.4, mood: {sombre: 0.5}}
    because: It is so.
  - {id: d, when: somewhat glad, then: {mood: {joyful: 0.6}, arousal: 0.2}, because: It is so.}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    return load_mood_table(str(path))


@given(st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(0, 12)), min_size=1, max_size=9))
def test_all_that_a_table_can_say_is_the_same_for_many_at_once(own, rows):
    """Circles, rules that hold always, numbers decided earlier, steps."""
    names = ("harmony.majorness", "time.onset_rate")
    many = {name: np.array([row[n] for row in rows]) for n, name in enumerate(names)}
    one = [mood(own, dict(zip(names, row, strict=True))) for row in rows]
    wanted = [[made.number(axis) for axis in AXES] for made in one]
    assert axes(own, many, len(rows)) == pytest.approx(np.array(wanted), abs=1e-9)
    held = strengths(own, many, len(rows))
    for number, made in enumerate(one):
        for rule in "abcd":
            assert held[rule][number] == pytest.approx(float(made.strengths[rule]), abs=1e-9)


def test_a_choice_can_be_a_condition_for_many_at_once():
    """Of the two that come out joyful and sombre the rule speaks for one."""
    when = Chosen("mood", ("joyful", "heroic"))
    rule = replace(TABLE.rules[0], id="e", when=when, adds={}, votes={})
    table = replace(TABLE, rules=(*TABLE.rules, rule))
    rows = [(0.3, 7.0, 100.0), (-0.3, 1.0, 40.0)]
    names = ("harmony.majorness", "time.onset_rate", "loudness.velocity")
    many = {name: np.array([row[n] for row in rows]) for n, name in enumerate(names)}
    one = [mood(table, dict(zip(names, row, strict=True))).choice("mood") for row in rows]
    held = strengths(table, many, len(rows))["e"].tolist()
    assert held == [float(name in ("joyful", "heroic")) for name in one] == [1.0, 0.0]


def test_a_table_with_a_circle_finds_music(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "promenade: 2\nname: mine\nextends: music\nterms:\n"
        "  home: {feature: harmony.majorness, at: 0, within: 0.2, turn: 2}\nrules:\n"
        "  - {id: home-calms, when: home, then: {arousal: -0.1}, because: It is so.}\n"
        "  - {id: ever-glad, then: {valence: +0.05}, because: It is so.}\n"
    )
    assert survey(str(path), of_music())[1] == ()
    assert composer.recommend("sample:china", top=1, hearing=str(path))


def test_what_is_not_measured_has_no_part():
    rules = {share.rule for share in mood(TABLE, {"harmony.majorness": -0.2})["valence"].shares}
    assert "minor-key" in rules
    assert "quick-notes" not in rules


def test_fast_loud_and_major_against_slow_soft_and_minor():
    one = {"time.onset_rate": 7, "loudness.velocity": 100, "harmony.majorness": 0.3}
    other = {"time.onset_rate": 1, "loudness.velocity": 50, "harmony.majorness": -0.3}
    bright, dark = mood(TABLE, one), mood(TABLE, other)
    for axis in AXES:
        assert bright.number(axis) > 0 > dark.number(axis)
    assert bright.choice("mood") in ("joyful", "heroic")
    assert dark.choice("mood") in ("melancholy", "sombre")


def test_every_mood_can_be_heard():
    grid = {
        mood(
            TABLE, {"time.onset_rate": rate, "harmony.majorness": major, "pitch.melody": high}
        ).choice("mood")
        for rate in (0.5, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
        for major in (-0.4, -0.2, -0.1, 0, 0.1, 0.2, 0.4)
        for high in (50, 60, 65, 70, 75, 85)
    }
    assert len(grid) >= 8


def test_the_table_can_be_extended_and_takes_no_pictures(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "promenade: 2\nname: mine\nextends: music\nrules:\n"
        "  - id: minor-key\n    then: {valence: -1.0}\n"
    )
    assert vocabulary_of(str(mine)).of_music
    table = load_table(str(mine), vocabulary_of(str(mine)))
    sad = {"harmony.majorness": -0.28}
    assert mood(table, sad).number("valence") < mood(TABLE, sad).number("valence")
    for name in ("music", str(mine)):
        with pytest.raises(UserError, match="decides no music"):
            load_table(name, vocabulary())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "music"], "music is sound"),
        (["list", "music", "--decision", "arousal"], "quick-notes"),
        (["list", "music", "--terms"], "time.onset_rate"),
        (["show", "minor-key", "--rules", "music"], "Minor is heard as sad."),
        (["diff", "music", "music"], "decide everything alike"),
    ],
)
def test_the_commands_for_rules_know_it(arguments, said):
    found = CliRunner().invoke(promenade, ["rules", *arguments])
    assert found.exit_code == 0
    assert said in found.output
