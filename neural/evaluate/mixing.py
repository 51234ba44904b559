"""The gates of table 1: what each mixes, and that it learns on notes that no predictor has read.

For every fold that is kept for testing, and every seed, the predictors are trained without another
fold too; on that one, of all eight sets, the gate is learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from neural.evaluate import gate
from neural.evaluate.evidence import Bits, Evidence, Floats, Notes
from neural.evaluate.networks import gating
from neural.evaluate.sets import FOLDS
from neural.evaluate.store import kept

LONG, SHORT = (0, 1, 2), (3, 4, 5)  # the rows of PPM: viewpoints of the long- and short-term model


@dataclass(frozen=True, slots=True)
class Mixed:
    """The predictors of a gate: networks, and rows of PPM. shuffled: a control, which learns and
    is judged on shuffled notes."""

    tuned: bool
    frozen: bool
    counts: tuple[int, ...]
    shuffled: bool = False

    def __str__(self) -> str:
        flags = (self.tuned, self.frozen, self.shuffled, *self.counts)
        return "".join(str(int(flag)) for flag in flags)


def mixtures(
    evidence: Sequence[Evidence], seeds: int, mixed: Mixed, folder: Path
) -> list[list[list[Floats]]]:
    """For each set, seed and fold what the gate says of the fold's notes; kept in the folder."""
    found: list[list[list[Floats]]] = [[[] for _ in range(seeds)] for _ in evidence]
    for seed in range(seeds):
        for fold in range(FOLDS):
            said = kept(
                folder / f"gate-{mixed}-{fold}-{seed}.npz",
                partial(_said, evidence, fold, seed, mixed),
            )
            for number, each in enumerate(evidence):
                found[number][seed].append(said[each.melodies.name])
    return found


def judged(each: Evidence, mixed: Mixed, said: Sequence[Floats]) -> Bits:
    """Bits of all notes of a set, fold after fold."""
    return np.concatenate(
        [_notes(each, mixed, fold).bits(said[fold]) for fold in range(FOLDS)],
    )


def _said(evidence: Sequence[Evidence], fold: int, seed: int, mixed: Mixed) -> dict[str, Floats]:
    """What one gate says of the fold that is kept for testing, by set."""
    other = gating(fold, seed)
    parts = [_part(n, each, fold, other, seed, mixed) for n, each in enumerate(evidence)]
    learned = gate.learn(parts, len(evidence))
    return {
        each.melodies.name: learned.mix(_part(number, each, fold, fold, seed, mixed))
        for number, each in enumerate(evidence)
    }


def _part(number: int, each: Evidence, fold: int, read: int, seed: int, mixed: Mixed) -> gate.Part:
    """What the predictors of a fold say of the fold that is read: itself, or the gate's."""
    notes = _notes(each, mixed, read)
    said = []
    if mixed.tuned:
        network = each.tuned[fold, seed]
        said.append(network.test[0] if read == fold else network.gate)
    if mixed.frozen:
        said.append(each.frozen[0][notes.rows])
    rows = each.counts(fold, read)[list(mixed.counts)]
    chances = np.concatenate([np.array(said).reshape(len(said), *rows.shape[1:]), rows])
    return gate.Part(number, chances.astype(np.float32), notes.symbols, notes.places)


def _notes(each: Evidence, mixed: Mixed, fold: int) -> Notes:
    notes = each.notes[fold]
    return notes.shuffled() if mixed.shuffled else notes
