"""Chords where none are written: the best path over beats through triads and sevenths.

Each beat is heard as twelve weights of pitch classes (durations, the accompaniment's and some of
the melody's) and a bass. A chord's emission is the log likelihood of those durations under a
mixture: so much of what sounds are the chord's own notes, the rest anything. To change costs
something, less at a barline, and less by a fourth or fifth than elsewhere.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from corpora.midi.beats import spread
from theory.chord import QUALITIES
from theory.pitch import interval

HEARD = (
    "major",
    "minor",
    "diminished",
    "augmented",
    "suspended fourth",
    "suspended second",
    "dominant seventh",
    "major seventh",
    "minor seventh",
    "half-diminished seventh",
    "diminished seventh",
)
# Log prior of each quality, as often as POP909's labels have it.
PRIOR = np.log(np.array([0.53, 0.32, 0.006, 0.002, 0.024, 0.05, 0.014, 0.026, 0.045, 0.003, 0.001]))
# How much of a beat's sound a chord's note has: root, third, fifth, seventh; another note.
SHARES = (0.34, 0.26, 0.26, 0.20)
OTHER = 0.02
# How a beat's weight is heard: seconds of a crotchet, the bass's note apart.
WEIGHT, BASS_ROOT, BASS_TONE, BASS_OTHER = 4.0, 0.75, 0.18, 0.07
CHANGE_AT_BAR, CHANGE_AT_STRONG, CHANGE_AT_BEAT, FIFTH = -1.6, -2.4, -4.0, 0.4


@lru_cache(maxsize=1)
def templates() -> tuple[np.ndarray, np.ndarray]:
    """Log shares of pitch classes (chords, 12), and of basses; chords are root + 12 × quality."""
    sound, low = [], []
    for quality in HEARD:
        steps = [interval(each).semitones % 12 for each in QUALITIES[quality].intervals]
        share = np.full(12, OTHER)
        bass = np.full(12, BASS_OTHER / 9)
        for step, size in zip(steps, SHARES, strict=False):
            share[step] = size
            bass[step] = BASS_TONE / (len(steps) - 1)
        bass[0] = BASS_ROOT
        share, bass = np.log(share / share.sum()), np.log(bass / bass.sum())
        sound += [np.roll(share, root) for root in range(12)]
        low += [np.roll(bass, root) for root in range(12)]
    return np.array(sound), np.array(low)


def hear(
    start: np.ndarray, end: np.ndarray, pitch: np.ndarray, beat: int, beats_a_bar: int, beats: int
) -> np.ndarray:
    """The chord of each of `beats` beats, as root + 12 × index in HEARD; −1 where nothing sounds.

    Notes are in ticks; the first beat is a downbeat.
    """
    chroma = spread(start / beat, end / beat, pitch % 12, (beats, 12))
    bass = _basses(start / beat, end / beat, pitch, beats)
    sound, low = templates()
    total = chroma.sum(1, keepdims=True)
    heard = chroma / np.maximum(total, 1e-9) * np.minimum(1.0, total) * WEIGHT
    emission = heard @ sound.T + bass @ low.T + np.repeat(PRIOR, 12)[None] * 0.3
    emission[total[:, 0] < 1e-6] = 0
    path = _path(emission, beats_a_bar)
    path[total[:, 0] < 1e-6] = -1
    return path


def _basses(start: np.ndarray, end: np.ndarray, pitch: np.ndarray, beats: int) -> np.ndarray:
    """Weights (beats, 12) of the lowest note that sounds at each beat, 1 if it is held."""
    lowest = np.full(beats, 128)
    first = np.clip(np.floor(start + 0.1).astype(int), 0, beats - 1)
    for held in range(4):
        at = first + held
        sounding = (end > at + 0.1) & (at < beats)
        np.minimum.at(lowest, at[sounding], pitch[sounding])
    found = np.zeros((beats, 12))
    present = lowest < 128
    found[np.flatnonzero(present), lowest[present] % 12] = 1.0
    return found


def _path(emission: np.ndarray, beats_a_bar: int) -> np.ndarray:
    beats, chords = emission.shape
    roots = np.arange(chords) % 12
    away = (roots[:, None] - roots[None]) % 12
    turn = np.where((away == 5) | (away == 7), FIFTH, 0.0)
    score = emission[0].copy()
    back = np.zeros((beats, chords), dtype=np.int64)
    own = np.arange(chords)
    for beat in range(1, beats):
        place = beat % beats_a_bar
        price = CHANGE_AT_BEAT
        if place == 0:
            price = CHANGE_AT_BAR
        elif beats_a_bar % 2 == 0 and place == beats_a_bar // 2:
            price = CHANGE_AT_STRONG
        # Of the chords on one root only the best can be left.
        grouped = score.reshape(-1, 12)
        best = grouped.argmax(0)
        left = grouped.max(0)
        moved = left[None, :] + turn[:12, :12] + price
        source = moved.argmax(1)
        change = moved[np.arange(12), source][roots]
        origin = (best[source] * 12 + source)[roots]
        stay = score >= change
        back[beat] = np.where(stay, own, origin)
        score = np.where(stay, score, change) + emission[beat]
    path = np.zeros(beats, dtype=np.int64)
    path[-1] = score.argmax()
    for beat in range(beats - 1, 0, -1):
        path[beat - 1] = back[beat, path[beat]]
    return path
