"""What a table is read from, for somebody who waits for it to be saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from composer.mapping.load import DEEPEST, PACKS
from composer.mapping.nodes import LONGEST, Listing, Mapped, Node, Scalar, UnreadableError, parse
from composer.mapping.shelves import listed


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a table is written: its file and those of the tables that it extends, packs left out,
    and the folders of their libraries."""

    tables: tuple[Path, ...]
    folders: tuple[Path, ...]

    def files(self) -> tuple[Path, ...]:
        """The tables, and what lies in the folders at this moment."""
        return (*self.tables, *(file for folder in self.folders for file in _inside(folder)))


def sources(name: str) -> Sources:
    """Where the table in the file `name` is written, however faulty it is; a file that is no YAML
    names no others."""
    tables: list[Path] = []
    folders: list[Path] = []
    waiting = [Path(name)]
    while waiting and len(tables) < DEEPEST:
        path = waiting.pop()
        tables.append(path)
        keys = _keys(path)
        bases = [base for base in _words(keys.get("extends")) if base not in PACKS]
        waiting += [path.parent / base for base in bases if path.parent / base not in tables]
        folders += [path.parent / folder for folder in _words(keys.get("library"))]
    return Sources(tuple(tables), tuple(dict.fromkeys(folders)))


def _keys(path: Path) -> Mapping[str, Node]:
    try:
        with path.open("rb") as file:
            node, _ = parse(file.read(LONGEST + 1), path.name)
    except (OSError, ValueError, UnreadableError):
        return {}
    pairs = node.pairs if isinstance(node, Mapped) else []
    return {key.value: value for key, value in pairs if isinstance(key, Scalar)}


def _words(node: Node | None) -> list[str]:
    items = node.items if isinstance(node, Listing) else [node]
    return [item.value for item in items if isinstance(item, Scalar)]


def _inside(folder: Path) -> list[Path]:
    try:
        return listed(folder)
    except (OSError, ValueError):
        return []
