"""Music as arrays of notes, and what is measured on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analysis.music import harmony
from analysis.music.catalogue import MUSIC

Floats = NDArray[np.float64]
TOGETHER = 0.03  # seconds within which notes are heard to begin at once
FIGURE = 4  # notes of a figure that can be heard again


@dataclass(frozen=True)  # no slots: what several measures ask for is kept
class NoteArrays:
    """Notes in any order; arrays of equal length.

    onset, duration: seconds, or quarter notes of half a second where `timed` is not so.
    pitch: MIDI numbers; of drums they mean nothing. velocity: 1–127, None where none is written.
    drums: which notes are. beat: the onsets in quarter notes, None where there are no beats.
    timed: is it known how long a quarter note lasts?
    """

    onset: Floats
    duration: Floats
    pitch: Floats
    drums: NDArray[np.bool_]
    velocity: Floats | None = None
    beat: Floats | None = None
    timed: bool = True

    @cached_property
    def moments(self) -> Floats:
        """The times at which anything begins, in order."""
        times = np.sort(self.onset)
        return times[np.diff(times, prepend=-np.inf) > TOGETHER]

    @cached_property
    def pitched(self) -> tuple[Floats, Floats, Floats]:
        """Onset, end and pitch of all but drums, by onset."""
        kept = np.flatnonzero(~self.drums)
        order = kept[np.lexsort((-self.duration[kept], self.pitch[kept], self.onset[kept]))]
        return self.onset[order], self.onset[order] + self.duration[order], self.pitch[order]

    @cached_property
    def together(self) -> tuple[int, harmony.Indices, harmony.Indices]:
        """How many moments there are, and pairs (moment, pitched note) of what sounds at each."""
        onset, end, _ = self.pitched
        return harmony.sounding(onset, end)

    @cached_property
    def heights(self) -> tuple[int, harmony.Indices, Floats]:
        """The same with the notes' pitches."""
        count, moment, note = self.together
        return count, moment, self.pitched[2][note]

    @cached_property
    def line(self) -> harmony.Indices:
        """The notes that are the highest of all that sound when they begin: the tune, mostly."""
        count, moment, height = self.heights
        top = np.full(count, -1.0)
        np.maximum.at(top, moment, height)
        _, first = np.unique(self.together[2], return_index=True)
        notes, moments = self.together[2][first], moment[first]
        high = notes[self.pitched[2][notes] >= top[moments]]
        onset = self.pitched[0][high]
        return high[np.diff(onset, prepend=-np.inf) > TOGETHER]

    @cached_property
    def layers(self) -> tuple[Floats, NDArray[np.int64]]:
        """From moment to moment: how long it lasts, and how many pitched notes sound."""
        onset, end, _ = self.pitched
        times = np.concatenate([onset, end])
        change = np.concatenate([np.ones(len(onset), int), -np.ones(len(end), int)])
        order = np.lexsort((change, times))
        return np.diff(times[order]), np.cumsum(change[order])[:-1]

    @cached_property
    def span(self) -> float:
        """From the first onset to the last end."""
        return float((self.onset + self.duration).max() - self.onset.min())

    @cached_property
    def key(self) -> harmony.KeyFit:
        onset, end, pitch = self.pitched
        return harmony.key(harmony.chroma(pitch, np.minimum(end - onset, 2.0)))


def measure_notes(notes: NoteArrays) -> dict[str, float]:
    """Features of the catalogue by name; what the notes cannot say is absent.

    Raises ValueError where no pitched note is among them.
    """
    if not len(notes.onset) or notes.drums.all():
        raise ValueError("there is no pitched note")
    found: dict[str, float] = {}
    for name, work in MEASURES.items():
        value = work(notes)
        if value is not None and np.isfinite(value):
            known = MUSIC[name].feature
            found[name] = float(min(known.high, max(known.low, value)))
    return found


def _length(notes: NoteArrays) -> float | None:
    return notes.span if notes.timed else None


def _tempo(notes: NoteArrays) -> float | None:
    if not notes.timed or notes.beat is None or not np.ptp(notes.onset) > 0:
        return None
    return float(60 * np.ptp(notes.beat) / np.ptp(notes.onset))


