"""The verifier: every rule read a second time, from what has been written.

No module here imports one that generates, nor the other way round: only the table of rules and
the values that both speak of (pitches, chords, keys, metres) are shared.
"""

from theory.verify.melody import MELODY_READINGS, verify_melody
from theory.verify.values import MelodyViolation, Violation
from theory.verify.voices import ALONE, COMPASS, READINGS, VOICE_NAMES, verify_voices

__all__ = [
    "ALONE",
    "COMPASS",
    "MELODY_READINGS",
    "READINGS",
    "VOICE_NAMES",
    "MelodyViolation",
    "Violation",
    "verify_melody",
    "verify_voices",
]
