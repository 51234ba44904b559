"""sRGB to CIELAB (D65): the colour space that everything is measured in."""

import cv2
import numpy as np

_CODES = np.arange(256) / 255.0
# sRGB's transfer curve (IEC 61966-2-1).
LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4)
_LINEAR32 = LINEAR.astype(np.float32)


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8 sRGB to (h, w, 3) float32 L* 0..100, a*, b* (white D65).

    The curve is undone here: OpenCV's own path from coded values looks colours up in a coarse grid.
    """
    lab: np.ndarray = cv2.cvtColor(cv2.LUT(rgb, _LINEAR32), cv2.COLOR_LRGB2Lab)
    return lab


def to_hex(rgb: np.ndarray) -> str:
    """One colour, three values from 0 to 255, as "#rrggbb"."""
    red, green, blue = (int(value) for value in rgb)
    return f"#{red:02x}{green:02x}{blue:02x}"


def lch(lab: np.ndarray) -> tuple[float, float, float]:
    """Lightness, chroma and hue (degrees, 0 where there is no chroma) of one CIELAB colour."""
    chroma = float(np.hypot(lab[1], lab[2]))
    hue = float(np.degrees(np.arctan2(lab[2], lab[1]))) % 360 if chroma > 1e-3 else 0.0
    return float(lab[0]), chroma, hue
