"""The chunks of a SoundFont's file, whose every index is looked at before anything is played.

After the SoundFont 2.04 specification, sections 4, 5 and 7. A preset must not claim another's
zones, nor a zone what lies past the end, or a damaged file would sound wrong, or for ever.
"""

from __future__ import annotations

import io
import stat
import struct
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

# Bytes of presets and instruments that are read at most; the fullest known have two million.
MOST_RECORDS = 1 << 26
# Bytes of a record in each chunk of presets, instruments and samples.
RECORDS: Mapping[str, int] = MappingProxyType(
    {"phdr": 38, "pbag": 4, "pgen": 4, "inst": 22, "ibag": 4, "igen": 4, "shdr": 46}
)
# Which chunk points where: at so many bytes in a record, as this number, into that chunk.
POINTERS = (
    ("phdr", 24, "pbag"),
    ("pbag", 0, "pgen"),
    ("inst", 20, "ibag"),
    ("ibag", 0, "igen"),
)
# A generator of a preset that names an instrument, and of an instrument that names a sample.
NAMED = (("pgen", 41, "inst"), ("igen", 53, "shdr"))


class DamagedError(Exception):
    """A file that begins as a SoundFont does, and does not go on as one."""


class NoFileError(Exception):
    """What stands under the name is no file; says what it is."""


def chunks_of(path: Path) -> tuple[Mapping[str, bytes], int]:
    """The chunks of presets and instruments by name, and where the samples begin.

    Raises KeyError for what is no SoundFont, DamagedError for one that is not whole, OSError, and
    NoFileError for what is no file: a pipe would be waited for, a device has no end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise NoFileError("a folder" if path.is_dir() else "a pipe or a device, and no file")
    waves = 0
    with path.open("rb") as file:
        if file.read(4) != b"RIFF" or file.read(8)[4:] != b"sfbk":
            raise KeyError("sfbk")
        while head := file.read(12):
            if len(head) < 12:
                break
            name, size, kind = struct.unpack("<4sI4s", head)
            if name == b"LIST" and kind == b"pdta":
                found = _named(file.read(min(size - 4, MOST_RECORDS)))
                _hold_together(found)
                return found, waves
            if name == b"LIST" and kind == b"sdta":
                waves = file.tell() + 8
            file.seek(size - 4, io.SEEK_CUR)
            if size % 2:
                # The byte that evens out an odd chunk is left out by MuseScore's writer of .sf3.
                evened = file.read(4) != b"LIST"
                file.seek(-3 if evened else -4, io.SEEK_CUR)
    raise DamagedError("pdta")


def _named(data: bytes) -> Mapping[str, bytes]:
    """A list's chunks by name. Raises DamagedError where one is missing."""
    chunks: dict[str, bytes] = {}
    place = 0
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        chunks[name.decode("latin-1")] = data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2
    if missing := RECORDS.keys() - chunks.keys():
        raise DamagedError(missing)
    return {name: chunks[name] for name in RECORDS}


def _hold_together(chunks: Mapping[str, bytes]) -> None:
    """Raises DamagedError where records are cut off, or an index goes back or past the end."""
    count = {name: len(chunks[name]) // size for name, size in RECORDS.items()}
    for name, size in RECORDS.items():
        if len(chunks[name]) % size or not count[name]:
            raise DamagedError(name)
    for name, offset, other in POINTERS:
        form = f"<{offset}xH{RECORDS[name] - offset - 2}x"
        places = [place for (place,) in struct.iter_unpack(form, chunks[name])]
        # A bag is read together with the one after it.
        most = count[other] - (other in ("pbag", "ibag"))
        if places[-1] > most or any(after < before for before, after in pairwise(places)):
            raise DamagedError(name)
    for name, number, other in NAMED:
        for kind, place in struct.iter_unpack("<HH", chunks[name]):
            # The last record of each only says where the one before it ends.
            if kind == number and place >= count[other] - 1:
                raise DamagedError(name)
