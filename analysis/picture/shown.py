"""A picture to be looked at: a JPEG of it, and the outlines of its regions to draw over it."""

import io

import cv2
import numpy as np
from PIL import Image

from analysis.picture.load import Picture, larger
from analysis.picture.maps import measure
from analysis.picture.regions import masks

SIDE = 1024  # longest side, in pixels
QUALITY = 82
SMOOTH = 72.0  # borders are smoothed over this part of the longest side: they are found no finer
LEAST = 0.002  # share of the picture below which a piece of a region has no outline of its own
DETAIL = 0.0015  # of the longest side, by which an outline may stray from the border

Outline = tuple[tuple[float, float], ...]


def jpeg(picture: Picture, side: int = SIDE) -> bytes:
    """The picture as a JPEG of at most `side` px a side; the same bytes for the same picture."""
    made = io.BytesIO()
    Image.fromarray(larger(picture, side)).save(
        made, "JPEG", quality=QUALITY, optimize=True, progressive=True
    )
    return made.getvalue()


def outlines(picture: Picture) -> tuple[tuple[Outline, ...], ...]:
    """For each region, in their order, closed outlines: points 0..1 from the left and the top.

    What an odd number of a region's outlines enclose belongs to it.
    """
    maps = measure(picture.pixels)
    height, width = maps.lightness.shape
    sigma = max(height, width) / SMOOTH
    found = masks(maps, (height, width))
    soft = [cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma) for mask in found]
    winner = np.argmax(soft, axis=0)
    return tuple(_outlines(winner == index) for index in range(len(found)))


def _outlines(mask: np.ndarray) -> tuple[Outline, ...]:
    height, width = mask.shape
    # A rim around the picture, so that its own edge is a border too.
    rim = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    contours, _ = cv2.findContours(rim, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    pieces = []
    for contour in contours:
        if cv2.contourArea(contour) < LEAST * mask.size:
            continue
        points = cv2.approxPolyDP(contour, DETAIL * max(height, width), True)[:, 0] - 1
        if len(points) > 2:
            pieces.append(
                tuple(
                    (round(float(x) / (width - 1 or 1), 4), round(float(y) / (height - 1 or 1), 4))
                    for x, y in points
                )
            )
    return tuple(pieces)
