"""Chord symbols, held against those that music21 makes of root, bass and kind by itself."""

import random

import pytest
from music21 import harmony

from composer.render.score.musicxml import KINDS, chord_symbol, name21
from theory.chord import Chord
from theory.pitch import Interval
from theory.scale import Key

ROMANS = (
    *("I", "ii6", "V64", "V7", "V65", "V43", "V42", "viio7", "viio43", "iiø65", "bVI", "III+"),
    *("Isus4", "Vsus2", "V7sus4", "Iadd6", "ivadd9", "It6", "Fr43", "Ger65", "V65/V", "viio42/ii"),
    *("V@1", "V7@1", "viio7@1", "bVII@1", "IV@5", "ii7@5", "viio7@5", "I@5"),
)
KEYS = (Key.of("C", "ionian"), Key.of("F#", "aeolian"), Key.of("Db", "lydian"))


@pytest.mark.parametrize("roman", ROMANS)
@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_root_bass_and_inversion_are_those_that_music21_finds(roman, key):
    chord = Chord.parse(roman, key)
    root, bass = chord.symbol_root, chord.bass
    found = harmony.ChordSymbol(
        root=name21(root),
        bass=None if bass == root else name21(bass),
        kind=KINDS[chord.quality.name],
    )
    made = chord_symbol(chord)
    assert (made.root().name, made.bass().name) == (found.root().name, found.bass().name)
    assert made.inversion() == found.inversion()
    assert (made.chordKind, made.chordKindStr) == (found.chordKind, chord.quality.suffix)


def test_on_the_staff_of_a_clarinet_it_is_a_tone_higher():
    made = chord_symbol(Chord.parse("V6", KEYS[0]), Interval(1, 2))
    assert (made.root().name, made.bass().name) == ("A", "C#")


def test_no_number_is_drawn_at_random():
    before = random.getstate()
    for roman in ROMANS:
        chord_symbol(Chord.parse(roman, KEYS[0]))
    assert random.getstate() == before
