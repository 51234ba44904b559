"""What is measured on music as sound: numpy and scipy alone, whatever it was decoded by.

One spectrogram of 93 ms frames at 11,025 samples a second gives onsets, brightness and, summed over
harmonics, how strongly each key of a piano sounds; from that register and key.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import uniform_filter1d

from analysis.music import harmony
from analysis.music.catalogue import MUSIC

Floats = NDArray[np.float32]

RATE = 11_025  # samples a second at which all is measured
SIZE, HOP = 1024, 256  # samples of a frame, and from one to the next
LOW, HIGH = 33, 97  # MIDI numbers whose sound is looked for
HARMONICS = 5
FALL = 0.7  # of a harmonic's weight against the one below it
LONGEST = 600.0  # seconds that are measured: of longer music those in its middle
# Root mean square under which nothing is heard: -70 dB of full scale, the absolute gate of ITU-R
# BS.1770. The noise of 16 bits lies below it.
SILENT = 10 ** (-70 / 20)
BLOCK = 2048  # frames that are transformed together
# Onsets: a frame's rise over the bands against the mean of its second, and the least time apart.
RISE, NEAREST = 0.35, 0.06
# What is read of the sound becomes what its notes would say by a straight line (base, slope),
# fitted on 1,438 piano pieces whose notes are known: soft onsets escape, harmonics pull down.
ONSET_RATE, REGISTER = (-0.2, 1.25), (9.0, 0.95)


@dataclass(frozen=True)  # no slots: what several measures ask for is kept
class SampledSound:
    """Samples of one channel at RATE, 1 full scale; `whole` is how many seconds the music lasts,
    of which these may be the middle."""

    samples: Floats
    whole: float

    @cached_property
    def spectrum(self) -> Floats:
        """Magnitudes, shape (frames, SIZE + 1): of windows filled up to twice SIZE."""
        count = max(1, 1 + (len(self.samples) - SIZE) // HOP)
        padded = np.pad(self.samples, (0, max(0, SIZE - len(self.samples))))
        frames = np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP][:count]
        window = np.hanning(SIZE).astype(np.float32)
        parts = [
            np.abs(fft.rfft(frames[at : at + BLOCK] * window, 2 * SIZE))
            for at in range(0, len(frames), BLOCK)
        ]
        return np.asarray(np.concatenate(parts), np.float32)

    @cached_property
    def level(self) -> Floats:
        """Root mean square of each frame."""
        power = (self.spectrum**2).sum(axis=1)
        return np.asarray(np.sqrt(power / (SIZE * SIZE * 0.375) * 0.5), np.float32)

    @cached_property
    def rise(self) -> Floats:
        """How much the logarithmic spectrum rises from frame to frame, a mean over bands."""
        bands = self.spectrum @ _bands()
        loud = np.log1p(1000 * bands / max(float(bands.max()), 1e-12))
        rises = np.maximum(np.diff(loud, axis=0, prepend=loud[:1]), 0)
        return np.asarray(rises.mean(axis=1), np.float32)

    @cached_property
    def onsets(self) -> NDArray[np.int64]:
        """The frames at which something begins."""
        rise = self.rise
        wide = max(1, round(0.5 * RATE / HOP))
        mean = uniform_filter1d(rise, 2 * wide + 1, mode="constant")
        near = max(1, round(NEAREST * RATE / HOP))
        padded = np.pad(rise, near)
        best = np.lib.stride_tricks.sliding_window_view(padded, 2 * near + 1).max(axis=1)
        return np.flatnonzero((rise == best) & (rise > mean + RISE * float(rise.std())))

    @cached_property
    def keys(self) -> Floats:
        """How strongly each pitch from LOW to HIGH sounds in every fourth frame that is heard,
        shape (frames, pitches)."""
        compressed = np.sqrt(self.spectrum[self.level > SILENT][::4])
        floor = np.median(compressed, axis=1, keepdims=True)
        salience = np.maximum(compressed - floor, 0) @ _harmonics()
        # What is only a harmonic of something lower sounds weaker than that, or is taken away.
        kept = salience.copy()
        for apart, part in ((12, 0.6), (19, 0.45), (24, 0.35)):
            kept[:, apart:] = np.maximum(kept[:, apart:] - part * salience[:, :-apart], 0)
        peak = np.zeros_like(kept, bool)
        peak[:, 1:-1] = (kept[:, 1:-1] >= kept[:, :-2]) & (kept[:, 1:-1] >= kept[:, 2:])
        kept = np.where(peak, kept, 0)
        strongest = kept.max(axis=1, keepdims=True)
        return np.where(kept > 0.3 * strongest, kept, 0).astype(np.float32)


@lru_cache(1)
def _bands() -> Floats:
    """Twenty-four triangular bands, even in logarithmic frequency from 60 to 5,000 Hz."""
    hertz = np.linspace(0, RATE / 2, SIZE + 1)
    edges = np.geomspace(60, 5000, 26)
    rows = [
        np.interp(hertz, edges[at : at + 3], [0.0, 1.0, 0.0], left=0, right=0) for at in range(24)
    ]
    return np.array(rows, np.float32).T


@lru_cache(1)
def _harmonics() -> Floats:
    """The weight of each frequency in the sound of each pitch, shape (SIZE + 1, pitches)."""
    hertz = np.linspace(0, RATE / 2, SIZE + 1)
    found = np.zeros((SIZE + 1, HIGH - LOW + 1), np.float32)
    for column, pitch in enumerate(range(LOW, HIGH + 1)):
        tone = 440 * 2 ** ((pitch - 69) / 12)
        for number in range(1, HARMONICS + 1):
            centre = tone * number
            if centre < RATE / 2:
                width = max(centre * 0.02, 7.0)
                found[:, column] += FALL ** (number - 1) * np.maximum(
                    1 - np.abs(hertz - centre) / width, 0
                )
    return found


def measure_sound(sound: SampledSound) -> dict[str, float]:
    """Features of the catalogue by name; what the sound cannot say is absent.

    Raises ValueError for silence.
    """
    heard = sound.level > SILENT
    if not heard.any():
        raise ValueError("nothing is heard")
    found = {"time.length": sound.whole}
    frames = np.flatnonzero(heard)
    seconds = (frames[-1] - frames[0] + 1) * HOP / RATE
    onsets = sound.onsets[heard[sound.onsets]]
    found["time.onset_rate"] = _straightened(len(onsets) / max(seconds, 1.0), ONSET_RATE)
    gaps = np.diff(onsets)
    if len(gaps) > 2:
        found["time.evenness"] = 1 - float((np.abs(np.diff(gaps)) / (gaps[1:] + gaps[:-1])).mean())
    found |= _tones(sound) | _power(sound, heard)
    for name, value in found.items():
        known = MUSIC[name].feature
        found[name] = float(min(known.high, max(known.low, value)))
    return found


def _straightened(value: float, line: tuple[float, float]) -> float:
    return line[0] + line[1] * value


def _tones(sound: SampledSound) -> dict[str, float]:
    """Register and key: nothing of what has no pitch."""
    strength = sound.keys.sum(axis=0).astype(float)
    if not strength.sum() > 0:
        return {}
    pitches = np.arange(LOW, HIGH + 1, dtype=float)
    fit = harmony.key(harmony.chroma(pitches, strength))
    return {
        "pitch.register": _straightened(
            float((pitches * strength).sum() / strength.sum()), REGISTER
        ),
        "harmony.majorness": fit.majorness,
        "harmony.tonic": float(fit.tonic),
        "harmony.key_certainty": fit.certainty,
    }


def _power(sound: SampledSound, heard: NDArray[np.bool_]) -> dict[str, float]:
    spectrum = sound.spectrum[heard]
    power = (spectrum**2).mean(axis=0)
    octave = np.log2(np.maximum(np.linspace(0, RATE / 2, SIZE + 1), 20) / 20)
    level = 20 * np.log10(sound.level[heard])
    soft, loud = np.percentile(level, [10, 90])
    return {
        "sound.loudness": float(10 * np.log10((sound.level[heard] ** 2).mean())),
        "sound.dynamics": float(loud - soft),
        "sound.brightness": float((octave * power).sum() / power.sum()),
        "sound.flux": float(10 * sound.rise[heard].mean()),
    }
