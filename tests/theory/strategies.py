"""Hypothesis strategies for theory: pitches, keys, chords, voicings."""

from hypothesis import strategies as st

from theory.chord import Chord
from theory.pitch import NoteName, Pitch
from theory.scale import MODES, Key
from theory.voices.voicing import RANGES, Voicing, tones_between

TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
ROMANS = [
    "I",
    "I6",
    "I64",
    "IV64",
    "V64",
    "Imaj7",
    "ii",
    "ii6",
    "ii7",
    "ii65",
    "ii42",
    "iii",
    "IV",
    "IV6",
    "IVmaj7",
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
    "viiø7",
    "V7/V",
    "V65/V",
    "V7/vi",
    "viio7/V",
    "V+",
    "Vsus4",
    "bVI",
    "bVII",
    "bII6",
    "iv",
    "i",
    "bIII",
    "v",
    "iiø65",
    "iio6",
    "Isus2",
    "It6",
    "Fr43",
    "Ger65",
    "V7sus4",
    "Iadd6",
    "ivadd6",
    "Iadd9",
    "V7@1",
    "IV@1",
    "iiø7@1",
    "viio7@5",
]

notes = st.builds(NoteName, st.integers(0, 6), st.integers(-2, 2))
plain_notes = st.builds(NoteName, st.integers(0, 6), st.integers(-1, 1))
pitches = st.builds(Pitch, st.integers(0, 6), st.integers(-1, 1), st.integers(2, 5))
keys = st.builds(Key.spelled, st.sampled_from(TONICS), st.sampled_from(list(MODES)))
major_keys = st.builds(Key.of, st.sampled_from(TONICS), st.just("ionian"))


@st.composite
def chords(draw):
    """A chord of a major key."""
    return Chord.parse(draw(st.sampled_from(ROMANS)), draw(major_keys))


@st.composite
def sung(draw, chord):
    """Any four of the chord's tones in or near the voices' ranges, well or badly set."""
    upper = [
        draw(st.sampled_from(tones_between(chord.tones, low.midi - 3, high.midi + 3)))
        for low, high in RANGES[:3]
    ]
    if draw(st.booleans()):
        upper.sort(key=lambda pitch: -pitch.midi)
    return Voicing(*upper, draw(st.sampled_from(tones_between((chord.bass,), 38, 64))))


@st.composite
def steps(draw):
    """Two chords of one key, each with four notes: chord, voicing, chord, voicing."""
    key = draw(major_keys)
    before = Chord.parse(draw(st.sampled_from(ROMANS)), key)
    after = Chord.parse(draw(st.sampled_from(ROMANS)), key)
    return before, draw(sung(before)), after, draw(sung(after))
