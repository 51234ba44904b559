"""Ogg streams of one number: libsndfile draws it by lot, and a page is the same every time."""

from __future__ import annotations

import struct

SERIAL = 1
HEAD = 27  # bytes of a page before the lengths of its segments (RFC 3533, section 6)
POLYNOMIAL = 0x04C11DB7


def _row(byte: int) -> int:
    value = byte << 24
    for _ in range(8):
        value = (value << 1 ^ (POLYNOMIAL if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value


TABLE = tuple(map(_row, range(256)))


def renumbered(data: bytes) -> bytes:
    """The pages of an Ogg file of one stream, with SERIAL as its number."""
    made = bytearray(data)
    start = 0
    while start < len(made):
        count = made[start + 26]
        lengths = made[start + HEAD : start + HEAD + count]
        end = start + HEAD + count + sum(lengths)
        # The checksum is made over a page in which it stands as nothing.
        struct.pack_into("<I", made, start + 14, SERIAL)
        struct.pack_into("<I", made, start + 22, 0)
        struct.pack_into("<I", made, start + 22, checksum(made[start:end]))
        start = end
    return bytes(made)


def checksum(page: bytes | bytearray) -> int:
    """The page's checksum."""
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ TABLE[value >> 24 ^ byte]
    return value
