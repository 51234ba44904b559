"""Reads a picture from a file and reduces it to the small copy that everything is measured on."""

import hashlib
import io
import os
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from analysis.errors import PictureError
from analysis.picture.lab import LINEAR

SIDE = 512  # longest side of the measured copy, in pixels
MAX_BYTES = 100_000_000
MAX_PIXELS = 100_000_000
SAMPLES = ("china", "flower")

# A file is data from a stranger: only formats that Pillow decodes itself, none that starts a
# program (EPS would start Ghostscript).
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "AVIF", "JPEG2000", "TGA")
SRGB = b"sRGB IEC61966-2.1"  # how the usual profile of sRGB, which changes nothing, names itself
ADVICE = "save it as an 8-bit PNG or JPEG and try again"

# Linear light in 16 bits: fine enough to come back to the same 8 bits.
_TO_LINEAR = np.round(65535 * LINEAR).astype(np.uint16)
# Back again: the code whose linear value is nearest, for each of the 65,536 linear values.
_TO_CODE = np.searchsorted(
    (_TO_LINEAR[:-1].astype(np.int64) + _TO_LINEAR[1:]) / 2, np.arange(65536)
).astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The measured copy of a picture, with what is known of its file.

    name: the file's name without its folder, or "sample:china".
    width, height: of the original, in pixels, after its EXIF orientation.
    sha256: of the file's bytes (of the pixels, where there is no file).
    pixels: (h, w, 3) uint8 sRGB, at most 512 px a side, read-only.
    path: the file that it was read from; None for one made from an array.
    """

    name: str
    width: int
    height: int
    sha256: str
    pixels: np.ndarray
    path: Path | None = None


def load(source: str) -> Picture:
    """Read a picture from a path, or one of the samples `sample:china` and `sample:flower`.

    EXIF orientation is applied, transparency laid on white, of an animation the first frame taken.
    Raises PictureError for whatever cannot be read, and before decoding for more than 100 million
    pixels or 100 million bytes.
    """
    path = _sample(source) if source.startswith("sample:") else Path(source)
    name = source if source.startswith("sample:") else path.name
    data = _read(path, name)
    pixels, size = _pixels(data, name, SIDE)
    return _frozen(name, size, hashlib.sha256(data).hexdigest(), pixels, path)


def larger(picture: Picture, side: int) -> np.ndarray:
    """The picture at up to `side` px a side, to be looked at: (h, w, 3) uint8 sRGB.

    It is read from its file again; the measured copy is given where the file is gone or another.
    """
    if picture.path is None:
        return picture.pixels
    try:
        data = _read(picture.path, picture.name)
        if hashlib.sha256(data).hexdigest() != picture.sha256:
            return picture.pixels
        return _pixels(data, picture.name, side)[0]
    except PictureError:
        return picture.pixels


def _pixels(data: bytes, name: str, side: int) -> tuple[np.ndarray, tuple[int, int]]:
    """The first frame upright in sRGB, at most `side` px a side, and the original's size."""
    image, size = _decode(data, name, side)
    pixels = reduce(_to_rgb(image, name), side)
    icc = image.info.get("icc_profile")
    if icc and SRGB not in icc:
        pixels = _to_srgb(pixels, icc)
    return pixels, size


def from_array(rgb: np.ndarray, name: str) -> Picture:
    """A picture from an array: (h, w, 3) uint8 sRGB of any size."""
    rgb = np.ascontiguousarray(rgb)
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.size == 0:
        raise PictureError(
            f"{name}: an array of {rgb.dtype} with shape {rgb.shape} is no picture; "
            "give one of uint8 with shape (height, width, 3)."
        )
    size = (rgb.shape[1], rgb.shape[0])
    return _frozen(name, size, hashlib.sha256(rgb.data).hexdigest(), reduce(rgb))


def reduce(rgb: np.ndarray, side: int = SIDE) -> np.ndarray:
    """A copy to measure: averaged by area, in linear light, to at most `side` px a side.

    rgb is (h, w, 3) uint8 sRGB; so is the result. Averaging the coded values instead would darken
    fine textures: black and white stripes average to code 188, not 128. A large picture is first
    reduced by a power of two in bands of rows, which keeps both time and memory small.
    """
    height, width = rgb.shape[:2]
    longest = max(height, width)
    if longest <= side:
        return rgb.copy()
    # The first step leaves at least twice the wanted size, and the rows and columns which do not
    # fill a whole block (they are left out) are less than a hundredth of the picture. Powers of
    # two are what OpenCV is quickest at.
    factor = 1
    while longest >= 4 * factor * side and min(height, width) >= 200 * factor:
        factor *= 2
    linear = _blocks(rgb, factor)
    scale = side / longest
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    copy: np.ndarray = _TO_CODE[cv2.resize(linear, size, interpolation=cv2.INTER_AREA)]
    return copy


