"""The index's file: opened, made, upgraded, refused; read whole, and written in small steps."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from corpora.errors import CorpusError
from corpora.index.schema import APPLICATION, TABLES, UPGRADES, VERSION

Floats = NDArray[np.float32]
WAIT = 60.0  # seconds for another process that writes
BATCH = 500  # rows that are asked for by number at once


class MeasuredPiece(Protocol):
    """What is kept of a piece."""

    @property
    def title(self) -> str: ...
    @property
    def composer(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def features(self) -> Mapping[str, float]: ...


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a folder: its size in bytes, when it was written (nanoseconds), its hash, by which
    version of the measures it was read, and why it holds no piece, or ""."""

    id: int
    path: str
    size: int
    modified: int
    hash: bytes
    extractor: int
    reason: str


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece: the file that it is in, its number there or "", and what is said of it."""

    id: int
    folder: str
    path: str
    part: str
    title: str
    composer: str
    source: str


class IndexFile:
    """An open index. Of several processes that write, each waits for the other."""

    def __init__(self, path: Path, *, writing: bool = False) -> None:
        """Opens the file; to write, one that is not there is made, and an older one upgraded.

        Raises CorpusError for what is no index, one of a later version, and what cannot be opened.
        """
        self.path = path
        self.connection = _opened(path, writing)
        try:
            self._prepare(writing)
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> IndexFile:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _prepare(self, writing: bool) -> None:
        with told(self.path):
            if writing:
                self.connection.execute("PRAGMA foreign_keys = ON")
                with self.changing() as cursor:
                    if not _number(cursor, "application_id") and not _filled(cursor):
                        _run(cursor, TABLES)
                        cursor.execute(f"PRAGMA application_id = {APPLICATION}")
                        cursor.execute(f"PRAGMA user_version = {VERSION}")
            cursor = self.connection.cursor()
            if _number(cursor, "application_id") != APPLICATION:
                raise CorpusError(f"{self.path} is no library. Give another file to --library.")
            version = _number(cursor, "user_version")
            if version > VERSION:
                raise CorpusError(
                    f"{self.path} was written by a later version of Promenade ({version}; this one "
                    f"reads {VERSION}). Upgrade it, or give another file to --library."
                )
            if version < VERSION:
                if not writing:
                    raise CorpusError(
                        f"{self.path} is of an earlier version. Run: promenade library sync."
                    )
                self._upgrade(version)

    def _upgrade(self, version: int) -> None:
        with self.changing() as cursor:
            # Another process may have done it while this one waited.
            for each in range(_number(cursor, "user_version"), VERSION):
                _run(cursor, UPGRADES[each])
                cursor.execute(f"PRAGMA user_version = {each + 1}")

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Cursor]:
        """A transaction: all of it is written at its end, or nothing."""
        with told(self.path):
            cursor = self.connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
            except BaseException:
                with suppress(sqlite3.Error):
                    self.connection.rollback()
                raise
            self.connection.commit()

    # --- folders and files ------------------------------------------------------------------------

    def folders(self) -> dict[str, int]:
        """The folders that were added, by name, with their numbers."""
        with told(self.path):
            rows = self.connection.execute("SELECT path, id FROM folders ORDER BY id")
            return {os.fsdecode(path): number for path, number in rows}

    def add_folder(self, path: str) -> int:
        """The number of a folder, which is added where it is not there."""
        with self.changing() as cursor:
            name = os.fsencode(path)
            cursor.execute("INSERT OR IGNORE INTO folders (path) VALUES (?)", (name,))
            found = cursor.execute("SELECT id FROM folders WHERE path = ?", (name,)).fetchone()
            return int(found[0])

    def remove_folder(self, number: int) -> None:
        """Takes a folder out, with its files and pieces."""
        with self.changing() as cursor:
            cursor.execute("DELETE FROM folders WHERE id = ?", (number,))

    def files(self, folder: int) -> dict[str, FileRow]:
        """The files of a folder, by their path in it."""
        with told(self.path):
            rows = self.connection.execute(
                "SELECT id, path, size, modified, hash, extractor, reason FROM files "
                "WHERE folder = ? ORDER BY id",
                (folder,),
            )
            found = (FileRow(row[0], os.fsdecode(row[1]), *row[2:]) for row in rows)
            return {row.path: row for row in found}

    def put(
        self, folder: int, row: FileRow, pieces: Sequence[MeasuredPiece], cursor: sqlite3.Cursor
    ) -> None:
        """Writes a file and its pieces in place of what was known of it.

        Raises CorpusError where another process has taken the folder out.
        """
        if cursor.execute("SELECT 1 FROM folders WHERE id = ?", (folder,)).fetchone() is None:
            raise CorpusError(f"The folder of {row.path} was taken out of the library meanwhile.")
        name = os.fsencode(row.path)
        cursor.execute("DELETE FROM files WHERE folder = ? AND path = ?", (folder, name))
        cursor.execute(
            "INSERT INTO files (folder, path, size, modified, hash, extractor, reason) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (folder, name, row.size, row.modified, row.hash, row.extractor, clean(row.reason)),
        )
        file = cursor.lastrowid
        for piece in pieces:
            said = (piece.part, clean(piece.title), clean(piece.composer), piece.source)
            cursor.execute(
                "INSERT INTO pieces (file, part, title, composer, source) VALUES (?, ?, ?, ?, ?)",
                (file, *said),
            )
            number = cursor.lastrowid
            vector = self._vector(cursor, piece.features)
            cursor.execute("INSERT INTO vectors VALUES (?, ?)", (number, vector))

    def move(self, number: int, row: FileRow, cursor: sqlite3.Cursor) -> None:
        """Says that a file has another name now, or another time."""
        cursor.execute(
            "UPDATE OR REPLACE files SET path = ?, size = ?, modified = ? WHERE id = ?",
            (os.fsencode(row.path), row.size, row.modified, number),
        )

    def drop(self, numbers: Iterable[int], cursor: sqlite3.Cursor) -> None:
        """Takes files out, with their pieces."""
        cursor.executemany("DELETE FROM files WHERE id = ?", ((each,) for each in numbers))

    def _vector(self, cursor: sqlite3.Cursor, features: Mapping[str, float]) -> bytes:
        """A piece's features as float32, in the order of their numbers; nan what is not known."""
        known = dict(cursor.execute("SELECT name, id FROM features"))
        for name in features:
            if name not in known:
                cursor.execute("INSERT INTO features (name) VALUES (?)", (name,))
                known[name] = cursor.lastrowid
        vector = np.full(max(known.values(), default=0), np.nan, np.float32)
        for name, value in features.items():
            vector[known[name] - 1] = value
        return vector.tobytes()

    # --- pieces -----------------------------------------------------------------------------------

    def vectors(self) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64], Floats]:
        """The features' names; each piece's number, its folder's, and its features, shape (pieces,
        features), nan where one is not known; in the order of their numbers."""
        with told(self.path):
            cursor = self.connection.cursor()
            cursor.execute("BEGIN")  # all that is read is of one moment
            try:
                names = [row[0] for row in cursor.execute("SELECT name FROM features ORDER BY id")]
                rows = cursor.execute(
                    "SELECT vectors.piece, files.folder, vectors.vector FROM vectors "
                    "JOIN pieces ON pieces.id = vectors.piece JOIN files ON files.id = pieces.file "
                    "ORDER BY vectors.piece"
                ).fetchall()
            finally:
                self.connection.rollback()
        numbers = np.array([row[0] for row in rows], np.int64)
        folders = np.array([row[1] for row in rows], np.int64)
        wide = 4 * len(names)
        # Those that were written before a feature was known are shorter.
        nothing = np.full(len(names), np.nan, np.float32).tobytes()
        data = b"".join(row[2] + nothing[len(row[2]) :] for row in rows)
        assert len(data) == wide * len(rows)
        return (
            names,
            numbers,
            folders,
            np.frombuffer(data, np.float32).reshape(len(rows), len(names)),
        )

    def pieces(self, numbers: Sequence[int]) -> dict[int, PieceRow]:
        """What is said of the pieces of these numbers."""
        found: dict[int, PieceRow] = {}
        with told(self.path):
            for at in range(0, len(numbers), BATCH):
                some = [int(each) for each in numbers[at : at + BATCH]]
                marks = ",".join("?" * len(some))
                rows = self.connection.execute(
                    "SELECT pieces.id, folders.path, files.path, part, title, composer, source "
                    "FROM pieces JOIN files ON files.id = pieces.file "
                    f"JOIN folders ON folders.id = files.folder WHERE pieces.id IN ({marks})",
                    some,
                )
                for row in rows:
                    names = os.fsdecode(row[1]), os.fsdecode(row[2])
                    found[row[0]] = PieceRow(row[0], *names, *row[3:])
        return found

    def all_pieces(self) -> Iterator[PieceRow]:
        """Every piece, by folder, file and number."""
        with told(self.path):
            numbers = [row[0] for row in self.connection.execute("SELECT id FROM pieces")]
        found = self.pieces(numbers)
        yield from sorted(found.values(), key=lambda row: (row.folder, row.path, row.id))


