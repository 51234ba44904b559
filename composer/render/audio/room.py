"""The room that a piece is played in: first its walls, then its echo, longer for calm and dark.

What a room adds is mostly at the sides, as in halls that people like, where a fifth of the early
sound comes from there (Barron & Marshall 1981); so a loudspeaker of one channel, which adds left
and right, leaves out some of the room and nothing of the instruments.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from composer.render.audio.coding import RATE

if TYPE_CHECKING:
    from composer.render.audio.coding import Samples

# A room at rest, and what one step of arousal and of valence changes of it. How lively music has a
# dry room and dark music a long one is custom; long echoes are felt as unpleasant (Västfjäll,
# Larsson & Kleiner 2002).
LENGTH, BY_AROUSAL, BY_VALENCE = 1.4, -0.5, -0.25  # seconds after which the echo is 60 dB down
SHORTEST, LONGEST = 0.7, 2.2
SHARE, LESS = 0.2, -0.05  # the echo's level against the sound itself; a step of arousal takes some
LEAST, MOST = 0.13, 0.26
BRIGHT, BRIGHTER = 5500, 1000  # Hz up to which the room gives back; and by a step of valence
DARKEST, BRIGHTEST = 4000, 7000
DEEPEST = 250  # Hz under which it gives nothing back
BEFORE = 0.018  # seconds before the echo begins
SIDES = 2.0  # the echo's power at the sides against that in the middle
# The first reflections: seconds, and their level against the sound itself, left less right.
WALLS = ((0.0071, 0.23), (0.0113, -0.22), (0.0167, 0.20), (0.0239, -0.17), (0.0313, 0.14))
LOWEST_WALL = 150  # Hz under which walls reflect nothing: the bass stays in the middle


@dataclass(frozen=True, slots=True)
class Room:
    """A room's echo: seconds until it is 60 dB down, its level, and the highest it gives back."""

    length: float = LENGTH
    share: float = SHARE
    bright: float = BRIGHT


USUAL = Room()


def room_of(valence: float, arousal: float) -> Room:
    """The room for a mood; both are from −1 to 1.

    >>> room_of(0, 0) == USUAL
    True
    >>> room_of(-0.8, -0.6).length > room_of(0.8, 0.6).length
    True
    """
    return Room(
        round(min(LONGEST, max(SHORTEST, LENGTH + BY_AROUSAL * arousal + BY_VALENCE * valence)), 2),
        round(min(MOST, max(LEAST, SHARE + LESS * arousal)), 3),
        float(round(min(BRIGHTEST, max(DARKEST, BRIGHT + BRIGHTER * valence)), -2)),
    )


def in_room(sound: Samples, room: Room = USUAL) -> Samples:
    """The sound with the room's answer, shape (2, n) to (2, n + the echo's length)."""
    from scipy import signal

    # Left and right for themselves, and what the walls make of both.
    echo = signal.oaconvolve(sound, _response(room), axes=1)
    middle = sound.sum(axis=0) / 2
    walls = signal.oaconvolve(middle, _walls())
    echo[0, : len(walls)] += walls
    echo[1, : len(walls)] -= walls
    echo[:, : sound.shape[1]] += sound
    return np.asarray(echo, np.float32)


@lru_cache(maxsize=1)
def _walls() -> Samples:
    """What comes from the left wall less what comes from the right one, after a clap."""
    from scipy import signal

    taps = np.zeros(round(0.05 * RATE))
    for second, level in WALLS:
        taps[round(second * RATE)] = level
    highpass = signal.butter(1, LOWEST_WALL, "highpass", fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(highpass, taps), np.float32)


@lru_cache(maxsize=8)
def _response(room: Room) -> Samples:
    """The room's echo of a clap: noise of energy share² that dies away, more of it at the sides."""
    from scipy import signal

    count = round(room.length * RATE)
    noise = np.random.default_rng(16).standard_normal((2, count))
    band = signal.butter(2, (DEEPEST, room.bright), "bandpass", fs=RATE, output="sos")
    middle, side = signal.sosfilt(band, noise, axis=1) * 10 ** (-3 * np.arange(count) / count)
    side *= np.sqrt(SIDES * (middle**2).sum() / (side**2).sum())
    ears = np.stack([middle + side, middle - side])
    ears *= room.share / np.sqrt((ears**2).sum(axis=1, keepdims=True))
    return np.asarray(np.pad(ears, ((0, 0), (round(BEFORE * RATE), 0))), np.float32)
