"""The network on one of the published sets: frozen, fine-tuned on each fold, or new.

Whatever a row of the table needs is a distribution for every note; each is kept in a folder as it
comes, so that an interrupted run goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from neural.evaluate.keys import KEYS, METRE_NAMES, MODE_NAMES, Hypothesis, PieceEvents, sung
from neural.evaluate.score import Lower, Row, Scores, lower, scores
from neural.evaluate.scout import Scout
from neural.evaluate.sets import FOLDS, MelodySet
from neural.evaluate.tables import kept
from neural.evaluate.tuning import NEW, Tuning, tuned, unread
from neural.model import MelodyModel
from neural.network import Single
from neural.weights import Config

# The network that is trained on a fold alone, and what it takes every melody to be in.
SMALL = Config(width=128, layers=3, heads=4, inner=320, dropout=0.3)
UNTOLD = Hypothesis(0, "ionian")
SMOOTHING = 0.5  # counted for every tonic of a mode and for every metre beside what was seen

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A melody under its hypotheses: at which events each is in question (hypotheses, events),
    and how the network scored it, up to the last of those."""

    melody: PieceEvents
    active: Mapping[Hypothesis, NDArray[np.bool_]]
    scores: Mapping[Hypothesis, Scores]


@dataclass(frozen=True, slots=True)
class Prior:
    """Logarithms of p(tonic, mode) and of p(metre)."""

    keys: Mapping[tuple[int, str], float]
    metres: Mapping[str, float]

    def of(self, hypothesis: Hypothesis) -> float:
        """The logarithm of a hypothesis; without a metre, of its key."""
        metre = self.metres[hypothesis.metre] if hypothesis.metre else 0.0
        return self.keys[hypothesis.tonic, hypothesis.mode] + metre


def prior_of(seen: Sequence[Hypothesis]) -> Prior:
    """From the keys and metres of other pieces."""
    tonics = Counter((each.tonic, each.mode) for each in seen)
    modes = Counter(each.mode for each in seen)
    metres = Counter(each.metre for each in seen)
    count = len(seen)
    keys = {}
    for key in KEYS:
        # A tonic is as rare in a mode as it was there, or as the mode is anywhere.
        mode = (modes[key.mode] + SMOOTHING) / (count + 4 * SMOOTHING)
        tonic = (tonics[key.tonic, key.mode] + SMOOTHING) / (modes[key.mode] + 12 * SMOOTHING)
        keys[key.tonic, key.mode] = float(np.log(mode * tonic))
    names = [name for name in METRE_NAMES if name]
    total = count + SMOOTHING * len(names)
    return Prior(keys, {n: float(np.log((metres[n] + SMOOTHING) / total)) for n in names})


def rows_of(melody: PieceEvents, active: Mapping[Hypothesis, NDArray[np.bool_]]) -> list[Row]:
    """What the network has to read: for each hypothesis the melody up to where it is given up."""
    rows = []
    for hypothesis, when in active.items():
        count = int(np.flatnonzero(when)[-1]) + 1
        short = PieceEvents(melody.ticks[:count], melody.midi[:count], melody.lengths[:count])
        rows.append((short, hypothesis))
    return rows


def _logs(judged: Judged, prior: Prior) -> Floats:
    """(hypotheses, events): logarithms of the posterior before each event, not normalised."""
    events = len(judged.melody.ticks)
    logs = np.full((len(judged.scores), events), -np.inf)
    for row, (hypothesis, each) in enumerate(judged.scores.items()):
        count = len(each.seen)
        heard = np.concatenate([[0.0], np.cumsum(each.seen[:-1], dtype=np.float64)])
        when = judged.active[hypothesis][:count]
        logs[row, :count] = np.where(when, prior.of(hypothesis) + heard, -np.inf)
    return logs


def predictions(judged: Judged, prior: Prior) -> Floats:
    """(2, notes, alphabet) for each note's pitch: not told its length, and told; (1, …) where
    the scores are without the lengths of every pitch.

    That a note begins here, and one of the alphabet's, is known; so each hypothesis also counts
    by how probable it thought that.
    """
    weights = _logs(judged, prior)
    notes = judged.melody.notes
    one = next(iter(judged.scores.values()))
    told = one.length.size > 0
    size = one.pitch.shape[1] - 1
    logs = np.full((2 if told else 1, len(weights), len(notes), size), -np.inf)
    for row, each in enumerate(judged.scores.values()):
        until = int(np.searchsorted(notes, len(each.seen)))
        inside = notes[:until]
        logs[0, row, :until] = each.pitch[inside, :-1] + weights[row, inside, None]
        if told:
            logs[1, row, :until] = logs[0, row, :until] + each.length[inside]
    top = logs.max(axis=(1, 3), keepdims=True)
    summed = np.exp(logs - top).sum(axis=1)
    return np.asarray(summed / summed.sum(axis=2, keepdims=True))


def known(judged: Judged, prior: Prior) -> Hypothesis:
    """The most probable hypothesis after the whole piece."""
    hypotheses = list(judged.scores)
    final = [
        prior.of(each) + float(judged.scores[each].seen.sum())
        if each.metre and judged.active[each][-1]
        else -np.inf
        for each in hypotheses
    ]
    return hypotheses[int(np.argmax(final))]


