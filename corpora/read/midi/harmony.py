"""The key and the chords of a piece where none are written, heard from its pitch classes.

Chords are the best path over beats through triads and sevenths. Each beat is heard as twelve
sounding times of pitch classes and a bass. A chord's emission is the log likelihood of that sound
under a mixture: so much of it are the chord's own notes, the rest anything; and how often chords of
its kind stand on that degree of the key. To change costs something, less at a barline, and by the
usual motions of roots less than by others. The tables are counts on the first halves of POP909 and
OpenEWLD, the prices are searched on the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corpora.read.midi.bars import spread
from theory.chord import QUALITIES
from theory.metre import Metre
from theory.pitch import NoteName, interval
from theory.scale import Key

# What a share of the sounding time on each pitch class above the tonic says for a major and for a
# minor key, and for minor at all: a multinomial logit over the 24 keys, fitted on half of POP909
# (two thirds of the weight) and of OpenEWLD, of which only the signature is believed, with a
# penalty of 1e-4 on the squared weights. The classic profiles tell relative keys apart less well.
PROFILES = {
    "ionian": (17.9, -0.8, -0.7, -8.8, 10.8, 1.5, -9.5, 14.7, -2.9, -4.6, -16.5, -1.0),
    "aeolian": (17.3, -11.0, 0.6, 10.2, -8.9, -2.4, -3.8, 14.0, 0.0, -14.5, -0.7, -1.1),
}
BIAS = {"ionian": 0.0, "aeolian": -0.23}


def find_key(weights: np.ndarray) -> Key:
    """The likeliest major or minor key of 12 weights of pitch classes (sounding times).

    Other modes are not told apart: on 12,192 folk tunes whose mode is written it makes more of them
    wrong than right.
    """
    shares = weights / max(float(weights.sum()), 1e-9)
    best = max(
        (float(np.roll(profile, tonic) @ shares) + BIAS[mode], -tonic, mode)
        for mode, profile in PROFILES.items()
        for tonic in range(12)
    )
    return named_key(-best[1], best[2])


def named_key(tonic: int, mode: str) -> Key:
    """The key on a pitch class, spelled so that its signature is small (six sharps, not flats)."""
    keys = [Key.of(NoteName.from_fifths(each).name, mode) for each in range(-8, 13)]
    right = [key for key in keys if key.tonic.chroma == tonic]
    return min(right, key=lambda key: (abs(key.signature), -key.signature))


# --- chords ---------------------------------------------------------------------------------------

# The qualities that are told apart, and their shares of POP909's time.
HEARD = {
    "major": 0.523,
    "minor": 0.336,
    "diminished": 0.005,
    "augmented": 0.001,
    "suspended fourth": 0.021,
    "suspended second": 0.042,
    "dominant seventh": 0.011,
    "major seventh": 0.023,
    "minor seventh": 0.036,
    "half-diminished seventh": 0.002,
    "diminished seventh": 0.0005,
}
# How a chord's sound divides among root, third, fifth, seventh and each other note.
SHARES, OTHER = (0.34, 0.26, 0.26, 0.20), 0.01
# How often the bass is the root, another note of the chord, anything else.
BASS_ROOT, BASS_TONE, BASS_OTHER = 0.60, 0.18, 0.07
# How often a chord of each family stands on each degree of the signature's major scale, in
# thousandths of the time.
DEGREES = {
    "major": (246, 3.4, 41, 2.7, 32, 106, 2.2, 176, 5.4, 30, 9.7, 5.8),
    "minor": (2.0, 0.6, 79, 1.1, 52, 8.8, 0.9, 5.3, 0.3, 125, 1.4, 2.6),
    "diminished": (2.4, 2.6, 1.7, 2.6, 1.6, 0.5, 3.4, 1.0, 0.6, 0.6, 0.6, 2.5),
}
# How often roots move up by so many semitones where chords change, in thousandths.
MOTIONS = (64, 31, 116, 31, 33, 366, 12, 134, 40, 67, 68, 37)


@dataclass(frozen=True, slots=True)
class Prices:
    """What weighs how much, in nats: a beat's sound, the key, how usual a quality is, the roots'
    motion; and what a change costs at a barline, in the middle of a bar and at another beat."""

    sound: float
    key: float
    usual: float
    motion: float
    bar: float
    middle: float
    beat: float


ACCOMPANIED = Prices(5.2, 0.13, 0.6, 0.15, -1.3, -2.6, -6.5)
ALONE = Prices(1.4, 0.33, 1.0, 1.3, -1.0, -3.9, -8.0)


@lru_cache(maxsize=64)
def prior(signature: int, prices: Prices) -> np.ndarray:
    """Log odds of the chords (root + 12 × quality) under a signature of so many sharps."""
    found = []
    for quality, share in HEARD.items():
        family = "minor" if quality.startswith("minor") else "major"
        degrees = np.array(DEGREES["diminished" if "diminished" in quality else family])
        turned = np.roll(degrees / degrees.sum(), 7 * signature)
        found.append(prices.usual * np.log(share) + prices.key * np.log(turned))
    return np.concatenate(found)


@lru_cache(maxsize=1)
def templates() -> tuple[np.ndarray, np.ndarray]:
    """Log shares of pitch classes (chords, 12), and of basses; chords are root + 12 × quality."""
    sound, low = [], []
    for quality in HEARD:
        steps = [interval(each).semitones % 12 for each in QUALITIES[quality].intervals]
        share = np.full(12, OTHER)
        bass = np.full(12, BASS_OTHER / (12 - len(steps)))
        for step, size in zip(steps, SHARES, strict=False):
            share[step] = size
            bass[step] = BASS_TONE / (len(steps) - 1)
        bass[0] = BASS_ROOT
        share, bass = np.log(share / share.sum()), np.log(bass / bass.sum())
        sound += [np.roll(share, root) for root in range(12)]
        low += [np.roll(bass, root) for root in range(12)]
    return np.array(sound), np.array(low)


def hear(
    start: np.ndarray, end: np.ndarray, pitch: np.ndarray, metre: Metre, key: Key, alone: bool
) -> np.ndarray:
    """The chord of each beat, as root + 12 × index in HEARD; −1 where nothing sounds.

    Notes are in ticks from a barline; `alone` says that they are a melody without accompaniment,
    which has no bass.
    """
    prices = ALONE if alone else ACCOMPANIED
    beat = metre.beat
    beats = int(np.ceil(end.max() / beat))
    chroma = spread(start / beat, end / beat, pitch % 12, (beats, 12))
    sound, low = templates()
    total = chroma.sum(1, keepdims=True)
    silent = total[:, 0] < 1e-6
    heard = chroma / np.maximum(total, 1e-9) * np.minimum(1.0, total) * prices.sound
    emission = heard @ sound.T + prior(key.signature, prices)[None]
    if not alone:
        emission += _basses(start / beat, end / beat, pitch, beats) @ low.T
    emission[silent] = 0
    path = _path(emission, metre.beats, prices)
    path[silent] = -1
    return path


def _basses(start: np.ndarray, end: np.ndarray, pitch: np.ndarray, beats: int) -> np.ndarray:
    """The lowest note that begins or is held at each beat, as an array (beats, 12) of 0 and 1."""
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


def _path(emission: np.ndarray, beats_a_bar: int, prices: Prices) -> np.ndarray:
    """The best chord of each beat. Of the chords on one root only the best can be left."""
    beats, chords = emission.shape
    roots = np.arange(chords) % 12
    motion = np.array(MOTIONS) / np.max(MOTIONS)
    # Row: the root moved to; column: the root left.
    turn = prices.motion * np.log(motion)[(roots[:12, None] - roots[None, :12]) % 12]
    score = emission[0].copy()
    back = np.zeros((beats, chords), dtype=np.int64)
    own, pitches = np.arange(chords), np.arange(12)
    for beat in range(1, beats):
        place = beat % beats_a_bar
        middle = beats_a_bar % 2 == 0 and place == beats_a_bar // 2
        price = prices.bar if place == 0 else prices.middle if middle else prices.beat
        grouped = score.reshape(-1, 12)
        best, left = grouped.argmax(0), grouped.max(0)
        moved = left[None] + turn + price
        source = moved.argmax(1)
        change = moved[pitches, source][roots]
        stay = score >= change
        back[beat] = np.where(stay, own, (best[source] * 12 + source)[roots])
        score = np.where(stay, score, change) + emission[beat]
    path = np.zeros(beats, dtype=np.int64)
    path[-1] = score.argmax()
    for beat in range(beats - 1, 0, -1):
        path[beat - 1] = back[beat, path[beat]]
    return path
