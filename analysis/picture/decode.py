"""A picture's bytes become pixels: decoded, upright, in sRGB, and averaged by area to a copy.

Beside what Pillow holds only one band of rows is at full size, so that a hundred megapixels need
less than half a gigabyte.
"""

import hashlib
import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

import cv2
import numpy as np
from PIL import Image

from analysis.errors import PictureError
from analysis.picture.maps import LINEAR

SIDE = 512  # longest side of the measured copy, in pixels
MAX_PIXELS = 100_000_000

# A file is data from a stranger: only formats that Pillow decodes itself, none that starts a
# program (EPS would start Ghostscript).
# Each with Pillow's module for it, loaded when no format before it fits.
FORMATS = MappingProxyType(
    {
        "JPEG": "JpegImagePlugin",
        "PNG": "PngImagePlugin",
        "GIF": "GifImagePlugin",
        "BMP": "BmpImagePlugin",
        "TIFF": "TiffImagePlugin",
        "WEBP": "WebPImagePlugin",
        "PPM": "PpmImagePlugin",
        "AVIF": "AvifImagePlugin",
        "JPEG2000": "Jpeg2KImagePlugin",
        "TGA": "TgaImagePlugin",
    }
)
SRGB = b"sRGB IEC61966-2.1"  # how the usual profile of sRGB, which changes nothing, names itself
ADVICE = "save it as an 8-bit PNG or JPEG and try again"

# Linear light in 16 bits: fine enough to come back to the same 8 bits.
_TO_LINEAR = np.round(65535 * LINEAR).astype(np.uint16)
# Back again: the code whose linear value is nearest, for each of the 65,536 linear values. A code
# ends half-way to the next one.
_ENDS = (_TO_LINEAR[:-1].astype(np.int64) + _TO_LINEAR[1:]) // 2 + 1
_TO_CODE = np.repeat(np.arange(256, dtype=np.uint8), np.diff(_ENDS, prepend=0, append=65536))
_BAND = 1_000_000  # pixels

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


@dataclass(frozen=True, slots=True)
class Raster:
    """A decoded picture that is read in bands.

    rows: from one row to before another: (n, width, 3) uint8 RGB.
    icc: the profile by which its codes are meant; None is sRGB.
    """

    width: int
    height: int
    rows: Callable[[int, int], np.ndarray]
    icc: bytes | None = None

    def copy(self, side: int = SIDE) -> np.ndarray:
        """(h, w, 3) uint8 sRGB, averaged by area, in linear light, to at most `side` px a side.

        Averaging the coded values instead would darken fine textures: black and white stripes
        average to code 188, not 128. A large picture is first reduced by a power of two in bands
        of rows, which keeps both time and memory small.
        """
        pixels = self._averaged(side)
        return _to_srgb(pixels, self.icc) if self.icc and SRGB not in self.icc else pixels

    def sha256(self) -> str:
        """Of the codes, row by row."""
        digest = hashlib.sha256()
        for top, bottom in _bands(self.height, self.width):
            digest.update(np.ascontiguousarray(self.rows(top, bottom)).data)
        return digest.hexdigest()

    def _averaged(self, side: int) -> np.ndarray:
        longest, shortest = max(self.height, self.width), min(self.height, self.width)
        if longest <= side:
            return self.rows(0, self.height).copy()
        # The first step leaves at least twice the wanted size, and the rows and columns which do
        # not fill a whole block (they are left out) are less than a hundredth of the picture.
        # Powers of two are what OpenCV is quickest at.
        factor = 1
        while longest >= 4 * factor * side and shortest >= 200 * factor:
            factor *= 2
        scale = side / longest
        size = (max(1, round(self.width * scale)), max(1, round(self.height * scale)))
        linear = self._blocks(factor)
        copy: np.ndarray = _TO_CODE[cv2.resize(linear, size, interpolation=cv2.INTER_AREA)]
        return copy

    def _blocks(self, factor: int) -> np.ndarray:
        """Linear-light means, (h // factor, w // factor, 3) uint16, of square blocks of pixels."""
        height, width = self.height // factor, self.width // factor
        result = np.empty((height, width, 3), np.uint16)
        for top, bottom in _bands(height, width * factor * factor):
            part = self.rows(top * factor, bottom * factor)[:, : width * factor]
            cv2.resize(
                cv2.LUT(part, _TO_LINEAR),
                (width, bottom - top),
                dst=result[top:bottom],
                interpolation=cv2.INTER_AREA,
            )
        return result


def reduce(rgb: np.ndarray, side: int = SIDE) -> np.ndarray:
    """A copy of (h, w, 3) uint8 sRGB of at most `side` px a side, as `Raster.copy` makes it."""
    return of_array(rgb).copy(side)


def of_array(rgb: np.ndarray) -> Raster:
    """(h, w, 3) uint8 sRGB as a raster."""
    return Raster(rgb.shape[1], rgb.shape[0], lambda top, bottom: rgb[top:bottom])


def of_image(image: Image.Image, name: str) -> Raster:
    """A Pillow image as a raster: upright, on white paper where it is transparent.

    Raises PictureError, as the raster's rows do.
    """
    with _decoding(name):
        image.load()
    orientation = _orientation(image)
    sideways, backwards = orientation in _SIDEWAYS, orientation in _BACKWARDS
    width, height = image.size[::-1] if sideways else image.size
    icc = image.info.get("icc_profile")
    # The inks are told apart by their own profile only.
    inks = _by_profile(icc, "CMYK") if icc and image.mode == "CMYK" else None

    def rows(top: int, bottom: int) -> np.ndarray:
        first, last = (height - bottom, height - top) if backwards else (top, bottom)
        box = (first, 0, last, image.height) if sideways else (0, first, image.width, last)
        with _decoding(name):
            part = image.crop(box)
            if orientation in _TURNS:
                part = part.transpose(_TURNS[orientation])
            return _to_rgb(inks(part) if inks else part, name)

    return Raster(width, height, rows, None if image.mode == "CMYK" else icc)


