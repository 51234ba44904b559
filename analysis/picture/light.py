"""Light and dark: of all pixels, and from top to bottom and left to right."""

import numpy as np

from analysis.picture.maps import Maps

# L* between which a pixel turns to shadow, and to highlight; soft steps, as for colour.
SHADOW = (35.0, 20.0)
HIGHLIGHT = (80.0, 92.0)
_STEPS = 1000  # histogram steps over L* 0..100


def of_pixels(maps: Maps) -> dict[str, float]:
    """The features `light.*` that need no place, of at least one pixel."""
    lightness = maps.lightness
    mean, spread = float(lightness.mean()), float(lightness.std())
    low, middle, high = _percentiles(lightness, (0.05, 0.5, 0.95))
    return {
        "light.lightness": mean,
        "light.contrast": spread,
        "light.range": high - low,
        "light.shadow_share": _share(lightness, SHADOW),
        "light.highlight_share": _share(lightness, HIGHLIGHT),
        # Within ±1 (Hotelling & Solomons 1932); an even tone has no skew worth naming.
        "light.skew": float(np.clip((mean - middle) / max(spread, 1.0), -1, 1)),
    }


def of_places(lightness: np.ndarray) -> dict[str, float]:
    """How much lighter, in (h, w) L*, the top third is than the bottom, the right than the left."""
    rows, columns = lightness.mean(axis=1), lightness.mean(axis=0)
    return {
        "light.vertical_gradient": _third(rows) - _third(rows[::-1]),
        "light.horizontal_gradient": _third(columns[::-1]) - _third(columns),
    }


def _third(values: np.ndarray) -> float:
    return float(values[: -(-len(values) // 3)].mean())


def _share(lightness: np.ndarray, step: tuple[float, float]) -> float:
    return float(np.clip((lightness - step[0]) / (step[1] - step[0]), 0, 1).mean())


def _percentiles(lightness: np.ndarray, shares: tuple[float, ...]) -> list[float]:
    """By histogram, in steps of 0.1 L*: ten times as fast as sorting."""
    steps = (lightness.ravel() * (_STEPS / 100) + 0.5).astype(np.int32)
    counts = np.cumsum(np.bincount(steps, minlength=_STEPS + 1))
    return [float(np.searchsorted(counts, share * counts[-1])) * 100 / _STEPS for share in shares]
