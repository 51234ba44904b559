"""Medians and shares with intervals, and where people's figures lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000  # resamples of a bootstrap
FEWEST = 5  # pieces of which people's range can be told


@dataclass(frozen=True, slots=True)
class Estimate:
    """A median (of what is 1 or 0 the mean), with its 95 % bootstrap interval, of n pieces.

    low, high: None of a figure of all pieces together.
    """

    value: float
    low: float | None
    high: float | None
    n: int


def estimate(values: Sequence[float], yes_or_no: bool = False) -> Estimate | None:
    """None of no values. The same values give the same interval."""
    if not len(values):
        return None
    found = np.asarray(values, float)
    picked = np.random.default_rng(0).integers(0, len(found), (DRAWS, len(found)))
    middle = np.mean if yes_or_no else np.median
    low, high = np.percentile(middle(found[picked], axis=1), [2.5, 97.5])
    return Estimate(float(middle(found)), float(low), float(high), len(found))


@dataclass(frozen=True, slots=True)
class Range:
    """People's tenth and ninetieth percentile, every source weighing the same."""

    tenth: float
    ninetieth: float

    def holds(self, value: float) -> bool:
        return self.tenth - 1e-9 <= value <= self.ninetieth + 1e-9


def people_range(by_source: Mapping[str, Sequence[float]]) -> Range | None:
    """None where there are fewer than FEWEST pieces."""
    sources = [np.asarray(values, float) for values in by_source.values() if len(values)]
    if sum(len(each) for each in sources) < FEWEST:
        return None
    values = np.concatenate(sources)
    weights = np.concatenate([np.full(len(each), 1 / len(each)) for each in sources])
    return Range(*(_quantile(values, weights, share) for share in (0.1, 0.9)))


def _quantile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """The least value under or at which such a share of the weight lies."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(reached, share - 1e-9)])
