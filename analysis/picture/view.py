"""A picture to be looked at: a JPEG, its regions' outlines and light, and a camera's window."""

import io

import cv2
import numpy as np
from PIL import Image

from analysis.picture.analyse import Analysis
from analysis.picture.load import Picture
from analysis.picture.regions import masks

SIDE = 1024  # longest side of the JPEG, in pixels
QUALITY = 82
SQUARES = 72.0  # regions are found on a grid of so many squares: borders are smoothed over one
LEAST = 0.002  # share of the picture below which a piece of a region has no outline of its own
DETAIL = 0.0015  # of the longest side, by which an outline may stray from the border
FADING = 1.6  # pixels in which a region's light fades at its borders

Outline = tuple[tuple[float, float], ...]


def jpeg(picture: Picture, side: int = SIDE) -> bytes:
    """The picture as a JPEG of at most `side` px a side; the same bytes for the same picture."""
    made = io.BytesIO()
    Image.fromarray(picture.view(side)).save(
        made, "JPEG", quality=QUALITY, optimize=True, progressive=True
    )
    return made.getvalue()


def outlines(analysis: Analysis) -> tuple[tuple[Outline, ...], ...]:
    """For each region, in their order, closed outlines: points 0..1 from the left and the top.

    What an odd number of a region's outlines enclose belongs to it.
    """
    height, width = analysis.picture.pixels.shape[:2]
    found = masks(analysis.labels, (height, width))
    sigma = max(height, width) / SQUARES
    soft = [cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma) for mask in found]
    winner = np.argmax(soft, axis=0)
    return tuple(_outlines(winner == index) for index in range(len(found)))


def ground(picture: Picture, size: tuple[int, int]) -> np.ndarray:
    """The whole picture at this size, (width, height): (h, w, 3) uint8 sRGB."""
    pixels = picture.view(2 * max(size))
    shrinks = pixels.shape[1] >= size[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    resized: np.ndarray = cv2.resize(pixels, size, interpolation=method)
    return resized


def light(analysis: Analysis, size: tuple[int, int]) -> list[np.ndarray]:
    """For each region, in their order, how much a place belongs to it: (h, w) float32, 0..1.

    size: the width and height.
    """
    sigma = max(size) / SQUARES
    soft = []
    for mask in masks(analysis.labels, analysis.picture.pixels.shape[:2]):
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
