"""Every rule of part-writing by a wrong and a right example, read twice; and music21's reading."""

import pytest
from hypothesis import given, settings

from tests.theory.strategies import pitches, steps
from theory.chord import Chord
from theory.motion import MOTION_RULES, breaks, broken, moves
from theory.pitch import Pitch
from theory.rules import RULES
from theory.scale import Key
from theory.verify import READINGS, verify_voices
from theory.voicing import VOICING_RULES, Parts, Voicing, admissible_voicing, voicing_breaks

C = Key.of("C", "ionian")
VOICES = [rule.name for rule in RULES.values() if rule.kind == "voices"]

# Chord and voicing, soprano first; then the next chord and voicing. In C major.
WRONG = {
    "range": ("I", "C6 G5 E5 C4", None, None),
    "spacing": ("I", "E5 C4 G3 C3", None, None),
    "crossing": ("I", "C5 G3 E4 C3", None, None),
    "completeness": ("I", "G4 G4 C4 C3", None, None),
    "doubled-leading-tone": ("V", "B4 G4 B3 G2", None, None),
    "doubled-seventh": ("V7", "F5 B4 F4 G3", None, None),
    "overlap": ("I", "C5 E4 G3 C3", "IV6", "C5 F4 C4 A3"),
    "parallel-fifths": ("I", "E4 C4 G3 C3", "ii", "F4 D4 A3 D3"),
    "parallel-octaves": ("I", "C5 G4 E4 C3", "ii", "D5 A4 F4 D3"),
    "direct-fifths": ("I", "E4 C4 G3 C3", "ii6", "C5 A4 D4 F3"),
    "direct-octaves": ("I", "E4 C4 G3 C3", "V", "G4 D4 B3 G3"),
    "leading-tone": ("V", "B4 G4 D4 G3", "I", "G4 E4 C4 C4"),
    "seventh": ("V7", "F4 D4 B3 G3", "I", "G4 E4 C4 C4"),
    "suspension": ("Vsus4", "C5 G4 D4 G3", "V", "D5 G4 B3 G3"),
    "augmented-step": ("bVI", "C5 Ab4 Eb4 Ab3", "V", "D5 B4 D4 G3"),
    "wide-leap": ("I", "C4 G3 E3 C3", "V7", "B4 F4 D4 G3"),
    "augmented-sixth": ("It6", "C5 F#4 C4 Ab3", "V", "B4 D4 B3 G3"),
    "neapolitan": ("bII6", "Db5 F4 Ab3 F3", "V", "D5 G4 B3 G3"),
    "cross-relation": ("IV", "C5 F4 A3 F3", "V7/V", "C5 F#4 A3 D3"),
}
RIGHT = {
    "range": ("I", "G5 C5 E4 C3", None, None),
    "spacing": ("I", "E5 G4 C4 C3", None, None),
    "crossing": ("I", "C5 E4 E4 C3", None, None),
    "completeness": ("I", "E4 C4 C4 C3", None, None),
    "doubled-leading-tone": ("V", "B4 G4 D4 G2", None, None),
    "doubled-seventh": ("V7", "F5 B4 D4 G3", None, None),
    "overlap": ("I", "C5 E4 G3 C3", "IV", "C5 F4 A3 F2"),
    "parallel-fifths": ("I", "E4 C4 G3 C3", "viio6", "F4 B3 F3 D3"),
    "parallel-octaves": ("I", "C5 G4 E4 C3", "I6", "C5 G4 C4 E3"),
    "direct-fifths": ("IV", "C5 A4 F4 F3", "I", "C5 G4 E4 C3"),
    "direct-octaves": ("V", "B4 G4 D4 G2", "I", "C5 G4 E4 C3"),
    "leading-tone": ("V", "D5 B4 G4 G3", "I", "C5 G4 E4 C4"),
    "seventh": ("V7", "F4 D4 B3 G3", "I", "E4 C4 C4 C3"),
    "suspension": ("Vsus4", "C5 G4 D4 G3", "V", "B4 G4 D4 G3"),
    "augmented-step": ("bVI", "C5 Ab4 Eb4 Ab2", "V", "B4 G4 D4 G2"),
    "wide-leap": ("I", "C4 G3 E3 C3", "I", "C5 G4 E4 C3"),
    "augmented-sixth": ("It6", "C5 F#4 C4 Ab3", "V", "D5 G4 B3 G3"),
    "neapolitan": ("bII6", "Db5 F4 Ab3 F3", "V", "B4 G4 D4 G3"),
    "cross-relation": ("IV", "C5 A4 C4 F3", "V65/V", "C5 A4 D4 F#3"),
}


def read(text):
    return Voicing(*(Pitch.parse(name) for name in text.split()))


def ours(rule, before, one, after, two):
    """How the optimiser's predicates read one rule."""
    if rule in VOICING_RULES:
        sung = [(before, one)] if after is None else [(before, one), (after, two)]
        return any(voicing_breaks(Parts.of(v), c)[rule] for c, v in sung)
    return bool(breaks(rule, moves(one, two), before, after))


def theirs(rule, before, one, after, two):
    """How the verifier reads it."""
    chords, voicings = ([before], [one]) if after is None else ([before, after], [one, two])
    return bool(verify_voices(chords, voicings, "strict", rules=[rule]))


