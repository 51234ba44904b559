"""Bytes changed as damage and malice change them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

NUMBERS = (0, 1, 2, 3, 6, 8, 12, 16, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF)
WIDE = (0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 100_000, 20_000_000)


@st.composite
def changed(draw: Callable[..., int], data: bytes, most: int = 3, first: int = 0) -> bytes:
    """The bytes with up to `most` changes; those of fields fall half of the time in the `first`."""
    found = bytearray(data)
    for _ in range(draw(st.integers(0, most))):
        end = max(len(found) - 1, 0)
        near = bool(first) and draw(st.booleans())
        at = draw(st.integers(0, min(first, end) if near else end))
        kind = draw(st.integers(0, 9))
        if kind < 3:
            found[at : at + 1] = bytes([draw(st.sampled_from(NUMBERS)) & 0xFF])
        elif kind < 5:
            size = draw(st.sampled_from((2, 4)))
            value = draw(st.sampled_from(NUMBERS + WIDE)) & (256**size - 1)
            found[at : at + size] = value.to_bytes(size, draw(st.sampled_from(("big", "little"))))
        elif kind == 5:
            found[at : at + 1] = bytes([found[at] ^ 1 << draw(st.integers(0, 7))]) if found else b""
        elif kind == 6:
            del found[at : at + draw(st.integers(1, 40))]
        elif kind == 7:
            found[at:at] = bytes(found[at : at + draw(st.integers(1, 40))])
        elif kind == 8:
            found[at:at] = draw(st.binary(max_size=8))
        else:
            del found[at + 1 :]
    return bytes(found)
