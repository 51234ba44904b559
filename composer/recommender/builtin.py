"""What everybody has: music21's folk tunes and Bach's chorales, as titles and measured facts.

The file beside this module holds no notes; those are read from the corpus that music21 installed,
when a piece is played or written. `python -m composer.recommender.builtin` measures it again.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.music.catalogue import MUSIC
from composer.hearing.endings import ABC, SCORES
from composer.hearing.heard import hear_file
from composer.recommender.library import pool_of
from composer.recommender.pool import PieceName, Pool
from composer.recommender.words import BUILT_IN
from composer.table import Table
from corpora.progress import watched
from corpora.sources import CHORALES, FOLDERS, corpus

SHIPPED = Path(__file__).with_name("shipped") / "built-in.npz"
BACH = "J. S. Bach"


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """The shipped pieces: names of features; values of shape (pieces, features), nan unknown; and
    each piece's file in music21's corpus, number there, title, composer."""

    names: tuple[str, ...]
    values: NDArray[np.float32]
    pieces: tuple[tuple[str, str, str, str], ...]


@lru_cache(1)
def load_built_in(path: Path = SHIPPED) -> BuiltIn:
    """The shipped pieces."""
    with np.load(path, allow_pickle=False) as held:
        said = json.loads(held["said"].tobytes().decode())
        values = held["values"].astype(np.float32)
    rows = zip(said["files"], said["parts"], said["titles"], said["composers"], strict=True)
    pieces = tuple((said["paths"][file], part, title, by) for file, part, title, by in rows)
    return BuiltIn(tuple(said["names"]), values, pieces)


def built_in(table: Table) -> Pool:
    """The shipped pieces to choose from, their moods by a table of how music is heard."""
    found = load_built_in()

    def named(numbers: Sequence[int]) -> Sequence[PieceName]:
        return [
            PieceName(BUILT_IN, path, part, title, composer, "notes")
            for path, part, title, composer in (found.pieces[number] for number in numbers)
        ]

    return pool_of(found.names, found.values, table, named)


def measured() -> bytes:
    """music21's tunes and chorales, measured: the bytes of the shipped file."""
    root = corpus()
    files = [
        file
        for folder in FOLDERS
        for file in sorted((root / folder).rglob("*"))
        if file.suffix.lower() in ABC
    ]
    files += [f for f in sorted((root / CHORALES).glob("*")) if f.suffix.lower() in SCORES]
    paths: list[str] = []
    said: dict[str, list[str]] = {"parts": [], "titles": [], "composers": []}
    where: list[int] = []
    rows: list[list[float]] = []
    for file in watched(files, "listening"):
        pieces, _ = hear_file(file)
        if pieces:
            paths.append(file.relative_to(root).as_posix())
        chorale = file.parent.name == CHORALES
        for piece in pieces:
            where.append(len(paths) - 1)
            said["parts"].append(piece.part)
            said["titles"].append(_titled(file) if chorale else piece.title)
            said["composers"].append(BACH if chorale else "")
            rows.append([piece.features.get(name, np.nan) for name in MUSIC])
    values = np.array(rows, np.float16)
    kept = np.flatnonzero(~np.isnan(values).all(axis=0))
    names = [list(MUSIC)[column] for column in kept.tolist()]
    text = json.dumps({"names": names, "paths": paths, "files": where, **said}, ensure_ascii=False)
    made = io.BytesIO()
    np.savez_compressed(made, values=values[:, kept], said=np.frombuffer(text.encode(), np.uint8))
    return made.getvalue()


def _titled(chorale: Path) -> str:
    """A chorale by its number, for most of the files give no title.

    >>> _titled(Path("bwv66.6.mxl"))
    'Chorale, BWV 66.6'
    """
    return f"Chorale, {chorale.stem.replace('bwv', 'BWV ')}"


if __name__ == "__main__":
    Path(*sys.argv[1:] or (SHIPPED,)).write_bytes(measured())
