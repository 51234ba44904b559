"""A library: folders of music, measured into one file, and searched."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.music.catalogue import MUSIC, VERSION
from composer.errors import UserError, nearest
from composer.hearing.endings import ENDINGS
from composer.hearing.heard import hear_file
from composer.hearing.mood import AXES, axes
from composer.recommender.aspects import Floats, compared
from composer.recommender.pool import Named, PieceName, Pool
from composer.table import Table
from corpora.engines import ALONE, Workers
from corpora.index.file import IndexFile
from corpora.index.sync import Synced, absolute, sync


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """What a library holds: per folder its files and pieces, and how many files were left out for
    each reason."""

    path: str
    folders: Mapping[str, tuple[int, int]]
    left: Mapping[str, int]


class Library:
    """Folders of music in one index file, which is made when the first folder is added.

    Every method raises UserError for what cannot be used, with what to do.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        return f"<Library {self.path}>"

    def add(self, *folders: str | os.PathLike[str], workers: Workers = ALONE) -> dict[str, Synced]:
        """Measures the music in folders, and whatever is new in ones that were added before."""
        names = [absolute(os.fspath(folder)) for folder in folders]
        with IndexFile(self.path, writing=True) as index:
            return {name: _sync(index, name, workers) for name in names}

    def sync(self, *folders: str | os.PathLike[str], workers: Workers = ALONE) -> dict[str, Synced]:
        """Reads what is new or changed in these folders, or in all of them; what is gone is taken
        out. A folder that is not there itself is left as it was."""
        with IndexFile(self.path, writing=True) as index:
            known = index.folders()
            names = [self._known(os.fspath(each), known) for each in folders] or list(known)
            return {name: _sync(index, name, workers) for name in names if Path(name).is_dir()}

    def remove(self, folder: str | os.PathLike[str]) -> None:
        """Takes a folder out of the library; its files stay where they are."""
        with IndexFile(self.path, writing=True) as index:
            known = index.folders()
            index.remove_folder(known[self._known(os.fspath(folder), known)])

    def folders(self) -> tuple[str, ...]:
        """The folders that were added."""
        with IndexFile(self.path) as index:
            return tuple(index.folders())

    def pieces(self) -> tuple[PieceName, ...]:
        """Every piece, by folder and file."""
        with IndexFile(self.path) as index:
            return tuple(
                PieceName(row.folder, row.path, row.part, row.title, row.composer, row.source)
                for row in index.all_pieces()
            )

    def stats(self) -> LibraryStats:
        """What it holds, and what was left out."""
        left: Counter[str] = Counter()
        found: dict[str, tuple[int, int]] = {}
        with IndexFile(self.path) as index:
            _, _, folders, _ = index.vectors()
            for name, number in index.folders().items():
                files = index.files(number)
                left.update(row.reason for row in files.values() if row.reason)
                found[name] = len(files), int((folders == number).sum())
        return LibraryStats(str(self.path), found, dict(left.most_common()))

    def pool(self, table: Table, only: Sequence[str] = ()) -> Pool:
        """The pieces to choose from, their moods by a table of how music is heard.

        only: the folders that they may come from; all unless given.
        """
        with IndexFile(self.path) as index:
            names, numbers, folders, vectors = index.vectors()
            if only:
                known = index.folders()
                kept = [known[self._known(each, known)] for each in only]
                chosen = np.isin(folders, kept)
                numbers, vectors = numbers[chosen], vectors[chosen]

        def named(places: Sequence[int]) -> Sequence[PieceName]:
            wanted = [int(numbers[place]) for place in places]
            with IndexFile(self.path) as again:
                rows = again.pieces(wanted)
            # Another process may have taken one out since.
            found = [rows.get(each) for each in wanted]
            return [
                PieceName("", "", "", "a piece that is gone", "", "notes")
                if row is None
                else PieceName(row.folder, row.path, row.part, row.title, row.composer, row.source)
                for row in found
            ]

        return pool_of(names, vectors, table, named)

    def _known(self, folder: str, known: Mapping[str, int]) -> str:
        """The folder's name as it was added."""
        for name in (folder, os.path.realpath(folder)):
            if name in known:
                return name
        near = nearest(folder, known)
        meant = f"Did you mean {near}? " if near else ""
        hint = f"{meant}Run: promenade library add {folder}."
        raise UserError(f"{folder} is not in the library.", hint)


def pool_of(names: Sequence[str], vectors: NDArray[np.float32], table: Table, named: Named) -> Pool:
    """Vectors of features, shape (pieces, names), as pieces to choose from."""
    count = len(vectors)
    features: dict[str, Floats] = {
        name: vectors[:, column].astype(np.float64)
        for column, name in enumerate(names)
        if name in MUSIC
    }
    mood = axes(table, features, count)
    features |= {axis: mood[:, number] for number, axis in enumerate(AXES)}
    loud = features.get("sound.loudness")
    sounding = np.zeros(count, bool) if loud is None else ~np.isnan(loud)
    return Pool(compared(features, count), sounding, named)


def _sync(index: IndexFile, folder: str, workers: Workers) -> Synced:
    return sync(index, folder, ENDINGS, hear_file, VERSION, workers)
