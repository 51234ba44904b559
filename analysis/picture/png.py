"""What Pillow is not shown of a PNG, and what it does not tell of one.

A sound file may hold texts of many megabytes, which Pillow refuses, and texts under the names of
Pillow's own notes ("transparency", "icc_profile"). Only those are kept that may tell which way is
up.
"""

import bisect
import io
import zlib
from collections.abc import Iterator
from typing import IO, cast

from analysis.picture.profiles import Points

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_TURNING = (b"XML:com.adobe.xmp", b"Raw profile type exif", b"exif")
_LONGEST = 1_000_000  # bytes of a text or a profile that Pillow is shown, unpacked
_LARGEST = 16_000_000  # bytes of a profile, unpacked; more of it is not read


class Spliced(io.RawIOBase):
    """Stretches of some bytes as one file, with nothing copied."""

    def __init__(self, data: bytes, stretches: list[tuple[int, int]]) -> None:
        view = memoryview(data)
        self._parts = [view[begin:end] for begin, end in stretches if end > begin]
        self._starts = [0]
        for part in self._parts:
            self._starts.append(self._starts[-1] + len(part))
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._starts[-1]}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._starts[-1] if size < 0 else min(self._starts[-1], self._at + size)
        found = []
        while self._at < end:
            n = bisect.bisect_right(self._starts, self._at) - 1
            part = self._parts[n][self._at - self._starts[n] : end - self._starts[n]]
            found.append(part)
            self._at += len(part)
        return b"".join(found)


def shown(data: bytes) -> IO[bytes]:
    """A PNG's bytes as a file, without its texts and without a profile that Pillow refuses."""
    stretches, begin = [], 0
    for kind, at, length in _chunks(data):
        if (kind in _TEXTS and not _turns(kind, data[at : at + length])) or (
            kind == b"iCCP" and not _unpacks(_profile(data, at, length), _LONGEST)
        ):
            stretches.append((begin, at - 8))
            begin = at + length + 4
    if not begin:
        return io.BytesIO(data)
    return cast(IO[bytes], Spliced(data, [*stretches, (begin, len(data))]))


def colours(data: bytes) -> tuple[Points | None, bytes | None]:
    """What its cICP chunk says, where that holds for RGB; and a profile too large for Pillow."""
    points = icc = None
    for kind, at, length in _chunks(data):
        if kind in (b"IDAT", b"PLTE"):
            break
        if kind == b"cICP" and length == 4 and data[at + 2] == 0:
            points = data[at], data[at + 1], data[at + 3] != 0
        elif kind == b"iCCP" and not _unpacks(packed := _profile(data, at, length), _LONGEST):
            icc = zlib.decompressobj().decompress(packed, _LARGEST)
    return points, icc


def _profile(data: bytes, at: int, length: int) -> bytes:
    """The packed profile of an iCCP chunk, behind its name and the way of packing."""
    return data[at : at + length].partition(b"\0")[2][1:]


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each whole chunk's kind, where its body begins, and the body's length."""
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        if at + 12 + length > len(data):
            return
        yield data[at + 4 : at + 8], at + 8, length
        at += 12 + length


def _turns(kind: bytes, body: bytes) -> bool:
    """May a text say which way is up, and is it short enough to be read?"""
    keyword, _, rest = body.partition(b"\0")
    if keyword not in _TURNING or len(body) > _LONGEST:
        return False
    if kind == b"zTXt":
        return _unpacks(rest[1:], _LONGEST)
    packed = rest[2:].split(b"\0", 2)[-1]
    return kind == b"tEXt" or rest[:1] == b"\0" or _unpacks(packed, _LONGEST)


def _unpacks(packed: bytes, most: int) -> bool:
    """To at most so many bytes? What is broken does, for Pillow finds that out itself."""
    try:
        unpacker = zlib.decompressobj()
        unpacker.decompress(packed, most)
        return not unpacker.unconsumed_tail
    except zlib.error:
        return True
