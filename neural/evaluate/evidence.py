"""What was computed of one of the sets, from which every row of table 1 is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from neural.evaluate.networks import Fold
from neural.evaluate.ppm import PpmPredictions
from neural.evaluate.sets import FOLDS, MelodySet
from neural.network import Single

Bits = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FoldNotes:
    """The notes of one fold of one set: places in the alphabet, and in their melodies."""

    symbols: NDArray[np.int64]
    places: NDArray[np.int64]
    rows: NDArray[np.int64]  # among all notes of the set

    def bits(self, chances: Single | NDArray[np.float64]) -> Bits:
        """Of each note. chances: (notes, alphabet)."""
        return -np.log2(np.maximum(chances[np.arange(len(self.symbols)), self.symbols], 1e-12))

    def shuffled(self) -> FoldNotes:
        """The same pitches dealt out anew: what no predictor can know more of than their number."""
        return replace(self, symbols=np.random.default_rng(0).permutation(self.symbols))


@dataclass(frozen=True, slots=True, eq=False)
class SetEvidence:
    """One set: its notes by fold, what PPM said, and the networks.

    frozen: (2, notes of all pieces in order, alphabet), not told the length of a note, and told;
    new, tuned: by fold and seed.
    """

    melodies: MelodySet
    notes: Sequence[FoldNotes]
    counted: PpmPredictions
    new: Mapping[tuple[int, int], Fold]
    frozen: Single
    tuned: Mapping[tuple[int, int], Fold]

    def counts(self, fold: int, read: int) -> Single:
        """What PPM says of one fold's notes when another is kept for testing: (2 · viewpoints,
        notes, alphabet), long-term, then short-term."""
        short = self.counted.short[:, self.notes[read].rows]
        return np.concatenate([self.counted.long[fold, read], short])


def notes_of(melodies: MelodySet) -> list[FoldNotes]:
    """The notes of each fold."""
    sizes = [len(piece.pitches) for piece in melodies.pieces]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    symbols = np.concatenate([melodies.symbols(piece) for piece in melodies.pieces])
    places = np.concatenate([np.arange(size) for size in sizes])
    found = []
    for fold in range(FOLDS):
        pieces = np.flatnonzero(melodies.folds == fold)
        rows = np.concatenate([np.arange(starts[n], starts[n + 1]) for n in pieces])
        found.append(FoldNotes(symbols[rows], places[rows], rows))
    return found
