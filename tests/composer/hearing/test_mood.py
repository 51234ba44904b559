"""The mood of music by its table: exact for one, the same for many, and of what is known alone."""

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from analysis.music.catalogue import MUSIC
from composer.commands.promenade import promenade
from composer.errors import UserError
from composer.hearing.mood import AXES, axes, load_mood_table, mood
from composer.music.vocabulary import of_music, vocabulary, vocabulary_of
from composer.table import load_table, survey

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
