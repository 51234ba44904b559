"""The key of a piece from its pitch classes, and the spelling of its notes in that key."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from theory.pitch import NATURALS, Note, Pitch
from theory.scale import Key

# How well the twelve pitch classes above the tonic fit, after Temperley's study of the Kostka-Payne
# corpus (Music and Probability, 2007), major and minor.
PROFILES = {
    "ionian": (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400),
    "aeolian": (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330),
}
# On the line of fifths a chromatic note is taken from five below the tonic to six above it.
FLATTEST = -5


def estimate(weights: np.ndarray) -> Key:
    """The key whose profile correlates best with 12 weights of pitch classes (durations)."""
    seen = weights - weights.mean()
    best = (-2.0, 0, "ionian")
    for mode, profile in PROFILES.items():
        fits = np.array(profile) - np.mean(profile)
        for tonic in range(12):
            turned = np.roll(fits, tonic)
            size = np.linalg.norm(turned) * np.linalg.norm(seen)
            best = max(best, (float(turned @ seen / max(size, 1e-9)), -tonic, mode))
    return named(-best[1], best[2])


def named(tonic: int, mode: str) -> Key:
    """The key on a pitch class, spelled so that its signature is small (six sharps, not flats)."""
    keys = [Key.of(Note.from_fifths(each).name, mode) for each in range(-8, 13)]
    right = [key for key in keys if key.tonic.chroma == tonic]
    return min(right, key=lambda key: (abs(key.signature), -key.signature))


@lru_cache(maxsize=128)
def names(key: Key) -> tuple[Note, ...]:
    """How each of the twelve pitch classes is spelled in a key, from C up."""
    lowest = key.tonic.fifths + FLATTEST
    notes = [Note.from_fifths(each) for each in range(lowest, lowest + 12)]
    return tuple(sorted(notes, key=lambda note: note.chroma))


def pitch(midi: int, note: Note) -> Pitch:
    """The pitch of a MIDI number that is spelled as `note`."""
    return Pitch(note.step, note.alter, (midi - NATURALS[note.step] - note.alter) // 12 - 1)
