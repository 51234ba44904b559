"""Melodies as plain notes: MIDI files of one voice that have neither key nor metre."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from corpora.errors import Unreadable
from corpora.folders import files
from corpora.progress import watched
from theory.metre import QUARTER

ENDINGS = (".mid", ".midi")
# A melody is a few thousand bytes, and the library reads some 200,000 a second.
MOST_BYTES = 1_000_000
Plain = tuple[tuple[int, int, int], ...]


def plain(path: Path) -> Plain:
    """(start, end, MIDI number) of each note of a file, in ticks of 1/24 quarter note, in order.

    Of notes that begin together the highest is kept, and a note ends at the latest where the next
    begins. Raises Unreadable for what is no MIDI file and for one without notes.
    """
    import mido

    if path.stat().st_size > MOST_BYTES:
        raise Unreadable("too large")
    try:
        file = mido.MidiFile(path)
    except (OSError, EOFError, ValueError, KeyError, IndexError):
        raise Unreadable("not MIDI") from None
    if not 0 < file.ticks_per_beat < 0x8000:
        raise Unreadable("not MIDI")
    found: list[tuple[int, int, int]] = []
    for track in file.tracks:
        at = 0
        began: dict[int, int] = {}
        for message in track:
            at += message.time
            if message.type in ("note_on", "note_off"):
                start = began.pop(message.note, None)
                if start is not None and at > start:
                    found.append((start, at, message.note))
                if message.type == "note_on" and message.velocity:
                    began[message.note] = at
    scale = QUARTER / file.ticks_per_beat
    highest = {start: (start, end, midi) for start, end, midi in sorted(found, key=_from_below)}
    rows = [highest[start] for start in sorted(highest)]
    if not rows:
        raise Unreadable("no notes")
    limits = [start for start, _, _ in rows[1:]] + [rows[-1][1]]
    return tuple(
        (round(start * scale), round(min(end, limit) * scale), midi)
        for (start, end, midi), limit in zip(rows, limits, strict=True)
    )


def _from_below(note: tuple[int, int, int]) -> int:
    return note[2]


def folder(path: Path) -> dict[str, Plain]:
    """Every melody of a folder by its path within it; what cannot be read is left out."""
    found: dict[str, Plain] = {}
    for file in watched(sorted(files(path, ENDINGS)), f"reading {path.name}"):
        if file.is_file():
            # Whatever the library stumbles over is no melody.
            with suppress(Exception):
                found[file.relative_to(path).as_posix()] = plain(file)
    return found
