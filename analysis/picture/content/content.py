"""What a picture shows: each word's probability, two learned readings, and where it is seen.

A word's probability is the sum of its classes' (softmax of the mean of the places' logits); a
reading is linear in the network's pooled features, so the mean of what it says of each place. Both
are shared out over the regions exactly, in millionths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from analysis.picture.content.network import DIGITS, look
from analysis.picture.content.words import GROUP, HERE, SEEN, named, words

READINGS = ("pleasant", "exciting")
MOST = 4.0  # standard deviations that a reading goes to
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Content:
    """What is seen of a picture.

    values: every feature of `content.*`: words 0..1, readings in standard deviations, `seen` 1
      where the network looked and 0 where it did not.
    regions: the same of each region, as if it were a picture.
    shares: for each region, what it has of every word's and reading's value; over the regions they
      sum to it exactly.
    places: for each word and reading what is seen at each place of a grid, (h, w): a word's
      probability there, a reading's standard deviations.
    absent: why nothing was seen, or "".
    yours: what you said of it in place of what was seen, by feature.
    described: the sentence of a captioning model of yours, or ""; and `named`, by feature, the
      words that it names and that count as seen.
    """

    values: Mapping[str, float]
    regions: tuple[Mapping[str, float], ...] = ()
    shares: tuple[Mapping[str, Decimal], ...] = ()
    places: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False, compare=False)
    absent: str = ""
    yours: Mapping[str, float] = field(default_factory=dict)
    described: str = ""
    named: Mapping[str, float] = field(default_factory=dict)


def unseen(regions: int, why: str = "") -> Content:
    """Nothing is seen: no word, and readings at the mean of photographs."""
    values = MappingProxyType(dict.fromkeys(names(), 0.0))
    return Content(values, (values,) * regions, absent=why)


def said(content: Content, yours: Mapping[str, float]) -> Content:
    """The same with what you say, word -> 0..1, to three decimals, of the whole and all regions.

    A region's share of it is in proportion as before, or equal where nothing was seen.
    """
    told = _told(content, yours)
    own = {GROUP + name: told.values[GROUP + name] for name in yours}
    named = {name: value for name, value in content.named.items() if name not in own}
    return replace(told, yours=MappingProxyType({**content.yours, **own}), named=named)


def described(content: Content, sentence: str, *, counts: bool) -> Content:
    """The same with another's sentence about the picture; where it counts, what it names is seen
    for certain."""
    names = named(sentence) if counts else ()
    told = _told(content, dict.fromkeys(names, 1.0))
    own = {GROUP + name: told.values[GROUP + name] for name in names}
    return replace(told, described=sentence, named=MappingProxyType(own))


def _told(content: Content, yours: Mapping[str, float]) -> Content:
    own = {GROUP + name: round(float(value), DIGITS) + 0.0 for name, value in yours.items()}
    count = max(1, len(content.regions))
    shares = [dict(share) for share in content.shares]
    for name, value in own.items() if shares else ():
        old = np.array([float(share[name]) for share in shares])
        exact = old / old.sum() if old.sum() else np.ones(count) / count
        whole = round(value * _MILLION)
        for share, amount in zip(shares, _whole(exact * whole, whole), strict=True):
            share[name] = Decimal(amount) / _MILLION
    return replace(
        content,
        values=MappingProxyType({**content.values, **own}),
        regions=tuple(MappingProxyType({**region, **own}) for region in content.regions),
        shares=tuple(MappingProxyType(share) for share in shares),
    )


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Every feature of `content.*`."""
    return (*(word.feature for word in words().values()), *(GROUP + r for r in READINGS), SEEN)


def see(pixels: np.ndarray, labels: np.ndarray) -> Content:
    """Look at a picture, (h, w, 3) uint8 sRGB, whose regions are numbered in a label map.

    Raises ContentError where the network's weights are missing or damaged.
    """
    seen = look(pixels)
    grid = seen.logits.shape[1:]
    parts = [_weights(labels == number, grid) for number in range(int(labels.max()) + 1)]
    everywhere = np.ones(grid)
    local = _probabilities(seen.logits.reshape(len(seen.logits), -1)).reshape(-1, *grid)
    lines = _readings()
    at = np.einsum("rf,fhw->rhw", lines[:, 1:], seen.features) + lines[:, :1, None]
    places = {GROUP + name: at[number] for number, name in enumerate(READINGS)}
    places |= {word.feature: local[i] for i, word in enumerate(words().values())}
    values = _values(seen.logits, at, everywhere)
    return Content(
        values,
        tuple(_values(seen.logits, at, part) for part in parts),
        _shares(values, places, parts),
        MappingProxyType(places),
    )


