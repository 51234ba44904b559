"""Files that are there whole or not at all, however a command ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write what takes the place of `path` once the block is done; nothing is left of it
    where the block is broken off."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write(path: Path, data: bytes | str) -> None:
    """Write a file whole or not at all, text as UTF-8. Raises OSError."""
    with whole(path) as beside:
        beside.write_bytes(data.encode() if isinstance(data, str) else data)
