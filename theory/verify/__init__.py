"""The verifier: every rule read a second time, from what has been written.

No module here imports one that generates, nor the other way round: only the table of rules and
the values that both speak of (pitches, chords, keys, metres) are shared.
"""

from theory.verify.figures import MelodyViolation
from theory.verify.melody import MELODY_READINGS, verify_melody
from theory.verify.voiced import VOICE_NAMES, Violation
from theory.verify.voices import ALONE, COMPASS, READINGS, verify_voices

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
