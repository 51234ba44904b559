"""Our own PPM on the published sets: every piece read by models of the other folds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural.evaluate.sets import FOLDS, MelodySet, Piece
from neural.evaluate.store import kept
from neural.ppm import VIEWPOINTS, Melody, Ppm, Reader, Reading

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Distributions of one set's notes, piece after piece: (viewpoints, notes, alphabet).

    short: of the short-term models; long: for (a fold kept for testing, a fold that is read) of
    the long-term models of all folds but those two; only the latter fold's notes.
    """

    short: Floats
    long: Mapping[tuple[int, int], Floats]


def counted(melodies: MelodySet, inner: int, folder: Path) -> Counted:
    """Read the set, or what was kept of an earlier reading.

    inner: how many of the folds after the one kept for testing are read too, by models that know
    neither.
    """
    arrays = kept(folder / f"ppm-{melodies.name}-{inner}.npz", lambda: _read(melodies, inner))
    long = {
        (int(name.split()[1]), int(name.split()[2])): rows
        for name, rows in arrays.items()
        if name != "short"
    }
    return Counted(arrays["short"], long)


def melody_of(piece: Piece) -> Melody:
    waits = np.diff(piece.starts, prepend=piece.starts[0])
    return Melody(tuple(piece.pitches.tolist()), tuple(waits.tolist()))


def _read(melodies: MelodySet, inner: int) -> dict[str, Floats]:
    found: dict[str, list[Floats]] = {}
    for viewpoint in VIEWPOINTS:
        reader = Reader(viewpoint, melodies.alphabet)
        readings = [reader.read(melody_of(piece)) for piece in melodies.pieces]
        fresh = Ppm(reader)

        def predicted(model: Ppm, fold: int, readings: list[Reading] = readings) -> Floats:
            places = np.flatnonzero(melodies.folds == fold)
            return np.concatenate([model.predictions(readings[n]) for n in places]).astype(
                np.float32
            )

        short = [fresh.predictions(reading) for reading in readings]
        found.setdefault("short", []).append(np.concatenate(short).astype(np.float32))
        for fold in range(FOLDS):
            model = Ppm(reader)
            for place in np.flatnonzero(melodies.folds != fold):
                model.learn(readings[place])
            found.setdefault(f"long {fold} {fold}", []).append(predicted(model, fold))
            for other in ((fold + step) % FOLDS for step in range(1, inner + 1)):
                places = np.flatnonzero(melodies.folds == other)
                for place in places:
                    model.forget(readings[place])
                found.setdefault(f"long {fold} {other}", []).append(predicted(model, other))
                for place in places:
                    model.learn(readings[place])
    return {name: np.stack(rows) for name, rows in found.items()}
