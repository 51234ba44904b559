"""The pieces to choose from, in memory: what is compared of each, and which are the nearest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from composer.recommender.aspects import UNKNOWN, weights

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
CHUNK = 1 << 14  # pieces that are compared at once: what a processor's cache holds
FARTHEST = 2.0  # more than any score


@dataclass(frozen=True, slots=True)
class PieceName:
    """Which piece: `collection` is the folder that was added, or built-in; `path` the file in it,
    `part` its number there or ""; `source` notes or sound."""

    collection: str
    path: str
    part: str
    title: str
    composer: str
    source: str


Named = Callable[[Sequence[int]], Sequence[PieceName]]


@dataclass(frozen=True)
class Pool:
    """Pieces of one collection or of several.

    values: what is compared of each in spreads, shape (pieces, aspects), nan unknown. sounding:
    which were measured on sound, shape (pieces,). named: who the pieces of these numbers are.
    """

    values: Floats
    sounding: NDArray[np.bool_]
    named: Named

    def __len__(self) -> int:
        return len(self.values)

    def scores(self, target: Floats) -> Floats:
        """How far each piece lies from what is asked, 0 to 1: the weighted mean of its distances
        in the aspects that are asked, of those that are not known UNKNOWN. A piece of which nothing
        is known is at FARTHEST.

        target: shape (aspects,), nan what is not asked.
        """
        asked = ~np.isnan(target)
        found = np.empty(len(self), np.float32)
        by_notes, by_sound = (weights(source)[asked] for source in ("notes", "sound"))
        most = by_notes.sum()
        for at in range(0, len(self), CHUNK):
            apart = np.abs(self.values[at : at + CHUNK, asked] - target[asked])
            known = apart == apart  # not nan
            np.minimum(apart, 1, out=apart)
            apart[~known] = 0
            heard = self.sounding[at : at + CHUNK]
            each = np.where(heard[:, None], by_sound, by_notes) if heard.any() else by_notes
            total = np.einsum("ij,ij->i", np.broadcast_to(each, apart.shape), known)
            summed = np.einsum("ij,ij->i", np.broadcast_to(each, apart.shape), apart)
            whole = (summed + UNKNOWN * (most - total)) / most if most else summed
            found[at : at + CHUNK] = np.where(total > 0, whole, FARTHEST)
        return found

    def nearest(self, target: Floats, count: int) -> Indices:
        """The numbers of the nearest pieces, the nearest first; of equals the earlier one."""
        scores = self.scores(target)
        count = min(count, len(scores))
        if not count:
            return np.zeros(0, np.int64)
        limit = np.partition(scores, count - 1)[count - 1]
        near = np.flatnonzero(scores <= limit)
        order = np.lexsort((near, scores[near]))
        return near[order][:count]


def joined(pools: Mapping[str, Pool]) -> Pool:
    """Several pools as one."""
    parts = list(pools.values())
    starts = np.cumsum([0, *(len(part) for part in parts)])

    def named(numbers: Sequence[int]) -> Sequence[PieceName]:
        where = np.searchsorted(starts, numbers, side="right") - 1
        names: dict[int, PieceName] = {}
        for place, part in enumerate(parts):
            own = [number for number, at in zip(numbers, where, strict=True) if at == place]
            inside = part.named([number - int(starts[place]) for number in own])
            names.update(zip(own, inside, strict=True))
        return [names[number] for number in numbers]

    return Pool(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.sounding for part in parts]),
        named,
    )
