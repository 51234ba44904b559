"""A room for the players: a little echo, as a hall gives, the same in every run."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from composer.audio.values import RATE

if TYPE_CHECKING:
    from composer.audio.values import Samples

LENGTH = 1.1  # seconds after which the echo is 60 dB down
BEFORE = 0.018  # seconds before it begins
SHARE = 0.16  # its level against the sound itself
BAND = (250, 5500)  # Hz that the room gives back


def in_room(sound: Samples) -> Samples:
    """The sound with the room's echo, shape (2, n) to (2, n + the echo's length)."""
    from scipy import signal

    echo = signal.oaconvolve(sound, _response(), axes=1)
    echo[:, : sound.shape[1]] += sound
    return np.asarray(echo, np.float32)


@lru_cache(maxsize=1)
def _response() -> Samples:
    """The room's answer to a clap: noise that dies away, another in each ear, of energy SHARE²."""
    from scipy import signal

    count = round(LENGTH * RATE)
    noise = np.random.default_rng(16).standard_normal((2, count))
    band = signal.butter(2, BAND, "bandpass", fs=RATE, output="sos")
    noise = signal.sosfilt(band, noise, axis=1) * 10 ** (-3 * np.arange(count) / count)
    noise *= SHARE / np.sqrt((noise**2).sum(axis=1, keepdims=True))
    return np.asarray(np.pad(noise, ((0, 0), (round(BEFORE * RATE), 0))), np.float32)
