"""A gate that mixes several predictors of the next pitch, learned where none of them was trained.

p(x) ∝ Π pᵢ(x) ** wᵢ. Each exponent is positive and depends, by a softplus of a linear function,
on how sure every predictor is of itself (its entropy, as a share of the greatest) and on how far
the melody has come; and on the set of melodies, which can lean its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

LEAST = 1e-6  # of a probability
WEIGHT = 3e-4  # of the squared parameters beside the nats a note
STEPS = 120
FAR = 20.0  # notes in which a melody has come half of the way, as the gate sees it

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One set's notes: chances (predictors, notes, alphabet), what was sung (places in the
    alphabet), and each note's number in its melody. number: the set's."""

    number: int
    chances: Floats
    symbols: NDArray[np.int64]
    places: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """weights: (predictors, features); leaning: (sets, predictors)."""

    weights: Tensor
    leaning: Tensor

    def mix(self, part: Part) -> Floats:
        """(notes, alphabet)"""
        with torch.inference_mode():
            mixed = _mixed(self.weights, self.leaning, part.number, *_seen(part))
        return np.asarray(mixed.exp().numpy(), np.float32)


def learn(parts: Sequence[Part], sets: int) -> Gate:
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


def _seen(part: Part) -> tuple[Tensor, Tensor]:
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
