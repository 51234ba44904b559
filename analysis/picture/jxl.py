"""The width and height of a JPEG XL file, for its library decodes it as soon as it is opened."""


class _Bits:
    """The bits of a codestream, the lowest of each byte first."""

    def __init__(self, data: bytes) -> None:
        self.number = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        found = self.number & ((1 << count) - 1)
        self.number >>= count
        return found

    def length(self) -> int:
        """A side, in one of four widths."""
        return self.take((9, 13, 18, 30)[self.take(2)]) + 1


# Width over height, by number; 0 gives the width itself.
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}


def size(data: bytes) -> tuple[int, int] | None:
    """By the size header (ISO/IEC 18181-1, annex D); None where there is none."""
    stream = _codestream(data)
    if stream[:2] != b"\xff\x0a" or len(stream) < 12:
        return None
    bits = _Bits(stream[2:20])
    small = bits.take(1)
    height = 8 * (bits.take(5) + 1) if small else bits.length()
    ratio = bits.take(3)
    if ratio:
        over, under = _RATIOS[ratio]
        return height * over // under, height
    return (8 * (bits.take(5) + 1) if small else bits.length()), height


def _codestream(data: bytes) -> bytes:
    """The first bytes of it, alone or in a box (ISO/IEC 18181-2)."""
    at = 0
    while data[:2] != b"\xff\x0a" and at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        start = at + 8
        if length == 1:
            length, start = int.from_bytes(data[at + 8 : at + 16]), at + 16
        if kind in (b"jxlc", b"jxlp"):
            start += 4 if kind == b"jxlp" else 0
            return data[start : start + 20]
        if length < 8:
            break
        at += length
    return data[:20]
