"""Files of pictures, format by format: small ones that are sound, then their blocks changed.

Lengths and checksums are made right again after a change, so that it is read and not refused.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from PIL import Image, ImageCms

from tests.fuzz.bits import changed
from tests.fuzz.target import Swallowed, Target, place

Block = tuple[bytes, bytes]
# By Pillow's name of the format: modes, and ways to save it.
FORMATS: dict[str, tuple[tuple[str, ...], tuple[dict[str, Any], ...]]] = {
    "PNG": (("1", "L", "LA", "P", "RGB", "RGBA", "I;16"), ({}, {"transparency": 0}, {"bits": 2})),
    "JPEG": (("L", "RGB", "CMYK"), ({}, {"progressive": True}, {"subsampling": 0})),
    "GIF": (("L", "P", "RGB"), ({}, {"interlace": 0}, {"animate": True}, {"transparency": 1})),
    "BMP": (("1", "L", "P", "RGB", "RGBA"), ({},)),
    "TIFF": (
        ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F", "LAB", "YCbCr"),
        ({}, {"compression": "tiff_lzw"}, {"compression": "tiff_adobe_deflate"}, {"animate": True}),
    ),
    "WEBP": (("RGB", "RGBA"), ({}, {"lossless": True}, {"animate": True})),
    "TGA": (("L", "LA", "P", "RGB", "RGBA"), ({}, {"compression": "tga_rle"})),
    "PPM": (("1", "L", "RGB", "I;16"), ({},)),
}
PROFILED = ("PNG", "JPEG", "TIFF", "WEBP")
SIZES = ((1, 1), (7, 5), (40, 30), (300, 2), (1100, 600))
# Blocks that a writer may add to a PNG.
ADDED: tuple[Block, ...] = (
    (b"gAMA", struct.pack(">I", 100_000)),
    (b"cICP", bytes([12, 13, 0, 1])),
    (b"tRNS", bytes(2)),
    (b"sRGB", b"\0"),
    (b"IHDR", struct.pack(">IIBBBBB", 2**20, 2**20, 8, 2, 0, 0, 0)),
    (b"zTXt", b"a\0\0" + zlib.compress(b"a" * 3000)),
    (b"eXIf", b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"),
    (b"iCCP", b"a\0\0" + zlib.compress(bytes(200))),
    (b"acTL", struct.pack(">II", 3, 0)),
)


@lru_cache(maxsize=512)
def sound(
    kind: str, mode: str, way: int, size: tuple[int, int], orientation: int, icc: str
) -> bytes:
    """The bytes of a sound file; of a mode that the format has not, of one that it has."""
    ways = FORMATS[kind][1]
    options = dict(ways[way % len(ways)])
    image = Image.effect_noise(size, 60)
    if icc in ("LAB", "sRGB"):
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile(icc))  # type: ignore[arg-type]
        options["icc_profile"] = profile.tobytes()
    if orientation and kind in PROFILED:
        exif = Image.Exif()
        exif[0x112] = orientation
        options["exif"] = exif
    image = (
        image.convert("RGB").convert(mode) if mode not in ("I;16", "F") else image.convert("I;16")
    )
    if options.pop("animate", False):
        options |= {"save_all": True, "append_images": [image.rotate(180)]}
    for each in (options, {}):
        try:
            image.save(target := io.BytesIO(), kind, **each)
        except (OSError, ValueError, KeyError, RuntimeError, TypeError, struct.error, SystemError):
            image = image if each else image.convert("RGB")
        else:
            return target.getvalue()
    image.convert("RGB").save(target := io.BytesIO(), kind)
    return target.getvalue()


def blocks(kind: str, data: bytes) -> list[Block]:
    """What a file consists of, as (name, content); whole where the format has no blocks."""
    if kind == "PNG":
        return [(data[:8], b""), *_blocks(data, 8, ">4x4s", 4)]
    if kind == "WEBP":
        return [(data[:12], b""), *_blocks(data, 12, "<4s4x", 0)]
    if kind == "JPEG":
        found, at = [(data[:2], b"")], 2
        while data[at + 1] != 0xDA:
            size = int.from_bytes(data[at + 2 : at + 4])
            found.append((data[at : at + 2], data[at + 4 : at + 2 + size]))
            at += 2 + size
        return [*found, (b"", data[at:])]
    return [(b"", data)]


def _blocks(data: bytes, at: int, head: str, checksum: int) -> list[Block]:
    found = []
    while at < len(data):
        (name,) = struct.unpack_from(head, data, at)
        order = ">I" if head[0] == ">" else "<I"
        (size,) = struct.unpack_from(order, data, at + (0 if head[0] == ">" else 4))
        found.append((name, data[at + 8 : at + 8 + size]))
        at += 8 + size + checksum + (0 if checksum else size % 2)
    return found


def joined(kind: str, found: list[Block]) -> bytes:
    """The file again, its lengths and checksums as they must be."""
    if kind == "PNG":
        return found[0][0] + b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
            for name, body in found[1:]
        )
    if kind == "WEBP":
        rest = b"".join(
            name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
            for name, body in found[1:]
        )
        return b"RIFF" + struct.pack("<I", len(rest) + 4) + b"WEBP" + rest
    if kind == "JPEG":
        return b"".join(
            name + ((len(body) + 2) % 65536).to_bytes(2) + body
            if len(name) == 2 and body
            else name + body
            for name, body in found
        )
    return b"".join(name + body for name, body in found)


@st.composite
def pictures(draw: Callable[..., Any]) -> bytes:
    """A file of any format, sound or changed in one of its blocks."""
    kind = draw(st.sampled_from(sorted(FORMATS)))
    data = sound(
        kind,
        draw(st.sampled_from(FORMATS[kind][0])),
        draw(st.integers(0, 3)),
        draw(st.sampled_from(SIZES)),
        draw(st.sampled_from((0, 0, 1, 3, 5, 6, 8, 99))),
        draw(st.sampled_from(("", "", "sRGB", "LAB"))),
    )
    found = blocks(kind, data)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(1, max(len(found) - 1, 1))) if len(found) > 1 else 0
        what = draw(st.integers(0, 7))
        name, body = found[min(at, len(found) - 1)]
        if kind == "PNG" and what < 2:
            found.insert(draw(st.integers(1, 3)), draw(st.sampled_from(ADDED)))
        elif what < 4 and len(found) > 1:
            if what == 2:
                del found[at]
            else:
                found.insert(at, (name, body))
        elif name == b"IDAT" and body[:1] == b"x":  # where a stream begins; a large one has more
            raw = draw(changed(zlib.decompressobj().decompress(body), 3))
            found[at] = (name, zlib.compress(raw, 1))
        else:
            first = {"TIFF": 160, "BMP": 54, "TGA": 18, "GIF": 24, "PPM": 14}.get(kind, 20)
            found[at] = (name, draw(changed(body, 2, first)))
        if len(found) < 2:
            break
    whole = joined(kind, found)
    # Some damage comes after the file was written.
    return draw(changed(whole, 2)) if draw(st.integers(0, 9)) == 0 else whole


def read(data: bytes, folder: Path) -> None:
    """The file, as a picture and as its view; a WebP once more as if it were too large for Pillow.

    A file is said to be damaged whatever is raised: a fault of ours is not its damage.
    """
    from analysis.errors import PictureError
    from analysis.picture import decode

    file = folder / "picture"
    file.write_bytes(data)
    if data[8:12] == b"WEBP":
        with suppress(PictureError), patch.object(decode, "_too_wide", lambda image: True):
            _read(file)
    _read(file)


def _read(file: Path) -> None:
    from analysis.errors import PictureError
    from analysis.picture.load import load

    try:
        picture = load(file)
        picture.view(256)
        with Image.open(file) as image:  # as somebody gives it who has opened it himself
            load(image)
    except PictureError as error:
        cause = error.__context__
        where = place(cause) if isinstance(cause, Exception) else "/"
        if isinstance(cause, MemoryError) or not where.startswith((".venv", "/")):
            raise Swallowed(f"{type(cause).__name__} at {where}") from None
        raise


def header(data: bytes) -> bool:
    """Does Pillow know what it is, and how large?"""
    with Image.open(io.BytesIO(data)) as image:
        return image.width > 0


# What opens files and takes arrays is no reader of formats.
PICTURES = Target("pictures", pictures(), read, header, ("analysis/picture/decode.py",))
