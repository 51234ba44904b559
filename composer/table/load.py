"""Loads a table: a pack's name or a file becomes a sound Table, or all the faults at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from composer.errors import Fault, TableError, UserError, nearest
from composer.table.clauses import Clauses
from composer.table.conditions import Is, Term, leaves
from composer.table.inherit import kept_rules, kept_terms, read_removed
from composer.table.nodes import LONGEST, Listing, Mapped, Node, Scalar, UnreadableError, parse
from composer.table.places import read_tables
from composer.table.questions import read_questions
from composer.table.reader import Reader, quoted
from composer.table.rules import ids, read_rules
from composer.table.shelves import listed, read_library
from composer.table.table import Places, Question, Rule, Table
from composer.table.terms import read_terms
from composer.vocabulary import LibraryFile, Vocabulary

TABLES = Path(__file__).resolve().parent / "packs"
DEFAULT = "default"
PACKS = (DEFAULT, "plain", "scriabin", "film", "chiptune")
DEEPEST = 8  # tables that extend one another
_NEEDED = ("terms", "decisions", "rules")


@dataclass(frozen=True, slots=True)
class Source:
    """A table's bytes: `file` is how it is named, `path` where it lies."""

    file: str
    path: Path
    data: bytes


def load_table(name: str | None, vocabulary: Vocabulary) -> Table:
    """The table of this name: one of PACKS, or a file's path; None is the default table.

    Raises TableError with every fault found, UserError where the file cannot be read.
    """
    found = source(name)
    return _read(found, vocabulary, (found.path,))[0]


def read_table(data: bytes, file: str, vocabulary: Vocabulary) -> Table:
    """The table in a file's bytes; `file` names it in faults. Raises TableError."""
    return _read(Source(file, Path(file), data), vocabulary, (Path(file),))[0]


def survey(name: str, vocabulary: Vocabulary) -> tuple[Table, tuple[Fault, ...]]:
    """The table, and what in it does nothing: faults of the codes P9. Raises as load_table."""
    return _survey(source(name), vocabulary)


def judge(
    data: bytes, file: str, vocabulary: Vocabulary, beside: Path | None = None
) -> tuple[Table, tuple[Fault, ...]]:
    """The same of a file's bytes; `file` names it in faults, and `beside` is the folder that it
    lies in, where that is another than the file's name says. Raises TableError."""
    path = Path(file) if beside is None else beside / file
    return _survey(Source(file, path, data), vocabulary)


def _survey(found: Source, vocabulary: Vocabulary) -> tuple[Table, tuple[Fault, ...]]:
    from composer.table.waste import wasteful

    table, reader = _read(found, vocabulary, (found.path,))
    wasteful(table, reader, vocabulary)
    return table, _in_order(reader)


def source(name: str | None) -> Source:
    """The bytes of a table, by the name of a pack or a file's path. Raises UserError."""
    if name is None or name in PACKS:
        file = f"{name or DEFAULT}.yaml"
        return Source(file, TABLES / file, _bytes(TABLES / file))
    return Source(name, Path(name), _bytes(Path(name)))


def _read(
    found: Source,
    vocabulary: Vocabulary,
    chain: tuple[Path, ...],
    above: tuple[LibraryFile, ...] = (),
) -> tuple[Table, Reader]:
    """The table, and its file's reader. `above` are the libraries of those that extend it: they
    are opened once, where the last base is read, so that each knows the names of all."""
    file = found.file
    try:
        node, lines = parse(found.data, file)
    except UnreadableError as error:
        raise TableError(error.faults) from None
    reader = Reader(file, lines)
    parts = reader.shape(node, "table", "the table")
    if parts is None:
        raise TableError(_in_order(reader))
    if "promenade" in parts:
        version = reader.number(parts["promenade"], "promenade")
        if version is not None and version != 1:
            expected = "1, the version of the format that this program reads"
            reader.fault(parts["promenade"], "version", f"promenade is {version}", expected)
    name = reader.text(parts["name"], "name") if "name" in parts else None
    own: tuple[LibraryFile, ...] = ()
    if "library" in parts:
        folder = found.path.parent
        own = read_library(reader, parts["library"], folder, vocabulary.open_to)
        if reader.faults:
            raise TableError(_in_order(reader))
    library = (*own, *above)
    base = None
    if "extends" in parts:
        base = _base(reader, parts["extends"], found, vocabulary, chain, library)
        if base is None:
            raise TableError(_in_order(reader))
    else:
        for section in _NEEDED:
            if section not in parts and not _meant(section, node):
                said = f"the table lacks {section!r}"
                reader.fault(node, "missing", said, f"{section}, or extends: {DEFAULT}")
        if "remove" in parts:
            said = "there is nothing to remove from"
            reader.fault(parts["remove"], "removed", said, f"extends: {DEFAULT}")
    if base is not None:
        vocabulary, library = replace(vocabulary, libraries=base.libraries), base.library
    elif library:
        vocabulary = replace(vocabulary, libraries=vocabulary.opened(library))
    sources = dict(bibliography()) | (dict(base.sources) if base is not None else {})
    if "sources" in parts:
        for _, key, value in reader.entries(parts["sources"], "sources") or []:
            sources[key] = reader.text(value, f"source {quoted(key)}") or ""
    removed = read_removed(reader, parts.get("remove"), base)
    old_asked: Mapping[str, Question] = base.decisions if base is not None else {}
    old_terms: Mapping[str, Term] = kept_terms(base, removed)
    old_tables: Mapping[str, Places] = base.tables if base is not None else circles(vocabulary)
    asked = read_questions(reader, parts.get("decisions"), vocabulary, old_asked)
    terms = read_terms(reader, parts.get("terms"), vocabulary, asked, old_terms)
    tables = read_tables(reader, parts.get("tables"), vocabulary, asked, old_tables)
    clauses = Clauses(reader, vocabulary, asked, terms)
    inherited = base.rules if base is not None else ()
    place = parts.get("remove", parts.get("extends", node))
    written = ids(parts["rules"]) if "rules" in parts else frozenset()
    inherited = kept_rules(reader, place, inherited, removed, clauses, written)
    rules = inherited
    if "rules" in parts:
        rules = read_rules(reader, parts["rules"], clauses, tables, sources, inherited)
    if reader.faults:
        raise TableError(_in_order(reader))
    cited = {rule.evidence.source for rule in rules}
    table = Table(
        file=file,
        sha256=_fingerprint(found.data, base, own),
        name=name or "",
        terms=_needed_terms(terms, rules),
        decisions=asked,
        rules=rules,
        sources={key: text for key, text in sources.items() if key in cited},
        libraries=vocabulary.libraries,
        extends=base.name if base is not None else "",
        tables=tables,
        library=library,
    )
    return table, reader