def clean(text: str) -> str:
    """Text that any file can hold: what is no character becomes a question mark.

    >>> clean("a\\udce9")
    'a?'
    """
    return text.encode("utf-8", "replace").decode()


def _opened(path: Path, writing: bool) -> sqlite3.Connection:
    with told(path):
        if writing:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.is_file():
            raise CorpusError(f"There is no library {path}. Run: promenade library add FOLDER.")
        mode = "rwc" if writing else "ro"
        name = f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}"
        return sqlite3.connect(name, uri=True, timeout=WAIT, isolation_level=None)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What SQLite or the system refuses, as a sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise CorpusError(f"{path} is no library. Give another file to --library.") from None
        if "malformed" in str(error):
            raise CorpusError(f"{path} is damaged. Remove it, and add the folders again.") from None
        if not isinstance(error, sqlite3.OperationalError):
            raise
        raise CorpusError(f"The library {path} cannot be used: {error}.") from None
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise CorpusError(f"The library {path} cannot be used: {error.strerror}.") from None


def _number(cursor: sqlite3.Cursor, name: str) -> int:
    return int(cursor.execute(f"PRAGMA {name}").fetchone()[0])


def _filled(cursor: sqlite3.Cursor) -> bool:
    """Does the file hold anything yet?"""
    return bool(cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _run(cursor: sqlite3.Cursor, script: str) -> None:
    """Each statement of a script, within the transaction that is open."""
    for statement in script.split(";"):
        if statement.strip():
            cursor.execute(statement)
