"""A picture seen through a window that moves over it, as a camera does."""

import cv2
import numpy as np

from analysis.picture.load import Picture, larger
from analysis.picture.maps import measure
from analysis.picture.regions import masks

# Regions are found on a coarse grid; their borders are smoothed over one of its squares, and fade
# in this many pixels.
SQUARES = 72.0
FADING = 1.6


def ground(picture: Picture, size: tuple[int, int]) -> np.ndarray:
    """The whole picture at this size, (width, height): (h, w, 3) uint8 sRGB."""
    pixels = larger(picture, 2 * max(size))
    shrinks = pixels.shape[1] >= size[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    resized: np.ndarray = cv2.resize(pixels, size, interpolation=method)
    return resized


def light(picture: Picture, size: tuple[int, int]) -> list[np.ndarray]:
    """For each region, in their order, how much a place belongs to it: (h, w) float32, 0..1."""
    maps = measure(picture.pixels)
    sigma = max(size) / SQUARES
    soft = []
    for mask in masks(maps, maps.lightness.shape):
        full = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
        soft.append(cv2.GaussianBlur(full, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))
    winner = np.argmax(soft, axis=0)
    return [
        cv2.GaussianBlur((winner == index).astype(np.float32), (0, 0), FADING)
        for index in range(len(soft))
    ]


def through(
    pixels: np.ndarray, size: tuple[int, int], zoom: float, x: float, y: float
) -> np.ndarray:
    """What a window of this size, (width, height), shows of the pixels: (h, w, 3) uint8.

    At zoom 1 it shows all of them, at more the part about x, y (0..1 from the left and the top),
    to a fraction of a pixel, so that a slow move does not tremble.
    """
    height, width = pixels.shape[:2]
    scale = width / size[0] / zoom
    left, top = corner((width, height), zoom, x, y)
    matrix = np.array([[scale, 0.0, left], [0.0, height / size[1] / zoom, top]])
    # The matrix leads from the window to the picture; half a pixel centres both.
    matrix[0, 2] += 0.5 * scale - 0.5
    matrix[1, 2] += 0.5 * matrix[1, 1] - 0.5
    seen: np.ndarray = cv2.warpAffine(
        pixels,
        matrix,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return seen


def corner(size: tuple[int, int], zoom: float, x: float, y: float) -> tuple[float, float]:
    """The window's left and top in a picture of this size, kept within it."""
    width, height = size
    seen = width / zoom, height / zoom
    return (
        min(max(0.0, x * width - seen[0] / 2), width - seen[0]),
        min(max(0.0, y * height - seen[1] / 2), height - seen[1]),
    )


def mixed(one: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """Two pictures of one shape laid over each other, `share` (0..1) of the other."""
    result: np.ndarray = cv2.addWeighted(one, 1 - share, other, share, 0.0)
    return result
