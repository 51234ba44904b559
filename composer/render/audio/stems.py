"""A piece's players apart: what each adds to the mix, in one channel of a low rate, for a page.

Room and loudness act on every player alike: the echo of a sum is the sum of echoes, and the factors
that bring the whole to its loudness are those of each. So the players sum to the mix.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from composer.render.audio import Sounding
from composer.render.audio.coding import BLOCK
from composer.render.audio.master import mastered
from composer.render.audio.ogg import renumbered
from composer.render.audio.room import Room, in_room
from composer.render.audio.synth import by_fluidsynth, by_samples

if TYPE_CHECKING:
    from composer.render.audio.coding import Samples

LOW_RATE = 24_000  # samples a second of a player's; one of the few that Opus knows
DOWN, UP = 147, 80  # RATE / DOWN · UP is LOW_RATE
# Kilobits a second that all players of a page take together, and one of them at most: of one
# instrument, and one channel, more is not heard.
TOGETHER, ENOUGH = 104, 24
# libsndfile's scale of Opus goes from 256 kilobits a second for one channel down to 6.
MOST, LEAST = 256, 6


@dataclass(frozen=True, slots=True)
class Apart:
    """The finished sound, shape (2, n) at RATE, and of each player, in the order of the MIDI file's
    tracks, what he adds to it: shape (m,) at LOW_RATE, all as long as the whole."""

    sound: Samples
    players: tuple[Samples, ...]


def perform_apart(midi: bytes, sounding: Sounding, room: Room) -> Apart:
    """The sound as `perform` makes it, and its players.

    Raises UserError where who is to play it refuses.
    """
    alone = tracks(midi)
    if sounding.synth == "fluidsynth":
        # It plays in a room of its own.
        wet = by_fluidsynth(midi, sounding.path)
        players = [by_fluidsynth(each, sounding.path) for each in alone]
    else:
        dry = [by_samples(each, sounding.path) for each in alone]
        wet = in_room(_sum(dry), room)
        players = [in_room(each, room) for each in dry]
    sound, factors = mastered(wet)
    return Apart(sound, tuple(_low(each, factors) for each in players))


def tracks(midi: bytes) -> tuple[bytes, ...]:
    """A MIDI file for each track of one of ours but the conductor's, which all of them have."""
    from mido import MidiFile

    whole = MidiFile(file=io.BytesIO(midi), charset="utf-8")
    conductor, *players = whole.tracks
    found = []
    for player in players:
        alone = MidiFile(type=1, ticks_per_beat=whole.ticks_per_beat, charset="utf-8")
        alone.tracks.extend((conductor, player))
        buffer = io.BytesIO()
        alone.save(file=buffer)
        found.append(buffer.getvalue())
    return tuple(found)


def opus(players: Sequence[Samples]) -> tuple[bytes, ...]:
    """The players as Ogg files of Opus, which a browser decodes to the very number of samples."""
    kilobits = min(ENOUGH, TOGETHER / max(1, len(players)))
    level = 1 - (kilobits - LEAST) / (MOST - LEAST)
    # The encoder works outside Python: several do so side by side.
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(partial(_opus, level), players))


def _opus(level: float, player: Samples) -> bytes:
    import soundfile

    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer, "w", LOW_RATE, 1, "OPUS", format="OGG", compression_level=level
    ) as file:
        for start in range(0, len(player), BLOCK):
            file.write(player[start : start + BLOCK])
    return renumbered(buffer.getvalue())


def _sum(lines: Sequence[Samples]) -> Samples:
    mixed: Samples = np.zeros((2, max((line.shape[1] for line in lines), default=1)), np.float32)
    for line in lines:
        mixed[:, : line.shape[1]] += line
    return mixed


def _low(player: Samples, factors: Samples) -> Samples:
    """A player as loud as in the mix, in one channel, as long as the mix, at LOW_RATE."""
    from scipy import signal

    whole: Samples = np.zeros(len(factors), np.float32)
    heard = min(len(factors), player.shape[1])
    whole[:heard] = player[:, :heard].mean(axis=0) * factors[:heard]
    return np.asarray(signal.resample_poly(whole, UP, DOWN), np.float32)
