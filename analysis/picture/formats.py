"""Which formats are read, by whom, and what is said of a file of any other.

A file is data from a stranger: only formats that Pillow decodes itself, none that starts a program
(EPS would start Ghostscript).
"""

import io
import re
import struct
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType

from PIL import Image

from analysis.errors import PictureError, UnreadError
from analysis.picture import afford, jxl, png
from analysis.picture.codes import ADVICE

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
# What a library beside Pillow reads: the module that is imported, and its class for such files.
_BESIDE = MappingProxyType(
    {
        "HEIC": ("pillow_heif", "pillow_heif", "HeifImageFile"),
        "JPEG XL": ("pillow_jxl", "pillow_jxl.JpegXLImagePlugin", "JXLImageFile"),
    }
)
# Kinds of file that people take for pictures, or that Pillow would take for another, by how they
# begin.
_FOREIGN = (
    (rb"\0\0[\1\2]\0[^\0]|\0\0[\1\2]\0\0[^\0]", "a Windows icon", ADVICE),
    (rb"icns", "an icon of macOS", ADVICE),
    (rb"[\s\S]{0,1000}%PDF-", "a PDF document", "export the page as a PNG and give that"),
    (
        rb"(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!DOCTYPE\s+svg|!--)[\s\S]{0,4000}",
        "an SVG drawing",
        "export it as a PNG and give that",
    ),
    (rb"(?:\xc5\xd0\xd3\xc6|%!PS)", "a PostScript file", "export it as a PNG and give that"),
    (rb"8BP[SB]", "a Photoshop document", "export it as a PNG and give that"),
    (rb"gimp xcf", "a GIMP document", "export it as a PNG and give that"),
    (rb"\s*<(?i:!doctype html|html)", "a web page", "save the picture itself and give that"),
)
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"heif")
_JXL = (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")
# By these a decoder says that a file is sound and of a sort that it does not know.
_UNKNOWN = re.compile(
    r"unsupported|unknown|not supported|not (?:yet )?implemented|unimplemented|cannot decode|"
    r"decoder \S+ not available|not installed",
    re.IGNORECASE,
)


def identified(data: bytes, name: str) -> Image.Image:
    """The image that the bytes begin; nothing is decoded yet.

    By Pillow's own registry, for `Image.open` warns of 90 megapixels, and how Python warns is set
    for the whole process. Raises PictureError for what is no picture that is read.
    """
    _check_foreign(data, name)
    kind = _beside(data)
    if kind is not None:
        return _by_library(kind, data, name)
    reason = ""
    for kind, module in FORMATS.items():
        if kind not in Image.OPEN:
            with suppress(ImportError):  # an older Pillow knows no AVIF
                import_module(f"PIL.{module}")
        if kind not in Image.OPEN:
            continue  # this Pillow was built without it
        factory, accepts = Image.OPEN[kind]
        answer = accepts(data[:16]) if accepts else _is_tga(data)
        if not answer or isinstance(answer, str):  # a text says what it was built without
            continue
        try:
            file = png.shown(data) if kind == "PNG" else io.BytesIO(data)
            return factory(file, "")
        except (SyntaxError, IndexError, TypeError, struct.error) as error:
            # By these a reader says that it is of another kind after all, or of no kind it knows.
            if kind != "TGA":  # which has no signature: hardly any file is one
                reason = reason or f"{kind}, {str(error) or type(error).__name__}"
    if reason:
        raise PictureError(failed(name, reason))
    raise PictureError(
        f"{name} holds no picture that can be read; give a PNG, JPEG, WebP, GIF, TIFF or BMP file."
    )


def failed(name: str, reason: str) -> str:
    """What to say of a file that a decoder gave up for this reason."""
    if _UNKNOWN.search(reason):
        return f"{name} is of a kind that is not read ({reason}); {ADVICE}."
    return f"{name} is damaged or cut short ({reason}); open it in an image editor, {ADVICE}."


def _check_foreign(data: bytes, name: str) -> None:
    for start, what, advice in _FOREIGN:
        found = re.match(start, data[:5000])
        if found and (what != "an SVG drawing" or b"<svg" in found.group()):
            raise PictureError(f"{name} is {what}, and this kind is not read; {advice}.")


def _beside(data: bytes) -> str | None:
    """The kind of a file that Pillow alone does not read."""
    if data.startswith(_JXL):
        return "JPEG XL"
    if data[4:8] != b"ftyp":
        return None
    box = data[: min(int.from_bytes(data[:4]), 200)]
    brands = [box[at : at + 4] for at in (8, *range(16, len(box), 4))]
    if brands[0] in _HEIC or (
        brands[0] in (b"mif1", b"msf1") and b"avif" not in brands and b"avis" not in brands
    ):
        return "HEIC"
    return None


def _by_library(kind: str, data: bytes, name: str) -> Image.Image:
    package, module, reader = _BESIDE[kind]
    if find_spec(package) is None:
        raise UnreadError(
            f"{name} is a {kind} picture, and the library that reads it is not installed; "
            "save it as a JPEG and try again.",
            package,
        )
    if kind == "JPEG XL":
        found = jxl.size(data)
        if found is None:
            raise PictureError(failed(name, "no size"))
        afford.check_unopened(name, "JXL", *found, data)
    image: Image.Image = getattr(import_module(module), reader)(io.BytesIO(data), "")
    return image


def _is_tga(data: bytes) -> bool:
    """TGA has no signature: does every field of the header make sense?"""
    if len(data) < 18:
        return False
    palette, kind, depth = data[1], data[2], data[16]
    depths = {1: (8, 16), 2: (16, 24, 32), 3: (8, 16)}.get(kind & ~8, ())
    return (
        palette in (0, 1)
        and depth in depths
        and (kind & ~8 != 1 or palette == 1)
        and (palette == 0 or data[7] in (15, 16, 24, 32))
        and data[17] < 64
    )