def opened(data: bytes, name: str, side: int) -> tuple[Raster, tuple[int, int]]:
    """The first frame of a file's bytes, and the picture's own width and height.

    A large JPEG is decoded at a part of its size, but at least at twice `side` px a side.
    Raises PictureError for what is no picture, and before decoding for more than a hundred million
    pixels.
    """
    with _decoding(name):
        image = _identified(data, name)
        width, height = image.size
        limited(name, width, height)
        if image.format == "JPEG":
            # JPEG can be decoded at a half, a quarter or an eighth: much faster, and still at least
            # twice as large as the copy that is measured.
            wanted = 2 * side / max(width, height)
            image.draft(None, (max(1, int(width * wanted)), max(1, int(height * wanted))))
    raster = of_image(image, name)
    return raster, (height, width) if _orientation(image) in _SIDEWAYS else (width, height)


def limited(name: str, width: int, height: int) -> None:
    """Raises PictureError for a picture with too many pixels, or none."""
    if width * height > MAX_PIXELS:
        raise PictureError(_too_large(name, width, height))
    if width * height == 0:
        raise PictureError(f"{name} has no pixels ({width} × {height}); give one that has.")


def _identified(data: bytes, name: str) -> Image.Image:
    """The image that the bytes begin; nothing is decoded yet.

    By Pillow's own registry, for `Image.open` warns of 90 megapixels, and how Python warns is set
    for the whole process.
    """
    for kind, module in FORMATS.items():
        if kind not in Image.OPEN:
            with suppress(ImportError):  # an older Pillow knows no AVIF
                import_module(f"PIL.{module}")
        if kind not in Image.OPEN:
            continue  # this Pillow was built without it
        factory, accepts = Image.OPEN[kind]
        answer = accepts is None or accepts(data[:16])
        if not answer or isinstance(answer, str):  # a text says what it was built without
            continue
        try:
            return factory(io.BytesIO(data), "")
        except (SyntaxError, IndexError, TypeError, struct.error):
            continue  # by these a reader says that it is of another kind after all
    raise PictureError(
        f"{name} holds no picture that can be read; give a PNG, JPEG, WebP, GIF, TIFF or BMP file."
    )


@contextmanager
def _decoding(name: str) -> Iterator[None]:
    """Whatever goes wrong in Pillow is a PictureError."""
    try:
        yield
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise PictureError(_too_large(name)) from None
    except MemoryError:
        raise PictureError(
            f"{name} needs more memory than there is; save a smaller copy."
        ) from None
    except Exception as error:  # decoders raise whatever they like on broken data
        reason = str(error).rstrip(".") or type(error).__name__
        raise PictureError(
            f"{name} is damaged or cut short ({reason}); open it in an image editor, {ADVICE}."
        ) from None


def _too_large(name: str, width: int = 0, height: int = 0) -> str:
    size = f"{width} × {height} pixels" if width else "far too many pixels"
    limit = MAX_PIXELS // 1_000_000
    return (
        f"{name} has {size}, and the limit is {limit} million; save a smaller copy and try again."
    )


def _orientation(image: Image.Image) -> int:
    """As EXIF numbers it; 1 is upright."""
    try:
        found = image.getexif().get(_ORIENTATION)
        return found if found in _TURNS else 1
    except Exception:  # a picture whose notes are broken is still a picture
        return 1


def _bands(height: int, pixels: int) -> Iterator[tuple[int, int]]:
    """The first row and the one after the last of every band, of rows with so many pixels."""
    band = max(1, _BAND // pixels)
    for top in range(0, height, band):
        yield top, min(height, top + band)


def _to_rgb(image: Image.Image, name: str) -> np.ndarray:
    """(h, w, 3) uint8 from any of Pillow's modes; what is transparent shows white paper."""
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(np.asarray(image), name)
    try:
        if image.has_transparency_data:
            image = image.convert("RGBA")
            paper = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(paper, image)
        return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    except (ValueError, OSError):
        raise PictureError(
            f"{name} keeps its colours in a way that is not read ({image.mode}); {ADVICE}."
        ) from None


def _from_deep(grey: np.ndarray, name: str) -> np.ndarray:
    """Grey values of 16 bits brought to 8; others have no agreed white and are refused."""
    if grey.dtype.kind == "f" or grey.min() < 0 or grey.max() > 65535:
        raise PictureError(f"{name} has more than 16 bits a pixel; {ADVICE}.")
    eight = np.round(grey / 257.0).astype(np.uint8)
    return np.repeat(eight[:, :, None], 3, axis=2)


def _to_srgb(pixels: np.ndarray, icc: bytes) -> np.ndarray:
    """The copy through its embedded profile (telephones save Display P3); as it is if broken."""
    converted = _by_profile(icc, "RGB")
    return pixels if converted is None else np.array(converted(Image.fromarray(pixels)))


def _by_profile(icc: bytes, mode: str) -> Callable[[Image.Image], Image.Image] | None:
    """What takes images of a mode from their profile to sRGB; None where the profile is broken."""
    from PIL import ImageCms

    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB"), mode, "RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    return transform.apply
