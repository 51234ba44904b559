"""The verifier: every rule read a second time, from what has been written.

No module here imports one that generates, nor the other way round: only the table of rules and
the values that both speak of (pitches, chords, keys, metres) are shared.
"""

from theory.verify.melody import MELODY_READINGS, verify_melody
from theory.verify.values import Fault, Ground, Sung
from theory.verify.voices import COMPASS, READINGS, VOICE_NAMES, Violation, verify_voices

__all__ = [
    "COMPASS",
    "MELODY_READINGS",
    "READINGS",
    "VOICE_NAMES",
    "Fault",
    "Ground",
    "Sung",
    "Violation",
    "verify_melody",
    "verify_voices",
]
