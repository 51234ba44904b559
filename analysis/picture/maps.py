"""Everything that is measured pixel by pixel, once, for the features to sum up."""

from dataclasses import dataclass, fields

import cv2
import numpy as np

from analysis.picture.lab import to_lab

WINDOW = 9  # pixels a side of the neighbourhood in which roughness is measured
# Canny's thresholds on Sobel sums of L* in 255 steps: an edge begins at a border of about 15 L* and
# is followed down to one of 6.
FOLLOW, BEGIN = 40, 100
_LAPLACE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """Per-pixel measures, all of the same leading shape: (h, w) of a picture, (n,) of a region.

    rgb: uint8 codes, (..., 3).
    lightness, a, b, chroma: CIELAB, float32.  hue: degrees 0..360, float32.
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
    hue: np.ndarray
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


def measure(rgb: np.ndarray) -> Maps:
    """All maps of (h, w, 3) uint8 sRGB."""
    lightness, a, b = cv2.split(to_lab(rgb))
    lightness = np.clip(lightness, 0, 100)
    chroma, hue = cv2.cartToPolar(a, b, angleInDegrees=True)
    across, down, edge = _gradients(lightness)
    return Maps(
        rgb=rgb,
        lightness=lightness,
        a=a,
        b=b,
        chroma=chroma,
        hue=hue,
        saturation=cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)[:, :, 1],
        across=across,
        down=down,
        edge=edge,
        roughness=_roughness(lightness),
        grain=_grain(lightness),
    )


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
    second: np.ndarray = np.abs(
        cv2.filter2D(lightness, cv2.CV_32F, _LAPLACE, borderType=cv2.BORDER_REFLECT)
    )
    return second
