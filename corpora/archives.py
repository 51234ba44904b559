"""Tar archives that anybody made, unpacked within limits: what is left out has a reason."""

from __future__ import annotations

import errno
import json
import lzma
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from corpora.errors import CorpusError
from corpora.progress import watched

# No tune is so long; such a file is no music, or a trap.
MOST_BYTES = 20_000_000
# A whole archive's: more is unpacked by whoever wants it, on a disk of their choice.
MOST_MEMBERS = 50_000
MOST_UNPACKED = 2_000_000_000
# A small archive's: music packs to a tenth, and hardly ever to a hundredth.
FREE, TIMES = 100_000_000, 200
# Folders in folders, and what a header says of its own (long names, extended headers).
DEEPEST = 30
MOST_HEADER = 100_000
HEADERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
DAMAGED = (
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    ArithmeticError,
    RecursionError,
    MemoryError,
)
# A name that this file system does not take.
NO_NAME = (errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL)

LeftOut = Mapping[str, str]


class _Header(tarfile.TarInfo):
    """A header that is refused before a name of gigabytes is read for it."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        found = super().frombuf(buf, encoding, errors)
        if found.size < 0 or (found.type in HEADERS and found.size > MOST_HEADER):
            raise tarfile.ReadError("a header of no sound length")
        return found


def unpack(
    path: Path, folder: Path, stamp: tuple[int, int], endings: Sequence[str], also: Sequence[str]
) -> LeftOut:
    """Unpack an archive's files with `endings` and `also` below `folder`, once for each stamp.

    Returns why members with one of `endings` were left out, by their names. Raises CorpusError for
    what is no whole archive, for one beyond the limits and where nothing can be written.
    """
    done = folder.with_name(f"{folder.name}.done")
    before = _before(done, stamp)
    if before is not None:
        return before
    shutil.rmtree(folder, ignore_errors=True)
    left: dict[str, str] = {}
    try:
        folder.mkdir(parents=True)
        for member, data in members(path, (*endings, *also)):
            reason = data if isinstance(data, str) else _write(folder / member, data)
            if reason and member.lower().endswith(tuple(endings)):
                left[member] = reason
        done.write_text(json.dumps([stamp, left]), encoding="utf-8")
    except OSError as error:
        raise CorpusError(f"{folder} cannot be written: {error.strerror}.") from None
    except CorpusError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return left


def _before(done: Path, stamp: tuple[int, int]) -> LeftOut | None:
    """What was left out when the archive was unpacked; None where it was not, or has changed."""
    try:
        found, left = json.loads(done.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return None
    return left if found == list(stamp) and isinstance(left, dict) else None


def members(path: Path, endings: Sequence[str]) -> Iterator[tuple[str, bytes | str]]:
    """The members with those endings: each one's name, and its bytes or why they are not taken."""
    size = 0
    try:
        most = min(MOST_UNPACKED, max(FREE, TIMES * path.stat().st_size))
        with tarfile.open(path, tarinfo=_Header) as archive:
            for number, member in enumerate(watched(archive, f"unpacking {path.name}")):
                size += member.size
                if number >= MOST_MEMBERS or size > most:
                    raise CorpusError(
                        f"{path} unpacks to more than {MOST_MEMBERS:,} files or "
                        f"{most // 10**6:,} MB; if you trust it, unpack it yourself and give "
                        "the folder."
                    )
                if not member.isdir() and member.name.lower().endswith(tuple(endings)):
                    yield member.name, _refused(member) or _data(archive.extractfile(member))
    except DAMAGED:
        raise CorpusError(
            f"{path} is no whole tar archive; give a folder, or a .tar, .tar.gz or .tar.xz."
        ) from None


def _refused(member: tarfile.TarInfo) -> str:
    name = PurePosixPath(member.name)
    if not member.isreg():
        return "no regular file"
    if member.size > MOST_BYTES:
        return "too large"
    if name.is_absolute() or ".." in name.parts:
        return "a name that leads out of its archive"
    return "too many folders in folders" if len(name.parts) > DEEPEST else ""


def _data(member: IO[bytes] | None) -> bytes:
    assert member is not None
    return member.read()


def _write(target: Path, data: bytes) -> str:
    """Write a member's file; "", or the reason why its name cannot be one."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        return "a file where a folder must be"
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno not in NO_NAME:
            raise
        return "a name that no file can have"
    return ""
