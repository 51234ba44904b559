"""What is measured on sound, of tones that are made here."""

import numpy as np
import pytest

from analysis.music.catalogue import MUSIC
from analysis.music.sound import RATE, SampledSound, measure_sound


def played(pitches, step=0.5, loud=0.2):
    """Plucked tones of four harmonics, one after the other."""
    time = np.arange(round(step * RATE)) / RATE
    parts = []
    for pitch in pitches:
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        tone = sum(np.sin(2 * np.pi * hertz * n * time) / n for n in range(1, 5))
        parts.append(loud * np.exp(-3 * time) * tone)
    samples = np.concatenate(parts).astype(np.float32)
    return SampledSound(samples, len(samples) / RATE)


C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60] * 2
C_MINOR = [60, 62, 63, 65, 67, 68, 70, 72, 67, 63, 60] * 2


def test_onsets_and_evenness():
    found = measure_sound(played(C_MAJOR, step=0.5))
    quick = measure_sound(played(C_MAJOR * 2, step=0.2))
    assert found["time.onset_rate"] == pytest.approx(2, abs=0.5)
    assert quick["time.onset_rate"] > 4
    assert found["time.evenness"] > 0.9
    assert found["time.length"] == pytest.approx(11, abs=0.01)


def test_major_and_minor_and_the_tonic():
    major, minor = measure_sound(played(C_MAJOR)), measure_sound(played(C_MINOR))
    assert major["harmony.majorness"] > 0 > minor["harmony.majorness"]
    assert major["harmony.tonic"] == minor["harmony.tonic"] == 0


def test_higher_is_higher_and_brighter_and_louder_is_louder():
    low, high = (measure_sound(played([each + by for each in C_MAJOR])) for by in (-12, 12))
    assert high["pitch.register"] > low["pitch.register"] + 12
    assert high["sound.brightness"] > low["sound.brightness"] + 1
    soft = measure_sound(played(C_MAJOR, loud=0.02))
    loud = measure_sound(played(C_MAJOR, loud=0.2))
    assert loud["sound.loudness"] - soft["sound.loudness"] == pytest.approx(20, abs=0.2)
    assert loud["pitch.register"] == pytest.approx(soft["pitch.register"], abs=0.5)


@pytest.mark.parametrize("count", [0, 1, 500, 4000])
def test_silence_is_nothing_to_measure(count):
    with pytest.raises(ValueError, match="nothing is heard"):
        measure_sound(SampledSound(np.zeros(count, np.float32), 1.0))


@pytest.mark.parametrize("count", [40, 300, 1025, 3000])
def test_noise_of_any_length_is_measured_in_range(count):
    noise = np.random.default_rng(1).normal(0, 0.3, count).astype(np.float32)
    for name, value in measure_sound(SampledSound(noise, count / RATE)).items():
        known = MUSIC[name].feature
        assert known.low <= value <= known.high, name
        assert MUSIC[name].sound > 0, name


def test_what_rings_on_below_the_noise_of_sixteen_bits_says_nothing():
    """So that a file with that noise at its end is heard as one without."""
    music = played((60, 64, 67, 72, 67, 64)).samples
    quiet = np.zeros(5 * RATE, np.float32)
    noise = np.random.default_rng(0).integers(-1, 2, len(quiet)).astype(np.float32) / 32767
    found, noisy = (
        measure_sound(SampledSound(np.concatenate([music, end]), 8.0)) for end in (quiet, noise)
    )
    assert found == pytest.approx(noisy, abs=1e-3)
