"""Which places of a picture belong together: clusters alike in colour and place."""

from collections.abc import Iterator

import cv2
import numpy as np

from analysis.picture.maps import Maps, blurred, stepped

SIDE = 72  # longest side of the copy on which pixels are clustered
CLUSTERS = 6
MOST = 5
LEAST = 0.04  # a smaller area is no cluster of its own
PLACE = 45.0  # one whole side of the picture counts as much as this difference in CIELAB
# Clusters closer than this are one: mostly by colour, for a wall stays a wall from left to right;
# the last two only where their colours are all but the same.
ALIKE, SAME = 15.0, 1.5
_PLACE_TO_JOIN = 15.0
SEED = 1729
# k-means: how often it is begun anew, how many places are tried for each next centre, after how
# many rounds it ends, and the move of all centres (CIELAB) at which it is settled.
_BEGINNINGS, _TRIALS, _ROUNDS, _SETTLED = 3, 3, 20, 0.2


def label(maps: Maps) -> np.ndarray:
    """(h, w) uint8, at most 72 px a side: which cluster each place belongs to, 0 to at most 4.

    k-means, from a fixed seed, on CIELAB and place; then the clusters nearest to each other are
    joined until at most five are left, all distinct and none too small.
    """
    small = blurred(maps.lab(maps.size(SIDE)), 1.0)
    height, width = small.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    place = stepped(np.stack([x / width, y / height], axis=2) * PLACE)
    points = np.concatenate([small, place], axis=2).reshape(-1, 5)
    labels = _joined(points, k_means(points, _colours(points)))
    # A pixel takes the side of its neighbourhood, so that clusters hang together.
    votes = [
        cv2.blur((labels.reshape(height, width) == i).astype(np.float32), (5, 5))
        for i in range(int(labels.max()) + 1)
    ]
    winners = np.argmax(votes, axis=0)
    present = np.flatnonzero(np.bincount(winners.ravel()))
    numbered: np.ndarray = np.searchsorted(present, winners).astype(np.uint8)
    return numbered


def k_means(points: np.ndarray, count: int) -> np.ndarray:
    """Labels 0..count - 1 of n points, (n, d) float64.

    Lloyd 1982 from centres drawn as by Arthur & Vassilvitskii 2007, the best of three beginnings.
    Written out, for OpenCV's draws from a generator that its other users seed too, and rounds as
    the processor can: a point between two clusters would go here to one, there to the other.
    """
    planes = np.ascontiguousarray(points.T)
    draws = _draws(SEED)
    best, found = -np.inf, np.zeros(len(points), np.intp)
    for _ in range(_BEGINNINGS if count > 1 else 0):
        labels, between = _settled(planes, _beginning(planes, count, draws))
        # What lies between clusters is the larger, the less there is within them.
        if between > best:
            best, found = between, labels
    return found


def _beginning(planes: np.ndarray, count: int, draws: Iterator[int]) -> np.ndarray:
    """(d, count) first centres: places of the (d, n) points, each drawn by the square of its
    distance from the nearest centre before it; of three draws the one that leaves least."""
    last = planes.shape[1] - 1
    chosen = [next(draws) % (last + 1)]
    apart = _squares(planes, chosen[0])
    for _ in range(1, count):
        reached = np.cumsum(apart)
        trials = []
        for _ in range(_TRIALS):
            share = float(next(draws) << 32 | next(draws)) * 2.0**-64
            place = min(int(np.searchsorted(reached, share * reached[-1])), last)
            left = np.minimum(apart, _squares(planes, place))
            trials.append((float(left.sum()), place, left))
        _, place, apart = min(trials, key=lambda trial: trial[0])
        chosen.append(place)
    return planes[:, chosen]


def _settled(planes: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, float]:
    """Labels of the (d, n) points when the centres have settled, and the squares between them."""
    count = centres.shape[1]
    room = np.empty((2, count, planes.shape[1]))
    labels = _nearest(planes, centres, room)
    for turn in range(2, _ROUNDS + 1):
        sizes = np.bincount(labels, minlength=count)
        sums = np.stack([np.bincount(labels, plane, minlength=count) for plane in planes])
        # A centre that has lost all its points stays where it is.
        moved = np.where(sizes > 0, sums / np.maximum(sizes, 1), centres)
        far = ((moved - centres) ** 2).sum(axis=0).max()
        centres = moved
        if far <= _SETTLED**2 or turn == _ROUNDS:
            break
        labels = _nearest(planes, centres, room)
    return labels, float((sums * centres).sum())


def _nearest(planes: np.ndarray, centres: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Which of the (d, count) centres each of the (d, n) points is nearest to.

    room: (2, count, n) to work in.
    """
    apart, part = room
    # Half the square of the distance, less half the point's own square.
    apart[:] = (centres * centres).sum(axis=0)[:, None] / 2
    for plane, centre in zip(planes, centres, strict=True):
        np.multiply(centre[:, None], plane, out=part)
        apart -= part
    nearest: np.ndarray = apart.argmin(axis=0)
    return nearest


def _squares(planes: np.ndarray, place: int) -> np.ndarray:
    """The square of every point's distance from one of them."""
    away = planes - planes[:, place, None]
    squares: np.ndarray = (away * away).sum(axis=0)
    return squares


def _draws(seed: int) -> Iterator[int]:
    """Numbers of 32 bits, by multiplication with carry (Marsaglia 1994), as in OpenCV."""
    state = seed
    while True:
        state = (state & 0xFFFFFFFF) * 4164903690 + (state >> 32)
        yield state & 0xFFFFFFFF


def _colours(points: np.ndarray) -> int:
    """How many colours there are, to a tenth of CIELAB; at most CLUSTERS."""
    # Not by np.unique, which imports the whole of numpy.ma; most pictures show it in a row or two.
    found: set[tuple[float, ...]] = set()
    for start in range(0, len(points), SIDE):
        found.update(map(tuple, np.round(points[start : start + SIDE, :3], 1).tolist()))
        if len(found) >= CLUSTERS:
            break
    return min(CLUSTERS, len(found))


def _joined(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Labels 0.. after joining clusters that are alike, too small or too many."""
    scale = np.array([1, 1, 1, _PLACE_TO_JOIN / PLACE, _PLACE_TO_JOIN / PLACE])
    sizes = {i: int(size) for i, size in enumerate(np.bincount(labels)) if size}
    means = {i: points[labels == i].mean(axis=0) * scale for i in sizes}
    while len(sizes) > 1:
        names = sorted(sizes)
        centres = np.array([means[i] for i in names])
        apart = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(axis=2))
        np.fill_diagonal(apart, np.inf)
        small = min(names, key=lambda i: sizes[i])
        colours = float(np.sqrt(((centres[0] - centres[-1])[:3] ** 2).sum()))
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
