"""Reads a picture, whatever it is given as, into the small copy that everything is measured on.

A picture is a path, one of the samples, the bytes of a file, an open file, a Pillow image or an
array. It is read once: what is hashed is what is measured, and what is shown later.
"""

import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from analysis.errors import PictureError
from analysis.picture import afford, decode
from analysis.picture.decode import Raster

MAX_BYTES = 100_000_000
SAMPLES = ("china", "flower")
UNNAMED = "picture"
# What no text holds (https://www.w3.org/TR/xml/#charsets), or commands a terminal: controls, ends
# of lines, bytes of a file's name that are no UTF-8, noncharacters.
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ADDRESS = re.compile("[a-z][a-z0-9+.-]+:/{1,2}[^/]", re.IGNORECASE)  # not c:/, a Windows drive
VIEW = 1920  # longest side of the copy that is kept of pixels, for they come without a file

Bytes = bytes | bytearray | memoryview
PictureSource = str | os.PathLike[str] | Bytes | IO[bytes] | Image.Image | np.ndarray
_OPENED = 'opened with open(path, "rb")'


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The measured copy of a picture, with what is known of where it came from.

    name: the file's name without its folder, or "sample:china"; an open file's without its suffix;
    "picture" for what has none. It is clean text: what is none of a file's name is replaced by �.
    width, height: of the original, in pixels, after its EXIF orientation.
    sha256: of the file's bytes (of the pixels, where there is no file).
    pixels: (h, w, 3) uint8 sRGB, at most 512 px a side, read-only.
    original: what a larger copy is made of: the file's bytes, at most 100 million, for they are
    smaller than their pixels; of an image or an array, which have none and may be changed by their
    owner, the pixels, at most 1,920 px a side.
    """

    name: str
    width: int
    height: int
    sha256: str
    pixels: np.ndarray = field(repr=False)
    original: bytes | np.ndarray = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", self.name))

    def view(self, side: int) -> np.ndarray:
        """The picture at up to `side` px a side, to be looked at: (h, w, 3) uint8 sRGB."""
        if isinstance(self.original, bytes):
            return decode.opened(self.original, self.name, side)[0].copy(side)
        return decode.reduce(self.original, side)


def load(source: PictureSource, name: str | None = None) -> Picture:
    """Read a picture.

    source: a path, `sample:china` or `sample:flower`; the bytes of a file; a file opened for
    reading bytes, which is read from where it stands; a Pillow image, at its current frame; or an
    array, (h, w, 3) uint8 sRGB.
    name: what it shall be called.

    EXIF orientation is applied, transparency laid on white, of an animated file the first frame
    taken. Raises PictureError for whatever cannot be read, and before decoding for more than 100
    million pixels or 100 million bytes.
    """
    if isinstance(source, str) and source.startswith("sample:"):
        return _from_bytes(_read(_sample(source), source), name or source)
    if isinstance(source, str | os.PathLike):
        path = Path(os.fsdecode(source))
        if _ADDRESS.match(os.fsdecode(source)) and not os.path.exists(path):
            raise PictureError(
                f"{os.fsdecode(source)} is an address. Addresses are not read; save the picture "
                "first, and give its file."
            )
        return _from_bytes(_read(path, path.name), name or path.name)
    if isinstance(source, Bytes):
        return _from_bytes(bytes(source), name or UNNAMED)
    if isinstance(source, Image.Image):
        return _from_image(source, name or UNNAMED)
    if isinstance(source, np.ndarray):
        return _from_array(source, name or UNNAMED)
    if hasattr(source, "read"):
        name = name or _stem(source)
        return _from_bytes(_rest(source, name), name)
    raise PictureError(
        f"A value of type {type(source).__name__} is no picture; give a path, the bytes of a file, "
        f"a file {_OPENED}, a Pillow image or an array of uint8 with shape (height, width, 3)."
    )


def _from_bytes(data: bytes, name: str) -> Picture:
    if not data:
        raise PictureError(f"{name} is empty; give a file that holds a picture.")
    if len(data) > MAX_BYTES:
        raise PictureError(_too_large(name, len(data)))
    raster, (width, height) = decode.opened(data, name, decode.SIDE)
    sha256 = hashlib.sha256(data).hexdigest()
    return Picture(name, width, height, sha256, _fixed(raster.copy()), data)


def _from_image(image: Image.Image, name: str) -> Picture:
    afford.limited(name, *image.size)
    return _from_raster(decode.of_image(image, name), name)


def _from_array(rgb: np.ndarray, name: str) -> Picture:
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.size == 0:
        raise PictureError(
            f"{name}: an array of {rgb.dtype} with shape {rgb.shape} is no picture; "
            "give one of uint8 with shape (height, width, 3), red first."
        )
    afford.limited(name, rgb.shape[1], rgb.shape[0])
    return _from_raster(decode.of_array(np.ascontiguousarray(rgb)), name)


def _from_raster(raster: Raster, name: str) -> Picture:
    pixels = _fixed(raster.copy())
    whole = max(raster.width, raster.height) <= decode.SIDE
    original = pixels if whole else _fixed(raster.copy(VIEW))
    return Picture(name, raster.width, raster.height, raster.sha256(), pixels, original)


def _fixed(pixels: np.ndarray) -> np.ndarray:
    pixels.setflags(write=False)
    return pixels


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
                raise PictureError(_too_large(name, found.st_size))
            return file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise PictureError(f"{path} is a folder; give the path of a picture in it.") from None
    except FileNotFoundError:
        raise PictureError(f"There is no file {path}; check the path.") from None
    except PermissionError:
        raise PictureError(f"{path} may not be read; change its permissions (chmod +r).") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise PictureError(f"{path} cannot be read ({why}); check the path.") from None


def _rest(file: IO[bytes], name: str) -> bytes:
    """What an open file still holds."""
    parts, size = [], 0
    try:
        # A pipe or a socket gives what it has, which may be less than was asked for.
        while size <= MAX_BYTES and (part := file.read(MAX_BYTES + 1 - size)):
            if not isinstance(part, bytes):
                raise PictureError(f"{name} is no file of bytes; give one {_OPENED}.")
            parts.append(part)
            size += len(part)
    except (OSError, ValueError) as error:
        raise PictureError(f"{name} cannot be read ({error}); give a file {_OPENED}.") from None
    if not parts:
        raise PictureError(
            f"{name} is empty, or was read to its end; go back to its beginning with seek(0)."
        )
    return b"".join(parts)


def _stem(file: IO[bytes]) -> str:
    """What an open file is called, without its folder and its suffix."""
    name = getattr(file, "name", None)
    return (Path(name).stem if isinstance(name, str) else "") or UNNAMED


def _too_large(name: str, size: int) -> str:
    return (
        f"{name} has {size / 1e6:.0f} MB, and the limit is {MAX_BYTES / 1e6:.0f} MB; "
        "save a smaller copy and try again."
    )
