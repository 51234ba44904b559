"""A picture's bytes become pixels: decoded, upright, in sRGB, and averaged by area to a copy.

Beside what Pillow holds only one band of rows is at full size, so that a hundred megapixels need
less than 600 MB.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image

from analysis.errors import PictureError
from analysis.picture import afford, average, codes, formats
from analysis.picture.average import bands

SIDE = 512  # longest side of the measured copy, in pixels

# How a picture with this EXIF orientation is set upright.
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = (5, 6, 7, 8)  # orientations whose rows are the file's columns
_BACKWARDS = (3, 4, 7, 8)  # and whose first row is the file's last
_WEBP = 16  # bytes a pixel that Pillow needs for WebP; OpenCV needs half of that


@dataclass(frozen=True, slots=True)
class Raster:
    """A decoded picture that is read in bands.

    rows: from one row to before another: (n, width, 3) uint8 sRGB.
    """

    width: int
    height: int
    rows: Callable[[int, int], np.ndarray]

    def copy(self, side: int = SIDE) -> np.ndarray:
        """(h, w, 3) uint8 sRGB, averaged by area, in linear light, to at most `side` px a side."""
        return average.copy(self.rows, self.width, self.height, side)

    def sha256(self) -> str:
        """Of the codes, row by row."""
        digest = hashlib.sha256()
        for top, bottom in bands(self.height, self.width):
            digest.update(np.ascontiguousarray(self.rows(top, bottom)).data)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Pixels:
    """What OpenCV has decoded, (h, w, 3 or 4) uint8, to be cropped as Pillow's images are."""

    bgr: np.ndarray
    format: str = ""
    info: dict[str, object] = field(default_factory=dict)

    @property
    def mode(self) -> str:
        return "RGBA" if self.bgr.shape[2] == 4 else "RGB"

    def crop(self, box: tuple[int, int, int, int]) -> Image.Image:
        left, top, right, bottom = box
        way = cv2.COLOR_BGRA2RGBA if self.mode == "RGBA" else cv2.COLOR_BGR2RGB
        return Image.fromarray(cv2.cvtColor(self.bgr[top:bottom, left:right], way))


def reduce(rgb: np.ndarray, side: int = SIDE) -> np.ndarray:
    """A copy of (h, w, 3) uint8 sRGB of at most `side` px a side, as `Raster.copy` makes it."""
    return of_array(rgb).copy(side)


def of_array(rgb: np.ndarray) -> Raster:
    """(h, w, 3) uint8 sRGB as a raster."""
    return Raster(rgb.shape[1], rgb.shape[0], lambda top, bottom: rgb[top:bottom])


def of_image(image: Image.Image, name: str, data: bytes = b"") -> Raster:
    """A Pillow image as a raster: upright, on white paper where it is transparent.

    data: the file's bytes, which tell more than Pillow does.
    Raises PictureError, as the raster's rows do.
    """
    with _decoding(name):
        meaning = codes.meaning(image, data, name)
        source: Image.Image | Pixels = image
        if image.format == "WEBP" and data and _too_wide(image):
            source = _by_opencv(data, name)
        else:
            image.load()
            meaning = codes.seen(meaning, image)
    orientation = _orientation(image)  # of a TIFF none is left, for Pillow has turned it
    across, down = image.size
    sideways, backwards = orientation in _SIDEWAYS, orientation in _BACKWARDS
    width, height = (down, across) if sideways else (across, down)

    def rows(top: int, bottom: int) -> np.ndarray:
        first, last = (height - bottom, height - top) if backwards else (top, bottom)
        box = (first, 0, last, down) if sideways else (0, first, across, last)
        with _decoding(name):
            part = source.crop(box)
            if orientation in _TURNS:
                part = part.transpose(_TURNS[orientation])
            return codes.to_rgb(part, meaning, name)

    return Raster(width, height, rows)


def opened(data: bytes, name: str, side: int) -> tuple[Raster, tuple[int, int]]:
    """The first frame of a file's bytes, and the picture's own width and height.

    A large JPEG is decoded at a part of its size, but at least at twice `side` px a side.
    Raises PictureError for what is no picture, and before decoding for what memory does not hold.
    """
    with _decoding(name):
        image = formats.identified(data, name)
        width, height = image.size
        afford.shrink(image, data, side)
        afford.check(name, image, data, width, height)
        raster = of_image(image, name, data)
    return raster, (height, width) if _orientation(image) in _SIDEWAYS else (width, height)


@contextmanager
def _decoding(name: str) -> Iterator[None]:
    """Whatever goes wrong in Pillow is a PictureError."""
    try:
        yield
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise PictureError(afford.too_large(name)) from None
    except MemoryError:
        raise PictureError(
            f"{name} needs more memory than there is; save a smaller copy."
        ) from None
    except Exception as error:  # decoders raise whatever they like on broken data
        reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise PictureError(formats.failed(name, reason)) from None


def _orientation(image: Image.Image) -> int:
    """As EXIF numbers it; 1 is upright."""
    if image.format == "JXL":
        return 1  # its decoder has turned it by what the codes themselves say, as it must
    try:
        found = image.getexif().get(_ORIENTATION)
        return found if found in _TURNS else 1
    except Exception:  # a picture whose notes are broken is still a picture
        return 1


def _too_wide(image: Image.Image) -> bool:
    return _WEBP * image.width * image.height > afford.MAX_MEMORY


def _by_opencv(data: bytes, name: str) -> Pixels:
    """A large WebP's first frame; its colours and which way is up are told by Pillow."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim != 3:
        raise PictureError(formats.failed(name, "OpenCV cannot decode it"))
    return Pixels(pixels)
