"""Texture: edges, roughness, grain, lines, angles and directions."""

from functools import lru_cache

import cv2
import numpy as np

from analysis.picture.maps import Maps

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
        "texture.edge_density": float(maps.edge.mean()),
        "texture.roughness": float(maps.roughness.mean()),
        # Immerkær 1996: the noise that would give this mean size of second difference.
        "texture.grain": float(np.sqrt(np.pi / 2) / 6 * maps.grain.mean()),
        "texture.entropy": _entropy(maps.lightness),
        **_directions(maps.across, maps.down),
    }


def of_picture(lightness: np.ndarray) -> dict[str, float]:
    """The features `texture.*` of a whole picture's (h, w) L*."""
    height, width = lightness.shape
    scale = min(1.0, HALF / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    half = cv2.resize(lightness, size, interpolation=cv2.INTER_AREA)
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
    soft = cv2.GaussianBlur(half, (0, 0), BLUR, borderType=cv2.BORDER_REPLICATE)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    clear = np.clip((cv2.magnitude(across, down) / 8 - FAINT) / (CLEAR - FAINT), 0, 1)
    clear[:2] = clear[-2:] = clear[:, :2] = clear[:, -2:] = 0  # the frame's corners do not count
    corners = bending = 0.0
    for level in np.arange(STEP / 2, 100, STEP):
        above = (soft > level).astype(np.uint8)
        contours, _ = cv2.findContours(above, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        for contour in contours:
            if len(contour) >= CONTOUR:
                x, y, bend = _bends(contour)
                counted = bend * clear[y, x]
                corner = np.clip((bend - ROUND) / (ANGULAR - ROUND), 0, 1)
                corners += float((counted * corner).sum())
                bending += float(counted.sum())
    return (corners + 0.5 * _UNDECIDED) / (bending + _UNDECIDED)


def _bends(contour: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The vertices x, y of a closed contour's polygon, and its bend there, in degrees 0..180."""
    polygon = cv2.approxPolyDP(contour, STRAY, True)[:, 0]
    step = np.diff(polygon, axis=0, append=polygon[:1]).astype(np.float64)
    angle = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    bend: np.ndarray = np.abs((np.diff(angle, prepend=angle[-1:]) + 180) % 360 - 180)
    return polygon[:, 0], polygon[:, 1], bend


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
