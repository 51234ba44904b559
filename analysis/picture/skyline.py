"""The skyline: the picture's most prominent contour from its left side to its right."""

from dataclasses import dataclass

import numpy as np

from analysis.picture.maps import Maps, blurred

COLUMNS, ROWS = 128, 96  # the grid on which the path is searched
SAMPLES = 64
_MARGIN = 5  # rows at the top and the bottom that no skyline runs in
_FULL = 40.0  # change of colour (CIELAB) across a contour that counts as fully prominent
_CLIMB = 0.04  # price of one row up or down, in full contours
# Price of one row above and below the middle: where there is no contour the middle is taken, of two
# alike the upper.
_ABOVE, _BELOW = 1e-4, 1e-3


@dataclass(frozen=True, slots=True)
class Skyline:
    """The contour's height at 64 places from left to right, 0 bottom..1 top.

    strength: how much more the colour changes across it than elsewhere, from 0 (nothing there) to
    nearly 1 (a clear silhouette).
    """

    heights: tuple[float, ...]
    strength: float


def find(maps: Maps) -> Skyline:
    """The path from left to right with the largest change of colour across it, less its climbing.

    Found exactly, by dynamic programming over the columns. A contour keeps its kind: the lighter
    side is above all along, or below all along; of the two best paths the better one is taken.
    """
    found = [(*_path(change), change) for change in _changes(maps)]
    path, _, change = max(found, key=lambda each: each[1])
    # How prominent: not only how much changes here, but how much more than anywhere else.
    along = change[path, np.arange(COLUMNS)].mean() - change.mean()
    heights = (1 - (path + 0.5) / ROWS).reshape(SAMPLES, -1).mean(axis=1)
    return Skyline(
        tuple(round(float(height), 6) for height in heights), round(max(0.0, float(along)), 6)
    )


def features(skyline: Skyline) -> dict[str, float]:
    """The features `layout.skyline_*`."""
    heights = np.array(skyline.heights)
    return {
        "layout.skyline_height": float(heights.mean()),
        "layout.skyline_range": float(heights.max() - heights.min()),
        "layout.skyline_roughness": float(np.abs(np.diff(heights)).mean()),
    }


def _changes(maps: Maps) -> tuple[np.ndarray, np.ndarray]:
    """(96, 128) change of colour downwards, 0..1, where it is lighter above, and lighter below."""
    small = blurred(maps.lab((COLUMNS, ROWS)), 1.0)
    step = np.zeros_like(small)
    step[1:-1] = small[2:] - small[:-2]
    size = np.minimum(np.sqrt((step**2).sum(axis=2)) / _FULL, 1)
    size[:_MARGIN] = size[-_MARGIN:] = 0
    # Where the lightness hardly changes (a blue sky over a green wood) the contour has both kinds.
    kind = np.clip(step[:, :, 0] / 8, -1, 1)
    return size * (1 - np.maximum(kind, 0)), size * (1 + np.minimum(kind, 0))


def _path(change: np.ndarray) -> tuple[np.ndarray, float]:
    """The row of the best path in every column, and its score."""
    rows = np.arange(ROWS)
    climb = _CLIMB * np.abs(rows[:, None] - rows[None]).astype(np.float64)
    away = rows - ROWS // 2
    gain = change - np.where(away < 0, -_ABOVE * away, _BELOW * away)[:, None]
    score = gain[:, 0]
    before = np.empty((COLUMNS, ROWS), np.intp)
    for column in range(1, COLUMNS):
        options = score[None] - climb
        before[column] = options.argmax(axis=1)
        score = options[rows, before[column]] + gain[:, column]
    path = np.empty(COLUMNS, np.intp)
    path[-1] = score.argmax()
    for column in range(COLUMNS - 1, 0, -1):
        path[column - 1] = before[column, path[column]]
    return path, float(score.max())
