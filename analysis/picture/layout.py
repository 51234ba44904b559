"""Layout: symmetry, openness, the horizon, and where the eye is drawn to."""

import cv2
import numpy as np

from analysis.picture.maps import Maps, averaged

SIDE = 96  # longest side of the copy on which the layout is measured
SMOOTH = 3.0  # local standard deviation of L* below which a place counts as smooth
OPEN = 0.12  # a smooth area counts where a disc of this share of the shorter side fits
_PEAK = 6  # power of the saliency that tells where the eye is drawn to
_NEAR = 0.12  # how far from a point of thirds the salient mass counts, in sides of the picture


def measure(maps: Maps, width: int, height: int) -> dict[str, float]:
    """The features `layout.*` that need neither regions nor skyline.

    width, height: of the original, in pixels.
    """
    size = maps.size(SIDE)
    small = maps.lab(size)
    return {
        "layout.symmetry": _symmetry(small),
        "layout.openness": _openness(averaged(maps.roughness, size)),
        **_horizon(small),
        **_salience(small),
        "layout.aspect": float(np.clip(width / height, 0.1, 10)),
    }


def saliency(small: np.ndarray) -> np.ndarray:
    """(h, w) float64, how far each place's colour lies from its surroundings' at three scales.

    small: (h, w, 3) CIELAB.

    Centre and surround in CIELAB: Itti, Koch & Niebur 1998, in the form of Achanta et al. 2008.
    """
    height, width = small.shape[:2]
    shorter = min(height, width)
    centre = cv2.blur(small, (3, 3), borderType=cv2.BORDER_REPLICATE)
    found = np.zeros((height, width))
    for part in (2, 4, 8):
        size = 2 * max(1, shorter // part) + 1
        surround = cv2.blur(small, (size, size), borderType=cv2.BORDER_REPLICATE)
        found += np.sqrt(((centre - surround) ** 2).sum(axis=2))
    return found / 3


def _symmetry(small: np.ndarray) -> float:
    """1 where the left half mirrors the right, 0.5 where they are unrelated, 0 where opposed."""
    difference = float(((small - small[:, ::-1]) ** 2).sum(axis=2).mean())
    variance = float(small.reshape(-1, 3).var(axis=0).sum())
    # One unit of variance: an even picture is symmetric, whatever its noise.
    return 1 - difference / (4 * (variance + 1))


def _openness(roughness: np.ndarray) -> float:
    """Share of the picture that is smooth wherever a large enough disc fits."""
    smooth = roughness < SMOOTH
    across = max(1, round(OPEN * min(roughness.shape)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across))
    return float(cv2.morphologyEx(smooth.astype(np.uint8), cv2.MORPH_OPEN, disc).mean())


def _horizon(small: np.ndarray) -> dict[str, float]:
    """Where the colour of whole rows changes most from above to below, and by how much."""
    rows = small.mean(axis=1)
    height = len(rows)
    span = max(1, height // 16)
    if height < 2 * span + 1:
        return {"layout.horizon": 0.5, "layout.horizon_strength": 0.0}
    sums = np.concatenate([np.zeros((1, 3)), np.cumsum(rows, axis=0, dtype=np.float64)])
    borders = np.arange(span, height - span + 1)
    above = (sums[borders] - sums[borders - span]) / span
    below = (sums[borders + span] - sums[borders]) / span
    change = np.linalg.norm(above - below, axis=1)
    best = int(np.argmax(change))
    if change[best] < 1:  # no border at all: say the middle
        return {"layout.horizon": 0.5, "layout.horizon_strength": 0.0}
    return {
        "layout.horizon": 1 - float(borders[best]) / height,
        "layout.horizon_strength": min(1.0, float(change[best]) / 50),
    }


def _salience(small: np.ndarray) -> dict[str, float]:
    found = saliency(small)
    height, width = found.shape
    x = (np.arange(width) + 0.5) / width
    y = 1 - (np.arange(height) + 0.5) / height
    if found.mean() < 0.5:  # an even picture draws the eye nowhere
        mass = np.full(found.shape, 1 / found.size)
        spot, concentration = mass, 0.0
    else:
        mass = found / found.sum()
        # Where it is strongest, not the middle of all of it.
        spot = (found / found.max()) ** _PEAK
        spot /= spot.sum()
        concentration = _gini(mass.ravel())
    spot_x, spot_y = float(spot.sum(axis=0) @ x), float(spot.sum(axis=1) @ y)
    mass_x, mass_y = float(mass.sum(axis=0) @ x), float(mass.sum(axis=1) @ y)
    apart = np.minimum(np.abs(x - 1 / 3), np.abs(x - 2 / 3))[None] ** 2
    apart = apart + np.minimum(np.abs(y - 1 / 3), np.abs(y - 2 / 3))[:, None] ** 2
    return {
        "layout.balance": 1
        - float(np.hypot(mass_x - 0.5, mass_y - 0.5)) / float(np.hypot(0.5, 0.5)),
        "layout.salient_x": spot_x,
        "layout.salient_y": spot_y,
        "layout.salient_share": concentration,
        "layout.thirds": float((spot * np.exp(-apart / (2 * _NEAR**2))).sum()),
    }


def _gini(shares: np.ndarray) -> float:
    """0 where all places draw the eye alike, near 1 where a single one does."""
    ordered = np.sort(shares)
    count = len(ordered)
    ranks = np.arange(1, count + 1)
    return float(np.clip((2 * ranks - count - 1) @ ordered / (count * ordered.sum()), 0, 1))
