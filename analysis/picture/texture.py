"""Texture: edges, roughness, grain, lines, angles and directions."""

from functools import lru_cache

import cv2
import numpy as np

from analysis.picture.maps import Maps, averaged, blurred, mean

HALF = 256  # longest side of the copy on which lines, angles and frequencies are found
LINE = 0.06  # shortest line that counts, as a share of the diagonal
# For angularity: the blur (pixels) that takes fine texture off the contours, the steps of L* at
# which contours are drawn, the shortest one (pixels), how far a polygon may stray from it (pixels),
# the steepness (L* a pixel) from which a contour counts, and wholly, and the bends (degrees) at
# which a corner begins, and is whole.
BLUR, STEP, CONTOUR, STRAY = 2.0, 10.0, 30, 2.0
FAINT, CLEAR = 2.0, 6.0
ROUND, ANGULAR = 40.0, 80.0
_UNDECIDED = 180.0  # degrees of bending that are taken for neither round nor angular
_STEEP = float(np.tan(np.radians(67.5)))


def of_pixels(maps: Maps) -> dict[str, float]:
    """The features `texture.*` that need no neighbours, of at least one pixel."""
    return {
        "texture.edge_density": mean(maps.edge),
        "texture.roughness": mean(maps.roughness),
        # Immerkær 1996: the noise that would give this mean size of second difference.
        "texture.grain": float(np.sqrt(np.pi / 2) / 6 * mean(maps.grain)),
        "texture.entropy": _entropy(maps.lightness),
        **_directions(maps.across, maps.down),
    }


def of_picture(maps: Maps) -> dict[str, float]:
    """The features `texture.*` of a whole picture."""
    half = averaged(maps.lightness, maps.size(HALF))
    return {
        "texture.line_count": float(_lines(half)),
        "texture.angularity": _angularity(half),
        "texture.slope": _slope(half),
    }


def _entropy(lightness: np.ndarray) -> float:
    """Shannon entropy, in bits, of L* in 256 steps."""
    counts = np.bincount((lightness.ravel() * 2.55 + 0.5).astype(np.int32), minlength=256)
    shares = counts[counts > 0] / lightness.size
    return max(0.0, float(-(shares * np.log2(shares)).sum()))


def _directions(across: np.ndarray, down: np.ndarray) -> dict[str, float]:
    """Shares of gradient energy in edges that lie, stand and lean; as by chance where flat."""
    x, y = np.abs(across.astype(np.float32)), np.abs(down.astype(np.float32))
    energy = x * x + y * y
    lying = float(energy[y > _STEEP * x].sum(dtype=np.float64))
    standing = float(energy[x > _STEEP * y].sum(dtype=np.float64))
    # One unit of energy a pixel, spread evenly over all directions, keeps flat pictures neutral.
    total = float(energy.sum(dtype=np.float64)) + energy.size
    horizontal = (lying + 0.25 * energy.size) / total
    vertical = (standing + 0.25 * energy.size) / total
    return {
        "texture.horizontal_share": horizontal,
        "texture.vertical_share": vertical,
        "texture.diagonal_share": 1.0 - horizontal - vertical,
    }


def _lines(half: np.ndarray) -> int:
    """Straight lines found by the line segment detector of Grompone von Gioi et al. 2010."""
    if min(half.shape) < 8:
        return 0
    codes = (half * 2.55 + 0.5).astype(np.uint8)
    segments = cv2.createLineSegmentDetector().detect(codes)[0]
    if segments is None:
        return 0
    ends = segments.reshape(-1, 4)
    lengths = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    return int((lengths >= LINE * np.hypot(*half.shape)).sum())


def _angularity(half: np.ndarray) -> float:
    """Of all the bending of the contours, the share that happens at corners.

    The contours are lines of equal lightness, as on a map of heights, where they are steep. They
    become polygons (Douglas & Peucker): a round one bends a little at many vertices, an angular one
    much at few. 0.5 where there are no contours.
    """
    soft = blurred(half, BLUR)
    across, down = cv2.Sobel(soft, cv2.CV_64F, 1, 0), cv2.Sobel(soft, cv2.CV_64F, 0, 1)
    steep = np.sqrt(across * across + down * down) / 8
    clear = np.clip((steep - FAINT) / (CLEAR - FAINT), 0, 1)
    clear[:2] = clear[-2:] = clear[:, :2] = clear[:, -2:] = 0  # the frame's corners do not count
    polygons = []
    for level in np.arange(STEP / 2, 100, STEP):
        above = (soft > level).astype(np.uint8)
        contours, _ = cv2.findContours(above, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        polygons += [
            cv2.approxPolyDP(contour, STRAY, True)[:, 0]
            for contour in contours
            if len(contour) >= CONTOUR
        ]
    if not polygons:
        return 0.5
    x, y, bend = _bends(polygons)
    counted = bend * clear[y, x]
    corner = np.clip((bend - ROUND) / (ANGULAR - ROUND), 0, 1)
    corners, bending = float((counted * corner).sum()), float(counted.sum())
    return (corners + 0.5 * _UNDECIDED) / (bending + _UNDECIDED)


def _bends(polygons: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The vertices x, y of closed polygons, and their bends there, in degrees 0..180."""
    vertices = np.concatenate(polygons)
    ends = np.cumsum([len(polygon) for polygon in polygons])
    after = np.arange(1, len(vertices) + 1)
    after[ends - 1] = np.concatenate([[0], ends[:-1]])
    step = (vertices[after] - vertices).astype(np.float64)
    angle = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    bend = np.empty(len(vertices))
    bend[after] = np.abs((angle[after] - angle + 180) % 360 - 180)
    return vertices[:, 0], vertices[:, 1], bend


def _slope(half: np.ndarray) -> float:
    """Slope of log amplitude over log spatial frequency, of the windowed picture; 0 where flat."""
    height, width = half.shape
    if min(height, width) < 16:
        return 0.0
    window, band, centres = _spectrum(height, width)
    amplitude = np.abs(np.fft.rfft2((half - half.mean()) * window))
    # What evenly spread noise of 0.2 L* would give: below it lie rounding and compression.
    floor = 0.2 * float(np.sqrt((window**2).sum()))
    amplitude = np.sqrt(amplitude**2 + floor**2)
    count = np.bincount(band.ravel(), minlength=len(centres) + 2)[1:-1]
    mean = np.bincount(band.ravel(), amplitude.ravel(), minlength=len(centres) + 2)[1:-1] / count
    x = centres - centres.mean()
    return float(np.clip((x * np.log(mean)).sum() / (x * x).sum(), -4, 1))


@lru_cache(maxsize=8)
def _spectrum(height: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A Hann window, each frequency's band (0 and the last are outside), the bands' log centres."""
    window = np.outer(np.hanning(height), np.hanning(width))
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    # Ten bands from 3 cycles over the shorter side to 0.4 cycles a pixel, even in the logarithm.
    bounds = np.geomspace(min(3 / min(height, width), 0.2), 0.4, 11)
    band = np.digitize(radius, bounds)
    filled = [i for i in range(1, len(bounds)) if (band == i).any()]
    renumbered = np.zeros_like(band)
    for new, old in enumerate(filled, start=1):
        renumbered[band == old] = new
    renumbered[band == len(bounds)] = len(filled) + 1
    centres = np.log([np.sqrt(bounds[i - 1] * bounds[i]) for i in filled])
    return window, renumbered, centres
