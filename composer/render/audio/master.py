"""The finished sound: as loud as streaming services play it, under full scale.

Loudness is ITU-R BS.1770's, by pyloudnorm; true peaks are measured as its annex 2 says, between the
samples, four times oversampled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from composer.render.audio.coding import RATE

if TYPE_CHECKING:
    from composer.render.audio.coding import Samples

LOUDNESS = -16.0  # LUFS
NEAR = 0.2  # LU that it may miss this by
PEAK = -1.0  # dB true peak (dBTP) that nothing may pass
# What the limiter aims at: its own ripple, 16 bits and the coding of MP3 and Ogg add a little.
CEILING = -1.6
WINDOW = 0.015  # seconds in which the limiter turns down, and up again
ROUNDS = 6  # of limiting and making up for it
BLOCK, MARGIN = 1024, 32  # samples that are oversampled at once, and beside them
SHORTEST = 0.4  # seconds that loudness can be measured of


def master(sound: Samples) -> Samples:
    """The sound at LOUDNESS, its true peaks under PEAK; silence as it is.

    sound: shape (2, n), n at least one.
    """
    return mastered(sound)[0]


def mastered(sound: Samples) -> tuple[Samples, Samples]:
    """`master` of the sound, and the factor, of shape (n,), that each sample was multiplied by."""
    now = loudness(sound)
    if not np.isfinite(now):
        return sound, np.ones(sound.shape[1], np.float32)
    goal = LOUDNESS - now
    made, factors = sound, np.ones(sound.shape[1], np.float32)
    for _ in range(ROUNDS):
        gain = np.float32(10 ** (goal / 20))
        louder = sound * gain
        down = turned_down(louder)
        if down is None:
            return louder, np.full(sound.shape[1], gain, np.float32)
        made, factors = np.asarray(louder * down, np.float32), gain * down
        missed = LOUDNESS - loudness(made)
        if abs(missed) < NEAR:
            break
        goal += missed
    return made, np.asarray(factors, np.float32)


def loudness(sound: Samples) -> float:
    """Integrated loudness in LUFS; −inf of silence."""
    import pyloudnorm

    short = round(SHORTEST * RATE) - sound.shape[1] + 1
    padded = np.pad(sound, ((0, 0), (0, max(0, short))))
    return float(pyloudnorm.Meter(RATE).integrated_loudness(padded.T))


def true_peak(sound: Samples) -> float:
    """The true peak in dBTP; −inf of silence."""
    highest = float(peaks(sound, float(np.abs(sound).max())).max())
    return float(20 * np.log10(highest)) if highest else -np.inf


def peaks(sound: Samples, near: float) -> Samples:
    """The highest absolute value at each sample and up to the next, of both channels, shape (n,).

    Between the samples it is looked for only around those that come to half of `near`: no sound
    swings more than twice as far between its samples as at them.
    """
    from scipy import signal

    count = sound.shape[1]
    rows = -(-count // BLOCK)
    whole = np.pad(sound, ((0, 0), (MARGIN, rows * BLOCK - count + MARGIN)))
    highest = np.abs(whole[:, MARGIN:-MARGIN]).max(axis=0).reshape(rows, BLOCK)
    high = highest.max(axis=1) >= near / 2
    blocks = sliding_window_view(whole, BLOCK + 2 * MARGIN, axis=1)[:, ::BLOCK][:, high]
    between = np.abs(signal.resample_poly(blocks, 4, 1, axis=2)[:, :, 4 * MARGIN : -4 * MARGIN])
    highest[high] = between.reshape(2, -1, BLOCK, 4).max(axis=(0, 3))
    return np.asarray(highest.reshape(-1)[:count], np.float32)


def limit(sound: Samples) -> Samples:
    """The sound turned down around what would pass the ceiling, slowly enough not to be heard as
    distortion; the very same where nothing would."""
    down = turned_down(sound)
    return sound if down is None else np.asarray(sound * down, np.float32)


def turned_down(sound: Samples) -> Samples | None:
    """The factors, of shape (n,), by which `limit` turns down; None where nothing passes."""
    from scipy import ndimage

    allowed = np.float32(10 ** (CEILING / 20))
    over = peaks(sound, float(allowed))
    if over.max() <= allowed:
        return None
    needed = allowed / np.maximum(over, allowed)
    half = round(WINDOW * RATE)
    # A mean of what is lowest in reach is nowhere higher than what is needed.
    lowest = ndimage.minimum_filter1d(needed, 2 * half + 1)
    smooth = ndimage.uniform_filter1d(ndimage.uniform_filter1d(lowest, half + 1), half + 1)
    return np.asarray(np.minimum(smooth, needed), np.float32)
