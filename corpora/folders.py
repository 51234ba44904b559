"""The files of a folder that somebody gave, however deep, wide or strange it is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpora.errors import CorpusError

# Files and folders, all in all; the largest collections of music have a fifth of that.
MOST_FILES = 1_000_000


def files(path: Path, endings: Sequence[str]) -> Iterator[Path]:
    """The files with those endings in a folder and those below it, however deep, in no order.

    Links to folders are not followed. Raises CorpusError where there are too many.
    """
    waiting = [path]
    seen = 0
    while waiting:
        here = waiting.pop()
        try:
            entries = list(os.scandir(here))
        except OSError as error:
            if here == path:
                raise CorpusError(f"{path} cannot be opened: {error.strerror}.") from None
            continue
        seen += len(entries)
        if seen > MOST_FILES:
            raise CorpusError(f"{path} holds more than {MOST_FILES:,} files; give its folders.")
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(here / entry.name)
            elif entry.name.lower().endswith(tuple(endings)) and not os.path.isdir(entry.path):
                yield here / entry.name
