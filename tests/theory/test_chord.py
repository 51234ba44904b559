"""Roman numerals: the textbook's chords, agreement with music21 and mingus, and where we differ."""

import pytest
from mingus.core import chords as mingus_chords
from mingus.core import progressions as mingus_progressions

from tests.theory.strategies import TONICS
from theory.chord import Chord
from theory.scale import Key

C = Key.of("C", "ionian")


def tones(roman, key=C):
    return " ".join(note.name for note in Chord.parse(roman, key).tones)


@pytest.mark.parametrize(
    ("roman", "expected"),
    [
        ("I", "C E G"),
        ("ii", "D F A"),
        ("V7", "G B D F"),
        ("viio7", "B D F Ab"),
        ("viiø7", "B D F A"),
        ("IVmaj7", "F A C E"),
        ("V+", "G B D#"),
        ("bVI", "Ab C Eb"),
        ("bII6", "Db F Ab"),
        ("iv", "F Ab C"),
        ("Vsus4", "G C D"),
        ("V7/V", "D F# A C"),
        ("V7/ii", "A C# E G"),
        ("viio7/V", "F# A C Eb"),
        ("V7/iv", "C E G Bb"),
        ("imaj7", "C Eb G B"),
    ],
)
def test_chords_in_c(roman, expected):
    assert tones(roman) == expected


@pytest.mark.parametrize("tonic", TONICS)
def test_v_goes_to_i_by_its_leading_tone_in_every_key(tonic):
    for mode, goal in (("ionian", "I"), ("harmonic minor", "i")):
        key = Key.of(tonic, mode)
        dominant, home = Chord.parse("V7", key), Chord.parse(goal, key)
        assert dominant.leading == dominant.third == key.major_degree(6)
        assert (home.root.chroma - dominant.leading.chroma) % 12 == 1
        assert (home.root.chroma - dominant.root.chroma) % 12 == 5


def test_numerals_mean_the_same_chord_in_major_and_minor():
    assert tones("bVI", Key.of("C", "aeolian")) == tones("bVI", C) == "Ab C Eb"


def test_a_minor_dominant_has_no_leading_tone():
    assert Chord.parse("v", Key.of("A", "aeolian")).leading is None
    assert Chord.parse("bVII", C).leading is None


def test_inversions_put_their_tone_below():
    assert [Chord.parse(f"V{figure}", C).bass.name for figure in ("7", "65", "43", "42")] == [
        "G",
        "B",
        "D",
        "F",
    ]
    assert Chord.parse("I64", C).bass.name == "G"


def test_functions():
    assert [Chord.parse(r, C).function for r in ("I", "IV", "V", "V7/V", "bVI", "#IV")] == [
        "tonic",
        "predominant",
        "dominant",
        "applied dominant",
        "predominant",
        "predominant",
    ]


@pytest.mark.parametrize("roman", ["", "VIII", "IV9", "viio7/X", "IIv", "H"])
def test_what_is_no_numeral_is_refused(roman):
    with pytest.raises(ValueError, match="is no Roman numeral"):
        Chord.parse(roman, C)


# What music21 calls I7 in a major key is our Imaj7: we write a chord's own quality.
MUSIC21 = [
    "I",
    "I6",
    "I64",
    "ii",
    "ii6",
    "ii7",
    "ii65",
    "ii43",
    "ii42",
    "iii",
    "IV",
    "IV6",
    "V",
    "V6",
    "V7",
    "V65",
    "V43",
    "V42",
    "vi",
    "vi7",
    "viio6",
    "viio7",
    "viio65",
    "viiø7",
    "V7/V",
    "V65/V",
    "V7/vi",
    "V7/ii",
    "viio7/V",
    "viio7/ii",
    "bVI",
    "bVII",
    "bII6",
    "iv",
    "iv6",
    "i",
    "bIII",
    "v",
    "V7/IV",
    "iiø65",
    "iio6",
]


@pytest.mark.parametrize("roman", MUSIC21)
@pytest.mark.parametrize("tonic", ["C", "Eb", "F#"])
def test_numerals_agree_with_music21(roman, tonic):
    from music21 import key as music21_key
    from music21 import roman as music21_roman

    theirs = music21_roman.RomanNumeral(roman, music21_key.Key(tonic.replace("b", "-")))
    ours = Chord.parse(roman, Key.of(tonic, "ionian"))
    assert {note.name for note in ours.tones} == {
        pitch.name.replace("-", "b") for pitch in theirs.pitches
    }
    assert ours.bass.name == theirs.bass().name.replace("-", "b")


@pytest.mark.parametrize("roman", [*MUSIC21, "Imaj7", "IVmaj7", "imaj7", "V+", "Vsus4", "Isus2"])
@pytest.mark.parametrize("tonic", ["C", "Ab", "E"])
def test_chord_symbols_mean_to_mingus_what_they_mean_to_us(roman, tonic):
    chord = Chord.parse(roman, Key.of(tonic, "ionian"))
    symbol = chord.symbol.partition("/")[0].replace("(maj7)", "M7")
    assert mingus_chords.from_shorthand(symbol) == [tone.name for tone in chord.tones]


