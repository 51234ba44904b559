"""Files that are there whole or not at all, however a command ends.

What is written lies beside its place under a short name that nobody can guess, and takes the place
when all of it is on the disk. A run that was killed may leave such a file: the next that writes in
the folder clears it away, and knows it by its lock, which the system lets go with its owner.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows
    LOCKS = False
else:
    LOCKS = True

BEGINNING = ".promenade-"  # of every name of a file that is not whole yet
ABANDONED = 86_400  # seconds after which one is nobody's, where files have no locks


def write(path: Path, data: bytes | memoryview | str) -> None:
    """Write a file whole or not at all, text as UTF-8. Raises OSError."""
    with beside(path, data.encode() if isinstance(data, str) else data) as waiting:
        waiting.replace(real(path))


def real(path: Path) -> Path:
    """The file itself, where `path` is a link."""
    return Path(os.path.realpath(path))


@contextmanager
def beside(path: Path, data: bytes | memoryview) -> Iterator[Path]:
    """A file of these bytes in the folder of `path`, to take its place within the block; it is gone
    after it. A link is followed.

    It may be read and written by whom `path` may, or, where that is new, by whom the system says.
    Raises OSError.
    """
    with ExitStack() as until:
        try:
            waiting = until.enter_context(_filled(real(path), data))
        except OSError as error:  # of a name that tells nobody anything
            raise OSError(error.errno, error.strerror, str(path)) from None
        yield waiting


@contextmanager
def _filled(path: Path, data: bytes | memoryview) -> Iterator[Path]:
    mode = path.stat().st_mode & 0o777 if path.exists() else None
    with _made(path.parent, 0o666 if mode is None else mode) as (waiting, file):
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if mode is not None:
            waiting.chmod(mode)
        if not LOCKS:
            file.close()  # Windows moves nothing that is open
        yield waiting


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty file of one's own among the system's temporary ones, for a library that writes by
    itself; it is gone after the block. Raises OSError."""
    with _made(Path(tempfile.gettempdir()), 0o600) as (path, file):
        if not LOCKS:
            file.close()
        yield path


@contextmanager
def _made(folder: Path, mode: int) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file of this folder, held until the block is over."""
    _clear(folder, os.getpid())
    path, file = _opened(folder, mode)
    try:
        with file:
            yield path, file
    finally:
        path.unlink(missing_ok=True)


def _opened(folder: Path, mode: int) -> tuple[Path, BinaryIO]:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        path = folder / f"{BEGINNING}{os.urandom(6).hex()}"
        file = os.fdopen(os.open(path, flags, mode), "wb")
        try:
            # Another run may have cleared it away before it was ours.
            if not _locked(file.fileno()) or path.exists():
                return path, file
        except BaseException:
            path.unlink(missing_ok=True)
            file.close()
            raise
        file.close()


def _locked(handle: int, *, wait: bool = True) -> bool:
    """Has the lock been had? Some file systems know none."""
    if not LOCKS:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@cache  # once a run and folder, which may hold many files
def _clear(folder: Path, process: int) -> None:
    """Remove what killed runs left in a folder; what a living one holds stays."""
    with suppress(OSError):
        for path in [each for each in folder.iterdir() if each.name.startswith(BEGINNING)]:
            with suppress(OSError):
                _remove_abandoned(path)


def _remove_abandoned(path: Path) -> None:
    if not LOCKS:
        if time.time() - path.stat().st_mtime > ABANDONED:
            path.unlink()
        return
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if _locked(handle, wait=False):
            path.unlink()
    finally:
        os.close(handle)
