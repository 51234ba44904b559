"""A small JPEG of a picture, to be looked at on a page."""

import io

import numpy as np
from PIL import Image

from analysis.picture import reduce


def jpeg(pixels: np.ndarray, side: int) -> bytes:
    """A JPEG of at most `side` px a side; pixels: (h, w, 3) uint8 sRGB. Equal for equal pixels."""
    made = io.BytesIO()
    Image.fromarray(reduce(pixels, side)).save(made, "JPEG", quality=82, optimize=True)
    return made.getvalue()
