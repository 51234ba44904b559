"""`promenade count`: what a class reads there is so."""

import pytest
from click.testing import CliRunner

from cli import promenade
from composer.errors import UserError
from composer.lessons.counting import PATTERNS, count_tunes
from tests.theory.melody.walking import admitted
from theory.melody import Automaton
from theory.rules import RULES
from theory.scale import MODES


def test_a_rule_forbids_the_tunes_that_are_legal_only_without_it():
    found = count_tunes(bars=2, metre="2/4", compass="C4 C5")
    assert {each.rule for each in found.rules} == {
        name for name, rule in RULES.items() if rule.kind == "melody"
    }
    for each in found.rules:
        assert 0 < each.kept <= each.without
        if each.hard:
            assert each.kept == found.total
            again = count_tunes(bars=2, metre="2/4", compass="C4 C5", without=[each.rule])
            assert again.total == each.without


def test_it_counts_what_the_automaton_admits_one_by_one():
    found = count_tunes(bars=2, metre="2/4", compass="C4 C5")
    every = [
        tune
        for tune in admitted(Automaton(found.context))
        if all(event.pitch is not None for event in tune)
    ]
    assert len(every) == found.total
    assert found.tune in every


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_a_phrase(mode):
    assert set(PATTERNS) < set(MODES)
    assert count_tunes(f"D {mode}", "6/8", 2).total > 10


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"key": "C doran"}, "did you mean 'dorian'"),
        ({"without": ["compas"]}, "did you mean 'compass'"),
        ({"metre": "7/8"}, "metre: there is no '7/8'"),
        ({"bars": 9}, "bars must be from 1 to 8, not 9"),
        ({"compass": "C4"}, "as in 'C4 G5'"),
        ({"chords": "I Q"}, "no Roman numeral"),
        ({"compass": "C#4 D#4"}, "cannot be led"),
    ],
)
def test_what_cannot_be_counted_is_said(options, sentence):
    with pytest.raises(UserError, match=sentence):
        count_tunes(**options)


def test_the_command():
    result = CliRunner().invoke(promenade, ["count", "--bars", "2", "--metre", "2/4"])
    assert result.exit_code == 0
    assert "strong-beat-dissonance" in result.output
    assert "forbids" in result.output
    refused = CliRunner().invoke(promenade, ["count", "--key", "X"])
    assert refused.exit_code == 2
