"""Sixteen pieces whose scores differ as much as scores here can: every ensemble, every metre, keys
with up to seven signs, drums, upbeats, triplets and swing, most patterns of chords."""

from __future__ import annotations

from composer import compose
from composer.values import Piece

NAMES = ("ensemble", "metre", "tonic", "mode", "chord_pattern", "bass_pattern", "drum_pattern")
# What is decided of each, and what else.
CASES = (
    ("solo piano|4/4|D|dorian|alberti|held|none", {"counter_melody": "contrary"}),
    ("folk band|6/8|D|mixolydian|strum|root fifth|folk dance", {"upbeat": "beat"}),
    ("string sextet|3/4|Ab|ionian|pulse|held|none", {"upbeat": "quaver", "articulation": "0.95"}),
    ("chamber winds|4/4|Bb|mixolydian|block|root fifth|none", {"articulation": "0.5"}),
    ("piano and strings|6/8|F#|aeolian|arpeggio up|held|none", {"upbeat": "quaver"}),
    ("flute and harp|9/8|Db|ionian|arpeggio wide|downbeat|none", {"counter_melody": "contrary"}),
    ("music box|3/4|B|ionian|broken|held|none", {}),
    ("jazz trio|4/4|Eb|dorian|charleston|walking|swing", {"swing": "0.9", "upbeat": "quaver"}),
    ("synth pads|5/4|F|lydian|pad|pedal|soft", {"counter_melody": "contrary"}),
    ("brass and organ|4/4|C|harmonic minor|block|held|none", {}),
    ("guitar duo|2/4|E|phrygian|habanera|tresillo|habanera", {"counter_melody": "contrary"}),
    ("full orchestra|12/8|Db|lydian|repeated|octaves|lilt", {"upbeat": "beat"}),
    ("choir and organ|3/4|G|aeolian|sarabande|held|none", {"articulation": "1"}),
    ("saxophone and keys|4/4|F#|ionian|bossa|bossa|bossa", {"swing": "0.4", "upbeat": "quaver"}),
    ("solo piano|12/8|B|aeolian|nocturne|held|none", {"upbeat": "quaver"}),
    ("full orchestra|4/4|Ab|aeolian|tremolo|pulse|march", {"counter_melody": "contrary"}),
)


def piece(number: int) -> Piece:
    """The piece of a case, sung by rules from one of the two samples."""
    text, others = CASES[number]
    decided = {**dict(zip(NAMES, text.split("|"), strict=True)), **others, "bars": "16"}
    source = ("sample:china", "sample:flower")[number % 2]
    return compose(source, overrides=decided, seed=number, melody="rules")