@pytest.mark.parametrize("roman", ["I", "ii", "iii", "IV", "V", "vi", "ii7", "V7", "vi7", "iii7"])
@pytest.mark.parametrize("tonic", ["C", "D", "Eb", "Bb"])
def test_diatonic_numerals_agree_with_mingus(roman, tonic):
    theirs = mingus_progressions.to_chords([roman], tonic)[0]
    assert list(tones(roman, Key.of(tonic, "ionian")).split()) == theirs


def test_mingus_differs_on_altered_numerals():
    # mingus lowers every tone of a diatonic chord, so its ♭VI is minor and its ♭II has no third.
    assert mingus_progressions.to_chords(["bVI"], "C")[0] == ["Ab", "Cb", "Eb"]
    assert tones("bVI") == "Ab C Eb"
    # Its viidim7 keeps the diatonic seventh; ours is the diminished seventh chord.
    assert mingus_progressions.to_chords(["viidim7"], "C")[0][-1] != "Bb"
    assert tones("viio7") == "B D F Ab"


# --- chromatic and coloured chords ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("roman", "expected", "bass", "symbol"),
    [
        ("It6", "F# Ab C", "Ab", "Ab7"),
        ("Fr43", "D F# Ab C", "Ab", "Ab7b5"),
        ("Ger65", "F# Ab C Eb", "Ab", "Ab7"),
        ("Iadd6", "C E G A", "C", "C6"),
        ("ivadd6", "F Ab C D", "F", "Fm6"),
        ("Iadd9", "C E G D", "C", "Cadd9"),
        ("V7sus4", "G C D F", "G", "G7sus4"),
        ("V7@1", "G B D F", "C", "G7/C"),
        ("IV@1", "F A C", "C", "F/C"),
        ("viio7/V@5", "F# A C Eb", "G", "F#dim7/G"),
        ("Ger65/V", "C# Eb G Bb", "Eb", "Eb7"),
    ],
)
def test_chromatic_and_coloured_chords_in_c(roman, expected, bass, symbol):
    chord = Chord.parse(roman, C)
    assert tones(roman) == expected
    assert (chord.bass.name, chord.symbol) == (bass, symbol)


@pytest.mark.parametrize(("ours", "theirs"), [("It6", "It6"), ("Fr43", "Fr43"), ("Ger65", "Ger65")])
@pytest.mark.parametrize("tonic", ["C", "Eb", "A"])
def test_augmented_sixths_agree_with_music21(ours, theirs, tonic):
    from music21 import key as music21_key
    from music21 import roman as music21_roman

    for mode, name in (("ionian", tonic), ("harmonic minor", tonic.lower())):
        found = music21_roman.RomanNumeral(theirs, music21_key.Key(name.replace("b", "-")))
        chord = Chord.parse(ours, Key.of(tonic, mode))
        assert {note.name for note in chord.tones} == {
            pitch.name.replace("-", "b") for pitch in found.pitches
        }
        assert chord.bass.name == found.bass().name.replace("-", "b")


@pytest.mark.parametrize("tonic", TONICS)
def test_an_augmented_sixth_opens_to_the_dominant(tonic):
    key = Key.of(tonic, "harmonic minor")
    dominant = key.major_degree(4)
    for roman in ("It6", "Fr43", "Ger65"):
        lower, upper = Chord.parse(roman, key).augmented_sixth
        assert lower == key.major_degree(5, -1)
        assert (lower.chroma - dominant.chroma) % 12 == 1 == (dominant.chroma - upper.chroma) % 12
        assert lower.step == (upper.step + 2) % 7


def test_an_added_note_is_no_seventh():
    chord = Chord.parse("Iadd6", C)
    assert chord.seventh is None
    assert chord.added.name == "A"
    assert Chord.parse("vi65", C).added is None
    assert [Chord.parse(f"i{each}", C).added.name for each in ("addb9", "add#11")] == ["Db", "F#"]
    assert Chord.parse("bIIadd#11@1", C).symbol == "Db(add#11)/C"


def test_a_neapolitan_is_the_major_chord_on_the_lowered_second():
    assert Chord.parse("bII6", C).neapolitan
    assert not any(Chord.parse(roman, C).neapolitan for roman in ("bIImaj7", "ii6", "bII/V"))


@pytest.mark.parametrize("roman", ["Vsus47", "Iadd66", "V65@1", "V7@2", "@1", "It7", "V/", "io+"])
def test_what_is_nearly_a_numeral_is_refused(roman):
    with pytest.raises(ValueError, match="is no Roman numeral: write one like"):
        Chord.parse(roman, C)
