"""What chords and scales are called: mingus's words beside ours, and where they differ."""

import pytest

from tests.theory.strategies import TONICS
from theory.chord import NUMERALS, Chord
from theory.lore import chord_names, relative, rising_names, scale_names, spoken
from theory.scale import MODES, Key

C = Key.of("C", "ionian")
# The modes for which mingus has no scale of our name that goes up and down by the same notes.
UNNAMED = {"melodic minor", "major pentatonic", "minor pentatonic"} | {
    # It knows these scales under other names, or in another spelling.
    "octatonic",
    "whole-tone",
    "blues",
}


@pytest.mark.parametrize("mode", MODES)
def test_mingus_calls_every_mode_as_we_do_but_for_some(mode):
    for tonic in TONICS:
        key = Key.spelled(tonic, mode)
        ours = f"{key.tonic.sign} {mode}"
        assert (ours in scale_names(key)) == (mode not in UNNAMED)
        # Its melodic minor comes down as the natural minor does, and ours as it goes up.
        assert (ours in rising_names(key)) == (mode == "melodic minor")
        if mode.endswith("pentatonic"):
            assert scale_names(key) == rising_names(key) == ()


TRIADS = ("", "6", "64")
SEVENTHS = ("7", "65", "43", "42", "maj7", "maj65", "maj43", "maj42")
ADDED = ("sus4", "sus2", "7sus4", "add6", "add9")
# What mingus takes a chord for where that is not what it is to us, by quality and inversion: first,
# with our name for it among its later thoughts, or altogether; "" where it has no name at all.
FIRST = {
    ("minor", 1): "major sixth",
    ("minor", 2): "major sixth, first inversion",
    ("diminished", 1): "minor sixth",
    ("diminished", 2): "minor sixth, first inversion",
    ("minor seventh", 1): "major sixth",
    ("minor seventh", 2): "major sixth, first inversion",
    ("minor seventh", 3): "major sixth, second inversion",
    ("half-diminished seventh", 1): "minor sixth",
    ("half-diminished seventh", 2): "minor sixth, first inversion",
    ("half-diminished seventh", 3): "minor sixth, second inversion",
}
ALTOGETHER = {
    ("French sixth", 2): "dominant flat five, second inversion",
    ("Italian sixth", 1): "",
    ("German sixth", 1): "",
    ("added ninth", 0): "",
    ("minor added ninth", 0): "",
}


def romans():
    for sign in ("", "b", "#"):
        for upper in NUMERALS:
            for head in (upper, upper.lower(), f"{upper.lower()}o", f"{upper}+"):
                yield from (f"{sign}{head}{figure}" for figure in TRIADS)
            for head in (upper, upper.lower()):
                yield from (f"{sign}{head}{figure}" for figure in (*SEVENTHS, *ADDED))
            for head in (f"{upper.lower()}ø", f"{upper.lower()}o"):
                yield from (f"{sign}{head}{figure}" for figure in SEVENTHS[:4])
    yield from ("It6", "Fr43", "Ger65")


def test_mingus_calls_every_chord_as_we_do_but_for_what_is_named_here():
    kinds = set()
    for tonic in TONICS:
        for roman in romans():
            chord = Chord.parse(roman, Key.of(tonic, "ionian"))
            if any(abs(tone.alter) > 2 for tone in chord.tones):
                continue  # what nobody can write
            kind = (chord.quality.name, chord.inversion)
            kinds.add(kind)
            theirs, ours = chord_names(chord), spoken(chord)
            if kind in ALTOGETHER:
                assert ours not in theirs
                first = theirs[0].partition(" ")[2] if theirs else ""
                assert first == ALTOGETHER[kind], (roman, tonic)
            elif kind in FIRST:
                assert ours in theirs[1:]
                assert theirs[0].partition(" ")[2] == FIRST[kind], (roman, tonic)
            else:
                assert theirs[0] == ours, (roman, tonic)
    assert len(kinds) == 46
    assert kinds >= FIRST.keys() | ALTOGETHER.keys()


def test_what_is_held_under_a_chord_is_not_heard_in_it():
    assert chord_names(Chord.parse("IV@1", C)) == ("F major triad",)


@pytest.mark.parametrize(
    ("roman", "words"),
    [
        ("I", "C major triad"),
        ("bVII", "B♭ major triad"),
        ("Imaj7", "C major seventh"),
        ("viiø7", "B half diminished seventh"),
        ("V42", "G dominant seventh, third inversion"),
        ("Vsus4", "G suspended fourth triad"),
    ],
)
def test_chords_are_spoken(roman, words):
    assert spoken(Chord.parse(roman, C)) == words


def test_every_quality_can_be_spoken():
    romans = [
        "I",
        "i",
        "viio",
        "V+",
        "Isus4",
        "Isus2",
        "V7",
        "Imaj7",
        "ii7",
        "imaj7",
        "viiø7",
        "viio7",
    ]
    chords = [Chord.parse(roman, C) for roman in romans]
    assert len({chord.quality for chord in chords}) == 12
    assert len({spoken(chord) for chord in chords}) == 12


@pytest.mark.parametrize(
    ("tonic", "mode", "other"),
    [
        ("C", "ionian", "A minor"),
        ("A", "aeolian", "C major"),
        ("E", "phrygian", "C major"),
        ("G", "harmonic minor", "B♭ major"),
        ("F#", "ionian", "D♯ minor"),
    ],
)
def test_relative_keys(tonic, mode, other):
    assert relative(Key.of(tonic, mode)) == other


@pytest.mark.parametrize(
    ("roman", "words"),
    [
        ("Ger65", "A♭ German sixth"),
        ("Iadd9", "C added ninth"),
        ("V7@1", "G dominant seventh over a held C"),
    ],
)
def test_chromatic_chords_are_spoken(roman, words):
    assert spoken(Chord.parse(roman, C)) == words
