"""The codes of an image become sRGB: grey, palettes, inks, transparency, and more than 8 bits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImagePalette

from analysis.errors import PictureError
from analysis.picture import png, profiles
from analysis.picture.average import bands

ADVICE = "save it as an 8-bit PNG or JPEG and try again"

# Of TIFF, by number (TIFF 6.0, section 8; sample format in section 19).
_BITS, _PHOTOMETRIC, _PALETTE, _PLANAR, _FORMAT = 258, 262, 320, 284, 339


@dataclass(frozen=True, slots=True)
class Meaning:
    """How an image's codes are meant.

    icc: their profile; None is sRGB.  peak: the lightest grey of more than 8 bits.
    negative: does this grey count from white to black?
    clear: the code of more or fewer than 8 bits that is transparent.
    opaque: its alpha is nobody's.
    """

    icc: bytes | None = None
    peak: int = 65535
    negative: bool = False
    clear: int | tuple[int, ...] | None = None
    opaque: bool = False


def meaning(image: Image.Image, data: bytes, name: str) -> Meaning:
    """Of an image that is not decoded yet.

    data: the file's bytes, or b"" where there is none.
    A TIFF's palette of 8 bits, which Pillow takes for one of 16, is mended in the image.
    Raises PictureError for what Pillow would read as something else.
    """
    points, icc = png.colours(data) if image.format == "PNG" else (None, None)
    if image.format in ("AVIF", "HEIF") and not image.info.get("icc_profile"):
        points = _boxed(data)
    info = image.info if icc is None else {**image.info, "icc_profile": icc}
    found = Meaning(profiles.meant(info, points), clear=_clear(image))
    if image.format == "TIFF" and hasattr(image, "tag_v2"):
        return _of_tiff(found, image, image.tag_v2, name)
    if image.format == "TGA" and len(data) > 17:
        # The low bits of the descriptor count the bits of alpha.
        return replace(found, opaque=data[17] & 15 == 0)
    return found


def seen(found: Meaning, image: Image.Image) -> Meaning:
    """The same, of an image that is decoded: an alpha that is nought all over is nobody's.

    Only of BMP and TGA, whose writers leave it so.
    """
    if image.format not in ("BMP", "TGA") or image.mode not in ("RGBA", "LA") or found.opaque:
        return found
    width, height = image.size
    for top, bottom in bands(height, width):
        if image.crop((0, top, width, bottom)).getchannel("A").getextrema() != (0, 0):
            return found
    return replace(found, opaque=True)


def to_rgb(image: Image.Image, found: Meaning, name: str) -> np.ndarray:
    """(h, w, 3) uint8 sRGB from any of Pillow's modes; what is transparent shows white paper."""
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight(np.asarray(image), found, name)
    elif found.clear is not None:
        image.info["transparency"] = found.clear
    try:
        if image.mode == "La":  # Pillow has no way from it to RGBA
            image = image.convert("LA")
        if found.opaque:
            image = image.convert("L" if image.mode == "LA" else "RGB")
        clear = image.has_transparency_data
        if found.icc is not None:
            image = _converted(image, found.icc, clear)
        if clear:
            image = image.convert("RGBA")
            paper = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(paper, image)
        return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    except (ValueError, OSError):
        raise PictureError(
            f"{name} keeps its colours in a way that is not read ({image.mode}); {ADVICE}."
        ) from None


def _converted(image: Image.Image, icc: bytes, clear: bool) -> Image.Image:
    """By its profile to sRGB, its alpha kept; as it is where the profile says nothing of it."""
    mode = {"1": "L", "L": "L", "LA": "L", "La": "L", "CMYK": "CMYK"}.get(image.mode, "RGB")
    convert = profiles.converter(icc, mode)
    if convert is None:
        return image
    if not clear:
        return convert(image if image.mode == mode else image.convert(mode))
    rgba = image.convert("RGBA")
    colours = convert(rgba.convert(mode))
    colours.putalpha(rgba.getchannel("A"))
    return colours


def _eight(grey: np.ndarray, found: Meaning, name: str) -> Image.Image:
    """Grey of up to 16 bits brought to 8; what is deeper has no agreed white and is refused."""
    if grey.dtype.kind == "f" or grey.min() < 0 or grey.max() > 65535:
        raise PictureError(f"{name} has more than 16 bits a pixel; {ADVICE}.")
    eight = np.round(np.minimum(grey, found.peak) / (found.peak / 255)).astype(np.uint8)
    image = Image.fromarray(255 - eight if found.negative else eight)
    if found.clear is not None:
        image.putalpha(Image.fromarray(np.where(grey == found.clear, 0, 255).astype(np.uint8)))
    return image


def _of_tiff(found: Meaning, image: Image.Image, tags: dict[int, object], name: str) -> Meaning:
    bits = set(_numbers(tags.get(_BITS, 1)))
    if tags.get(_PLANAR) == 2 and max(bits) > 8 and image.mode not in ("I;16", "I;16B"):
        raise PictureError(
            f"{name} keeps each colour in a plane of its own, of more than 8 bits; {ADVICE}."
        )
    if image.mode == "I":  # whole numbers of 32 bits, or with a sign
        raise PictureError(f"{name} has more than 16 bits a pixel, or a sign; {ADVICE}.")
    if image.mode in ("P", "PA"):
        table = _numbers(tags.get(_PALETTE, ()))
        if table and max(table) < 256:
            image.palette = ImagePalette.raw("RGB;L", bytes(table))
    return replace(found, peak=2 ** min(16, max(bits)) - 1, negative=_negative(image, tags))


def _negative(image: Image.Image, tags: dict[int, object]) -> bool:
    """Pillow itself turns grey of up to 8 bits."""
    return image.mode.startswith("I;16") and tags.get(_PHOTOMETRIC) == 0


def _numbers(value: object) -> tuple[int, ...]:
    values = value if isinstance(value, tuple) else (value,)
    return tuple(each for each in values if isinstance(each, int))


def _clear(image: Image.Image) -> int | tuple[int, ...] | None:
    """The transparent code as the decoded image has it, where Pillow gives the file's."""
    given = image.info.get("transparency")
    if image.format == "PNG" and isinstance(given, int | tuple):
        tile = getattr(image, "tile", None)
        raw = tile[0].args if tile else ""
        if isinstance(given, tuple) and (raw == "RGB;16B" or max(given) > 255):
            return tuple(code >> 8 for code in given)  # Pillow keeps the upper eight bits
        if isinstance(given, int) and raw in ("L;2", "L;4"):
            return given * {"L;2": 85, "L;4": 17}[raw]
        if isinstance(given, int) and image.mode.startswith("I"):
            return given
    return None


def _boxed(data: bytes) -> profiles.Points | None:
    """The numbers of an AVIF's or HEIC's `colr` box of type `nclx` (ISO/IEC 14496-12, 12.1.5).

    Its codes are spread over their whole range when it is decoded.
    """
    at = data.find(b"colrnclx", 0, 1_000_000) + 8
    if at < 8 or at + 4 > len(data):
        return None
    return int.from_bytes(data[at : at + 2]), int.from_bytes(data[at + 2 : at + 4]), True
