"""A picture averaged by area, in linear light, to a smaller copy; read in bands of rows.

Averaging the coded values instead would darken fine textures: black and white stripes average to
code 188, not 128.
"""

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from analysis.picture.maps import LINEAR

Rows = Callable[[int, int], np.ndarray]

# Linear light in 16 bits: fine enough to come back to the same 8 bits.
_TO_LINEAR = np.round(65535 * LINEAR).astype(np.uint16)
# Back again: the code whose linear value is nearest, for each of the 65,536 linear values. A code
# ends half-way to the next one.
_ENDS = (_TO_LINEAR[:-1].astype(np.int64) + _TO_LINEAR[1:]) // 2 + 1
_TO_CODE = np.repeat(np.arange(256, dtype=np.uint8), np.diff(_ENDS, prepend=0, append=65536))
BAND = 1_000_000  # pixels
WHOLE = 100_000_000  # bytes of linear light up to which it is held whole


def copy(rows: Rows, width: int, height: int, side: int) -> np.ndarray:
    """(h, w, 3) uint8 sRGB, at most `side` px a side, of a picture's rows in sRGB.

    rows: from one row to before another: (n, width, 3) uint8.
    A large picture is first reduced by a power of two in bands of rows, which keeps both time and
    memory small.
    """
    longest, shortest = max(height, width), min(height, width)
    if longest <= side:
        return rows(0, height).copy()
    # The first step leaves at least twice the wanted size, and the rows and columns which do
    # not fill a whole block (they are left out) are less than a hundredth of the picture.
    # Powers of two are what OpenCV is quickest at.
    factor = 1
    while longest >= 4 * factor * side and shortest >= 200 * factor:
        factor *= 2
    scale = side / longest
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    tall, wide = height // factor, width // factor

    def blocks(top: int, bottom: int) -> np.ndarray:
        """Linear-light means, (n, wide, 3) uint16, of square blocks of pixels."""
        part = cv2.LUT(rows(top * factor, bottom * factor)[:, : wide * factor], _TO_LINEAR)
        means: np.ndarray = cv2.resize(part, (wide, bottom - top), interpolation=cv2.INTER_AREA)
        return means

    if 6 * tall * wide > WHOLE:
        return _strips(blocks, (wide, tall), size, factor)
    linear = np.empty((tall, wide, 3), np.uint16)
    for top, bottom in bands(tall, wide * factor * factor):
        linear[top:bottom] = blocks(top, bottom)
    code: np.ndarray = _TO_CODE[cv2.resize(linear, size, interpolation=cv2.INTER_AREA)]
    return code


def bands(height: int, pixels: int) -> Iterator[tuple[int, int]]:
    """The first row and the one after the last of every band, of rows with so many pixels."""
    band = max(1, BAND // pixels)
    for top in range(0, height, band):
        yield top, min(height, top + band)


def _strips(blocks: Rows, given: tuple[int, int], size: tuple[int, int], factor: int) -> np.ndarray:
    """What `cv2.resize` makes of the whole, to one in 65,535, with one band of it held at a time.

    given, size: width and height before and after.
    Each row given is spread over the rows made by the share of its height that lies in each.
    """
    (wide, tall), (width, height) = given, size
    made = np.zeros((height, width, 3), np.uint8)
    step = tall / height  # rows given for one row made; at least one
    row, begun = 0, np.zeros(3 * width)  # the row that is next, and the light it has so far
    for top, bottom in bands(tall, wide * factor * factor):
        part = cv2.resize(
            blocks(top, bottom).astype(np.float32),
            (width, bottom - top),
            interpolation=cv2.INTER_AREA,
        ).reshape(bottom - top, -1)
        ends = height if bottom == tall else min(height, int(bottom / step + 1e-9))
        starts = step * np.arange(row, min(ends + 1, height))[:, None]
        at = np.arange(top, bottom)
        shares = np.clip(np.minimum(at + 1, starts + step) - np.maximum(at, starts), 0, None)
        light = shares @ part.astype(np.float64)
        light[0] += begun
        whole = np.rint(np.clip(light[: ends - row] / step, 0, 65535)).astype(np.uint16)
        made[row:ends] = _TO_CODE[whole].reshape(-1, width, 3)
        begun = light[-1] if ends < height else begun
        row = ends
    return made
