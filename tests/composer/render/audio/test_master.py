"""Loudness and true peak, on sounds whose figures are known."""

import numpy as np
import pytest

from composer.render.audio.coding import RATE
from composer.render.audio.master import LOUDNESS, PEAK, limit, loudness, master, true_peak

SECONDS = np.arange(4 * RATE) / RATE


def both(line):
    return np.asarray([line, line], np.float32)


def test_loudness_of_a_sine_is_that_of_the_recommendation():
    # ITU-R BS.1770-5: a sine of 997 Hz at full scale in one channel reads −3.01 LKFS.
    sine = np.sin(2 * np.pi * 997 * SECONDS)
    assert loudness(np.asarray([sine, 0 * sine], np.float32)) == pytest.approx(-3.01, abs=0.05)


def test_a_true_peak_lies_between_the_samples():
    # A quarter of the rate, an eighth of a turn on: every sample is 3 dB under the peak.
    sine = both(np.sin(2 * np.pi * (np.arange(RATE) / 4 + 1 / 8)))
    assert 20 * np.log10(np.abs(sine).max()) == pytest.approx(-3.01, abs=0.01)
    inner = np.pad(sine * np.hanning(RATE).astype(np.float32), ((0, 0), (99, 99)))
    assert true_peak(inner) == pytest.approx(0, abs=0.1)


def sounds():
    rng = np.random.default_rng(1)
    ticks = np.zeros(4 * RATE)
    ticks[:: RATE // 2] = 1
    tones = np.sin(2 * np.pi * 220 * SECONDS)
    return {
        "noise": rng.standard_normal(4 * RATE),
        "quiet tone": 1e-3 * tones,
        "far too loud": 30 * tones,
        "strokes": tones * np.exp(-8 * (SECONDS % 0.5)) + 0.5 * ticks,
        "between samples": np.sin(2 * np.pi * (np.arange(4 * RATE) / 4 + 1 / 8)),
        "soft then loud": tones * np.where(SECONDS < 3, 0.02, 1),
    }


@pytest.mark.parametrize("name", sounds())
def test_whatever_comes_is_as_loud_as_it_should_be_and_not_clipped(name):
    made = master(both(sounds()[name]))
    assert loudness(made) == pytest.approx(LOUDNESS, abs=1)
    assert true_peak(made) < PEAK


def test_what_is_not_too_loud_is_not_touched():
    quiet = both(0.5 * np.sin(2 * np.pi * 220 * SECONDS))
    assert limit(quiet) is quiet


def test_the_limiter_leaves_what_is_far_from_a_peak():
    sound = both(0.3 * np.sin(2 * np.pi * 220 * SECONDS))
    sound[:, 2 * RATE] = 3
    limited = limit(sound)
    assert true_peak(limited) < PEAK
    far = np.abs(np.arange(4 * RATE) - 2 * RATE) > 0.05 * RATE
    assert np.array_equal(limited[:, far], sound[:, far])


def test_silence_stays_silence():
    assert not master(np.zeros((2, 100), np.float32)).any()
