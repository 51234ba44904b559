"""Prediction by partial match over melodies: a long-term and a short-term model, and their mixture.

Contexts of every length are counted; a prediction begins at the shortest context that had only one
continuation, else at the longest that is known (PPM*, Cleary & Teahan 1997), and each order is
interpolated with the next shorter one by escape method C (Moffat 1990), down to a uniform
distribution over the alphabet. The long-term model has read other melodies and goes on learning
from the one at hand; the short-term model knows only that one. They are mixed by their entropies,
as a weighted geometric mean (Conklin & Witten 1995; Pearce 2005, chapters 6 and 7).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural.evaluate.sets import FOLDS, MelodySet, SetPiece
from neural.evaluate.tables import kept
from neural.network import Single

ORDER = 12  # notes of context at most
BIAS = 1.0  # the exponent of the entropy weights

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PpmMelody:
    """One melody to be read: MIDI numbers, and the ticks from each onset to the one before
    (0 for the first)."""

    pitches: tuple[int, ...]
    waits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """What of a melody is counted: its pitches or its intervals, in a context of what.

    timed: a context also holds how long each note was waited for, the one to come included.
    """

    name: str
    interval: bool
    timed: bool = False


VIEWPOINTS = (
    Viewpoint("pitch", False),
    Viewpoint("interval", True),
    Viewpoint("interval and time", True, True),
)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A melody as one viewpoint sees it, a row a note: its contexts' numbers, the shortest first,
    its symbol, and the symbol of the alphabet's lowest pitch."""

    contexts: tuple[tuple[int, ...], ...]
    symbols: tuple[int, ...]
    lowest: tuple[int, ...]


class ViewpointReader:
    """Turns melodies over an alphabet of MIDI numbers into readings; contexts get their numbers
    here, so that every model of one reader's readings can count by them."""

    def __init__(self, viewpoint: Viewpoint, alphabet: Sequence[int], order: int = ORDER) -> None:
        self.viewpoint, self.order = viewpoint, order
        self.low = min(alphabet)
        self.reach = max(alphabet) - self.low
        self.offsets = np.array(alphabet) - self.low
        self.numbers: dict[tuple[int, Hashable], int] = {}
        # Intervals from −reach to reach; the first note has none and is a symbol of its own kind.
        self.size = (2 if viewpoint.interval else 1) * self.reach + 1

    def read(self, melody: PpmMelody) -> Reading:
        """Raises ValueError where a pitch is outside of the alphabet's range."""
        if not all(0 <= pitch - self.low <= self.reach for pitch in melody.pitches):
            raise ValueError("a pitch outside of the alphabet's range")
        view, pitches, waits = self.viewpoint, melody.pitches, melody.waits
        contexts: list[tuple[int, ...]] = []
        symbols: list[int] = []
        lowest: list[int] = []
        for number, pitch in enumerate(pitches):
            first = view.interval and number == 0
            found = [-1 if first else 0]
            if not first:
                if view.timed:
                    found.append(self._longer(found[-1], waits[number]))
                for back in range(number - 1, max(-1, number - 1 - self.order), -1):
                    if view.interval and back == 0:
                        break
                    what = pitches[back] - (pitches[back - 1] if view.interval else 0)
                    event = (what, waits[back]) if view.timed else what
                    found.append(self._longer(found[-1], event))
            below = self.low
            if view.interval and not first:
                below = pitches[number - 1] - self.reach
            contexts.append(tuple(found))
            symbols.append(pitch - below)
            lowest.append(self.low - below)
        return Reading(tuple(contexts), tuple(symbols), tuple(lowest))

    def _longer(self, context: int, event: Hashable) -> int:
        return self.numbers.setdefault((context, event), len(self.numbers) + 1)


class Ppm:
    """Counts of what followed each context in the readings of one reader."""

    def __init__(self, reader: ViewpointReader) -> None:
        self.reader = reader
        self.counts: dict[int, dict[int, int]] = {}

    def learn(self, reading: Reading) -> None:
        """Read a whole melody."""
        for contexts, symbol in zip(reading.contexts, reading.symbols, strict=True):
            self._learn(contexts, symbol)

    def forget(self, reading: Reading) -> None:
        """Undo `learn`."""
        for contexts, symbol in zip(reading.contexts, reading.symbols, strict=True):
            for context in contexts:
                found = self.counts[context]
                found[symbol] -= 1
                if not found[symbol]:
                    del found[symbol]
                    if not found:
                        del self.counts[context]

    def predictions(self, reading: Reading) -> Floats:
        """(notes, alphabet): each note's distribution, given those before; the model goes on
        learning note by note, and forgets the melody at the end."""
        offsets = self.reader.offsets
        rows = np.empty((len(reading.symbols), len(offsets)))
        for number, contexts in enumerate(reading.contexts):
            rows[number] = self._chances(contexts)[offsets + reading.lowest[number]]
            self._learn(contexts, reading.symbols[number])
        self.forget(reading)
        return np.asarray(rows / rows.sum(axis=1, keepdims=True))

    def _learn(self, contexts: tuple[int, ...], symbol: int) -> None:
        for context in contexts:
            found = self.counts.get(context)
            if found is None:
                self.counts[context] = {symbol: 1}
            else:
                found[symbol] = found.get(symbol, 0) + 1

    def _chances(self, contexts: tuple[int, ...]) -> Floats:
        """The distribution of the next symbol."""
        chances = np.full(self.reader.size, 1.0 / self.reader.size)
        for context in contexts:
            found = self.counts.get(context)
            if found is None:
                break
            kinds = len(found)
            share = 1.0 / (sum(found.values()) + kinds)
            chances *= kinds * share
            for symbol, count in found.items():
                chances[symbol] += count * share
            if kinds == 1 and context > 0:
                break
        return chances


def geometric(rows: Sequence[Floats], bias: float = BIAS) -> Floats:
    """Distributions mixed as a geometric mean, each weighted by how sure it is of itself.

    rows: (notes, alphabet) each. The weight is (entropy / greatest entropy) ** −bias.
    """
    most = np.log2(rows[0].shape[1])
    entropies = [-(row * np.log2(row)).sum(axis=1) for row in rows]
    weights = [np.maximum(entropy / most, 1e-6) ** -bias for entropy in entropies]
    total = np.sum(weights, axis=0)
    logs = np.zeros_like(rows[0])
    for weight, row in zip(weights, rows, strict=True):
        logs += (weight / total)[:, None] * np.log(row)
    mixed = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True, eq=False)
class PpmPredictions:
    """Distributions of one set's notes, piece after piece: (viewpoints, notes, alphabet).

    short: of the short-term models; long: for (a fold kept for testing, a fold that is read) of
    the long-term models of all folds but those two; only the latter fold's notes.
    """

    short: Single
    long: Mapping[tuple[int, int], Single]


def counted(melodies: MelodySet, inner: int, folder: Path) -> PpmPredictions:
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
    return PpmPredictions(arrays["short"], long)


def melody_of(piece: SetPiece) -> PpmMelody:
    waits = np.diff(piece.starts, prepend=piece.starts[0])
    return PpmMelody(tuple(piece.pitches.tolist()), tuple(waits.tolist()))


def _read(melodies: MelodySet, inner: int) -> dict[str, Single]:
    found: dict[str, list[Single]] = {}
    for viewpoint in VIEWPOINTS:
        reader = ViewpointReader(viewpoint, melodies.alphabet)
        readings = [reader.read(melody_of(piece)) for piece in melodies.pieces]
        fresh = Ppm(reader)

        def predicted(model: Ppm, fold: int, readings: list[Reading] = readings) -> Single:
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
