"""Where beats and barlines lie in a MIDI file: its time signatures where they fit, else estimated.

Files that were played or cut out of a longer recording keep to a beat whose first barline lies
anywhere. So the notes are asked: the grid of semiquavers by the angle of the onsets' mean on the
circle, then barlines by the best path through the bar's half-beats, each scored by what tends to
begin there (chords, basses, long notes). The scores' weights are logistic regressions fitted by
`corpora.fit` on songs whose downbeats are known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpora.read.midi.parse import Track

# Half-beats a quarter note: the finest place where a barline is looked for.
HALVES = 2


@dataclass(frozen=True, slots=True)
class Notes:
    """All pitched notes of a file together, by onset; times in quarter notes."""

    onset: np.ndarray
    duration: np.ndarray
    pitch: np.ndarray

    @classmethod
    def of(cls, tracks: tuple[Track, ...]) -> Notes:
        pitched = [track for track in tracks if not track.drums]
        onset = np.concatenate([track.onset for track in pitched])
        order = np.argsort(onset, kind="stable")
        return cls(
            onset[order],
            np.concatenate([track.duration for track in pitched])[order],
            np.concatenate([track.pitch for track in pitched])[order],
        )


def grid(notes: Notes) -> tuple[float, int, float]:
    """The finest regular grid of the onsets: its offset, lines a quarter note, how well it fits.

    Lines are four a quarter note, or three where the notes go in triplets; the offset lies in
    0 ≤ offset < 1 / lines. The fit is the length of the onsets' mean on the circle, 0 for none
    and 1 where every note lies on the grid.
    """
    fits = {lines: np.exp(2j * np.pi * lines * notes.onset).mean() for lines in (4, 3)}
    lines = max(fits, key=lambda each: abs(fits[each]))
    offset = float(np.angle(fits[lines]) / (2 * np.pi * lines)) % (1 / lines)
    return offset, lines, float(abs(fits[lines]))


def half_beats(notes: Notes) -> float:
    """The line of the grid that half-beats are counted from: more begins on them than elsewhere."""
    offset, lines, _ = grid(notes)
    if lines == 4:
        on = np.cos(2 * np.pi * HALVES * (notes.onset - offset)).sum()
        return offset if on > 0 else offset + 1 / lines
    # The longer of two uneven quavers is the first.
    held = np.minimum(notes.duration, 1)
    ways = [offset + line / lines for line in range(lines)]
    return max(ways, key=lambda way: float((held * np.cos(2 * np.pi * (notes.onset - way))).sum()))


def spread(
    start: np.ndarray, end: np.ndarray, row: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """How long each of `shape[1]` rows sounds in each of `shape[0]` frames; times in frames."""
    frames, rows = shape
    single = np.zeros((frames + 2, rows))
    step = np.zeros((frames + 2, rows))
    for time, sign in ((start, 1.0), (end, -1.0)):
        time = np.clip(time, 0, frames)
        frame = np.floor(time).astype(int)
        np.add.at(single, (frame, row), sign * (frame + 1 - time))
        np.add.at(step, (frame + 1, row), sign)
    return np.asarray((single + np.cumsum(step, axis=0))[:frames])


def features(notes: Notes, offset: float) -> np.ndarray:
    """What begins at each half-beat after `offset` (quarter notes): an array (half-beats, 8).

    Onsets there, how low the lowest of them is, how long the longest, the change of chroma against
    the time before over one and two beats, the bass's, and the onsets just before and after.
    """
    last = float((notes.onset + notes.duration).max())
    frames = max(4, int(np.ceil((last - offset) * HALVES)) + 1)
    place = (notes.onset - offset) * HALVES
    frame = np.round(place).astype(int)
    near = (np.abs(place - frame) < 0.17) & (frame >= 0) & (frame < frames)
    count = np.bincount(frame[near], minlength=frames).astype(float)
    low = np.full(frames, 128.0)
    np.minimum.at(low, frame[near], notes.pitch[near])
    ground = np.quantile(notes.pitch, 0.25)
    depth = np.where(low < 128, np.clip((ground - low) / 12 + 0.5, 0, 1.5), 0.0)
    longest = np.zeros(frames)
    np.maximum.at(longest, frame[near], np.minimum(notes.duration[near], 4))
    chroma = spread(place, place + notes.duration * HALVES, notes.pitch % 12, (frames, 12))
    bass = np.zeros(frames)
    deep = notes.pitch <= ground
    below = spread(
        place[deep],
        place[deep] + notes.duration[deep] * HALVES,
        notes.pitch[deep] % 12,
        (frames, 12),
    )
    bass = _change(below, 2)
    full = np.log1p(count)
    full = full / max(full.mean(), 1e-9)
    before, after = np.roll(full, 1), np.roll(full, -1)
    return np.stack(
        [
            full,
            depth,
            np.log1p(longest),
            _change(chroma, 2),
            _change(chroma, 4),
            bass,
            before,
            after,
        ],
        axis=1,
    )


def _change(chroma: np.ndarray, width: int) -> np.ndarray:
    """1 − cosine between the `width` frames from each frame on and those before it."""
    frames = len(chroma)
    total = np.concatenate([np.zeros((1, 12)), np.cumsum(chroma, axis=0)])
    at = np.arange(frames)
    after = total[np.minimum(at + width, frames)] - total[at]
    before = total[at] - total[np.maximum(at - width, 0)]
    size = np.linalg.norm(after, axis=1) * np.linalg.norm(before, axis=1)
    return np.asarray(1 - (after * before).sum(1) / np.maximum(size, 1e-9))
