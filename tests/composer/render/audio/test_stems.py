"""Players apart: together they are the mix, in step with it to the sample."""

import io

import numpy as np
import pytest
import soundfile
from mido import MidiFile
from scipy import signal

from composer.render.audio import BUILT_IN, perform
from composer.render.audio.ogg import checksum
from composer.render.audio.room import USUAL
from composer.render.audio.stems import DOWN, LOW_RATE, TOGETHER, UP, opus, perform_apart, tracks
from composer.render.rendering import Rendering
from tests.composer.example import piece


@pytest.fixture(scope="module")
def midi():
    return Rendering(piece()).midi


@pytest.fixture(scope="module")
def apart(midi):
    return perform_apart(midi, BUILT_IN, USUAL)


def test_the_mix_is_the_one_that_is_written(midi, apart):
    np.testing.assert_allclose(apart.sound, perform(midi, BUILT_IN, USUAL), atol=1e-6)


def test_the_players_sum_to_the_mix(apart):
    mix = signal.resample_poly(apart.sound.mean(axis=0), UP, DOWN)
    np.testing.assert_allclose(sum(apart.players), mix, atol=1e-5)


def test_each_track_is_alone_under_the_same_conductor(midi):
    whole, alone = (
        MidiFile(file=io.BytesIO(midi)),
        [MidiFile(file=io.BytesIO(m)) for m in tracks(midi)],
    )
    assert len(alone) == len(whole.tracks) - 1
    for number, each in enumerate(alone, 1):
        assert list(each.tracks[0]) == list(whole.tracks[0])
        assert list(each.tracks[1]) == list(whole.tracks[number])


def test_coding_leaves_nothing_to_chance(apart):
    """libsndfile draws a number for each Ogg stream."""
    files = opus(apart.players[:2])
    assert files == opus(apart.players[:2])
    for file in files:
        assert checksum(file[:22] + bytes(4) + file[26:47]) == int.from_bytes(file[22:26], "little")


def test_coded_players_stay_in_step_and_small(apart):
    files = opus(apart.players)
    seconds = len(apart.players[0]) / LOW_RATE
    assert sum(map(len, files)) * 8 / 1000 / seconds < 1.15 * TOGETHER
    heard = [soundfile.read(io.BytesIO(file), dtype="float32") for file in files]
    for (back, rate), player in zip(heard, apart.players, strict=True):
        assert (rate, len(back)) == (LOW_RATE, len(player))
    both = signal.correlate(sum(back for back, _ in heard), sum(apart.players), method="fft")
    assert abs(int(both.argmax()) - (len(apart.players[0]) - 1)) <= 2
