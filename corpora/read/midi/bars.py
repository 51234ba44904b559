"""Where beats and barlines lie in a MIDI file: its time signatures where they fit, else estimated.

Files that were played or cut out of a longer recording keep to a beat whose first barline lies
anywhere. So the notes are asked: the grid of semiquavers by the angle of the onsets' mean on the
circle, then barlines by the best path through the bar's half-beats, each scored by what tends to
begin there (chords, basses, long notes). A bar that is shorter than the metre's (two beats among
bars of four) is filled up with silence, so that every barline of a tune lies a whole number of bars
after the first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpora.errors import Unreadable
from corpora.read.midi.parse import MidiScore, Signature, Track
from theory.metre import METRES, QUARTER, Metre

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


# Logistic regressions on `features`: what is a beat, and which of the beats is a downbeat. Fitted
# on POP909's even songs, whose beats are written, with a penalty of 1e-6 on the squared weights.
BEAT = np.array([1.39, 0.513, 0.785, 0.408, -0.298, -0.259, -1.492, -1.251])
BEAT_BIAS = 0.702
DOWN = np.array([-0.119, 0.871, 1.308, 0.277, 0.85, 0.936, -0.113, -0.232])
DOWN_BIAS = -3.304
# The cost of a bar cut short, and of three beats a bar, in nats.
SHORT, THREE = 6.0, 12.0
# Signatures that are written in one of our metres, and how much longer their notes become.
ALIKE = {
    (2, 2): ("4/4", 1), (4, 2): ("4/4", 1), (8, 8): ("4/4", 1), (8, 4): ("4/4", 1),
    (4, 8): ("2/4", 1), (3, 8): ("3/4", 2), (3, 2): ("3/4", 0.5), (6, 4): ("3/4", 1),
    (9, 4): ("3/4", 1), (12, 4): ("4/4", 1), (5, 8): ("5/4", 2), (16, 16): ("4/4", 1),
    (6, 16): ("6/8", 2), (12, 16): ("12/8", 2),
}  # fmt: skip
# Onsets keep to a beat if their grid fits at least so; those of a player without one fit none.
STEADY = 0.15
# A grid that lies this many quarter notes from the file's own ticks is not the file's own.
LATE = 0.06


@dataclass(frozen=True, slots=True)
class Bars:
    """A metre and where each bar starts, in quarter notes; `scale` stretches notes as written.

    `estimated` says that the notes were asked, not the file's time signature.
    """

    metre: Metre
    starts: np.ndarray
    scale: float
    estimated: bool

    def ticks(self, time: np.ndarray) -> np.ndarray:
        """Places in ticks from the first start, not yet whole; before it they are negative."""
        bar = np.clip(np.searchsorted(self.starts, time + 1e-6, side="right") - 1, 0, None)
        length = QUARTER * self.scale
        sizes = np.ceil(np.diff(self.starts) * length / self.metre.bar - 1e-3)
        first = np.concatenate([[0.0], np.cumsum(sizes)]) * self.metre.bar
        return np.asarray(first[bar] + (time - self.starts[bar]) * length)


def find(score: MidiScore, notes: Notes) -> Bars:
    """The barlines of a file.

    Raises Unreadable where the metre is unknown or changes, or the notes keep to no beat.
    """
    offset, lines, fit = grid(notes)
    if fit < STEADY:
        raise Unreadable("no steady beat")
    written = _written(score, notes)
    if written is not None and min(offset, 1 / lines - offset) < LATE:
        return written
    return estimate(notes)


def _written(score: MidiScore, notes: Notes) -> Bars | None:
    """By the time signatures, if there are any that say more than one beat a bar."""
    last = float((notes.onset + notes.duration).max())
    rows = [each for each in score.signatures if each.at < last] or [Signature(0, 4, 4)]
    rows[0] = Signature(0, rows[0].numerator, rows[0].denominator)
    if any(row.numerator == 1 for row in rows):
        return None
    ends = [row.at for row in rows[1:]] + [last]
    share: dict[tuple[str, float], float] = {}
    for row, end in zip(rows, ends, strict=True):
        named = _named(row)
        if named is not None:
            share[named] = share.get(named, 0.0) + end - row.at
    if not share or max(share.values()) < 0.6 * (last - rows[0].at):
        raise Unreadable("changing metres" if share else "unknown metre")
    name, scale = max(share, key=lambda each: share[each])
    starts = []
    for row, end in zip(rows, ends, strict=True):
        starts.append(np.arange(row.at, end - 1e-6, row.numerator * 4 / row.denominator))
    return Bars(METRES[name], np.concatenate(starts), scale, False)


def _named(row: Signature) -> tuple[str, float] | None:
    written = (row.numerator, row.denominator)
    if written in ALIKE:
        return ALIKE[written]
    name = f"{row.numerator}/{row.denominator}"
    return (name, 1) if name in METRES else None


def estimate(notes: Notes) -> Bars:
    """Barlines where chords, basses and long notes begin; four or three beats a bar."""
    shift = half_beats(notes)
    seen = features(notes, shift)
    beat = seen @ BEAT + BEAT_BIAS
    down = seen @ DOWN + DOWN_BIAS
    found = []
    for metre, cost in ((METRES["4/4"], 0.0), (METRES["3/4"], THREE)):
        worth, path = _path(beat, down, metre.beats * HALVES)
        found.append((worth - cost, metre, path))
    _, metre, path = max(found, key=lambda each: each[0])
    return Bars(metre, shift + np.flatnonzero(path == 0) / HALVES, 1.0, True)


def _path(beat: np.ndarray, down: np.ndarray, size: int) -> tuple[float, np.ndarray]:
    """The best path through the half-beats of bars of `size`, and its score against silence.

    `beat` and `down` are log odds. A bar may be cut to its first two beats for a price.
    """
    place = np.arange(size)
    emission = np.where(place % HALVES == 0, 0.5, -0.5)[None] * beat[:, None]
    sign = np.where(place == 0, 0.5, np.where(place % HALVES == 0, -0.5, 0.0))
    emission = emission + sign[None] * down[:, None]
    score = emission[0].copy()
    cut = np.zeros(len(beat), dtype=bool)
    early = 2 * HALVES - 1
    for frame in range(1, len(beat)):
        moved = np.roll(score, 1)
        if size > 2 * HALVES and score[early] - SHORT > moved[0]:
            moved[0], cut[frame] = score[early] - SHORT, True
        score = moved + emission[frame]
    path = np.zeros(len(beat), dtype=int)
    path[-1] = int(score.argmax())
    for frame in range(len(beat) - 1, 0, -1):
        now = path[frame]
        path[frame - 1] = early if now == 0 and cut[frame] else (now - 1) % size
    return float(score.max()), path
