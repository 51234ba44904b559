"""Everything that is measured pixel by pixel, once, for the features to sum up; and CIELAB.

Processors differ in the last digits of powers, of angles and of sums, for each adds in an order of
its own. What is measured here is the same on all of them:
- what decides (a colour, a threshold) is worked out by +, −, ×, ÷ and √, one operation an element,
  which IEEE 754 rounds alike everywhere, or in whole numbers;
- colours, and what OpenCV blurs, are taken in steps of 1/65,536: far finer than a picture's codes
  and far coarser than what processors differ by in double precision; and of such steps a sum in
  double precision is exact, whatever its order.
"""

from dataclasses import dataclass, fields

import cv2
import numpy as np

STEPS = 65536  # to the unit
WINDOW = 9  # pixels a side of the neighbourhood in which roughness is measured
# Canny's thresholds on Sobel sums of L* in 255 steps: an edge begins at a border of about 15 L* and
# is followed down to one of 6.
FOLLOW, BEGIN = 40, 100
_LAPLACE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float64)

_CODES = np.arange(256) / 255.0
# sRGB's transfer curve (IEC 61966-2-1).
LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4)
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
_LINE = ((29 / 6) ** 2 / 3, 4 / 29)
_CHUNK = 16384  # pixels that are converted at a time: what is between stays in the cache


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """Per-pixel measures, all of the same leading shape: (h, w) of a picture, (n,) of a region.

    rgb: uint8 codes, (..., 3).
    lightness, a, b: CIELAB, float32, in steps of 1/65,536.  chroma: float32.
    saturation: of HSV, uint8 0..255.
    across, down: Sobel sums of the lightness to the right and downwards, int16.
    edge: uint8, 1 on Canny's edges.
    roughness: standard deviation of L* in the pixel's neighbourhood, float32.
    grain: size of L*'s second difference both ways (Immerkær's mask), float32.
    """

    rgb: np.ndarray
    lightness: np.ndarray
    a: np.ndarray
    b: np.ndarray
    chroma: np.ndarray
    saturation: np.ndarray
    across: np.ndarray
    down: np.ndarray
    edge: np.ndarray
    roughness: np.ndarray
    grain: np.ndarray

    def where(self, mask: np.ndarray) -> "Maps":
        """The same measures of only the pixels that the mask, (h, w) of bool, holds."""
        # Places by number: the mask itself would be searched anew for every map.
        places = np.flatnonzero(mask)
        return Maps(
            *(
                measure.reshape(mask.size, *measure.shape[2:])[places]
                for measure in (getattr(self, field.name) for field in fields(self))
            )
        )

    def thinned(self, step: int) -> "Maps":
        """Every step-th pixel of every step-th row: enough to describe a region."""
        return Maps(
            *(
                np.ascontiguousarray(getattr(self, field.name)[::step, ::step])
                for field in fields(self)
            )
        )

    def lab(self, size: tuple[int, int]) -> np.ndarray:
        """CIELAB averaged by area to this size, (width, height): (h, w, 3) float64, in steps."""
        return averaged(cv2.merge([self.lightness, self.a, self.b]), size)

    def size(self, side: int) -> tuple[int, int]:
        """The width and height of a copy of at most `side` px a side."""
        height, width = self.lightness.shape
        scale = min(1.0, side / max(height, width))
        return max(1, round(width * scale)), max(1, round(height * scale))


