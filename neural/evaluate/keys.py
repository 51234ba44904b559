"""What a file without key and metre may mean: keys and metres as hypotheses, weighed by Bayes.

The network's words are relative to a tonic and a mode. Where a file names neither, every key is a
hypothesis, and every metre that its barlines allow. Each is scored by what has been sung so far:
p(next) = Σ p(hypothesis | past) p(next | past, hypothesis), a distribution with no look ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from neural import vocabulary as words
from neural.evaluate.sets import SetPiece
from neural.guide import Columns, Guide, fixed_columns
from theory.metre import METRES
from theory.pitch import NoteName, Pitch
from theory.scale import MODES, Key

TONICS = tuple(
    map(NoteName.parse, ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"))
)
MODE_NAMES = ("ionian", "aeolian", "dorian", "mixolydian")
# Semitones above the tonic that are spelled with a lowered degree; others raise the one below.
LOWERED = {
    "ionian": (10,),
    "mixolydian": (3, 8),
    "dorian": (8,),
    "aeolian": (1,),
}
METRE_NAMES = (None, "2/4", "3/4", "4/4", "6/8", "9/8", "12/8")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A key by its tonic's pitch class and its mode, and a metre (None: it is not told)."""

    tonic: int
    mode: str
    metre: str | None = None

    @property
    def key(self) -> Key:
        return Key(TONICS[self.tonic], MODES[self.mode])


KEYS = tuple(Hypothesis(tonic, mode) for mode in MODE_NAMES for tonic in range(12))


@dataclass(frozen=True, slots=True, eq=False)
class PieceEvents:
    """A piece as events: notes and the rests between them. MIDI numbers are −1 for a rest."""

    ticks: NDArray[np.int64]
    midi: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @property
    def notes(self) -> NDArray[np.int64]:
        """Which events are notes."""
        return np.flatnonzero(self.midi >= 0)


def sung(piece: SetPiece) -> PieceEvents:
    """The events of a piece."""
    gaps = np.flatnonzero(piece.starts[1:] > piece.ends[:-1])
    ticks = np.insert(piece.starts, gaps + 1, piece.ends[gaps])
    midi = np.insert(piece.pitches, gaps + 1, -1)
    ends = np.insert(piece.ends, gaps + 1, piece.starts[gaps + 1])
    return PieceEvents(ticks, midi, words.duration_word(ends - ticks))


@lru_cache(maxsize=64)
def spelling(tonic: int, mode: str) -> NDArray[np.int64]:
    """The usual pitch word of every MIDI number in a key; −1 where the vocabulary has none."""
    key = Hypothesis(tonic, mode).key
    found = np.full(128, -1)
    home = words.tonic_of(key)
    classes = {(key.degree(step).chroma - key.tonic.chroma) % 12: step for step in range(7)}
    for midi in range(128):
        octave, semitone = divmod(midi - home.midi, 12)
        alter = 0
        if semitone not in classes:
            alter = -1 if semitone in LOWERED[mode] else 1
            if (semitone - alter) % 12 not in classes:  # two semitones wide: not in these modes
                continue
        step = classes[(semitone - alter) % 12]
        if semitone - alter > 11:
            octave += 1
        note = key.degree(step, alter)
        pitch = Pitch(note.step, note.alter, (home.height + step) // 7 + octave)
        word = words.word_of(pitch, key)
        if word is not None and pitch.midi == midi:
            found[midi] = word
    return found


@lru_cache(maxsize=64)
def sounds(tonic: int, mode: str) -> NDArray[np.int64]:
    """The MIDI number of every pitch word in a key."""
    key = Hypothesis(tonic, mode).key
    return words.semitones(key) + words.tonic_of(key).midi


def columns(ticks: NDArray[np.int64], hypothesis: Hypothesis) -> Columns:
    """What the network is told under a hypothesis: key and metre, nothing else."""
    bar = _bar(hypothesis)
    places = np.mod(ticks, len(bar.whole))
    return Columns(bar.whole[places], bar.real[places])


@lru_cache(maxsize=512)
def _bar(hypothesis: Hypothesis) -> Columns:
    """The columns of every tick of a bar: the same in all of them, where only this is told."""
    metre = METRES[hypothesis.metre or "4/4"]
    guide = Guide(hypothesis.key, metre, named_metre=hypothesis.metre is not None)
    return fixed_columns(guide, np.arange(metre.bar))
