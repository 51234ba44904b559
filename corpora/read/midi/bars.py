"""Barlines: from a file's time signatures where its notes lie on them, else by the best path.

A bar that is shorter than the metre's (two beats among bars of four) is filled up with silence, so
that every barline of a tune lies a whole number of bars after the first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpora.errors import Unreadable
from corpora.read.midi.beats import HALVES, Notes, features, grid, half_beats
from corpora.read.midi.parse import MidiScore, Signature
from theory.metre import METRES, QUARTER, Metre

# Logistic regressions on `features`: what is a beat, and which of the beats is a downbeat.
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