def _values(logits: np.ndarray, at: np.ndarray, weights: np.ndarray) -> Mapping[str, float]:
    """Every feature over the places, by their weights (h, w)."""
    over = weights.sum()
    mean = np.round((logits * weights).sum(axis=(1, 2)) / over, DIGITS)
    found = dict(zip(words(), _probabilities(mean[:, None])[:, 0], strict=True))
    read = zip(READINGS, (at * weights).sum(axis=(1, 2)) / over, strict=True)
    found |= {name: min(MOST, max(-MOST, value)) for name, value in read}
    rounded = {GROUP + name: round(float(value), DIGITS) + 0.0 for name, value in found.items()}
    return MappingProxyType({**rounded, SEEN: 1.0})


def _probabilities(logits: np.ndarray) -> np.ndarray:
    """(words, n) probabilities from (classes, n) logits."""
    powers = np.exp(logits - logits.max(axis=0))
    powers /= powers.sum(axis=0)
    return np.stack([powers[list(word.classes)].sum(axis=0) for word in words().values()])


def _weights(mask: np.ndarray, grid: tuple[int, ...]) -> np.ndarray:
    """How much of each place of the grid (h, w) a region's mask covers, 0..1.

    A place that is smaller than one of the mask's takes its share of it.
    """
    for axis, size in enumerate(grid):
        edges = np.arange(size + 1) * mask.shape[axis] / size
        total = np.insert(np.cumsum(mask, axis=axis, dtype=np.float64), 0, 0.0, axis=axis)
        low = np.floor(edges).astype(int)
        high = np.minimum(low + 1, mask.shape[axis])
        shape = [-1 if each == axis else 1 for each in (0, 1)]
        part = (edges - low).reshape(shape)
        at = total.take(low, axis) * (1 - part) + total.take(high, axis) * part
        mask = np.diff(at, axis=axis) * size / mask.shape[axis]
    return mask


def _shares(
    values: Mapping[str, float], places: Mapping[str, np.ndarray], parts: Sequence[np.ndarray]
) -> tuple[Mapping[str, Decimal], ...]:
    """What each region has of every value: of a word by the probabilities at its places, of a
    reading by what is read there."""
    shares: list[dict[str, Decimal]] = [{} for _ in parts]
    for name, at in places.items():
        sums = np.array([float((at * part).sum()) for part in parts])
        whole = round(values[name] * _MILLION)
        if name.removeprefix(GROUP) in READINGS:
            # What was held within bounds, or rounded away, is taken off by area.
            area = np.array([float(part.sum()) for part in parts])
            exact = sums / area.sum() * _MILLION
            exact += (whole - exact.sum()) * area / area.sum()
        else:
            exact = whole * sums / sums.sum()
        for share, amount in zip(shares, _whole(exact, whole), strict=True):
            share[name] = Decimal(amount) / _MILLION
    return tuple(MappingProxyType(share) for share in shares)


def _whole(exact: np.ndarray, total: int) -> list[int]:
    """Whole numbers near the exact ones that sum to the total, by largest remainders."""
    below = np.floor(exact).astype(int)
    order = np.argsort(below - exact, kind="stable")
    below[order[: total - int(below.sum())]] += 1
    return [int(each) for each in below]


def read(pooled: np.ndarray) -> Mapping[str, float]:
    """The learned readings of a picture's pooled features (1280,), by feature."""
    lines = _readings()
    found = lines[:, 0] + lines[:, 1:] @ pooled
    return {
        GROUP + name: round(min(MOST, max(-MOST, float(value))), DIGITS) + 0.0
        for name, value in zip(READINGS, found, strict=True)
    }


@lru_cache(maxsize=1)
def _readings() -> np.ndarray:
    """(readings, 1 + 1280): where each line begins, and what it adds for each pooled feature."""
    lines: np.ndarray = np.load(HERE / "shipped" / "readings.npy")
    return lines.astype(np.float64)
