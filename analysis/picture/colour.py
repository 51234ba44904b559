"""The colour and the light of a picture or of a region, and how light goes from side to side."""

import cv2
import numpy as np

from analysis.picture.maps import Maps, mean

# From here to there in chroma a pixel turns from grey to coloured; a soft step, so that a small
# change of the picture is a small change of the share.
GREY, COLOURED = 6.0, 14.0
# Hue sectors in CIELAB by where each begins, in degrees: sRGB's red lies at 40, yellow at 103,
# green at 136, cyan at 196, blue at 306, magenta at 328. The last ends where the first begins.
SECTORS = {"red": 345.0, "yellow": 65.0, "green": 108.0, "blue": 190.0, "purple": 312.0}
# L* between which a pixel turns to shadow, and to highlight; soft steps too.
SHADOW = (35.0, 20.0)
HIGHLIGHT = (80.0, 92.0)
_WARM = np.radians(50.0)
_STEPS = 1000  # histogram steps over L* 0..100


def of_pixels(maps: Maps) -> dict[str, float]:
    """The features `colour.*` that need no palette and `light.*` that need no place, of at least
    one pixel."""
    return {**_colours(maps), **_lights(maps.lightness)}


def gradients(lightness: np.ndarray) -> dict[str, float]:
    """How much lighter, in (h, w) L*, the top third is than the bottom, the right than the left."""
    rows = lightness.mean(axis=1, dtype=np.float64)
    columns = lightness.mean(axis=0, dtype=np.float64)
    return {
        "light.vertical_gradient": _third(rows) - _third(rows[::-1]),
        "light.horizontal_gradient": _third(columns[::-1]) - _third(columns),
    }


def _colours(maps: Maps) -> dict[str, float]:
    chroma = mean(maps.chroma)
    redness, yellowness = mean(maps.a), mean(maps.b)
    # Each pixel's (a*, b*) is its hue as a vector as long as its chroma, so the mean of the vectors
    # is the circular mean of hue, weighted by chroma.
    resultant = float(np.hypot(redness, yellowness))
    grey = chroma < 0.5  # of rounding alone: no hue to speak of
    return {
        "colour.warmth": _warmth(maps),
        "colour.activity": _activity(maps),
        "colour.chroma": chroma,
        "colour.saturation": mean(maps.saturation) / 255,
        "colour.colourfulness": _colourfulness(maps.rgb),
        "colour.hue": 0.0 if grey else float(np.degrees(np.arctan2(yellowness, redness))) % 360,
        "colour.hue_concentration": 0.0 if grey else min(1.0, resultant / chroma),
        "colour.redness": redness,
        "colour.yellowness": yellowness,
        **_shares(maps),
    }


def _warmth(maps: Maps) -> float:
    """Ou et al. 2004: −0.5 + 0.02 C*^1.07 cos(h − 50°), averaged over the pixels."""
    towards = maps.a * np.float32(np.cos(_WARM)) + maps.b * np.float32(np.sin(_WARM))
    powers = cv2.pow(maps.chroma.astype(np.float64), 0.07).reshape(towards.shape)
    return -0.5 + 0.02 * mean(powers * towards)


def _activity(maps: Maps) -> float:
    """Ou et al. 2004: −2.1 + 0.06 √((L* − 50)² + (a* − 3)² + ((b* − 17) / 1.4)²), averaged."""
    squares = (maps.lightness - 50) ** 2 + (maps.a - 3) ** 2 + ((maps.b - 17) / 1.4) ** 2
    return -2.1 + 0.06 * mean(np.sqrt(squares))


def _colourfulness(rgb: np.ndarray) -> float:
    """Hasler & Süsstrunk 2003: √(σ²rg + σ²yb) + 0.3 √(μ²rg + μ²yb) on 0..255 codes."""
    red, green, blue = (rgb[..., channel].astype(np.float32) for channel in range(3))
    red_green, spread_rg = _moments(red - green)
    yellow_blue, spread_yb = _moments(0.5 * (red + green) - blue)
    return float(np.hypot(spread_rg, spread_yb) + 0.3 * np.hypot(red_green, yellow_blue))


def _shares(maps: Maps) -> dict[str, float]:
    """Share of the pixels that are coloured and lie in a sector of hue."""
    coloured = np.clip((maps.chroma - GREY) / (COLOURED - GREY), 0, 1)
    # A hue lies past a sector's beginning, by less than half a circle, where its vector is to the
    # left of it. No angle is taken: those are slow, and differ from processor to processor.
    past = []
    for degrees in SECTORS.values():
        x, y = np.float32(np.cos(np.radians(degrees))), np.float32(np.sin(np.radians(degrees)))
        past.append(x * maps.b >= y * maps.a)
    shares = {}
    for index, name in enumerate(SECTORS):
        inside = past[index] & ~past[(index + 1) % len(past)]
        shares[f"colour.{name}_share"] = min(1.0, mean(coloured * inside))
    return shares


def _lights(lightness: np.ndarray) -> dict[str, float]:
    average, spread = _moments(lightness)
    low, middle, high = _percentiles(lightness, (0.05, 0.5, 0.95))
    return {
        "light.lightness": average,
        "light.contrast": spread,
        "light.range": high - low,
        "light.shadow_share": _share(lightness, SHADOW),
        "light.highlight_share": _share(lightness, HIGHLIGHT),
        # Within ±1 (Hotelling & Solomons 1932); an even tone has no skew worth naming.
        "light.skew": float(np.clip((average - middle) / max(spread, 1.0), -1, 1)),
    }


def _moments(values: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of float32 values."""
    average = mean(values)
    # About the mean, or near it, so that little is lost where the squares' means are subtracted.
    away = values - np.float32(average)
    return average, float(np.sqrt(max(0.0, mean(away * away) - mean(away) ** 2)))


def _third(values: np.ndarray) -> float:
    return float(values[: -(-len(values) // 3)].mean())


def _share(lightness: np.ndarray, step: tuple[float, float]) -> float:
    return mean(np.clip((lightness - step[0]) / (step[1] - step[0]), 0, 1))


def _percentiles(lightness: np.ndarray, shares: tuple[float, ...]) -> list[float]:
    """By histogram, in steps of 0.1 L*: ten times as fast as sorting."""
    steps = (lightness.ravel() * (_STEPS / 100) + 0.5).astype(np.int32)
    counts = np.cumsum(np.bincount(steps, minlength=_STEPS + 1))
    return [float(np.searchsorted(counts, share * counts[-1])) * 100 / _STEPS for share in shares]
