"""What an evaluation leaves: tables of figures that print and write themselves, and what took long
to compute, kept in a folder, so that an interrupted run goes on where it was."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import CorpusError
from corpora.whole import write
from neural.errors import NeuralError

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row: its name, a figure for each column (None where there is none), and what is behind
    it: data, split, seeds."""

    name: str
    figures: tuple[float | None, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """title: one sentence; columns: names of the figures; notes: what must be known to read it."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[FigureRow, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        names = max(len(line.name) for line in self.lines)
        widths = [max(len(column), 6) for column in self.columns]
        head = " ".join(f"{c:>{w}}" for c, w in zip(self.columns, widths, strict=True))
        rows = [f"{'':{names}} {head}"]
        for line in self.lines:
            cells = zip(line.figures, widths, strict=True)
            rows.append(f"{line.name:{names}} " + " ".join(f"{_text(f):>{w}}" for f, w in cells))
        about = [f"{line.name}: {line.about}" for line in self.lines if line.about]
        return "\n".join([self.title, "", *rows, "", *about, *self.notes])

    @property
    def markdown(self) -> str:
        """The same for a page."""
        rows: list[Sequence[str]] = [("", *self.columns), ("---", *["---:"] * len(self.columns))]
        rows += [(line.name, *(_text(f) for f in line.figures)) for line in self.lines]
        table = ["| " + " | ".join(row) + " |" for row in rows]
        about = [f"- {line.name}: {line.about}" for line in self.lines if line.about]
        notes = [f"- {note}" for note in self.notes]
        return "\n".join([self.title, "", *table, "", *about, *notes, ""])

    @property
    def json(self) -> str:
        """All of it as data."""
        lines = [
            {
                "name": line.name,
                "figures": dict(zip(self.columns, line.figures, strict=True)),
                "about": line.about,
            }
            for line in self.lines
        ]
        found = {"title": self.title, "lines": lines, "notes": list(self.notes)}
        return json.dumps(found, indent=1) + "\n"

    def write(self, folder: Path, name: str) -> None:
        """name.json and name.md in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / f"{name}.json", self.json)
        write(folder / f"{name}.md", self.markdown)


def _text(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def kept(path: Path, compute: Callable[[], Arrays]) -> Arrays:
    """The arrays of this file; computed and written, whole or not at all, where there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = io.BytesIO()
        np.savez(made, allow_pickle=False, **compute())
        write(path, made.getbuffer())
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def ending(main: Callable[[], None]) -> None:
    """Run the program, and end it as every command does: with a sentence, and exit status 130 where
    it is interrupted, 2 where something that was given has to be mended."""
    try:
        main()
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        sys.exit(130)
    except (CorpusError, NeuralError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
