"""sRGB to CIELAB (D65): the colour space that everything is measured in."""

import cv2
import numpy as np

_CODES = np.arange(256) / 255.0
# sRGB's transfer curve (IEC 61966-2-1).
LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4)
_LINEAR32 = LINEAR.astype(np.float32)
# Linear sRGB to CIE XYZ, each row over the white's (D65), so that white becomes 1, 1, 1.
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_TO_XYZ /= _TO_XYZ.sum(axis=1, keepdims=True)
_DARK = (6 / 29) ** 3  # below this CIELAB's cube root gives way to a straight line


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8 sRGB to (h, w, 3) float32 L* 0..100, a*, b* (CIE 15:2018, white D65).

    Written out, because OpenCV first builds tables for its own, which takes longer than a picture.
    """
    xyz = cv2.transform(cv2.LUT(rgb, _LINEAR32), _TO_XYZ.astype(np.float32))
    line = xyz * np.float32((29 / 6) ** 2 / 3) + np.float32(4 / 29)
    x, y, z = cv2.split(np.where(xyz > _DARK, cv2.pow(xyz, 1 / 3), line))
    lab: np.ndarray = cv2.merge([116 * y - 16, 500 * (x - y), 200 * (y - z)])
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
