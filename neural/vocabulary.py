"""The model's words: pitches relative to tonic and mode, durations, and what conditions are.

A pitch is (degree, alteration, octave) against tonic and mode, one to one with its spelling: so a
tune in any key is the same words, and the model never learns a key.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from theory.metre import METRES, Metre
from theory.pitch import Pitch
from theory.scale import Key

# Letters below and above the reference tonic, and alterations against the mode's own degree.
LOWEST, HIGHEST = -14, 28
ALTERS = 5  # −2 … 2
PITCHES = (HIGHEST - LOWEST + 1) * ALTERS
REST, START = PITCHES, PITCHES + 1
# The reference tonic is the one from G3 up to F♯4.
LOWEST_TONIC = 55
# Lengths of notes and rests in ticks; others are taken for the nearest.
# fmt: off
DURATIONS = np.array((
    3, 4, 6, 8, 9, 12, 15, 16, 18, 20, 21, 24, 28, 30, 32, 36, 40, 42, 44, 48, 54, 56, 60, 64, 66,
    72, 78, 80, 84, 90, 96, 104, 108, 120, 132, 144, 156, 168, 180, 192, 216, 240, 288, 384,
))
# fmt: on
# What the network proposes: pitches and the rest, which is the last; durations.
PITCH_WORDS, LENGTH_WORDS = PITCHES + 1, len(DURATIONS)
METRE_NAMES = tuple(METRES)
# The modes that it was trained with, in the order of its words, and which of them it takes a newer
# one for.
MODE_NAMES = (
    "lydian",
    "ionian",
    "mixolydian",
    "dorian",
    "aeolian",
    "phrygian",
    "locrian",
    "harmonic minor",
    "melodic minor",
    "major pentatonic",
    "minor pentatonic",
)
TAKEN_FOR = {"octatonic": "phrygian", "whole-tone": "lydian", "blues": "minor pentatonic"}
LONGEST_BAR = max(metre.bar for metre in METRES.values())
UNKNOWN = -1  # what a condition is that is not given


def tonic_of(key: Key) -> Pitch:
    """The tonic that a key's words count from."""
    low, high = key.tonic.at(3), key.tonic.at(4)
    return low if low.midi >= LOWEST_TONIC else high


def word_of(pitch: Pitch, key: Key) -> int | None:
    """The word of a spelled pitch in a key; None where the vocabulary has none."""
    step = pitch.height - tonic_of(key).height
    alter = pitch.alter - key.degree(step % 7).alter
    if not LOWEST <= step <= HIGHEST or abs(alter) > ALTERS // 2:
        return None
    return (step - LOWEST) * ALTERS + alter + ALTERS // 2


def pitch_of(word: int, key: Key) -> Pitch:
    """The spelled pitch of a word in a key; the inverse of `word_of`. Not for a rest."""
    step, alter = word // ALTERS + LOWEST, word % ALTERS - ALTERS // 2
    note = key.degree(step % 7, alter)
    return Pitch(note.step, note.alter, (tonic_of(key).height + step) // 7)


def shifted(words: NDArray[np.int64], letters: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """Words moved by letters of the scale; rests stay, and so does what would leave the range."""
    moved = words + letters * ALTERS
    inside = (words < PITCHES) & (moved >= 0) & (moved < PITCHES)
    return np.where(inside, moved, words)


@lru_cache(maxsize=256)
def semitones(key: Key) -> NDArray[np.int64]:
    """Semitones from the reference tonic for every pitch word of a key: shape (PITCHES,)."""
    tonic = tonic_of(key).midi
    return np.array([pitch_of(word, key).midi - tonic for word in range(PITCHES)])


def duration_word(ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The words of durations: the nearest in proportion."""
    ticks = np.asarray(ticks)
    away = np.abs(np.log(np.maximum(ticks, 1))[..., None] - np.log(DURATIONS))
    return np.asarray(away.argmin(axis=-1))


def metre_word(metre: Metre) -> int:
    return METRE_NAMES.index(metre.name)


def mode_word(key: Key) -> int:
    return MODE_NAMES.index(TAKEN_FOR.get(key.mode.name, key.mode.name))
