"""Reads the bytes of a regular file, so many at most: no pipe or device keeps us waiting."""

from __future__ import annotations

import os
import stat
from pathlib import Path

# What stands under a name, where it is no regular file.
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NoRegularFileError(Exception):
    """What stands under the name is no regular file; `kind` says what it is, as `a folder`."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"it is {kind}")
        self.kind = kind


def read_bounded(path: Path, most: int) -> bytes:
    """A file's bytes, one more than `most` at most, by which one that is too large is known.

    Raises NoRegularFileError, before anything is read, for a folder, a pipe or a device; OSError
    where the file cannot be read; ValueError for a name that none can have.
    """
    if kind := _named(os.stat(path).st_mode):  # of a device the opening alone may do something
        raise NoRegularFileError(kind)
    # What has become a pipe meanwhile would keep an opening for reading waiting for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as file:
        if kind := _named(os.fstat(file.fileno()).st_mode):
            raise NoRegularFileError(kind)
        return file.read(most + 1)


def _named(mode: int) -> str:
    """What a file of this mode is; "" for a regular one."""
    if stat.S_ISREG(mode):
        return ""
    return next((kind for is_one, kind in _KINDS if is_one(mode)), "no regular file")
