"""An index brought up to date with a folder: only what is new or changed is read."""

from __future__ import annotations

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from corpora.engines import ALONE, Workers
from corpora.errors import CorpusError
from corpora.folders import files
from corpora.index.file import FileRow, IndexFile, MeasuredPiece
from corpora.progress import progress

# A file's pieces, and the reasons for what could not be read of it.
Measure = Callable[[Path], tuple[Sequence[MeasuredPiece], Sequence[str]]]
STEP = 16  # files that are written at once: what a kill can lose
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: files that were read and hold pieces, those that moved, that are gone, that
    are as they were; pieces added; and how many were left out for each reason."""

    read: int = 0
    moved: int = 0
    gone: int = 0
    same: int = 0
    pieces: int = 0
    left: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file as the folder has it."""

    path: str
    size: int
    modified: int


def sync(
    index: IndexFile,
    folder: str,
    endings: Sequence[str],
    measure: Measure,
    extractor: int,
    workers: Workers = ALONE,
) -> Synced:
    """Brings one folder up to date; what was done before an interrupt stays done.

    folder: an absolute path, which is added where it is not there. extractor: the version of what
    `measure` measures; files that another version read are read again. Raises CorpusError.
    """
    found = {each.path: each for each in _scan(Path(folder), endings)}
    number = index.add_folder(folder)
    known = index.files(number)
    fresh = {
        path: each
        for path, each in found.items()
        if path not in known or not _same(each, known[path], extractor)
    }
    gone = {path: row for path, row in known.items() if path not in found}
    moved = _moves(Path(folder), fresh, gone, extractor)
    touched = _touched(Path(folder), fresh, known, extractor)
    with index.changing() as cursor:
        for path, row in {**moved, **touched}.items():
            index.move(row.id, _at(row, fresh.pop(path)), cursor)
        index.drop(
            (row.id for row in gone.values() if row.id not in {m.id for m in moved.values()}),
            cursor,
        )
    done = _measured(index, number, Path(folder), list(fresh.values()), measure, extractor, workers)
    return replace(
        done,
        moved=len(moved),
        gone=len(gone) - len(moved),
        same=len(found) - len(fresh) - len(moved),
    )


def _scan(folder: Path, endings: Sequence[str]) -> Iterator[_Found]:
    for path in files(folder, endings):
        try:
            facts = path.stat()
        except OSError:  # it is gone already, or a link to nowhere
            continue
        yield _Found(str(path.relative_to(folder)), facts.st_size, facts.st_mtime_ns)


def _same(found: _Found, row: FileRow, extractor: int) -> bool:
    own = (row.size, row.modified, row.extractor)
    return own == (found.size, found.modified, extractor)


def _at(row: FileRow, found: _Found) -> FileRow:
    return replace(row, path=found.path, size=found.size, modified=found.modified)


def _moves(
    folder: Path, fresh: Mapping[str, _Found], gone: Mapping[str, FileRow], extractor: int
) -> dict[str, FileRow]:
    """New files that are, byte by byte, ones that are gone: new path -> the old row."""
    by_size: defaultdict[int, list[FileRow]] = defaultdict(list)
    for row in gone.values():
        if row.extractor == extractor:
            by_size[row.size].append(row)
    moved: dict[str, FileRow] = {}
    for path, found in sorted(fresh.items()):
        likely = by_size.get(found.size)
        if likely:
            own = digest(folder / path)
            for row in [each for each in likely if each.hash == own][:1]:
                likely.remove(row)
                moved[path] = row
    return moved


def _touched(
    folder: Path, fresh: Mapping[str, _Found], known: Mapping[str, FileRow], extractor: int
) -> dict[str, FileRow]:
    """Files with another time that hold what they held: path -> the row."""
    return {
        path: known[path]
        for path, found in fresh.items()
        if path in known
        and known[path].extractor == extractor
        and known[path].size == found.size
        and known[path].hash == digest(folder / path)
    }


def digest(path: Path) -> bytes:
    """A hash of a file's bytes; b"" where it cannot be read."""
    made = hashlib.blake2b(digest_size=16)
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                made.update(block)
    except OSError:
        return b""
    return made.digest()


Read = tuple[bytes, Sequence[MeasuredPiece], Sequence[str]]


def examine(measure: Measure, path: Path) -> Read:
    """A file's hash, its pieces, and the reasons for what was left out."""
    own = digest(path)
    return (own, *measure(path))


def _measured(
    index: IndexFile,
    number: int,
    folder: Path,
    fresh: list[_Found],
    measure: Measure,
    extractor: int,
    workers: Workers,
) -> Synced:
    left: Counter[str] = Counter()
    read = pieces = 0
    waiting: list[tuple[FileRow, Sequence[MeasuredPiece]]] = []

    def write() -> None:
        with index.changing() as cursor:
            for row, found in waiting:
                index.put(number, row, found, cursor)
        waiting.clear()

    paths = [folder / each.path for each in fresh]
    with (
        progress(len(paths), "listening") as step,
        closing(workers.run(partial(examine, measure), paths)) as results,
    ):
        for place, (own, found, reasons) in results:
            each = fresh[place]
            left.update(reasons)
            reason = "" if found else next(iter(reasons), "no music in it")
            row = FileRow(0, each.path, each.size, each.modified, own, extractor, reason)
            waiting.append((row, found))
            read, pieces = read + bool(found), pieces + len(found)
            if len(waiting) >= STEP:
                write()
            step(each.path)
        write()
    return Synced(read=read, pieces=pieces, left=dict(left.most_common()))


def absolute(folder: str) -> str:
    """A folder's whole name, links followed. Raises CorpusError where there is none."""
    try:
        path = Path(folder).resolve()
        if path.is_dir():
            return os.fspath(path)
    except (OSError, ValueError, RuntimeError):  # no name that a folder can have
        pass
    raise CorpusError(f"There is no folder {folder}.")
