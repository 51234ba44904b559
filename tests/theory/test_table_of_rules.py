"""The table of rules: two readings of every name, right and wrong examples, the page of rules."""

import re
from pathlib import Path

import pytest

from tests.theory.examples import as_written, in_melody, in_voices
from theory.rules import LANGUAGES, RULES, check_language, check_rules, switched_off
from theory.rules.page import page
from theory.verify import MELODY_READINGS, READINGS, verify_melody, verify_voices
from theory.voices.predicates import OF_MELODY, OF_VOICES, melody_breaks

VOICES = [name for name, rule in RULES.items() if rule.kind == "voices"]
MELODY = [name for name, rule in RULES.items() if rule.kind == "melody"]
HARD = [name for name in MELODY if RULES[name].binds("strict")]
PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_every_rule_is_read_twice():
    assert set(OF_VOICES) == set(READINGS) == set(VOICES)
    assert set(OF_MELODY) == set(MELODY_READINGS) == set(MELODY)


def test_every_entry_is_whole():
    for rule in RULES.values():
        assert rule.sentence.endswith(".")
        assert rule.source
        assert rule.hard <= set(LANGUAGES)
        assert rule.hard == set(LANGUAGES) or rule.weight > 0
        assert all(figure in RULES for figure in rule.figures)


@pytest.mark.parametrize("name", VOICES)
def test_examples_of_part_writing(name):
    rule = RULES[name]
    wrong, right = in_voices(rule.wrong), in_voices(rule.right)
    assert OF_VOICES[name](*wrong)
    assert not OF_VOICES[name](*right)
    assert {found.rule for found in verify_voices(*wrong, "strict", rules=[name])} == {name}
    assert verify_voices(*right, "strict", rules=[name]) == ()


@pytest.mark.parametrize("name", VOICES)
def test_a_right_example_of_part_writing_breaks_no_hard_rule(name):
    assert verify_voices(*in_voices(RULES[name].right), "strict") == ()


@pytest.mark.parametrize("name", MELODY)
def test_examples_of_melody(name):
    rule = RULES[name]
    wrong, right = in_melody(rule.wrong), in_melody(rule.right)
    assert OF_MELODY[name](*wrong)
    assert not OF_MELODY[name](*right)
    found = verify_melody(*as_written(*wrong), rules=[name])
    assert {fault.rule for fault in found} == {name}
    assert verify_melody(*as_written(*right), rules=[name]) == ()


@pytest.mark.parametrize("name", MELODY)
def test_a_right_example_of_melody_breaks_no_hard_rule(name):
    right = in_melody(RULES[name].right)
    assert melody_breaks(*right) == frozenset()
    assert verify_melody(*as_written(*right)) == ()


def test_a_general_rule_takes_its_figures_with_it():
    assert switched_off(["strong-beat-dissonance"]) == {
        "strong-beat-dissonance",
        "melodic-suspension",
        "appoggiatura",
    }
    assert switched_off(["range"]) == {"range"}


def test_unknown_names_are_told_the_nearest():
    with pytest.raises(ValueError, match=r"language: there is no 'strikt'; did you mean 'strict'"):
        check_language("strikt")
    with pytest.raises(ValueError, match=r"off: .*did you mean 'parallel-fifths'\?"):
        check_rules("off", ["paralel-fifths"])
    with pytest.raises(ValueError, match="rules takes several names"):
        check_rules("rules", "range")
    with pytest.raises(ValueError, match="there is no 'compass'"):
        check_rules("rules", ["compass"], "voices")


def test_the_page_of_rules_is_written_from_the_table():
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m theory.rules.page > docs/rules.md"
    assert all(f"### {name}\n" in page() for name in RULES)


MAKERS = (
    "voicing", "singles", "pairs", "motion", "transitions", "frame", "conflict", "kbest",
    "predicates", "melody",
)  # fmt: skip


def test_generator_and_verifier_share_no_module():
    """What the import linter holds, read off the files: a wall between two readings."""
    room = Path(__file__).parents[2] / "theory"
    verifier = {*(room / "verify").glob("*.py")}
    makers = {*(room / "melody").glob("*.py")} | {room / f"{name}.py" for name in MAKERS[:-1]}
    assert len(verifier) > 3
    for path in verifier:
        assert not re.search(rf"theory\.({'|'.join(MAKERS)})\b", _code(path))
    for path in makers:
        assert "theory.verify" not in _code(path)


def _code(path):
    """A module's import lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.startswith(("import ", "from ")))