def _blocks(rgb: np.ndarray, factor: int) -> np.ndarray:
    """Linear-light means, (h // factor, w // factor, 3) uint16, of square blocks of pixels."""
    if factor == 1:
        linear: np.ndarray = cv2.LUT(rgb, _TO_LINEAR)
        return linear
    height, width = rgb.shape[0] // factor, rgb.shape[1] // factor
    result = np.empty((height, width, 3), np.uint16)
    band = max(1, 1_000_000 // (width * factor * factor))  # rows of about a megapixel
    for top in range(0, height, band):
        rows = result[top : top + band]
        part = rgb[top * factor : (top + len(rows)) * factor, : width * factor]
        cv2.resize(
            cv2.LUT(part, _TO_LINEAR), (width, len(rows)), dst=rows, interpolation=cv2.INTER_AREA
        )
    return result


def _frozen(
    name: str, size: tuple[int, int], sha256: str, pixels: np.ndarray, path: Path | None = None
) -> Picture:
    pixels.setflags(write=False)
    return Picture(name, size[0], size[1], sha256, pixels, path)


def _sample(source: str) -> Path:
    """The file of one of the two photographs that come with us."""
    which = source.removeprefix("sample:")
    if which not in SAMPLES:
        raise PictureError(f"There is no {source}; the samples are sample:china and sample:flower.")
    return Path(__file__).parent / "samples" / f"{which}.jpg"


def _read(path: Path, name: str) -> bytes:
    """The file's bytes, once: what is hashed is what is decoded."""
    try:
        # Not blocking, so that a named pipe is refused and not waited for.
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(file.fileno())
            if stat.S_ISDIR(found.st_mode):
                raise IsADirectoryError
            if not stat.S_ISREG(found.st_mode):
                raise PictureError(f"{name} is not an ordinary file; give the path of a picture.")
            if found.st_size > MAX_BYTES:
                raise PictureError(
                    f"{name} has {found.st_size / 1e6:.0f} MB, and the limit is "
                    f"{MAX_BYTES / 1e6:.0f} MB; save a smaller copy and try again."
                )
            data = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise PictureError(f"{path} is a folder; give the path of a picture in it.") from None
    except FileNotFoundError:
        raise PictureError(f"There is no file {path}; check the path.") from None
    except PermissionError:
        raise PictureError(f"{path} may not be read; change its permissions (chmod +r).") from None
    except (OSError, ValueError) as error:
        raise PictureError(f"{path} cannot be read ({error}); check the path.") from None
    if not data:
        raise PictureError(f"{name} is empty; give a file that holds a picture.")
    return data


def _decode(data: bytes, name: str, side: int) -> tuple[Image.Image, tuple[int, int]]:
    """The first frame, decoded and upright, with the original's (width, height)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own warning of size; ours follows
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise PictureError(_too_large(name, width, height))
            if image.format == "JPEG":
                # JPEG can be decoded at a half, a quarter or an eighth: much faster, and still at
                # least twice as large as the copy that is measured.
                wanted = 2 * side / max(width, height)
                image.draft(None, (max(1, int(width * wanted)), max(1, int(height * wanted))))
            image.load()
    except UnidentifiedImageError:
        raise PictureError(
            f"{name} holds no picture that can be read; "
            "give a PNG, JPEG, WebP, GIF, TIFF or BMP file."
        ) from None
    except Image.DecompressionBombError:
        raise PictureError(_too_large(name)) from None
    except PictureError:
        raise
    except MemoryError:
        raise PictureError(
            f"{name} needs more memory than there is; save a smaller copy."
        ) from None
    except Exception as error:  # decoders raise whatever they like on broken data
        reason = str(error).rstrip(".") or type(error).__name__
        raise PictureError(
            f"{name} is damaged or cut short ({reason}); open it in an image editor, {ADVICE}."
        ) from None
    try:
        sideways = image.getexif().get(0x0112) in (5, 6, 7, 8)
        upright = ImageOps.exif_transpose(image)
    except Exception:  # a picture whose notes are broken is still a picture
        return image, (width, height)
    return upright, (height, width) if sideways else (width, height)


def _too_large(name: str, width: int = 0, height: int = 0) -> str:
    size = f"{width} × {height} pixels" if width else "far too many pixels"
    limit = MAX_PIXELS // 1_000_000
    return (
        f"{name} has {size}, and the limit is {limit} million; save a smaller copy and try again."
    )


def _to_rgb(image: Image.Image, name: str) -> np.ndarray:
    """(h, w, 3) uint8 from any of Pillow's modes; what is transparent shows white paper."""
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(np.asarray(image), name)
    if image.mode == "CMYK" and (icc := image.info.pop("icc_profile", None)):
        image = _cmyk(image, icc)
    try:
        if image.has_transparency_data:
            image = image.convert("RGBA")
            paper = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(paper, image)
        return np.array(image.convert("RGB"))
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


def _cmyk(image: Image.Image, icc: bytes) -> Image.Image:
    """CMYK through its own profile; by plain arithmetic where the profile is broken."""
    from PIL import ImageCms

    try:
        return _convert(image, icc)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB")


def _to_srgb(pixels: np.ndarray, icc: bytes) -> np.ndarray:
    """The copy through its embedded profile (telephones save Display P3); as it is if broken."""
    from PIL import ImageCms

    try:
        return np.array(_convert(Image.fromarray(pixels), icc))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return pixels


def _convert(image: Image.Image, icc: bytes) -> Image.Image:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    converted = ImageCms.profileToProfile(
        image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    return image.convert("RGB") if converted is None else converted
