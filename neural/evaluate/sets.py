"""The eight published sets of melodies, their alphabets and their folds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.near import near
from corpora.read.melodies import folder as melodies
from neural.errors import NeuralError

FOLDS = 10
# Bits a note of the published long-term model, frozen, and of it and the short-term model
# together (Pearce 2005, tables 6.2 to 6.7).
PUBLISHED = {
    "nova_scotia": (2.861, 2.468),
    "bach": (2.444, 2.347),
    "alsace": (3.115, 2.540),
    "yugoslavia": (2.721, 2.588),
    "switzerland": (3.010, 2.454),
    "austria": (3.340, 2.651),
    "kinder": (2.428, 2.106),
    "shanxi": (3.105, 2.681),
}


class EvaluationError(NeuralError):
    """A folder or a file that cannot be evaluated on."""


@dataclass(frozen=True, slots=True, eq=False)
class SetPiece:
    """One melody: its file, and a row a note; ticks are from the first barline, 24 a quarter."""

    name: str
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    pitches: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class MelodySet:
    """One of the sets: its pieces in the order of their names, the pitches that occur in it, from
    below, and each piece's fold."""

    name: str
    pieces: tuple[SetPiece, ...]
    alphabet: tuple[int, ...]
    folds: NDArray[np.int64]

    def symbols(self, piece: SetPiece) -> NDArray[np.int64]:
        """Each note's place in the alphabet."""
        return np.searchsorted(self.alphabet, piece.pitches)


def read_sets(folder: Path) -> tuple[MelodySet, ...]:
    """The sets of a folder, a folder each, in the published table's order.

    Raises EvaluationError where one of them is missing or has fewer pieces than folds.
    """
    found: dict[str, list[SetPiece]] = defaultdict(list)
    if folder.is_dir():
        for path, notes in melodies(folder).items():
            starts, ends, pitches = np.array(notes, np.int64).T
            name, _, _ = path.partition("/")
            found[name].append(SetPiece(path, starts, ends, pitches))
    missing = [name for name in PUBLISHED if len(found[name]) < FOLDS]
    if missing:
        raise EvaluationError(
            f"{folder} has too few melodies of {', '.join(missing)}.",
            f"Name the folder that holds the eight sets, {FOLDS} MIDI files each at least.",
        )
    return tuple(_set(name, found[name]) for name in PUBLISHED)


def twins(melodies: MelodySet) -> NDArray[np.bool_]:
    """Which pieces are near to one of another fold (see `corpora.near`): they can be known by heart
    and not by rule."""
    plain = [piece.pitches.tolist() for piece in melodies.pieces]
    found = np.zeros(len(plain), np.bool_)
    for fold in range(FOLDS):
        mine = np.flatnonzero(melodies.folds == fold)
        others = [plain[place] for place in np.flatnonzero(melodies.folds != fold)]
        found[mine[sorted(near((plain[place] for place in mine), others))]] = True
    return found


def _set(name: str, pieces: list[SetPiece]) -> MelodySet:
    """Folds are dealt out in a fixed random order, so that they do not follow the file names."""
    order = np.random.default_rng(0).permutation(len(pieces))
    folds = np.empty(len(pieces), np.int64)
    folds[order] = np.arange(len(pieces)) % FOLDS
    alphabet = sorted({int(pitch) for piece in pieces for pitch in piece.pitches})
    return MelodySet(name, tuple(pieces), tuple(alphabet), folds)
