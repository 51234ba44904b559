"""The house can be drawn: a name means one thing, and nothing is used in a circle."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("analysis", "theory", "corpora", "neural", "composer")


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name; a package is its `__init__`."""
    found = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(tree: ast.AST) -> Iterator[str]:
    """What a module imports, wherever in it; but for what only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            assert node.module is not None
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                yield inner if inner in modules() else node.module
        else:
            yield from imports(node)


@cache
def used() -> dict[str, set[str]]:
    """For every module those of ours that it imports."""
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in modules().items()}
    return {name: set(imports(tree)) & trees.keys() - {name} for name, tree in trees.items()}


def circle(uses: Mapping[str, set[str]]) -> list[str]:
    """Names each of which uses the next, and the last the first; none where there are none."""
    done: set[str] = set()
    for first in sorted(uses):
        path: list[str] = []
        waiting = [iter((first,))]
        while waiting:
            name = next(waiting[-1], None)
            if name is None:
                waiting.pop()
                done.update(path[-1:])
                path = path[:-1]
            elif name in path:
                return path[path.index(name) :]
            elif name not in done:
                path.append(name)
                waiting.append(iter(sorted(uses.get(name, ()))))
    return []


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_no_files_are_used_in_a_circle() -> None:
    assert circle(used()) == []


FOLDERS = sorted({name.rpartition(".")[0] for name in modules()})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder or "all rooms")
def test_nothing_in_a_folder_is_used_in_a_circle(folder: str) -> None:
    """Its files and the folders in it, each with all that stands below it."""
    above = f"{folder}." if folder else ""

    def child(name: str) -> str | None:
        return name.removeprefix(above).partition(".")[0] if name.startswith(above) else None

    uses: defaultdict[str, set[str]] = defaultdict(set)
    for name, others in used().items():
        own = child(name)
        if own is not None:
            uses[own] |= {each for other in others if (each := child(other))} - {own}
    assert circle(uses) == []


def test_a_public_class_has_a_name_of_its_own() -> None:
    where: defaultdict[str, list[str]] = defaultdict(list)
    for name, path in modules().items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(name)
    assert {name: places for name, places in where.items() if len(places) > 1} == {}