def measure(rgb: np.ndarray) -> Maps:
    """All maps of (h, w, 3) uint8 sRGB."""
    lightness, a, b = cv2.split(to_lab(rgb))
    lightness = np.clip(lightness, 0, 100)
    across, down, edge = _gradients(lightness)
    return Maps(
        rgb=rgb,
        lightness=lightness,
        a=a,
        b=b,
        # Not by OpenCV, which rounds once or twice as the processor can.
        chroma=np.sqrt(a * a + b * b),
        saturation=cv2.extractChannel(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV), 1),
        across=across,
        down=down,
        edge=edge,
        roughness=_roughness(lightness),
        grain=_grain(lightness),
    )


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8 sRGB to (h, w, 3) float32 L* 0..100, a*, b* (CIE 15:2018, white D65).

    Written out, because OpenCV first builds tables for its own, which takes longer than a picture.
    """
    codes = rgb.reshape(-1, 1, 3)
    lab = np.empty(codes.shape, np.float32)
    for start in range(0, len(codes), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        red, green, blue = cv2.split(cv2.LUT(codes[chunk], LINEAR))
        x, y, z = (_roots(row[0] * red + row[1] * green + row[2] * blue) for row in _TO_XYZ)
        lab[chunk] = stepped(cv2.merge([116 * y - 16, 500 * (x - y), 200 * (y - z)]))
    return lab.reshape(rgb.shape)


def _roots(ratios: np.ndarray) -> np.ndarray:
    """CIELAB's cube root, straight where it is dark, of float64 from 0 to 1, to 14 digits.

    By Halley's method, for the libraries' own differ between processors. The first guess is good to
    a thirtieth: a third of the number's own bits, which are nearly its logarithm.
    """
    guess = ratios.astype(np.float32).view(np.int32) // 3 + 0x2A5137A0
    roots = guess.view(np.float32).astype(np.float64)
    for _ in range(2):
        cubes = roots * roots
        cubes *= roots
        below = 2 * cubes
        below += ratios
        cubes += 2 * ratios
        cubes /= below
        roots *= cubes
    dark = ratios <= _DARK
    roots[dark] = ratios[dark] * _LINE[0] + _LINE[1]
    return roots


def stepped(values: np.ndarray) -> np.ndarray:
    """Float64 values taken to the nearest 1/65,536, in place."""
    values *= STEPS
    np.rint(values, out=values)
    values /= STEPS
    values += 0.0  # adding nought unsigns a nought
    return values


def averaged(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Values averaged by area to a size, (width, height): float64, in steps of 1/65,536."""
    return stepped(cv2.resize(values.astype(np.float64), size, interpolation=cv2.INTER_AREA))


def blurred(values: np.ndarray, sigma: float) -> np.ndarray:
    """Float64 values after a Gaussian blur of `sigma` pixels, in steps of 1/65,536."""
    return stepped(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))


def mean(values: np.ndarray) -> float:
    """The mean, summed in double precision: not by OpenCV, which sums a part of it in single."""
    return float(values.mean(dtype=np.float64))


def to_hex(rgb: np.ndarray) -> str:
    """One colour, three values from 0 to 255, as "#rrggbb"."""
    red, green, blue = (int(value) for value in rgb)
    return f"#{red:02x}{green:02x}{blue:02x}"


def lch(lab: np.ndarray) -> tuple[float, float, float]:
    """Lightness, chroma and hue (degrees, 0 where there is no chroma) of one CIELAB colour."""
    lightness, a, b = (float(value) for value in lab)
    chroma = float(np.hypot(a, b))
    hue = float(np.degrees(np.arctan2(b, a))) % 360 if chroma > 1e-3 else 0.0
    return lightness, chroma, hue


def _gradients(lightness: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sobel sums across and down (int16) and Canny's edges (uint8, 0 or 1) of (h, w) L*.

    The lightness is blurred a little and taken in 255 steps first, so that a file's compression
    does not count as structure.
    """
    codes = cv2.GaussianBlur((lightness * 2.55 + 0.5).astype(np.uint8), (0, 0), 1.0)
    across = cv2.Sobel(codes, cv2.CV_16S, 1, 0)
    down = cv2.Sobel(codes, cv2.CV_16S, 0, 1)
    return across, down, cv2.Canny(across, down, FOLLOW, BEGIN) // 255


def _roughness(lightness: np.ndarray) -> np.ndarray:
    # About the middle of the scale, so that squares lose little to rounding.
    centred = lightness - 50
    mean = cv2.blur(centred, (WINDOW, WINDOW), borderType=cv2.BORDER_REFLECT)
    square = cv2.blur(centred * centred, (WINDOW, WINDOW), borderType=cv2.BORDER_REFLECT)
    deviation: np.ndarray = np.sqrt(np.maximum(square - mean * mean, 0))
    return deviation


def _grain(lightness: np.ndarray) -> np.ndarray:
    # In double precision, so that no order of adding rounds.
    exact = lightness.astype(np.float64)
    second = cv2.filter2D(exact, cv2.CV_64F, _LAPLACE, borderType=cv2.BORDER_REFLECT)
    size: np.ndarray = np.abs(second).astype(np.float32)
    return size
