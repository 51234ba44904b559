"""Chords named by their notes: textbook numerals, and every chord of the families read back."""

import pytest
from hypothesis import given

from tests.theory.strategies import steps
from theory.chord import Chord
from theory.pitch import Pitch
from theory.scale import Key
from theory.verify.naming import name, named, symbol

C, A = Key.of("C", "ionian"), Key.of("A", "aeolian")


def pitches(text):
    return [Pitch.parse(one) for one in text.split()]


@pytest.mark.parametrize(
    ("key", "notes", "roman"),
    [
        (C, "C3 G3 E4 C5", "I"),
        (C, "E3 G3 C4 C5", "I6"),
        (C, "G2 G3 E4 C5", "I64"),
        (C, "F3 G3 D4 B4", "V42"),
        (C, "G3 F4 B4 G4", "V7"),  # its fifth is missing
        (C, "D3 F3 B3 F4", "viio6"),
        (C, "D3 F#3 A3 C4", "V7/V"),
        (C, "D3 F#3 A3 D4", "V/V"),
        (C, "E3 G#3 B3 D4", "V7/vi"),
        (C, "C3 E3 G3 Bb3", "V7/IV"),
        (C, "F3 Ab3 C4 F4", "iv"),
        (C, "Ab2 Eb3 C4 Ab4", "bVI"),
        (C, "F#3 A3 C4 Eb4", "viio7/V"),
        (C, "C3 C4 G4 C5", "I"),  # its third is missing
        (C, "B2 D3 B3 D4", "viio"),
        (A, "E3 G#3 B3 D4", "V7"),
        (A, "G#2 D3 B3 F4", "viio7"),
        (A, "G3 B3 D4 G4", "bVII"),
        (A, "D3 F#3 A3 D4", "IV"),
        (C, "C3 D3 E3 F3", None),
        (C, "C3 C4 C5 C5", None),
    ],
)
def test_a_chord_is_named_by_its_spelling(key, notes, roman):
    chord = name(pitches(notes), key)
    assert (chord and chord.roman) == roman


@pytest.mark.parametrize(
    ("key", "rows", "romans"),
    [
        # A dominant seventh of the key is applied where it resolves as one.
        (A, ("G3 B3 D4 F4", "C3 G3 C4 E4"), ["V7/bIII", "bIII"]),
        (A, ("G3 B3 D4 F4", "F3 A3 C4 F4"), ["bVII7", "bVI"]),
        # A suspended fourth is known by what it falls to; so is the Picardy third, by ending.
        (C, ("G3 C4 D4 G4", "G3 B3 D4 G4", "C3 C4 E4 G4"), ["Vsus4", "V", "I"]),
        (A, ("E3 G#3 B3 E4", "A2 A3 C#4 E4"), ["V", "I"]),
        (C, ("C3 E3 G3 C4", "D3 E3 G3 C4", "E3 E3 G3 C4"), ["I", None, "I6"]),
    ],
)
def test_what_follows_decides_between_readings(key, rows, romans):
    found = named([pitches(row) for row in rows], key)
    assert [chord and chord.roman for chord in found] == romans


@given(steps())
def test_a_led_chord_is_named_as_the_chord_it_was_led_from(step):
    """By its notes; what it is called may be another word for them (♭III or V/♭VI)."""
    chord, voicing, _, _ = step
    if {p.note for p in voicing} != set(chord.tones) or voicing.bass != min(voicing):
        return
    if chord.quality.name.startswith("suspended") or chord.added or chord.pedal:
        return  # such chords are known by what is written over or under them
    found = name(tuple(voicing), chord.key)
    assert found is not None
    assert (set(found.tones), found.bass) == (set(chord.tones), chord.bass)


def test_a_german_sixth_is_known_by_where_it_goes():
    root = Pitch.parse("Ab2").note
    assert symbol(root, "dominant seventh", root, C, Chord.parse("V", C)).roman == "Ger65"
    assert symbol(root, "dominant seventh", root, C, Chord.parse("I", C)).roman == "bVI7"


@pytest.mark.parametrize("roman", ["I", "ii65", "V42", "V7/V", "bVI", "viio7", "Vsus4", "Imaj7"])
@pytest.mark.parametrize("tonic", ["C", "Eb", "F#"])
def test_a_chord_symbol_is_its_numeral(roman, tonic):
    key = Key.of(tonic, "ionian")
    chord = Chord.parse(roman, key)
    assert symbol(chord.root, chord.quality.name, chord.bass, key, None) == chord