def _fingerprint(data: bytes, base: Table | None, own: tuple[LibraryFile, ...]) -> str:
    """The SHA-256 of all that a table is read from."""
    shelved = b"".join(file.library.encode() + file.data for file in own)
    return hashlib.sha256(data + (base.sha256.encode() if base else b"") + shelved).hexdigest()


def _needed_terms(terms: Mapping[str, Term], rules: tuple[Rule, ...]) -> dict[str, Term]:
    """The terms without those that were made for a rule which is no more."""
    used = {leaf.term for rule in rules for leaf in leaves(rule.when) if isinstance(leaf, Is)}
    return {name: term for name, term in terms.items() if name in used or not term.made}


def _meant(section: str, node: Node) -> bool:
    """Whether a key like this section's name stands in the table, to be named as mistyped."""
    keys = [getattr(key, "value", "") for key, _ in getattr(node, "pairs", ())]
    return any(key != section and nearest(key, (section,)) for key in keys)


def _base(
    reader: Reader,
    node: Node,
    found: Source,
    vocabulary: Vocabulary,
    chain: tuple[Path, ...],
    library: tuple[LibraryFile, ...],
) -> Table | None:
    """The table that is extended: one of PACKS, or a file beside this one."""
    name = reader.text(node, "extends")
    if name is None:
        return None
    path = found.path.parent / name
    known = TABLES / f"{name}.yaml" if name in PACKS else path
    if known.resolve() in [each.resolve() for each in chain] or len(chain) == DEEPEST:
        said = f"{quoted(name)} extends this table in turn"
        reader.fault(node, "loop", said, f"extends: {DEFAULT}")
        return None
    try:
        base = source(name) if name in PACKS else Source(str(path), path, _bytes(path))
    except UserError:
        said = f"there is no table {quoted(name)} beside this one"
        expected = f"a file, or one of {', '.join(PACKS)}"
        reader.fault(node, "base", said, expected, PACKS, name)
        return None
    return _read(base, vocabulary, (*chain, base.path), library)[0]


def circles(vocabulary: Vocabulary) -> Mapping[str, Places]:
    """The package's tables of places: keys on the hue circle, after several authors."""
    path = TABLES / "circles.yaml"
    node, lines = parse(path.read_bytes(), path.name)
    reader = Reader(path.name, lines)
    return read_tables(reader, node, vocabulary, {}, {})


def bibliography() -> Mapping[str, str]:
    """The package's sources: key -> citation."""
    path = TABLES / "bibliography.yaml"
    node, lines = parse(path.read_bytes(), path.name)
    reader = Reader(path.name, lines)
    rows = reader.entries(node, "the bibliography") or []
    found = {key: reader.text(value, f"source {key!r}") or "" for _, key, value in rows}
    if reader.faults:
        raise TableError(tuple(reader.faults))
    return found


def _in_order(reader: Reader) -> tuple[Fault, ...]:
    return tuple(sorted(reader.faults, key=lambda fault: (fault.line, fault.column)))


def _bytes(path: Path) -> bytes:
    """A file's bytes, at most one more than a table may have."""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST + 1)
    except FileNotFoundError:
        near = nearest(str(path), PACKS)
        meant = f" Did you mean {near}?" if near else ""
        hint = f"Give the path of a YAML file, or one of {', '.join(PACKS)}.{meant}"
        raise UserError(f"There is no table {path}.", hint) from None
    except IsADirectoryError:
        raise UserError(f"{path} is a folder.", "Give the path of a YAML file.") from None
    except OSError as error:
        raise UserError(f"The table {path} cannot be read: {error.strerror}.") from None
    except ValueError:  # a null character in the name
        raise UserError("The table's name is none that a file can have.") from None


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
