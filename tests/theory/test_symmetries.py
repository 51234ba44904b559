"""What music keeps when it is transposed, mirrored, reversed or left as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.theory.examples import as_written, in_melody, in_voices
from tests.theory.generator import melody_breaks, voices_break
from tests.theory.melody.contexts import random_context
from tests.theory.strategies import ROMANS, TONICS, steps, sung
from theory.chord import Chord
from theory.harmony.family import families
from theory.harmony.phrase import progression
from theory.melody import Automaton, Event, HarmonicContext, NoMelody, Span, best_melody
from theory.melody.grammar import STRONG_RULE, SUSPENSION_RULE, Duty, Kind, judge
from theory.melody.moves import Move, mirrored
from theory.noise import Noise
from theory.pitch import Interval, Pitch, interval
from theory.rules import RULES
from theory.scale import Key
from theory.verify import verify_melody, verify_voices
from theory.voices.frame import NoVoicing, lead
from theory.voices.motion import MOTION_RULES, PAIR, PAIRS, Motion, breaks, motions
from theory.voices.voicing import Parts, Voicing, voicing_breaks

MELODY = [name for name, rule in RULES.items() if rule.kind == "melody"]
VOICES = [name for name, rule in RULES.items() if rule.kind == "voices" and name != "range"]
UP = ("m2", "M2", "m3", "M3", "P4", "P5")
intervals = st.sampled_from(UP).map(interval)


def raised(chord: Chord, by: Interval) -> Chord:
    return Chord.parse(chord.roman, Key(chord.key.tonic.up(by), chord.key.mode))


def higher(voicing: Voicing, by: Interval) -> Voicing:
    return Voicing(*(pitch.up(by) for pitch in voicing))


def spelled(pitches) -> bool:
    """Can these be written with two accidentals at most?"""
    return all(abs(pitch.alter) < 3 for pitch in pitches)


@given(steps(), intervals)
@settings(max_examples=300, deadline=None)
def test_transposed_voices_break_the_same_rules(step, by):
    before, one, after, two = step
    one_up, two_up = higher(one, by), higher(two, by)
    assume(spelled((*one_up, *two_up)))
    before_up, after_up = raised(before, by), raised(after, by)
    assume(spelled((*before_up.tones, *after_up.tones)))
    found = verify_voices([before, after], [one, two], "strict", rules=VOICES)
    again = verify_voices([before_up, after_up], [one_up, two_up], "strict", rules=VOICES)
    assert [(f.rule, f.index, f.voices) for f in found] == [
        (f.rule, f.index, f.voices) for f in again
    ]
    for name in VOICES:
        assert voices_break(name, [before, after], [one, two]) == voices_break(
            name, [before_up, after_up], [one_up, two_up]
        )


@given(steps())
@settings(max_examples=300, deadline=None)
def test_running_perfects_are_the_same_backwards(step):
    before, one, after, two = step
    there, back = motions(one, two), motions(two, one)
    for how in ("parallel", "contrary"):
        for what in ("fifths", "octaves"):
            name = f"{how}-{what}"
            assert breaks(name, there, before, after) == breaks(name, back, after, before)


@given(steps())
@settings(max_examples=300, deadline=None)
def test_running_perfects_are_the_same_in_the_mirror(step):
    _, one, _, two = step
    going = motions(one, two)
    for upper, lower in PAIRS:
        high, low = (
            Motion(-m.midi, -m.height, -m.to_midi, -m.to_height)
            for m in (going[lower], going[upper])
        )
        for name in ("parallel-fifths", "contrary-fifths", "parallel-octaves", "contrary-octaves"):
            mirrored_too = PAIR[name](upper, lower, high, low)
            assert bool(PAIR[name](upper, lower, going[upper], going[lower])) == bool(mirrored_too)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_chord_held_breaks_no_rule_of_motion(data):
    key = Key.of(data.draw(st.sampled_from(TONICS)), "ionian")
    chord = Chord.parse(data.draw(st.sampled_from(ROMANS)), key)
    one = data.draw(sung(chord))
    # Voices that cross also overlap, and a chord set with two forms of a letter is no chord here.
    assume(not any(voicing_breaks(Parts.of(one), chord)[name] for name in ("crossing",)))
    assert [n for n in MOTION_RULES if breaks(n, motions(one, one), chord, chord)] == []
    found = verify_voices([chord, chord], [one, one], "strict", rules=MOTION_RULES)
    assert found == ()


PLAIN = st.lists(st.sampled_from(("I", "ii6", "IV", "V", "V7", "vi", "I6")), min_size=2, max_size=6)


@given(PLAIN, st.sampled_from(("C", "F", "G", "Bb")), st.sampled_from(("m2", "M2")))
@settings(max_examples=25, deadline=None)
def test_a_frame_wished_as_high_is_as_good_in_the_next_key(romans, tonic, name):
    """Where ranges leave room, a frame transposed is a legal frame of the transposed chords."""
    by, key = interval(name), Key.of(tonic, "ionian")
    chords = [Chord.parse(roman, key) for roman in romans]
    try:
        frame = lead(chords)
    except NoVoicing:
        return
    up = [raised(chord, by) for chord in chords]
    voicings = [higher(voicing, by) for voicing in frame.voicings]
    assume(
        not any(voicing_breaks(Parts.of(v), c)["range"] for v, c in zip(voicings, up, strict=True))
    )
    assert verify_voices(up, voicings, "strict") == ()
    led = lead(
        up,
        soprano=[[voicing.soprano] for voicing in voicings],
        bass=[voicing.bass for voicing in voicings],
    )
    assert verify_voices(up, led.voicings, "strict") == ()


@pytest.mark.parametrize("name", VOICES)
@pytest.mark.parametrize("tonic", ["D", "Eb", "F#", "B"])
def test_part_writing_examples_hold_in_other_keys(name, tonic):
    rule = RULES[name]
    for example, wrong in ((rule.right, False), (rule.wrong, True)):
        mode = example.key.partition(" ")[2]
        chords, voicings = in_voices(example, Key.spelled(tonic, mode))
        assert voices_break(name, chords, voicings) == wrong
        assert bool(verify_voices(chords, voicings, "strict", rules=[name])) == wrong


def lifted(context: HarmonicContext, by: Interval) -> HarmonicContext:
    """The whole context an interval higher, its compass with it."""
    spans = tuple(
        Span(s.start, s.end, raised(s.chord, by), higher(s.voicing, by)) for s in context.spans
    )
    low, high = context.compass
    return replace(
        context,
        key=Key(context.key.tonic.up(by), context.key.mode),
        spans=spans,
        scale=tuple(note.up(by) for note in context.scale),
        final=frozenset(note.up(by) for note in context.final),
        compass=(low.up(by), high.up(by)),
        off=context.off
        | {"structural-note"},  # the only rule that the voices' ranges have a say in
    )


@pytest.mark.parametrize("name", MELODY)
@pytest.mark.parametrize("up", ["m2", "M2", "m3", "P4"])
def test_transposed_melodies_break_the_same_rules(name, up):
    by = interval(up)
    for example in (RULES[name].right, RULES[name].wrong):
        context, events = in_melody(example)
        context = replace(context, off=frozenset({"structural-note"}))
        high = lifted(context, by)
        raised_events = tuple(
            Event(event.pitch.up(by) if event.pitch else None, event.ticks) for event in events
        )
        assert melody_breaks(context, events) == melody_breaks(high, raised_events)
        one, two = (
            verify_melody(*as_written(g, e), rules=MELODY)
            for g, e in ((context, events), (high, raised_events))
        )
        assert [(f.rule, f.tick) for f in one] == [(f.rule, f.tick) for f in two]


def test_the_grammar_of_motion_is_its_own_mirror_but_for_suspensions():
    """Steps up and down mean the same to every figure; only suspensions know down from up."""
    kinds = {Kind.RISING: Kind.FALLING, Kind.FALLING: Kind.RISING}
    names = {duty.name: duty for duty in Duty}
    for kind in Kind:
        for duty in Duty:
            for move in Move:
                other = names.get(_turned(duty.name), duty)
                left, found = judge(kind, duty, move)
                left_too, found_too = judge(kinds.get(kind, kind), other, mirrored(move))
                assert names.get(_turned(left.name), left) == left_too
                if duty != Duty.SUSPENDED:
                    assert found == found_too
                else:
                    assert found - {SUSPENSION_RULE} == found_too - {SUSPENSION_RULE}
                assert STRONG_RULE not in found or kind not in (Kind.CHORD, Kind.WEAK)


def _turned(name: str) -> str:
    if name.endswith("_UP"):
        return name.removesuffix("_UP") + "_DOWN"
    return name.removesuffix("_DOWN") + "_UP" if name.endswith("_DOWN") else name


@given(st.lists(st.integers(0, 16), min_size=2, max_size=7), intervals)
@settings(max_examples=150, deadline=None)
def test_any_line_is_judged_alike_in_any_key(heights, by):
    """Any row of scale notes over a cadence, by the verifier."""
    context, _ = in_melody(RULES["scale"].right)
    start = Pitch.parse("C4")
    pitches = [Pitch((start.step + h) % 7, 0, 4 + h // 7) for h in heights]
    ticks = [12, 24, 36, 6, 12, 48][: len(pitches) - 1]
    ticks.append(192 - sum(ticks))
    assume(ticks[-1] > 0)
    events = tuple(map(Event, pitches, ticks))
    high = lifted(context, by)
    moved = tuple(Event(event.pitch.up(by), event.ticks) for event in events if event.pitch)
    one, two = (
        verify_melody(*as_written(g, e), rules=MELODY)
        for g, e in ((context, events), (high, moved))
    )
    assert [(f.rule, f.tick) for f in one] == [(f.rule, f.tick) for f in two]


@pytest.mark.parametrize("tonic", TONICS)
@pytest.mark.parametrize("name", ["hymn", "minor drama", "celtic"])
def test_a_progression_is_drawn_alike_in_every_key(name, tonic):
    family = families()[name]
    mode = family.modes[0]
    drawn = [
        progression(
            family, Key.spelled(home, mode), "authentic", 7, colour="sevenths", noise=Noise(3),
            place=("phrase",),
        )
        for home in ("C", tonic)
    ]  # fmt: skip
    assert [chord.roman for chord in drawn[0]] == [chord.roman for chord in drawn[1]]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", ["M2", "m3"])
def test_a_song_transposed_is_the_song_of_the_transposed_phrase(seed, name):
    context = replace(random_context(seed), before=None, off=frozenset({"structural-note"}))
    by = interval(name)
    automaton, high = Automaton(context), Automaton(lifted(context, by))
    assert [pitch.up(by) for pitch in automaton.pitches] == list(high.pitches)
    beat = context.metre.beat
    whole, rest = divmod(context.end - context.start, beat)
    rhythm = [(beat, True)] * whole + [(rest, False)] * bool(rest)
    wishes = np.random.default_rng(seed).random((whole, automaton.count))
    songs = []
    for one in (automaton, high):
        try:
            songs.append(best_melody(one, rhythm, wishes))
        except NoMelody as error:
            songs.append(error.rules)
    if isinstance(songs[0], tuple):
        assert songs[0] == songs[1]
        return
    sung_notes = [event.pitch and event.pitch.up(by) for event in songs[0].events]
    assert sung_notes == [event.pitch for event in songs[1].events]
    assert songs[0].total == pytest.approx(songs[1].total)
