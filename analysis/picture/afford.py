"""How much of a picture is decoded, so that memory holds it: a part of its size, or not at all.

A hundred megapixels of eight bits are held in less than 600 MB, deeper ones in less than a
gigabyte; what would take more is refused before it is decoded.
"""

from typing import Any

from PIL import Image

from analysis.errors import PictureError

MAX_PIXELS = 100_000_000
MAX_MEMORY = 530_000_000  # bytes for the file and its decoder; what is measured needs fifty more
# Bytes a pixel that decoders hold at once, as measured; of others the four of Pillow's image.
_HELD = {"WEBP": 7, "AVIF": 9, "HEIF": 10, "JXL": 9}
_PLAIN = 4
_LEVELS = 5  # by how many powers of two most JPEG 2000 files can be read smaller


def shrink(image: Image.Image, data: bytes, side: int) -> None:
    """Has a large JPEG or JPEG 2000 decoded at a part of its size.

    A JPEG at least at twice `side` px a side, for that is faster; at half, a quarter or an eighth
    where it has over a hundred megapixels, or would need too much memory.
    """
    width, height = image.size
    if image.format in ("JPEG", "MPO"):
        part, kept = 1, len(data) + _coefficients(data)
        while part < 8 and (
            width * height > MAX_PIXELS * part * part
            or kept + _PLAIN * width * height // part**2 > MAX_MEMORY
        ):
            part *= 2
        wanted = min(1 / part, 2 * side / max(width, height) if image.format == "JPEG" else 1)
        size = (max(1, int(width * wanted)), max(1, int(height * wanted)))
        image.draft(None, size)
    elif image.format == "JPEG2000":
        level = 0
        while len(data) + (_wavelets(image) >> 2 * level) > MAX_MEMORY and level < _LEVELS:
            level += 1
        image.reduce = level  # type: ignore[method-assign,assignment]


def check(name: str, image: Image.Image, data: bytes, width: int, height: int) -> None:
    """Raises PictureError for an image, as it shall be decoded, with too many pixels, or none, or
    whose decoder would need too much memory.

    width, height: its own.
    """
    if image.width * image.height > MAX_PIXELS or width * height == 0:
        limited(name, width, height)
    _held(name, width, height, len(data) + _decoding(image, data))


def check_unopened(name: str, kind: str, width: int, height: int, data: bytes) -> None:
    """The same of a file that is decoded as soon as it is opened."""
    limited(name, width, height)
    _held(name, width, height, len(data) + _HELD[kind] * width * height)


def _held(name: str, width: int, height: int, needed: int) -> None:
    if needed > MAX_MEMORY:
        raise PictureError(
            f"{name} ({width} × {height} pixels) needs {needed / 1e6:.0f} MB of memory to be "
            f"decoded, and the limit is {MAX_MEMORY / 1e6:.0f} MB; save a smaller copy and try "
            "again."
        )


def limited(name: str, width: int, height: int) -> None:
    """Raises PictureError for a picture with too many pixels, or none."""
    if width * height > MAX_PIXELS:
        raise PictureError(too_large(name, width, height))
    if width * height == 0:
        raise PictureError(f"{name} has no pixels ({width} × {height}); give one that has.")


def too_large(name: str, width: int = 0, height: int = 0) -> str:
    """What to say of a picture with too many pixels."""
    size = f"{width} × {height} pixels" if width else "far too many pixels"
    limit = MAX_PIXELS // 1_000_000
    return (
        f"{name} has {size}, and the limit is {limit} million; save a smaller copy and try again."
    )


def _decoding(image: Image.Image, data: bytes) -> int:
    """Bytes that Pillow and its decoder hold at once."""
    width, height = image.size
    if image.format in ("JPEG", "MPO"):
        return _PLAIN * width * height + _coefficients(data)
    if image.format == "JPEG2000":
        level: Any = image.reduce  # Pillow's method of this name where it is nought
        return _wavelets(image) >> (2 * level if isinstance(level, int) else 0)
    if image.format == "TIFF":
        turned = 2 if getattr(image, "tag_v2", {}).get(274, 1) != 1 else 1  # Pillow turns a copy
        return turned * _PLAIN * width * height + _strip(image)
    return _HELD.get(image.format or "", _PLAIN) * width * height


def _coefficients(data: bytes) -> int:
    """Bytes that libjpeg keeps until the last scan of a JPEG in several scans, else none."""
    at, blocks, count, progressive = 2, 0, 0, False
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + length]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and len(body) >= 6:
            progressive = marker in (0xC2, 0xCA)
            height, width, count = (
                int.from_bytes(body[1:3]), int.from_bytes(body[3:5]), body[5],
            )  # fmt: skip
            factors = [divmod(each, 16) for each in body[7 : 6 + 3 * count : 3]]
            largest = max((h for h, _ in factors), default=1) * max(
                (v for _, v in factors), default=1
            )
            blocks = sum(h * v for h, v in factors) * width * height // max(1, largest)
        if marker == 0xDA:
            return 2 * blocks if progressive or (body and body[0] < count) else 0
        at += 2 + length
    return 0


def _strip(image: Image.Image) -> int:
    """Bytes of a packed TIFF's largest piece, which is unpacked beside the image."""
    tags = getattr(image, "tag_v2", {})
    if image.info.get("compression") == "raw":
        return 0
    width, height = image.size
    rows = tags.get(278) or height
    if tags.get(322) and tags.get(323):
        width, rows = tags[322], tags[323]
    bits = tags.get(258, (1,))
    samples = sum(bits) if isinstance(bits, tuple) else bits
    return int(width) * min(int(rows), height) * int(samples) // 8


def _wavelets(image: Image.Image) -> int:
    """Bytes at full size: JPEG 2000 is decoded in 32 bits a sample."""
    return image.width * image.height * (4 * len(image.getbands()) + _PLAIN)
