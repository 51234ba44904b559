"""Non-chord tones as textbooks print them: accepted where they resolve, refused by name if not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.theory.melody.contexts import broken, context, melody
from theory.melody import Automaton, Event, labels
from theory.pitch import NoteName, Pitch
from theory.scale import Key

STRONG = "strong-beat-dissonance"
WEAK = "dissonance-left-by-step"
# What is looked at here is the line; the structural notes have tests of their own.
LINE = frozenset({"structural-note"})
TONIC = context("I V", lengths=(96, 96), soprano="E5 D5", off=LINE)
CADENCE = context("ii6 V I", lengths=(48, 48, 96), soprano="F5 D5 C5")
FOUR_THREE = context("IV I", lengths=(48, 48), metre="2/4", soprano="F5 E5", off=LINE)
MINOR = context("V i", key=Key.of("A", "aeolian"), lengths=(96, 96), soprano="G#4 A4", off=LINE)
HARMONIC = context(
    "i iv", key=Key.of("A", "harmonic minor"), lengths=(96, 96), soprano="A4 F4", off=LINE
)


@pytest.mark.parametrize(
    ("phrase", "sung", "named"),
    [
        (TONIC, "E5:24 D5:12 C5:60 D5:96", ("chord tone", "passing note", "chord tone")),
        (TONIC, "E5:24 F5:12 E5:60 D5:96", ("chord tone", "neighbour", "chord tone")),
        (TONIC, "E5:24 F5:12 D5:12 E5:48 D5:96", ("chord tone", *("double neighbour",) * 2)),
        (TONIC, "E5:24 F5:12 C5:60 D5:96", ("chord tone", "escape tone", "chord tone")),
        (TONIC, "C5:24 B4:12 G4:12 A4:12 G4:36 G4:96", ("chord tone", "cambiata")),
        (TONIC, "E5:72 D5:24 D5:96", ("chord tone", "anticipation", "chord tone")),
        (TONIC, "E5:72 D5:120", ("chord tone", "anticipation")),
        (TONIC, "C5:48 F5:24 E5:24 D5:96", ("chord tone", "appoggiatura", "chord tone")),
        (TONIC, "E5:48 D5:24 C5:24 B4:96", ("chord tone", "appoggiatura", "chord tone")),
        (FOUR_THREE, "F5:72 E5:24", ("suspension", "chord tone")),
        (FOUR_THREE, "F5:48 F5:24 E5:24", ("chord tone", "suspension", "chord tone")),
        (MINOR, "E4:36 F#4:12 G#4:48 A4:96", ("chord tone", "passing note", "chord tone")),
        (HARMONIC, "A4:24 G4:12 F4:12 E4:48 D4:96", ("chord tone", *("passing note",) * 2)),
    ],
)
def test_a_figure_is_sung_and_named(phrase, sung: str, named: tuple[str, ...]) -> None:
    assert broken(phrase, sung) == ""
    assert labels(Automaton(phrase), melody(sung))[: len(named)] == named


@pytest.mark.parametrize(
    ("phrase", "sung", "rule"),
    [
        (TONIC, "E5:24 D5:12 G4:12 E5:48 D5:96", "passing-note"),  # left by a leap onward
        (TONIC, "C5:24 F5:12 E5:60 D5:96", "anticipation"),  # a weak dissonance reached by a leap
        (TONIC, "E5:24 D5:12 -:60 D5:96", WEAK),  # broken off
        (TONIC, "C5:48 F5:24 C5:24 D5:96", "appoggiatura"),
        (TONIC, "D5:48 E5:48 D5:96", STRONG),  # nothing prepares the first note
        (FOUR_THREE, "F5:72 G5:24", "melodic-suspension"),  # a suspension that rises a whole step
        (FOUR_THREE, "F5:72 C5:24", "melodic-suspension"),  # one that leaps away
        (FOUR_THREE, "F5:96", "melodic-suspension"),  # one that never resolves
        (TONIC, "E5:48 F#5:48 D5:96", "scale"),
        (MINOR, "E4:36 G4:12 G#4:48 A4:96", "scale"),  # ♮7 over the dominant
        (MINOR, "G#4:36 F#4:12 E4:48 A4:96", "passing-note"),  # the raised sixth falls
        (TONIC, "C5:48 B5:48 D5:96", "compass"),
        (TONIC, "C4:48 E5:48 D5:96", "melodic-interval"),  # a tenth
    ],
)
def test_what_does_not_resolve_is_refused_by_name(phrase, sung: str, rule: str) -> None:
    assert rule in broken(phrase, sung).split(", ")


def test_sevenths_and_augmented_leaps_are_refused_and_a_diminished_one_turns_back() -> None:
    phrase = context("V7 I", lengths=(96, 96), soprano="B4 C5", compass="G4 F5", off=LINE)
    assert broken(phrase, "B4:48 F5:24 E5:24 E5:96") == ""
    assert broken(phrase, "B4:48 F5:24 D5:24 E5:96") == "melodic-interval"
    assert broken(phrase, "F5:48 B4:24 C5:24 C5:96") == ""
    assert "melodic-interval" in broken(phrase, "G4:48 F5:48 E5:96")


def test_the_phrase_ends_on_the_cadence_note() -> None:
    closed = replace(TONIC, final=frozenset({NoteName.parse("G")}))
    assert broken(closed, "E5:96 D5:96") == "melodic-cadence"
    assert broken(TONIC, "E5:96 D5:96") == ""


def test_every_chord_hears_one_of_its_notes() -> None:
    assert "structural-note" in broken(CADENCE, "F5:48 -:48 E5:96")


def test_octaves_and_fifths_with_the_bass_are_refused() -> None:
    phrase = context("I ii I6", lengths=(48, 48, 96), soprano="E5 D5 C5")
    bass = [span.voicing.bass.name for span in phrase.spans]
    assert bass[0][0] == "C"
    assert bass[1][0] == "D"
    assert "perfects-with-bass" in broken(phrase, "C5:48 D5:48 E5:96")
    assert "perfects-with-bass" in broken(phrase, "G4:48 A4:48 C5:96")


def test_a_rule_switched_off_is_not_kept() -> None:
    off = context("I V", lengths=(96, 96), soprano="E5 D5", off=LINE | {STRONG})
    assert broken(off, "D5:48 E5:48 D5:96") == ""
    assert labels(Automaton(off), melody("D5:48 E5:48 D5:96"))[0] == "free dissonance"


def test_struck_names_what_each_rule_forbids() -> None:
    automaton = Automaton(TONIC)
    struck = automaton.struck(automaton.start(), 96)
    assert Pitch.parse("D5") in struck[STRONG]
    assert not any(Pitch.parse("E5") in pitches for pitches in struck.values())


def test_bad_lengths_and_unfinished_phrases_are_refused() -> None:
    automaton = Automaton(TONIC)
    with pytest.raises(ValueError, match="do not fit"):
        automaton.advance(automaton.start(), Event(None, 1000))
    with pytest.raises(ValueError, match="not finished"):
        automaton.leave(automaton.start())


POPULAR = context("I V", lengths=(96, 96), soprano="E5 D5", off=LINE, language="popular")


@pytest.mark.parametrize(
    ("sung", "named"),
    [
        ("E5:24 D#5:12 E5:60 D5:96", ("chord tone", "chromatic approach", "chord tone")),
        ("C5:24 C#5:12 D5:60 D5:96", ("chord tone", "chromatic approach", "added tone")),
        ("E5:48 F#5:24 G5:24 G5:96", ("chord tone", "chromatic approach", "chord tone")),
        ("A5:48 E5:48 D5:96", ("added tone", "chord tone")),
        ("D5:48 G5:48 D5:96", ("added tone", "chord tone")),
    ],
)
def test_popular_language_sings_sixths_ninths_and_chromatic_approaches(
    sung: str, named: tuple[str, ...]
) -> None:
    assert broken(POPULAR, sung) == ""
    assert labels(Automaton(POPULAR), melody(sung))[: len(named)] == named
    assert broken(TONIC, sung) != ""


@pytest.mark.parametrize(
    ("sung", "rule"),
    [
        ("E5:24 D#5:12 C5:60 D5:96", "scale"),  # a chromatic note that does not lead on
        ("E5:24 D#5:12 -:60 D5:96", "scale"),
        ("C5:24 C#5:12 C5:60 D5:96", "scale"),  # a raised note leads up, not back
        ("E5:36 F#5:12 F5:48 D5:96", "scale"),  # it leads to no chord tone
        ("F#5:48 G5:48 D5:96", STRONG),  # nothing prepares it on the beat
        ("F5:48 E5:48 D5:96", STRONG),  # a fourth is no added tone
    ],
)
def test_popular_language_has_its_limits(sung: str, rule: str) -> None:
    assert rule in broken(POPULAR, sung).split(", ")
