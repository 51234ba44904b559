"""Hypotheses weighed: one predictive distribution from the scores of many keys and metres."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neural.evaluate.keys import KEYS, METRE_NAMES, Hypothesis, Sung
from neural.evaluate.score import Row, Scores

SMOOTHING = 0.5  # counted for every tonic of a mode and for every metre beside what was seen

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A melody under its hypotheses: at which events each is in question (hypotheses, events),
    and how the network scored it, up to the last of those."""

    melody: Sung
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


def rows_of(melody: Sung, active: Mapping[Hypothesis, NDArray[np.bool_]]) -> list[Row]:
    """What the network has to read: for each hypothesis the melody up to where it is given up."""
    rows = []
    for hypothesis, when in active.items():
        count = int(np.flatnonzero(when)[-1]) + 1
        short = Sung(melody.ticks[:count], melody.midi[:count], melody.lengths[:count])
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
