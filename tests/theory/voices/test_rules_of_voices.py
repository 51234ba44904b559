"""The rules of part-writing read twice, on any four voices; and music21's reading of them."""

import pytest
from hypothesis import given, settings

from tests.theory.strategies import pitches, steps
from theory.chord import Chord
from theory.pitch import Pitch
from theory.rules import RULES
from theory.scale import Key
from theory.verify import verify_voices
from theory.voices.motion import breaks, motions
from theory.voices.transitions import broken
from theory.voices.voicing import VOICING_RULES, Parts, Voicing, admissible_voicing, voicing_breaks

C = Key.of("C", "ionian")
HOW = ("parallel", "contrary", "direct")
VOICES = [rule.name for rule in RULES.values() if rule.kind == "voices"]


def read(text):
    return Voicing(*(Pitch.parse(name) for name in text.split()))


def ours(rule, before, one, after, two):
    """How the optimiser's predicates read one rule."""
    if rule in VOICING_RULES:
        sung = [(before, one)] if after is None else [(before, one), (after, two)]
        return any(voicing_breaks(Parts.of(v), c)[rule] for c, v in sung)
    return bool(breaks(rule, motions(one, two), before, after))


def theirs(rule, before, one, after, two):
    """How the verifier reads it."""
    chords, voicings = ([before], [one]) if after is None else ([before, after], [one, two])
    return bool(verify_voices(chords, voicings, "strict", rules=[rule]))


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


@pytest.mark.parametrize("reading", [ours, theirs])
@pytest.mark.parametrize(
    ("one", "two", "rule", "wrong"),
    [
        # The tenor sings over the alto: fourths below it are no fifths; fifths below it are.
        ("C5 D4 G4 C3", "A4 C4 F4 F3", "parallel-fifths", False),
        ("B4 C4 G4 F3", "A4 D4 A4 D3", "parallel-fifths", True),
    ],
)
def test_between_crossed_voices_the_sounding_interval_counts(reading, one, two, rule, wrong):
    chords = Chord.parse("I", C), Chord.parse("IV", C)
    assert reading(rule, chords[0], read(one), chords[1], read(two)) == wrong


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
    # Crossed on paper though not in sound (D sharp above E flat), which music21 reads as a fifth
    # or an octave the other way up.
    if high.height < low.height or next_high.height < next_low.height:
        return
    sung = [music21_note.Note(p.name.replace("b", "-")) for p in (high, next_high, low, next_low)]
    quartet = voiceLeading.VoiceLeadingQuartet(*sung)
    found = _outer(high, next_high, low, next_low)
    # music21 calls both parallel, in similar and in contrary motion.
    assert bool(found & {"parallel-fifths", "contrary-fifths"}) == quartet.parallelFifth()
    if quartet.parallelOctave() or quartet.parallelUnison():
        assert found & {"parallel-octaves", "contrary-octaves"}
    leaps = abs(next_high.height - high.height) > 1
    if quartet.hiddenFifth() and leaps:
        assert "direct-fifths" in found
    if quartet.hiddenOctave() and leaps:
        # A unison to an octave is both.
        assert found & {"direct-octaves", "parallel-octaves", "contrary-octaves"}


def _outer(high, next_high, low, next_low):
    """The perfects that the verifier finds between a soprano and a bass."""
    chord = Chord.parse("I", C)
    still = Pitch.parse("B#9")  # inner voices far from everything, that do not move
    one, two = (high, still, still, low), (next_high, still, still, next_low)
    rules = [f"{how}-{what}" for how in HOW for what in ("fifths", "octaves")]
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
