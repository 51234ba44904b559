"""A gate that mixes several predictors of the next pitch, learned where none of them was trained.

p(x) ∝ Π pᵢ(x) ** wᵢ. Each exponent is positive and depends, by a softplus of a linear function,
on how sure every predictor is of itself (its entropy, as a share of the greatest) and on how far
the melody has come; and on the set of melodies, which can lean its own way.

For every fold that is kept for testing, and every seed, the predictors are trained without another
fold too; on that one, of all eight sets, the gate is learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from neural.evaluate.evidence import Bits, FoldNotes, SetEvidence
from neural.evaluate.networks import gating
from neural.evaluate.sets import FOLDS
from neural.evaluate.tables import kept
from neural.network import Single

LEAST = 1e-6  # of a probability
WEIGHT = 3e-4  # of the squared parameters beside the nats a note
STEPS = 120
LONG, SHORT = (0, 1, 2), (3, 4, 5)  # the rows of PPM: viewpoints of the long- and short-term model
FAR = 20.0  # notes in which a melody has come half of the way, as the gate sees it


@dataclass(frozen=True, slots=True, eq=False)
class GatePart:
    """One set's notes: chances (predictors, notes, alphabet), what was sung (places in the
    alphabet), and each note's number in its melody. number: the set's."""

    number: int
    chances: Single
    symbols: NDArray[np.int64]
    places: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """weights: (predictors, features); leaning: (sets, predictors)."""

    weights: Tensor
    leaning: Tensor

    def mix(self, part: GatePart) -> Single:
        """(notes, alphabet)"""
        with torch.inference_mode():
            mixed = _mixed(self.weights, self.leaning, part.number, *_seen(part))
        return np.asarray(mixed.exp().numpy(), np.float32)


def learn(parts: Sequence[GatePart], sets: int) -> Gate:
    """The gate that tells these notes best. Deterministic: it begins with all exponents equal."""
    predictors = len(parts[0].chances)
    weights = torch.zeros(predictors, predictors + 2)
    leaning = torch.full((sets, predictors), float(np.log(np.expm1(1.0 / predictors))))
    begin = leaning.clone()
    weights.requires_grad_(True)
    leaning.requires_grad_(True)
    seen = [(part, _seen(part), torch.from_numpy(part.symbols)) for part in parts]
    count = sum(len(part.symbols) for part in parts)
    optimiser = torch.optim.LBFGS(
        [weights, leaning], max_iter=STEPS, history_size=20, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimiser.zero_grad()
        nats = torch.zeros(())
        for part, (logs, features), symbols in seen:
            mixed = _mixed(weights, leaning, part.number, logs, features)
            nats = nats - mixed.gather(1, symbols[:, None]).sum()
        # What a set leans to beyond the others is believed less than what all share.
        shared = leaning.mean(dim=0)
        away = (weights**2).sum() + ((leaning - shared) ** 2).sum() * 10
        total = nats / count + WEIGHT * (away + ((shared - begin[0]) ** 2).sum())
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return Gate(weights.detach(), leaning.detach())


def _seen(part: GatePart) -> tuple[Tensor, Tensor]:
    """Logarithms (predictors, notes, alphabet); features (notes, predictors + 2)."""
    chances = torch.from_numpy(np.maximum(part.chances, LEAST))
    logs = (chances / chances.sum(dim=2, keepdim=True)).log()
    entropies = -(logs.exp() * logs).sum(dim=2) / np.log(logs.shape[2])
    places = torch.from_numpy(part.places).float()
    columns = [entropies.T - 0.5, (places / (places + FAR))[:, None], (places == 0)[:, None]]
    return logs, torch.cat([column.float() for column in columns], dim=1)


def _mixed(weights: Tensor, leaning: Tensor, number: int, logs: Tensor, features: Tensor) -> Tensor:
    """Logarithms of the mixture, (notes, alphabet)."""
    exponents = functional.softplus(features @ weights.T + leaning[number])
    return torch.einsum("np,pna->na", exponents, logs).log_softmax(dim=1)


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
    evidence: Sequence[SetEvidence], seeds: int, mixed: Mixed, folder: Path
) -> list[list[list[Single]]]:
    """For each set, seed and fold what the gate says of the fold's notes; kept in the folder."""
    found: list[list[list[Single]]] = [[[] for _ in range(seeds)] for _ in evidence]
    for seed in range(seeds):
        for fold in range(FOLDS):
            said = kept(
                folder / f"gate-{mixed}-{fold}-{seed}.npz",
                partial(_said, evidence, fold, seed, mixed),
            )
            for number, each in enumerate(evidence):
                found[number][seed].append(said[each.melodies.name])
    return found


def judged(each: SetEvidence, mixed: Mixed, said: Sequence[Single]) -> Bits:
    """Bits of all notes of a set, fold after fold."""
    return np.concatenate(
        [_notes(each, mixed, fold).bits(said[fold]) for fold in range(FOLDS)],
    )


def _said(evidence: Sequence[SetEvidence], fold: int, seed: int, mixed: Mixed) -> dict[str, Single]:
    """What one gate says of the fold that is kept for testing, by set."""
    other = gating(fold, seed)
    parts = [_part(n, each, fold, other, seed, mixed) for n, each in enumerate(evidence)]
    learned = learn(parts, len(evidence))
    return {
        each.melodies.name: learned.mix(_part(number, each, fold, fold, seed, mixed))
        for number, each in enumerate(evidence)
    }


def _part(
    number: int, each: SetEvidence, fold: int, read: int, seed: int, mixed: Mixed
) -> GatePart:
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
    return GatePart(number, chances.astype(np.float32), notes.symbols, notes.places)


def _notes(each: SetEvidence, mixed: Mixed, fold: int) -> FoldNotes:
    notes = each.notes[fold]
    return notes.shuffled() if mixed.shuffled else notes