def gating(fold: int, seed: int) -> int:
    """The fold that the gate learns on, kept from training beside the one for testing: another for
    each seed."""
    return (fold + 1 + seed) % FOLDS


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """What one fold's network says: test (not told the length, and told; notes; alphabet) and
    gate (notes, alphabet) of the fold for the gate, each over the notes of all its pieces."""

    test: Single
    gate: Single


class SetReader:
    """A set as a trained network reads it: every piece in every key and metre in question."""

    def __init__(self, model: MelodyModel, melodies: MelodySet, scout: Scout, top: int) -> None:
        self.melodies, self.model, self.top = melodies, model, top
        self.sung = [sung(piece) for piece in melodies.pieces]
        self.active = [scout.active(melody) for melody in self.sung]
        rows = [rows_of(m, a) for m, a in zip(self.sung, self.active, strict=True)]
        self.counts = [len(each) for each in rows]
        self.held = lower(model, [row for each in rows for row in each], top)
        self.frozen = self._judged(model, range(len(rows)), told=True)
        self.common = Prior(
            {(k.tonic, k.mode): float(scout.modes[MODE_NAMES.index(k.mode)]) for k in KEYS},
            dict(scout.metres),
        )
        self.known = [known(each, self.common) for each in self.frozen.values()]
        self.labelled = lower(model, list(zip(self.sung, self.known, strict=True)), top)

    def untouched(self) -> Single:
        """What the network says that has seen nothing of the sets, keys and metres as common as in
        its own training: (2, notes of all pieces in order, alphabet)."""
        rows = [predictions(each, self.common) for each in self.frozen.values()]
        return np.concatenate(rows, axis=1).astype(np.float32)

    def of(self, fold: int) -> list[int]:
        """The pieces of a fold."""
        return np.flatnonzero(self.melodies.folds == fold).tolist()

    def unseen(self, *folds: int) -> list[int]:
        """The pieces of all folds but these."""
        return np.flatnonzero(~np.isin(self.melodies.folds, folds)).tolist()

    def said(self, judged: dict[int, Judged], fold: int, prior: Prior) -> Single:
        """A fold's predictions, in the order of its pieces."""
        rows = [predictions(judged[number], prior) for number in self.of(fold)]
        return np.concatenate(rows, axis=1).astype(np.float32)

    def tuned_fold(self, fold: int, seed: int, tuning: Tuning) -> Fold:
        """A network trained without a fold and its gate's, and keys and metres as common as in
        what it was trained on."""
        other = gating(fold, seed)
        training = self.unseen(fold, other)
        model = tuned(self.model, self.labelled, training, tuning, seed)
        prior = prior_of([self.known[number] for number in training])
        test = self._judged(model, self.of(fold), told=True)
        gate = self._judged(model, self.of(other), told=False)
        return Fold(self.said(test, fold, prior), self.said(gate, other, prior)[0])

    def _judged(self, model: MelodyModel, pieces: Sequence[int], told: bool) -> dict[int, Judged]:
        starts = np.concatenate([[0], np.cumsum(self.counts)])
        places = [n for p in pieces for n in range(starts[p], starts[p + 1])]
        part = Lower(
            tuple(self.held.rows[n] for n in places), tuple(self.held.states[n] for n in places)
        )
        found = scores(model, part, self.melodies.alphabet, self.top, told)
        every = iter(zip(part.rows, found, strict=True))
        judged = {}
        for piece in pieces:
            here = [next(every) for _ in range(self.counts[piece])]
            heard = {hypothesis: each for (_, hypothesis), each in here}
            judged[piece] = Judged(self.sung[piece], self.active[piece], heard)
        return judged


def alone(melodies: Sequence[PieceEvents], training: Sequence[int]) -> tuple[Lower, list[Row]]:
    """Rows for a network that knows these melodies alone: those for training, each in all twelve
    transpositions, and every melody as it is."""
    moved = [
        (melodies[number], Hypothesis(tonic, UNTOLD.mode))
        for tonic in range(12)
        for number in training
    ]
    return unread(moved), [(melody, UNTOLD) for melody in melodies]


def new_fold(melodies: MelodySet, fold: int, seed: int, tuning: Tuning = NEW) -> Fold:
    """A small network that has read nothing but the fold's training pieces."""
    other = gating(fold, seed)
    folds = melodies.folds
    training = np.flatnonzero(~np.isin(folds, (fold, other))).tolist()
    read, rows = alone([sung(piece) for piece in melodies.pieces], training)
    torch.manual_seed(seed)
    model = tuned(MelodyModel(SMALL), read, range(len(read.rows)), tuning, seed)

    def said(number: int) -> Single:
        part = [rows[place] for place in np.flatnonzero(folds == number)]
        found = scores(model, unread(part), melodies.alphabet, tuning.top)
        judged = [
            Judged(row[0], {UNTOLD: _always(row[0])}, {UNTOLD: each})
            for row, each in zip(part, found, strict=True)
        ]
        flat = prior_of([])
        return np.concatenate([predictions(each, flat) for each in judged], axis=1).astype(
            np.float32
        )

    return Fold(said(fold), said(other)[0])


def _always(melody: PieceEvents) -> NDArray[np.bool_]:
    return np.ones(len(melody.ticks), np.bool_)


def fold_of(path: Path, compute: Callable[[], Fold]) -> Fold:
    """A fold's predictions, computed or as they were kept."""

    def arrays() -> dict[str, Single]:
        found = compute()
        return {"test": found.test, "gate": found.gate}

    held = kept(path, arrays)
    return Fold(held["test"], held["gate"])
