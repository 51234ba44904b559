"""Every mode, cadence, progression and hard rule has a pair, and the verifier says why."""

import re
import subprocess
import sys

import pytest
from click import unstyle

from composer.errors import UserError
from composer.lessons import table
from composer.lessons.lessons import KINDS, entries, lesson, names
from composer.lessons.text import view
from composer.lessons.values import METRE
from theory.harmony import family
from theory.rules import RULES
from theory.scale import MODES

EVERY = [(kind, name) for kind in KINDS for name in names(kind)]


@pytest.fixture(params=EVERY, ids=lambda one: f"{one[0]} {one[1]}")
def pair(request):
    return lesson(*request.param)


def test_every_mode_cadence_family_and_rule_has_a_lesson():
    assert set(names("mode")) == set(MODES)
    assert set(names("cadence")) >= set(family.KINDS)
    assert set(names("cadence")) >= {"dorian", "mixolydian", "lydian", "aeolian", "phrygian"}
    assert set(names("progression")) >= set(family.families())
    patterns = {name for one in family.families().values() for name in one.patterns}
    assert all(lesson("progression", pattern) for pattern in patterns)
    assert set(names("rule")) >= {name for name, rule in RULES.items() if rule.hard}


def test_two_sentences_and_two_different_examples_of_whole_bars(pair):
    assert all(re.fullmatch(r"[A-ZÀ-Ý].*\.", sentence) for sentence in pair.says)
    assert len(set(pair.says)) == 2
    first, second = pair.pair
    assert (first.spans, first.tune) != (second.spans, second.tune)
    for example in pair.pair:
        assert example.end % METRE.bar == 0
        assert example.spans[0].start == 0
        assert all(a.end == b.start for a, b in zip(example.spans, example.spans[1:], strict=False))
        assert not example.tune or example.tune[-1].end == example.end


def test_the_first_example_is_clean_and_the_second_breaks_what_is_said(pair):
    kept, broken = ({one.rule for one in example.findings} for example in pair.pair)
    assert not kept
    if pair.kind == "rule" and pair.name in entries("rule"):
        assert broken == {pair.name}
    elif pair.kind == "rule":
        assert pair.name in broken
    else:
        assert broken == set(entries(pair.kind).get(pair.name, {}).get("breaks", ()))


def test_broken_notes_are_marked_in_the_text(pair):
    text = unstyle(view(pair))
    assert all(len(line) <= 80 for line in text.splitlines())
    assert ("Broken: " in text) == ("*" in text) == bool(pair.pair[1].findings)
    assert "no rule of the" in text


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_the_table_s_own_examples_make_a_lesson_too(rule):
    """They serve where nothing better is written; a wrong one may break other rules as well."""
    kept, broken = ({one.rule for one in example.findings} for example in table.pair(rule))
    assert not kept
    assert rule.name in broken
    assert table.sentence(rule).endswith(".")


@pytest.mark.parametrize("name", [n for n in entries("rule") if RULES[n].kind == "voices"])
def test_a_rule_of_voices_is_broken_by_at_most_a_chord(name):
    """As little as can be differs, so that nothing else is heard."""
    kept, broken = lesson("rule", name).pair
    changed = [a for a, b in zip(kept.spans, broken.spans, strict=True) if a != b]
    assert len(changed) == 1


@pytest.mark.parametrize("name", [n for n in entries("rule") if RULES[n].kind == "melody"])
def test_a_rule_of_melody_is_broken_over_the_same_chords(name):
    kept, broken = lesson("rule", name).pair
    assert kept.spans == broken.spans
    assert kept.tune[0] == broken.tune[0]


@pytest.mark.parametrize("name", [n for n in names("mode") if not n.endswith("pentatonic")])
def test_a_mode_and_its_neighbour_differ_by_few_degrees(name):
    kept, other = lesson("mode", name).pair
    assert (kept.key.mode.name, kept.key.tonic) == (name, other.key.tonic)
    if len(kept.key.notes) == 7:
        degrees = sum(a != b for a, b in zip(kept.key.notes, other.key.notes, strict=True))
        assert degrees == 1
    assert [n.pitch.step for n in kept.tune] == [n.pitch.step for n in other.tune]
    assert kept.tune != other.tune


def test_the_versions_of_a_cadence_begin_alike():
    for name in names("cadence"):
        kept, other = lesson("cadence", name).pair
        shared = len(entries("cadence")[name]["opening"]["chords"].split())
        for a, b in zip(kept.spans[:shared], other.spans[:shared], strict=True):
            assert (a.chord, a.voicing.soprano, a.voicing.bass) == (
                b.chord,
                b.voicing.soprano,
                b.voicing.bass,
            )
        assert kept.spans[shared:] != other.spans[shared:]


def test_names_are_found_however_they_are_written():
    assert lesson("rule", "Parallel Fifths") == lesson("rule", "parallel-fifths")
    assert lesson("mode", "harmonic-minor").name == "harmonic minor"


def test_what_there_is_not_is_named_with_the_nearest():
    with pytest.raises(UserError, match=r"no mode 'dorain'. Did you mean dorian?"):
        lesson("mode", "dorain")
    with pytest.raises(UserError, match=r"no cadence 'xyz'. Choose from authentic, "):
        lesson("cadence", "xyz")
    with pytest.raises(UserError, match=r"no lessons on 'chord'. Choose from mode, cadence"):
        lesson("chord", "tonic")


def test_another_library_names_what_is_heard_but_for_rules():
    for kind, name in EVERY:
        pair = lesson(kind, name)
        assert pair.lore.startswith("mingus, another library, ") == (kind != "rule"), (kind, name)
        assert ("mingus" in view(pair)) == (kind != "rule")


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("mode", "dorian", "calls this scale D dorian; its signature is that of C major. It calls"),
        ("mode", "melodic minor", "calls this scale C Bachian; its signature is that of E♭ major."),
        (
            "mode",
            "minor pentatonic",
            "has no name for this scale; its signature is that of G major",
        ),
        ("progression", "german sixth", "E major triad. It has no name for Ger65."),
        ("progression", "french sixth", "second inversion (we say F French sixth)"),
        (
            "cadence",
            "half",
            "D minor triad, first inversion (but takes it first for F major sixth)",
        ),
        ("cadence", "deceptive", "F major triad, G dominant seventh and A minor triad."),
    ],
)
def test_it_is_told_truly_where_it_differs(kind, name, said):
    assert said in lesson(kind, name).lore


def test_that_library_is_loaded_for_words_only():
    code = "import composer, sys; composer.lesson('mode', 'dorian'); print('mingus' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