def example(table, rule):
    roman, notes, next_roman, next_notes = table[rule]
    before, one = Chord.parse(roman, C), read(notes)
    if next_roman is None:
        return before, one, None, None
    return before, one, Chord.parse(next_roman, C), read(next_notes)


@pytest.mark.parametrize("reading", [ours, theirs])
@pytest.mark.parametrize("rule", VOICES)
def test_a_wrong_example_breaks_its_rule_and_a_right_one_does_not(rule, reading):
    assert reading(rule, *example(WRONG, rule))
    assert not reading(rule, *example(RIGHT, rule))


def test_both_readers_know_every_rule_of_voices():
    assert set(READINGS) == set(VOICES) == {*VOICING_RULES, *MOTION_RULES}


@pytest.mark.parametrize(
    ("before", "one", "after", "two"),
    [
        # An inner leading tone falls to the fifth.
        ("V", "D5 B4 G4 G3", "I", "C5 G4 E4 C3"),
        # V7/V–V7: the leading tone slips down a semitone to the seventh.
        ("V7/V", "C5 F#4 A3 D3", "V7", "B4 F4 G3 G3"),
        # The major seventh of a major seventh chord may rise.
        ("Imaj7", "B4 G4 E4 C3", "I", "C5 G4 E4 C3"),
        # The seventh passes to another voice.
        ("V7", "F5 B4 G4 G3", "V42", "D5 B4 G4 F3"),
        # It is held over the cadential six-four.
        ("ii65", "D5 A4 C4 F3", "I64", "C5 G4 C4 G3"),
    ],
)
def test_exceptions_of_the_books_are_legal(before, one, after, two):
    before, after = Chord.parse(before, C), Chord.parse(after, C)
    for rule in ("leading-tone", "seventh"):
        assert not ours(rule, before, read(one), after, read(two))
        assert not theirs(rule, before, read(one), after, read(two))


def test_an_outer_leading_tone_may_not_fall_to_the_fifth():
    step = read("B4 G4 D4 G3"), Chord.parse("V", C), read("G4 E4 C4 C3"), Chord.parse("I", C)
    assert "leading-tone" in broken(*step)
    assert "leading-tone" not in broken(*step, language="popular")
    assert "leading-tone" not in broken(*step, off=frozenset({"leading-tone"}))


@given(steps())
@settings(max_examples=500, deadline=None)
def test_both_readings_agree_on_any_four_voices(step):
    before, one, after, two = step
    found = {v.rule for v in verify_voices([before, after], [one, two], "strict", rules=VOICES)}
    assert found == {rule for rule in VOICES if ours(rule, before, one, after, two)}


@given(steps())
@settings(max_examples=200, deadline=None)
def test_what_the_optimiser_admits_the_verifier_passes(step):
    before, one, after, two = step
    bad = verify_voices([before, after], [one, two], "strict")
    sound = admissible_voicing(one, before) and admissible_voicing(two, after)
    assert (not bad) == (
        sound and not broken(before=one, chord=before, after=two, next_chord=after)
    )


@given(pitches, pitches, pitches, pitches)
@settings(max_examples=300, deadline=None)
def test_what_music21_calls_parallel_or_hidden_we_do_too(high, next_high, low, next_low):
    from music21 import note as music21_note
    from music21 import voiceLeading

    if high.midi < low.midi or next_high.midi < next_low.midi:
        return
    sung = [music21_note.Note(p.name.replace("b", "-")) for p in (high, next_high, low, next_low)]
    quartet = voiceLeading.VoiceLeadingQuartet(*sung)
    found = _outer(high, next_high, low, next_low)
    assert ("parallel-fifths" in found) == quartet.parallelFifth()
    if quartet.parallelOctave() or quartet.parallelUnison():
        assert "parallel-octaves" in found
    leaps = abs(next_high.height - high.height) > 1
    if quartet.hiddenFifth() and leaps:
        assert "direct-fifths" in found
    if quartet.hiddenOctave() and leaps:
        assert found & {"direct-octaves", "parallel-octaves"}  # a unison to an octave is both


def _outer(high, next_high, low, next_low):
    """The perfects that the verifier finds between a soprano and a bass."""
    chord = Chord.parse("I", C)
    still = Pitch.parse("B#9")  # inner voices far from everything, that do not move
    one, two = (high, still, still, low), (next_high, still, still, next_low)
    rules = ["parallel-fifths", "parallel-octaves", "direct-fifths", "direct-octaves"]
    return {v.rule for v in verify_voices([chord, chord], [one, two], "strict", rules=rules)}


def test_planted_faults_are_found_where_they_are():
    chords = [Chord.parse(roman, C) for roman in ("I", "ii", "V")]
    voicings = [read("E4 C4 G3 C3"), read("F4 D4 A3 D3"), read("G4 D4 B3 G2")]
    faults = verify_voices(chords, voicings, "strict")
    assert [(f.rule, f.index, f.voices) for f in faults] == [
        ("parallel-fifths", 1, ("tenor", "bass")),
        ("parallel-octaves", 1, ("alto", "bass")),
    ]
    assert faults[0].sentence == "chord 2: parallel fifths between tenor and bass"


def test_a_missing_voicing_is_refused():
    with pytest.raises(ValueError, match="one voicing of four pitches"):
        verify_voices([Chord.parse("I", C)], [], "strict")
