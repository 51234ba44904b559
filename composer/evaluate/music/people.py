"""What people wrote, to be measured beside: POP909, OpenEWLD, and an archive of MIDI files."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from composer.evaluate.music.files import read
from composer.evaluate.music.notes import Music
from composer.evaluate.music.scores import of_tune
from corpora.engines import in_order
from corpora.errors import Unreadable
from corpora.progress import watched
from corpora.read.leadsheets import read_sheet
from corpora.sources import Item, Sources, items

POP909, OPENEWLD, ARCHIVE = "POP909", "OpenEWLD", "archive"
NAMES = (POP909, OPENEWLD, ARCHIVE)
MOST = 200  # pieces of a source that are read


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """A file of a source."""

    source: str
    path: str


def files(given: Mapping[str, Path], unpacked: Path) -> tuple[PeopleFile, ...]:
    """At most MOST files of each source, drawn by their names' checksum; archives are unpacked.

    Raises CorpusError for what is not there or holds no such file.
    """
    found: list[PeopleFile] = []
    for source, path in given.items():
        one = Sources(musicxml=(path,)) if source == OPENEWLD else Sources(midi=(path,))
        here = [each for each in items(one, unpacked) if not _second(source, each)]
        here.sort(key=lambda item: (zlib.crc32(item.name.encode()), item.name))
        found += [PeopleFile(source, item.path) for item in here[:MOST]]
    return tuple(found)


def _second(source: str, item: Item) -> bool:
    """Is it another version of a song of POP909, which has them in folders of their own?"""
    return source == POP909 and "versions" in item.name.split("/")


def read_one(asked: PeopleFile) -> Music | str:
    """A file's piece, or the reason why it is left out."""
    path = Path(asked.path)
    try:
        if asked.source == OPENEWLD:
            return of_tune(read_sheet(path.name, path.read_bytes(), asked.source), asked.source)
        return read(path, asked.source)
    except Unreadable as error:
        return error.reason


def read_all(asked: Sequence[PeopleFile], jobs: int) -> Iterator[Music | str]:
    """Every file's piece, or why it is left out, in order."""
    yield from watched(in_order(read_one, asked, jobs), "reading people's music", len(asked))
