"""Keys, thirds and roughness, from pitches and how long they sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

# How well each pitch class above the tonic fits a major and a minor key, as people rate it
# (Krumhansl & Kessler 1982).
MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
# The steps of the scales; of minor the raised sixth and seventh too.
MAJOR_SCALE, MINOR_SCALE = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 9, 10, 11)
# How rough two tones sound by their interval within an octave, 0 to 1: the order of Huron's
# consonances (1994), turned round.
ROUGHNESS = np.array([0.0, 1.0, 0.68, 0.28, 0.22, 0.16, 0.62, 0.05, 0.28, 0.22, 0.5, 0.9])
# The order in which roughness falls with distance: an octave more and it is half.
PER_OCTAVE = 0.5
MOST_MOMENTS = 4000  # moments that are looked at; of more, evenly spread ones
LATER = 0.02  # seconds after a moment at which it is asked what sounds
LONGEST = 64  # moments for which a note is heard: nobody hears one that hangs for ever


@dataclass(frozen=True, slots=True)
class KeyFit:
    """The key that fits best: tonic (a pitch class), its correlation with the key's profile, how
    much better the best major key fits than the best minor one (−1 to 1), and the share of the time
    that notes foreign to the scale sound."""

    tonic: int
    certainty: float
    majorness: float
    foreign: float


def chroma(pitch: Floats, weights: Floats) -> Floats:
    """How much of each of the twelve pitch classes there is; shape (12,)."""
    return np.bincount(pitch.astype(int) % 12, weights=weights, minlength=12).astype(float)


def key(weights: Floats) -> KeyFit:
    """The key of twelve weights of pitch classes."""
    if not np.ptp(weights) > 0:
        return KeyFit(int(weights.argmax()), 0.0, 0.0, 0.0)
    turned = np.stack([np.roll(weights, -tonic) for tonic in range(12)])
    turned = turned - turned.mean(axis=1, keepdims=True)
    turned = turned / np.linalg.norm(turned, axis=1, keepdims=True)
    fits = []
    for profile in (MAJOR, MINOR):
        shape = profile - profile.mean()
        fits.append(turned @ (shape / np.linalg.norm(shape)))
    major, minor = (int(fit.argmax()) for fit in fits)
    majorness = float(fits[0][major] - fits[1][minor])
    tonic, scale = (major, MAJOR_SCALE) if majorness >= 0 else (minor, MINOR_SCALE)
    inside = float(weights[[(tonic + step) % 12 for step in scale]].sum() / weights.sum())
    return KeyFit(
        tonic, max(0.0, float(max(fits[0][major], fits[1][minor]))), majorness, 1 - inside
    )


def sounding(onset: Floats, end: Floats) -> tuple[int, Indices, Indices]:
    """How many moments there are (evenly chosen ones of very many), and pairs (moment, note) of
    what sounds just after each."""
    times = np.unique(np.round(onset, 2)) + LATER
    if len(times) > MOST_MOMENTS:
        times = times[np.linspace(0, len(times) - 1, MOST_MOMENTS).astype(int)]
    first = np.searchsorted(times, onset)
    after = np.maximum(np.searchsorted(times, end), first)
    after = np.minimum(after, first + LONGEST)
    count = after - first
    note = np.repeat(np.arange(len(onset)), count)
    step = np.arange(len(note)) - np.repeat(np.cumsum(count) - count, count)
    return len(times), first[note] + step, note


def third(count: int, moment: Indices, pitch: Floats) -> float | None:
    """Major against minor thirds above the lowest sounding note, −1 to 1; None without either.

    moment, pitch: of each note that sounds at each of `count` moments.
    """
    low = np.full(count, 999.0)
    np.minimum.at(low, moment, pitch)
    above = (pitch - low[moment]).astype(int) % 12
    major, minor = int((above == 4).sum()), int((above == 3).sum())
    return (major - minor) / (major + minor) if major + minor else None


def dissonance(count: int, moment: Indices, pitch: Floats) -> float | None:
    """Mean roughness of the pairs that sound together, 0 to 1; None where one note sounds at once.

    Pairs that lie an octave further apart are half as rough. Arguments as for `third`.
    """
    held = np.zeros((count, 128), bool)
    held[moment, np.clip(pitch, 0, 127).astype(int)] = True
    rough = pairs = 0.0
    for apart in range(1, 49):
        both = float((held[:, apart:] & held[:, :-apart]).sum())
        pairs += both
        rough += both * ROUGHNESS[apart % 12] * PER_OCTAVE ** (apart // 12)
    return float(rough / pairs) if pairs else None
