"""The table of rules: two readings of every name, right and wrong examples, the page of rules."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.theory.examples import as_written, in_melody, in_voices
from tests.theory.generator import melody_breaks, melody_pays, voices_break
from theory.rules import LANGUAGES, RULES, check_language, check_rules, switched_off
from theory.rules.page import page
from theory.verify import MELODY_READINGS, READINGS, verify_melody, verify_voices
from theory.voices.frame import NoVoicing, lead
from theory.voices.transitions import BANNED, transitions
from theory.voices.voicing import POINT, candidates

VOICES = [name for name, rule in RULES.items() if rule.kind == "voices"]
MELODY = [name for name, rule in RULES.items() if rule.kind == "melody"]
HARD = [name for name in MELODY if RULES[name].binds("strict")]
PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_every_rule_is_read_by_the_verifier():
    assert set(READINGS) == set(VOICES)
    assert set(MELODY_READINGS) == set(MELODY)


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
    assert voices_break(name, *wrong)
    assert not voices_break(name, *right)
    assert {found.rule for found in verify_voices(*wrong, "strict", rules=[name])} == {name}
    assert verify_voices(*right, "strict", rules=[name]) == ()


def led_price(chords, voicings, off):
    """What the optimiser's own tables ask for a row; BANNED or more for one that it never leads."""
    try:
        lead(chords, off=off)
    except NoVoicing:
        return BANNED
    rows = [candidates(chord, "strict", off) for chord in chords]
    numbers = []
    for row, voicing in zip(rows, voicings, strict=True):
        numbers += [number for number in range(len(row)) if row.voicing(number) == voicing]
    if len(numbers) < len(rows):
        return BANNED
    steps = enumerate(pairwise(chords))
    moved = (transitions(*two, "strict", off)[numbers[k], numbers[k + 1]] for k, two in steps)
    return sum(int(row.costs[n]) for row, n in zip(rows, numbers, strict=True)) + sum(moved)


@pytest.mark.parametrize("name", VOICES)
def test_the_optimiser_forbids_what_breaks_a_rule_or_charges_for_it(name):
    """Every rule of part-writing, all the others being switched off."""
    every = frozenset(VOICES)
    wrong, right = in_voices(RULES[name].wrong), in_voices(RULES[name].right)
    with_it, free = led_price(*wrong, every - {name}), led_price(*wrong, every)
    if RULES[name].binds("strict"):
        assert with_it >= BANNED
        assert free < BANNED or name == "range"  # beyond which no voice goes very far
    else:
        assert with_it >= free + round(POINT * RULES[name].weight)
    if name != "diminished-leap":  # charged for every time, what follows not being known
        assert led_price(*right, every - {name}) == led_price(*right, every) < BANNED


@pytest.mark.parametrize("name", VOICES)
def test_a_right_example_of_part_writing_breaks_no_hard_rule(name):
    assert verify_voices(*in_voices(RULES[name].right), "strict") == ()


@pytest.mark.parametrize("name", MELODY)
def test_examples_of_melody(name):
    rule = RULES[name]
    wrong, right = in_melody(rule.wrong), in_melody(rule.right)
    if RULES[name].binds("strict"):
        assert name in melody_breaks(*wrong)
    else:
        assert melody_pays(name, *wrong)
        assert not melody_pays(name, *right)
    assert name not in melody_breaks(*right)
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
