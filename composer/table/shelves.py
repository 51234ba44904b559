"""The key `library`: folders beside a table, with libraries' entries of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from composer.errors import nearest
from composer.table.nodes import LONGEST, Listing, Node
from composer.table.reader import Reader, quoted
from composer.vocabulary import LibraryFile

SUFFIXES = (".yaml", ".yml")


def read_library(
    reader: Reader, node: Node, beside: Path, known: Sequence[str]
) -> tuple[LibraryFile, ...]:
    """The files of the folder that `node` names, or of several, in the order in which they count.

    beside: the folder that the names start from. known: the libraries, each a file NAME.yaml.
    A folder or file that cannot be read, a folder without any, and a file of another name are
    faults at the folder's name.
    """
    items = node.items if isinstance(node, Listing) else [node]
    if not items:
        reader.fault(node, "empty", "library names no folder", "a folder, or a list of folders")
    found: list[LibraryFile] = []
    for item in items:
        name = reader.text(item, "library")
        if name is not None:
            found += _files(reader, item, name, beside / name, known)
    return tuple(found)


def listed(folder: Path) -> list[Path]:
    """The YAML files of a folder, by name; an editor's own, which begin with a point, left out.

    Raises OSError.
    """
    inside = sorted(folder.iterdir())
    return [path for path in inside if path.suffix in SUFFIXES and path.name[0] != "."]


def _files(
    reader: Reader, node: Node, name: str, folder: Path, known: Sequence[str]
) -> Iterator[LibraryFile]:
    files = [f"{library}.yaml" for library in known]
    try:
        paths = listed(folder)
    except FileNotFoundError:
        said = f"there is no folder {quoted(name)} beside this table"
        reader.fault(node, "folder", said, "a folder that is there", _folders(folder.parent), name)
        return
    except OSError as error:
        said = f"the folder {quoted(name)} cannot be read: {error.strerror}"
        reader.fault(node, "folder", said, "a folder that can be read")
        return
    if not paths:
        said = f"the folder {quoted(name)} holds no library"
        reader.fault(node, "bare", said, "one or more of " + ", ".join(files))
    for path in paths:
        if path.name not in files:
            said = f"{quoted(path.name)} in the folder {quoted(name)} is no library"
            near = [f"{meant}.yaml" for meant in [nearest(path.stem, known)] if meant]
            reader.fault(node, "stray", said, "one of " + ", ".join(files), near, path.name)
            continue
        try:
            with path.open("rb") as file:
                yield LibraryFile(path.stem, str(path), file.read(LONGEST + 1))
        except OSError as error:
            said = f"{quoted(str(Path(name, path.name)))} cannot be read: {error.strerror}"
            reader.fault(node, "folder", said, "a file that can be read")


def _folders(beside: Path) -> list[str]:
    """The names of the folders there, for one of them may be meant."""
    try:
        return [path.name for path in beside.iterdir() if path.is_dir()]
    except OSError:
        return []
