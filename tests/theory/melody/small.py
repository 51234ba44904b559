"""Phrases so short that every melody over them can be written down, for each rule that matters."""

from __future__ import annotations

from functools import partial

from tests.theory.melody.contexts import context
from theory.pitch import NoteName
from theory.scale import Key

MINOR = Key.of("A", "aeolian")
HARMONIC = Key.of("A", "harmonic minor")
FIVE = tuple(map(NoteName.parse, "CDEGA"))
popular = partial(context, language="popular")
SMALL = [
    # Dissonances and diminished leaps after a rest.
    context("V7 I", lengths=(36, 24), durations=(12, 24), compass="B4 F5", metre="3/4"),
    context("bII6 V", lengths=(36, 24), durations=(12, 24), compass="A4 F5", metre="3/4"),
    # Change of chord on the beat, quavers: figures on weak places.
    context("I V", lengths=(36, 24), durations=(12, 24), compass="C5 F5", metre="2/4"),
    context("I V6", lengths=(48, 48), durations=(24,), compass="G4 E5", metre="2/4"),
    context("V7 I", lengths=(36, 36), durations=(12, 24, 36), compass="D4 G4", metre="6/8"),
    # Syncopation: suspensions and anticipations tied over the change.
    context("IV I", lengths=(36, 36), durations=(12, 24, 36), compass="C5 F5", metre="3/4"),
    context("I ii", lengths=(48, 48), durations=(24, 48, 72), compass="G4 F5", metre="4/4"),
    # Minor: the raised sixth and seventh, the natural seventh going down.
    context("V i", key=MINOR, lengths=(36, 24), durations=(12, 24), compass="E4 A4", metre="2/4"),
    context("i iv", key=HARMONIC, lengths=(36, 24), durations=(12,), compass="E4 A4", metre="2/4"),
    context("V7/V V", lengths=(36, 36), durations=(12, 24), compass="F#4 B4", metre="9/8"),
    # An upbeat free of harmony; other languages; rules switched off.
    context("I V", lengths=(24, 24), durations=(12, 24), compass="G4 C5", start=-24, metre="2/4"),
    context("I bVII I", lengths=(24,) * 3, durations=(24,), language="popular", compass="G4 E5"),
    # Popular language: sixths and ninths are chord tones, chromatic notes lead on by a semitone.
    popular("I V7", lengths=(36, 24), durations=(12, 24), compass="C5 F5", metre="2/4"),
    popular("IV I", lengths=(24, 36), durations=(12, 36), compass="C5 E5", metre="3/4"),
    popular("V i", key=MINOR, lengths=(24, 24), durations=(12, 24), compass="E4 A4", metre="2/4"),
    popular("V7/V V", lengths=(24, 24), durations=(12, 24), compass="E5 A5", metre="2/4"),
    popular("I V", lengths=(24, 24), durations=(12, 24), scale=FIVE, compass="C5 F5", metre="2/4"),
    popular(
        "I V",
        lengths=(36, 24),
        durations=(12, 24),
        compass="C5 E5",
        metre="2/4",
        off=frozenset({"scale"}),
    ),
    *(
        context(
            "I V",
            lengths=(36, 24),
            durations=(12, 24),
            compass="B4 F5",
            metre="3/4",
            off=frozenset({name}),
        )
        for name in (
            "perfects-with-bass",
            "structural-note",
            "melodic-cadence",
            "melodic-interval",
        )
    ),
]