def _onset_rate(notes: NoteArrays) -> float | None:
    return len(notes.moments) / max(notes.span, 1.0) if notes.timed else None


def _density(notes: NoteArrays) -> float | None:
    if notes.beat is None or not np.ptp(notes.beat) > 0:
        return None
    return (len(notes.moments) - 1) / float(np.ptp(notes.beat))


def _note_length(notes: NoteArrays) -> float | None:
    onset, end, _ = notes.pitched
    return float((end - onset).mean()) if notes.timed else None


def _articulation(notes: NoteArrays) -> float | None:
    """Of each note of the highest line, how much of the time to its next one it sounds."""
    onset, end, _ = notes.pitched
    starts, ends = onset[notes.line], end[notes.line]
    gap = np.diff(starts)
    kept = gap > TOGETHER
    if not kept.any():
        return None
    return float(np.minimum((ends - starts)[:-1][kept] / gap[kept], 1.0).mean())


def _evenness(notes: NoteArrays) -> float | None:
    gaps = np.diff(notes.moments)
    if len(gaps) < 2:
        return None
    return float(1 - (np.abs(np.diff(gaps)) / (gaps[1:] + gaps[:-1])).mean())


def _register(notes: NoteArrays) -> float:
    onset, end, pitch = notes.pitched
    return float(np.average(pitch, weights=np.maximum(end - onset, 1e-3)))


def _melody(notes: NoteArrays) -> float:
    return float(notes.pitched[2][notes.line].mean())


def _bass(notes: NoteArrays) -> float:
    count, moment, height = notes.heights
    low = np.full(count, 999.0)
    np.minimum.at(low, moment, height)
    return float(low[low < 999].mean())


def _range(notes: NoteArrays) -> float:
    low, high = np.percentile(notes.pitched[2], [5, 95])
    return float(high - low)


def _step(notes: NoteArrays) -> float | None:
    steps = np.abs(np.diff(notes.pitched[2][notes.line]))
    return float(steps.mean()) if len(steps) else None


def _third(notes: NoteArrays) -> float | None:
    return harmony.third(*notes.heights)


def _dissonance(notes: NoteArrays) -> float | None:
    return harmony.dissonance(*notes.heights)


def _voices(notes: NoteArrays) -> float | None:
    length, count = notes.layers
    sounds = count > 0
    total = length[sounds].sum()
    return float((length * count)[sounds].sum() / total) if total > 0 else None


def _silence(notes: NoteArrays) -> float | None:
    length, count = notes.layers
    total = length.sum()
    return float(length[count == 0].sum() / total) if total > 0 else None


def _repetition(notes: NoteArrays) -> float | None:
    steps = np.diff(notes.pitched[2][notes.line]).astype(int).tolist()
    figures = [tuple(steps[at : at + FIGURE - 1]) for at in range(len(steps) - FIGURE + 2)]
    return 1 - len(set(figures)) / len(figures) if len(figures) > FIGURE else None


def _velocity(notes: NoteArrays) -> float | None:
    return None if notes.velocity is None else float(notes.velocity.mean())


def _accent(notes: NoteArrays) -> float | None:
    return None if notes.velocity is None else float(notes.velocity.std())


MEASURES: Mapping[str, Callable[[NoteArrays], float | None]] = MappingProxyType(
    {
        "time.length": _length,
        "time.tempo": _tempo,
        "time.onset_rate": _onset_rate,
        "time.density": _density,
        "time.note_length": _note_length,
        "time.articulation": _articulation,
        "time.evenness": _evenness,
        "pitch.register": _register,
        "pitch.melody": _melody,
        "pitch.bass": _bass,
        "pitch.range": _range,
        "pitch.step": _step,
        "harmony.majorness": lambda notes: notes.key.majorness,
        "harmony.third": _third,
        "harmony.tonic": lambda notes: float(notes.key.tonic),
        "harmony.key_certainty": lambda notes: notes.key.certainty,
        "harmony.dissonance": _dissonance,
        "harmony.chromaticism": lambda notes: notes.key.foreign,
        "texture.voices": _voices,
        "texture.silence": _silence,
        "texture.repetition": _repetition,
        "loudness.velocity": _velocity,
        "loudness.accent": _accent,
    }
)
