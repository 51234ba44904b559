"""What the standard allows and our parser of MIDI does not know, written as it does know it.

A header longer than six bytes is cut; the tracks of a file of type 2, which are patterns one after
another, are delayed until the ones before have ended, as tracks of type 1 (Standard MIDI Files
1.0).
"""

from __future__ import annotations

from collections.abc import Iterator

HEADER = 6
# What follows a status byte, by its upper half.
FOLLOWING = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}
META, SYSEX = 0xFF, (0xF0, 0xF7)
LONGEST = (1 << 28) - 1  # the most that four bytes of seven bits hold


def plain(data: bytes) -> bytes:
    """The same music with a header of six bytes, and of type 0 or 1; else the same bytes.

    Raises ValueError for patterns that begin later than any time of a file can say.
    """
    length = int.from_bytes(data[4:8])
    sequence = int.from_bytes(data[8:10]) == 2
    if length < HEADER or (length == HEADER and not sequence):
        return data
    kind = (1).to_bytes(2) if sequence else data[8:10]
    head = data[:4] + HEADER.to_bytes(4) + kind + data[10:14]
    body = data[8 + length :]
    return head + (b"".join(_in_turn(body)) if sequence else body)


def _in_turn(body: bytes) -> Iterator[bytes]:
    """The chunks, each track beginning where the one before has ended."""
    at, now = 0, 0
    while at + 8 <= len(body):
        after = at + 8 + int.from_bytes(body[at + 4 : at + 8])
        name, events = body[at : at + 4], body[at + 8 : after]
        if name == b"MTrk":
            first, rest = _number(events, 0)
            if now + first > LONGEST:
                raise ValueError("patterns that last too long")
            length = _length(events)
            events = _written(now + first) + events[rest:]
            now += length
        yield name + len(events).to_bytes(4) + events
        at = after


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends. Raises IndexError where the data do."""
    value = 0
    for place in range(at, at + 4):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    return value, at + 4


def _written(value: int) -> bytes:
    found = [value & 0x7F]
    while value := value >> 7:
        found.append(value & 0x7F | 0x80)
    return bytes(reversed(found))


def _length(events: bytes) -> int:
    """A track's length in ticks; of one that is cut short, as far as it goes."""
    at, now, status = 0, 0, 0
    try:
        while at < len(events):
            delta, at = _number(events, at)
            now += delta
            if events[at] >= 0x80:
                status, at = events[at], at + 1
            if status == META:
                size, at = _number(events, at + 1)
                at += size
            elif status in SYSEX:
                size, at = _number(events, at)
                at += size
            else:
                at += FOLLOWING.get(status >> 4, 0)
    except IndexError:
        pass
    return now
