"""Regions: a few areas alike in colour and place, each measured like a picture of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from analysis.picture import colour, light, texture
from analysis.picture.lab import to_hex
from analysis.picture.layout import lab_copy
from analysis.picture.maps import Maps
from analysis.picture.words import colour_word, distinct, place_word

SIDE = 72  # longest side of the copy on which pixels are clustered
CLUSTERS = 6
MOST = 5
LEAST = 0.04  # a smaller area is no region of its own
PLACE = 45.0  # one whole side of the picture counts as much as this difference in CIELAB
# Clusters closer than this are one region: mostly by colour, for a wall stays a wall from left to
# right; the last two only where their colours are all but the same.
ALIKE, SAME = 15.0, 1.5
_PLACE_TO_JOIN = 15.0
SEED = 1729


@dataclass(frozen=True, slots=True)
class Region:
    """An area of the picture.

    name: its place and colour in words.  share: of the picture's area, 0..1.
    x, y: its centre of mass, 0..1 from the left and from the top.
    box: left, top, right, bottom, 0..1, of the middle 90 % of its mass each way.
    hex: its mean colour.  features: those of `colour.*`, `light.*` and `texture.*` that make sense
    for a part of a picture, under the same names.
    """

    name: str
    share: float
    x: float
    y: float
    box: tuple[float, float, float, float]
    hex: str
    features: Mapping[str, float]


def label(maps: Maps) -> np.ndarray:
    """(h, w) int, at most 72 px a side: which region each place belongs to.

    k-means (OpenCV's, from a fixed seed) on CIELAB and place; then the clusters nearest to each
    other are joined until at most five are left, all distinct and none too small.
    """
    small = lab_copy(maps, SIDE)
    height, width = small.shape[:2]
    small = cv2.GaussianBlur(small, (0, 0), 1.0, borderType=cv2.BORDER_REPLICATE)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    place = np.stack([x / width, y / height], axis=2) * np.float32(PLACE)
    points = np.concatenate([small, place], axis=2).reshape(-1, 5)
    labels = _clusters(points)
    labels = _joined(points, labels)
    # A pixel takes the side of its neighbourhood, so that regions hang together.
    count = int(labels.max()) + 1
    votes = [
        cv2.blur((labels.reshape(height, width) == i).astype(np.float32), (5, 5))
        for i in range(count)
    ]
    winners: np.ndarray = np.argmax(votes, axis=0)
    return winners


def masks(maps: Maps, shape: tuple[int, int]) -> list[np.ndarray]:
    """One mask, of bool in this shape (h, w), for each region of `find`, in its order."""
    labels = label(maps)
    height, width = shape
    full = cv2.resize(labels.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    found = [full == index for index in range(int(labels.max()) + 1)]
    return sorted((mask for mask in found if mask.any()), key=_centre)


def find(maps: Maps) -> tuple[Region, ...]:
    """One to five regions, ordered from left to right by their centres of mass."""
    # Half the pixels each way describe a region as well, in a quarter of the time.
    thin = maps.thinned(2) if min(maps.lightness.shape) >= 128 else maps
    height, width = thin.lightness.shape
    found = [_region(thin.where(mask), mask) for mask in masks(maps, (height, width))]
    names = distinct([(region.name, region.features["light.lightness"]) for region in found])
    return tuple(
        Region(name, *(getattr(region, key) for key in Region.__slots__[1:]))
        for name, region in zip(names, found, strict=True)
    )


def _region(part: Maps, mask: np.ndarray) -> Region:
    left, x, right = _extent(mask.sum(axis=0))
    top, y, bottom = _extent(mask.sum(axis=1))
    features = {**colour.of_pixels(part), **light.of_pixels(part), **texture.of_pixels(part)}
    share = float(mask.mean())
    box = (left, top, right, bottom)
    word = colour_word(
        features["light.lightness"], features["colour.redness"], features["colour.yellowness"]
    )
    return Region(
        name=f"{place_word(x, y, box, share)}, {word}",
        share=round(share, 6),
        x=round(x, 6),
        y=round(y, 6),
        box=box,
        hex=to_hex(np.round(part.rgb.reshape(-1, 3).mean(axis=0))),
        features=MappingProxyType(
            {name: round(value, 6) + 0.0 for name, value in features.items()}
        ),
    )


def _centre(mask: np.ndarray) -> tuple[float, float]:
    """The centre of mass, 0..1 from the left and from the top."""
    return round(_extent(mask.sum(axis=0))[1], 6), round(_extent(mask.sum(axis=1))[1], 6)


def _extent(counts: np.ndarray) -> tuple[float, float, float]:
    """Where the middle 90 % of the mass begin, its centre, and where they end; 0..1."""
    total = np.cumsum(counts) / counts.sum()
    size = len(counts)
    low = int(np.searchsorted(total, 0.05)) / size
    high = min(size, int(np.searchsorted(total, 0.95)) + 1) / size
    centre = float((np.arange(size) + 0.5) @ counts) / float(counts.sum()) / size
    return round(low, 6), centre, round(high, 6)


def _clusters(points: np.ndarray) -> np.ndarray:
    # Not by np.unique, which imports the whole of numpy.ma.
    distinct_points = len({*map(tuple, np.round(points[:, :3], 1).tolist())})
    count = min(CLUSTERS, distinct_points, len(points))
    if count < 2:
        return np.zeros(len(points), np.intp)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.2)
    cv2.setRNGSeed(SEED)  # OpenCV's generator is global: seeded right before its use
    _, labels, _ = cv2.kmeans(points, count, None, criteria, 3, cv2.KMEANS_PP_CENTERS)
    flat: np.ndarray = labels.ravel().astype(np.intp)
    return flat


def _joined(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Labels 0.. after joining clusters that are alike, too small or too many."""
    scale = np.array([1, 1, 1, _PLACE_TO_JOIN / PLACE, _PLACE_TO_JOIN / PLACE])
    sizes = {i: int(size) for i, size in enumerate(np.bincount(labels)) if size}
    means = {i: points[labels == i].mean(axis=0) * scale for i in sizes}
    while len(sizes) > 1:
        names = sorted(sizes)
        apart = np.array([[np.linalg.norm(means[i] - means[j]) for j in names] for i in names])
        np.fill_diagonal(apart, np.inf)
        small = min(names, key=lambda i: sizes[i])
        colours = float(np.linalg.norm((means[names[0]] - means[names[-1]])[:3]))
        alike = apart.min() < ALIKE if len(names) > 2 else colours < SAME
        if sizes[small] < LEAST * len(points):
            one, other = small, names[int(apart[names.index(small)].argmin())]
        elif alike or len(names) > MOST:
            row, column = np.unravel_index(int(apart.argmin()), apart.shape)
            one, other = names[int(row)], names[int(column)]
        else:
            break
        labels = np.where(labels == one, other, labels)
        size = sizes[one] + sizes[other]
        means[other] = (means[one] * sizes[one] + means[other] * sizes[other]) / size
        sizes[other] = size
        del sizes[one], means[one]
    return np.searchsorted(sorted(sizes), labels)
