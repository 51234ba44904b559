"""The harmony of four parts under their soprano: one chord a beat, and what is foreign to it."""

import pytest

from composer.evaluate.bach import chorales
from composer.evaluate.rules import MOST, OVER_CHORDS, soprano, sopranos
from composer.verifier.findings import in_melody, measured
from corpora.read.scores import read
from tests.composer.verifier.scores import four_parts, tree
from theory.metre import QUARTER
from theory.rules import RULES
from theory.scale import Key

KEY = Key.of("C", "ionian")


def heard(rows, lengths):
    """A soprano's chords as (start, end, numeral), and the rules it breaks with the ticks."""
    song = soprano(read(tree(four_parts(rows, lengths=lengths))), KEY)
    found = judged(song)
    chords = [(each.start, each.end, each.chord.roman) for each in song.chords]
    return chords, [(one.rule, one.moment * QUARTER) for one in found]


def judged(song):
    where = measured(song.metre)
    return in_melody(song.notes, song.chords, song.metre, "strict", where, rules=OVER_CHORDS)


def test_a_suspension_stands_over_the_chord_it_falls_into():
    rows = ["F5 A4 C4 F3", "F5 G4 C4 C3", "E5 G4 C4 C3", "E5 G4 C4 C3"]
    chords, faults = heard(rows, [1, 0.5, 0.5, 2])
    assert chords == [(0, 24, "IV"), (24, 96, "I")]
    assert faults == []


def test_a_suspension_that_leaps_away_is_found():
    rows = ["F5 A4 C4 F3", "F5 G4 C4 C3", "C5 G4 E4 C3", "C5 G4 E4 C3"]
    chords, faults = heard(rows, [1, 0.5, 0.5, 2])
    assert chords == [(0, 24, "IV"), (24, 96, "I")]
    assert ("melodic-suspension", 24) in faults


def test_a_passing_note_off_the_beat_makes_no_chord():
    rows = ["E5 G4 C4 C3", "D5 G4 C4 C3", "C5 G4 E4 C3", "B4 G4 D4 G3"]
    chords, faults = heard(rows, [0.5, 0.5, 1, 2])
    assert chords == [(0, 48, "I"), (48, 96, "V")]
    assert faults == []


@pytest.mark.slow
def test_bach_keeps_every_rule_that_is_hard_for_him():
    counts, notes = dict.fromkeys(OVER_CHORDS, 0), 0
    for song in sopranos(chorales()):
        notes += len(song.notes)
        for one in judged(song):
            counts[one.rule] += 1
    assert notes > 15_000
    assert all(counts[name] / notes < MOST for name in counts if RULES[name].binds("strict"))
