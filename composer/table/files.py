"""Where a table is written: its file, the tables that it extends, the folders of its orchestra."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from composer.errors import UserError, nearest
from composer.table.bounded import NoRegularFileError, read_bounded
from composer.table.nodes import Listing, Mapped, Node, Scalar, parse
from composer.table.reader import YamlReader, quoted
from composer.table.shapes import SHAPES
from composer.table.text import LONGEST, UnreadableError
from composer.vocabulary import OrchestraFile

TABLES = Path(__file__).resolve().parent / "packs"
DEFAULT = "default"
PACKS = (DEFAULT, "plain", "scriabin", "film")
# Tables that extend the default one, and may be laid over any other in its place.
STYLES = (
    "blues", "bossa", "chiptune", "chorale", "cinematic", "lo-fi", "lullaby", "march", "minimal",
    "ragtime", "samba", "waltz",
)  # fmt: skip
# The pack that says how music is heard: of music's features, and so no table to compose by.
MUSIC = "music"
NAMED = (*PACKS, *STYLES, MUSIC)
MOST_TABLES = 8  # tables that extend one another
SUFFIXES = (".yaml", ".yml")


# A key with what may have been mistyped around it, in UTF-8.
_AT_KEY = rb"""(?:^|[\s{,]|%b)["']?%b["']?\s*(?:[:=]|%b)"""
_ODD_BLANK = rb"\xc2\xa0|\xe2\x80[\x80-\x8b\xaf]|\xe3\x80\x80|\xef\xbb\xbf"
_COLON = rb"\xef\xbc\x9a"
# What a file must look like before a line of it is shown by those who only name it.
TABLE = "a table, whose first line is promenade: 2"
ENTRIES = "entries with a name, each of which says what it is about"
# What tells a file of an orchestra from any other.
MARKS = ("about", "family", "middle", "layouts", "sections", "slots", "cadence")


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table's bytes: `file` is how it is named, `path` where it lies."""

    file: str
    path: Path
    data: bytes


def table_file(name: str | None, beside: Path | None = None) -> TableFile:
    """The file of a table, by the name of a pack or a path; None is the default table.

    beside: the folder that a path starts from, else the current one. Raises UserError.
    """
    if name is None or name in NAMED:
        path = shipped(name or DEFAULT)
        return TableFile(path.name, path, _bytes(path))
    path = Path(name) if beside is None else beside / name
    return TableFile(name if beside is None else str(path), path, _bytes(path))


def shipped(name: str) -> Path:
    """Where a table of NAMED lies."""
    return (TABLES.with_name("styles") if name in STYLES else TABLES) / f"{name}.yaml"


def style_file(name: str) -> TableFile:
    """The file of a style, by its name or a path. Raises UserError."""
    if name not in STYLES and not found_there(Path(name)):
        near = nearest(name, STYLES)
        meant = f" Did you mean {near}?" if near else ""
        hint = f"The styles are {', '.join(STYLES)}; or give the path of a YAML file.{meant}"
        raise UserError(f"There is no style {name}.", hint)
    return table_file(name)


def has_key(data: bytes, key: str) -> bool:
    """Does a file have this key anywhere? What has not, be it a list of passwords or a picture, is
    not what it was named as, and no line of it is shown."""
    word = re.escape(key).encode()
    wide = data.replace(b"\0", b"") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data
    return re.search(_AT_KEY % (_ODD_BLANK, word, _COLON), wide) is not None


def found_there(path: Path) -> bool:
    """Is there anything of this name, be it no file or one that cannot be read?"""
    try:
        return path.exists()
    except (OSError, ValueError):  # no name that a file can have
        return False


def is_among(path: Path, others: Iterable[Path]) -> bool:
    """Is the file one of the others, by whatever name, be it a link or spelled in other case?"""
    return any(_is_same(path, other) for other in others)


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):  # one of them is not there
        return path == other


def _bytes(path: Path) -> bytes:
    """A file's bytes, at most one more than a table may have."""
    try:
        return read_bounded(path, LONGEST)
    except FileNotFoundError:
        near = nearest(str(path), NAMED)
        meant = f" Did you mean {near}?" if near else ""
        hint = f"Give the path of a YAML file, or one of {', '.join(PACKS)}.{meant}"
        raise UserError(f"There is no table {path}.", hint) from None
    except NoRegularFileError as error:
        raise UserError(f"{path} is {error.kind}.", "Give the path of a YAML file.") from None
    except OSError as error:
        raise UserError(f"The table {path} cannot be read: {error.strerror}.") from None
    except ValueError:  # a null character in the name
        raise UserError("The table's name is none that a file can have.") from None


def read_orchestra(
    reader: YamlReader, node: Node, beside: Path, known: Sequence[str]
) -> tuple[OrchestraFile, ...]:
    """The files of the folder that `node` names, or of several, in the order in which they count.

    beside: the folder that the names start from. known: the stocks, each a file NAME.yaml.
    A folder or file that cannot be read, a folder without any, and a file of another name are
    faults at the folder's name.
    """
    word = SHAPES["table"].keys["orchestra"].word("orchestra", reader.version)
    items = node.items if isinstance(node, Listing) else [node]
    if not items:
        said = f"{word} names no folder"
        reader.fault(node, "empty", said, "a folder, or a list of folders")
    found: list[OrchestraFile] = []
    for item in items:
        name = reader.text(item, word)
        if name is not None:
            found += _stocked(reader, item, name, beside / name, known)
    return tuple(found)


def _stocked(
    reader: YamlReader, node: Node, name: str, folder: Path, known: Sequence[str]
) -> Iterator[OrchestraFile]:
    """The files of one folder."""
    files = [f"{stock}.yaml" for stock in known]
    try:
        paths = _listed(folder)
    except FileNotFoundError:
        said = f"there is no folder {quoted(name)} beside this table"
        reader.fault(node, "folder", said, "a folder that is there", _folders(folder.parent), name)
        return
    except OSError as error:
        said = f"the folder {quoted(name)} cannot be read: {error.strerror}"
        reader.fault(node, "folder", said, "a folder that can be read")
        return
    if not paths:
        said = f"the folder {quoted(name)} holds no orchestra"
        reader.fault(node, "bare", said, "one or more of " + ", ".join(files))
    for path in paths:
        if path.name not in files:
            said = f"{quoted(path.name)} in the folder {quoted(name)} is no file of an orchestra"
            near = [f"{meant}.yaml" for meant in [nearest(path.stem, known)] if meant]
            reader.fault(node, "stray", said, "one of " + ", ".join(files), near, path.name)
            continue
        within = quoted(str(Path(name, path.name)))
        try:
            data = read_bounded(path, LONGEST)
        except NoRegularFileError as error:
            reader.fault(node, "folder", f"{within} is {error.kind}", "a file that can be read")
            continue
        except OSError as error:
            said = f"{within} cannot be read: {error.strerror}"
            reader.fault(node, "folder", said, "a file that can be read")
            continue
        entries = any(has_key(data, key) for key in MARKS)
        if len(data) <= LONGEST and not entries:
            reader.fault(node, "alien", f"{within} is no file of an orchestra", ENTRIES)
            continue
        yield OrchestraFile(path.stem, str(path), data)


def _listed(folder: Path) -> list[Path]:
    """The YAML files of a folder, by name; an editor's own, which begin with a point, left out.

    Raises OSError.
    """
    inside = sorted(folder.iterdir())
    return [path for path in inside if path.suffix.lower() in SUFFIXES and path.name[0] != "."]


def _folders(beside: Path) -> list[str]:
    """The names of the folders there, for one of them may be meant."""
    try:
        return [path.name for path in beside.iterdir() if path.is_dir()]
    except OSError:
        return []


@dataclass(frozen=True, slots=True)
class Origins:
    """Where a table is written: its file and those of the tables that it extends, packs left out,
    and the folders of their orchestras."""

    tables: tuple[Path, ...]
    folders: tuple[Path, ...]

    def files(self) -> tuple[Path, ...]:
        """The tables, and what lies in the folders at this moment."""
        return (*self.tables, *(file for folder in self.folders for file in _inside(folder)))


def origins(name: str) -> Origins:
    """Where the table in the file `name` is written, however faulty it is; a file that is no YAML
    names no others."""
    tables: list[Path] = []
    folders: list[Path] = []
    waiting = [Path(name)]
    while waiting and len(tables) < MOST_TABLES:
        path = waiting.pop()
        tables.append(path)
        keys = _keys(path)
        bases = [base for base in _words(keys.get("extends")) if base not in NAMED]
        waiting += [path.parent / base for base in bases if path.parent / base not in tables]
        named = keys.get("orchestra", keys.get("library"))
        folders += [path.parent / folder for folder in _words(named)]
    return Origins(tuple(tables), tuple(dict.fromkeys(folders)))


def is_of_music(name: str | None) -> bool:
    """Is this the table of how music is heard, or one that extends it, however faulty it is?"""
    if name is None or name in NAMED:
        return name == MUSIC
    return any(MUSIC in _words(_keys(path).get("extends")) for path in origins(name).tables)


def _keys(path: Path) -> Mapping[str, Node]:
    try:
        node = parse(_bytes(path), path.name).root
    except (UserError, UnreadableError):
        return {}
    pairs = node.pairs if isinstance(node, Mapped) else []
    return {key.value: value for key, value in pairs if isinstance(key, Scalar)}


def _words(node: Node | None) -> list[str]:
    items = node.items if isinstance(node, Listing) else [node]
    return [item.value for item in items if isinstance(item, Scalar)]


def _inside(folder: Path) -> list[Path]:
    try:
        return _listed(folder)
    except (OSError, ValueError):
        return []
