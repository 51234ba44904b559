"""The colour of all pixels of a picture or of a region."""

import cv2
import numpy as np

from analysis.picture.maps import Maps

# From here to there in chroma a pixel turns from grey to coloured; a soft step, so that a small
# change of the picture is a small change of the share.
GREY, COLOURED = 6.0, 14.0
# Hue sectors in CIELAB, degrees: sRGB's red lies at 40, yellow at 103, green at 136, cyan at 196,
# blue at 306, magenta at 328.
SECTORS = {
    "red": (345.0, 65.0),
    "yellow": (65.0, 108.0),
    "green": (108.0, 190.0),
    "blue": (190.0, 312.0),
    "purple": (312.0, 345.0),
}
_WARM = np.radians(50.0)


def of_pixels(maps: Maps) -> dict[str, float]:
    """The features `colour.*` that need no palette, of at least one pixel."""
    chroma = float(maps.chroma.mean())
    redness, yellowness = float(maps.a.mean()), float(maps.b.mean())
    # Each pixel's (a*, b*) is its hue as a vector as long as its chroma, so the mean of the vectors
    # is the circular mean of hue, weighted by chroma.
    resultant = float(np.hypot(redness, yellowness))
    grey = chroma < 0.5  # of rounding alone: no hue to speak of
    return {
        "colour.warmth": _warmth(maps),
        "colour.activity": _activity(maps),
        "colour.chroma": chroma,
        "colour.saturation": float(maps.saturation.mean()) / 255,
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
    return -0.5 + 0.02 * float((cv2.pow(maps.chroma, 0.07).reshape(towards.shape) * towards).mean())


def _activity(maps: Maps) -> float:
    """Ou et al. 2004: −2.1 + 0.06 √((L* − 50)² + (a* − 3)² + ((b* − 17) / 1.4)²), averaged."""
    squares = (maps.lightness - 50) ** 2 + (maps.a - 3) ** 2 + ((maps.b - 17) / 1.4) ** 2
    return -2.1 + 0.06 * float(np.sqrt(squares).mean())


def _colourfulness(rgb: np.ndarray) -> float:
    """Hasler & Süsstrunk 2003: √(σ²rg + σ²yb) + 0.3 √(μ²rg + μ²yb) on 0..255 codes."""
    red, green, blue = (rgb[..., channel].astype(np.float32) for channel in range(3))
    red_green = red - green
    yellow_blue = 0.5 * (red + green) - blue
    spread = np.hypot(float(red_green.std()), float(yellow_blue.std()))
    centre = np.hypot(float(red_green.mean()), float(yellow_blue.mean()))
    return float(spread + 0.3 * centre)


def _shares(maps: Maps) -> dict[str, float]:
    """Share of the pixels that are coloured and lie in a sector of hue."""
    coloured = np.clip((maps.chroma - GREY) / (COLOURED - GREY), 0, 1)
    # One histogram by whole degrees, cut at the sectors' bounds.
    counts = np.bincount(
        np.minimum(maps.hue, 359.0).astype(np.int32).ravel(), coloured.ravel(), minlength=360
    )
    degrees = counts / maps.chroma.size
    shares = {}
    for name, (low, high) in SECTORS.items():
        inside = np.arange(int(low), int(high) if high > low else int(high) + 360) % 360
        shares[f"colour.{name}_share"] = min(1.0, float(degrees[inside].sum()))
    return shares
