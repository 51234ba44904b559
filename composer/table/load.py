"""Loads a table: a pack's name or a file becomes a sound Table, or all the faults at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from composer.errors import Fault, TableError, UserError, nearest
from composer.table.circles import read_tables
from composer.table.conditions import Is, Term, leaves
from composer.table.files import (
    DEFAULT,
    MOST_TABLES,
    MUSIC,
    NAMED,
    PACKS,
    TABLE,
    TABLES,
    TableFile,
    found_there,
    has_key,
    is_among,
    is_of_music,
    read_orchestra,
    shipped,
    style_file,
    table_file,
)
from composer.table.inherit import kept_rules, kept_terms, read_removed
from composer.table.nodes import Mapped, Node, parse
from composer.table.questions import read_questions
from composer.table.reader import YamlReader, quoted
from composer.table.rules import ids, read_rules
from composer.table.said import read_content
from composer.table.shapes import FORMATS
from composer.table.table import MappingRule, Places, Question, Table
from composer.table.terms import Clauses, read_terms
from composer.table.text import LONGEST, UnreadableError
from composer.vocabulary import OrchestraFile, Vocabulary

_NEEDED = ("terms", "decisions", "rules")


def load_table(name: str | None, vocabulary: Vocabulary, style: str | None = None) -> Table:
    """The table of this name: one of PACKS, or a file's path; None is the default table.

    style: laid over it, one of STYLES or a file's path. What such a table extends is then the table
      that is named, in place of the pack it is written for.

    Raises TableError with every fault found, UserError where the file cannot be read.
    """
    found = table_file(name)
    if is_of_music(name) and not vocabulary.of_music:
        raise UserError(
            f"{name} says how music is heard, and decides no music.",
            f"Give a table for pictures: one of {', '.join(PACKS)}, or a file that extends one.",
        )
    if vocabulary.of_music and not is_of_music(name):
        raise UserError(
            f"{name or DEFAULT} is a table for pictures, and says nothing of music that is heard.",
            f"Give {MUSIC}, or a file that extends it.",
        )
    if style is None or is_among(found.path, ((laid := style_file(style)).path,)):
        return _read(found, vocabulary, (found.path,))[0]
    table = _read(laid, vocabulary, (laid.path,), over=found)[0]
    return replace(table, style=table.name)


def read_table(data: bytes, file: str, vocabulary: Vocabulary) -> Table:
    """The table in a file's bytes; `file` names it in faults. Raises TableError."""
    return _read(TableFile(file, Path(file), data), vocabulary, (Path(file),))[0]


def survey(name: str, vocabulary: Vocabulary) -> tuple[Table, tuple[Fault, ...]]:
    """The table, and what in it does nothing: faults of the codes P9. Raises as load_table."""
    return _survey(table_file(name), vocabulary)


def judge(
    data: bytes, file: str, vocabulary: Vocabulary, beside: Path | None = None
) -> tuple[Table, tuple[Fault, ...]]:
    """The same of a file's bytes; `file` names it in faults, and `beside` is the folder that it
    lies in, where that is another than the file's name says. Raises TableError."""
    path = Path(file) if beside is None else beside / file
    return _survey(TableFile(file, path, data), vocabulary)


def _survey(found: TableFile, vocabulary: Vocabulary) -> tuple[Table, tuple[Fault, ...]]:
    from composer.table.waste import wasteful

    table, reader = _read(found, vocabulary, (found.path,))
    wasteful(table, reader, vocabulary)
    return table, _in_order(reader)


def _read(
    found: TableFile,
    vocabulary: Vocabulary,
    chain: tuple[Path, ...],
    above: tuple[OrchestraFile, ...] = (),
    over: TableFile | None = None,
) -> tuple[Table, YamlReader]:
    """The table, and its file's reader. `above` are the orchestras of those that extend it: they
    are opened once, where the last base is read, so that each knows the names of all. `over` is
    what it is laid over in place of the pack that it extends."""
    file = found.file
    try:
        tree = parse(found.data, file)
    except UnreadableError as error:
        raise TableError(error.faults) from None
    reader, node = YamlReader(file, tree), tree.root
    _read_version(reader, node)
    parts = reader.shape(node, "table", "the table")
    if parts is None:
        raise TableError(_in_order(reader))
    name = reader.text(parts["name"], "name") if "name" in parts else None
    own: tuple[OrchestraFile, ...] = ()
    if "orchestra" in parts:
        before = len(reader.faults)
        folder = found.path.parent
        own = read_orchestra(reader, parts["orchestra"], folder, vocabulary.open_to)
        if len(reader.faults) > before:
            raise TableError(_in_order(reader))
    orchestra = (*own, *above)
    base = None
    try:
        if "extends" in parts:
            base = _base(reader, parts["extends"], found, vocabulary, chain, orchestra, over)
        elif orchestra:
            vocabulary = replace(vocabulary, stocks=vocabulary.opened(orchestra))
    except TableError as error:  # the base, or the orchestra, has faults of its own
        raise TableError((*_in_order(reader), *error.faults)) from None
    if base is not None:
        vocabulary, orchestra = replace(vocabulary, stocks=base.stocks), base.orchestra
    elif "extends" in parts:
        raise TableError(_in_order(reader))
    else:
        for section in _NEEDED:
            if section not in parts and not _meant(section, node):
                said = f"the table lacks {section!r}"
                reader.fault(node, "missing", said, f"{section}, or extends: {DEFAULT}")
        if "remove" in parts:
            said = "there is nothing to remove from"
            reader.fault(parts["remove"], "removed", said, f"extends: {DEFAULT}")
    sources = dict(bibliography()) | (dict(base.sources) if base is not None else {})
    if "sources" in parts:
        for _, key, value in reader.entries(parts["sources"], "sources") or []:
            sources[key] = reader.sentence(value, f"source {quoted(key)}") or ""
    removed = read_removed(reader, parts.get("remove"), base, strict=over is None)
    old_asked: Mapping[str, Question] = base.decisions if base is not None else {}
    old_terms: Mapping[str, Term] = kept_terms(base, removed)
    old_tables: Mapping[str, Places] = base.tables if base is not None else circles(vocabulary)
    asked = read_questions(reader, parts.get("decisions"), vocabulary, old_asked)
    terms = read_terms(reader, parts.get("terms"), vocabulary, asked, old_terms)
    tables = read_tables(reader, parts.get("tables"), vocabulary, asked, old_tables)
    old_content: Mapping[str, float] = base.content if base is not None else {}
    content = read_content(reader, parts.get("content"), old_content)
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
        stocks=vocabulary.stocks,
        extends=base.name if base is not None else "",
        tables=tables,
        orchestra=orchestra,
        content=content,
    )
    return table, reader


def _read_version(reader: YamlReader, node: Node) -> None:
    """Sets the reader to the version of the format that a table names; that of another program is
    a fault."""
    pairs = node.pairs if isinstance(node, Mapped) else []
    named = [value for key, value in pairs if getattr(key, "value", None) == "promenade"]
    version = reader.number(named[0], "promenade") if named else None
    if version is not None and version in FORMATS:
        reader.version = int(version)
    elif version is not None:
        expected = f"{FORMATS[-1]}, the version of the format that this program writes"
        reader.fault(named[0], "version", f"promenade is {version}", expected)


def _fingerprint(data: bytes, base: Table | None, own: tuple[OrchestraFile, ...]) -> str:
    """The SHA-256 of all that a table is read from."""
    played = b"".join(file.stock.encode() + file.data for file in own)
    return hashlib.sha256(data + (base.sha256.encode() if base else b"") + played).hexdigest()


def _needed_terms(terms: Mapping[str, Term], rules: tuple[MappingRule, ...]) -> dict[str, Term]:
    """The terms without those that were made for a rule which is no more."""
    used = {leaf.term for rule in rules for leaf in leaves(rule.when) if isinstance(leaf, Is)}
    return {name: term for name, term in terms.items() if name in used or not term.made}


def _meant(section: str, node: Node) -> bool:
    """Whether a key like this section's name stands in the table, to be named as mistyped."""
    keys = [getattr(key, "value", "") for key, _ in getattr(node, "pairs", ())]
    return any(key != section and nearest(key, (section,)) for key in keys)


def _base(
    reader: YamlReader,
    node: Node,
    found: TableFile,
    vocabulary: Vocabulary,
    chain: tuple[Path, ...],
    orchestra: tuple[OrchestraFile, ...],
    over: TableFile | None,
) -> Table | None:
    """The table that is extended: one of NAMED, or a file beside this one; `over`, if there is
    such a table, in place of a pack."""
    name = reader.text(node, "extends")
    if name is None:
        return None
    folder = found.path.parent
    laid = over if name in PACKS else None
    known = laid.path if laid else shipped(name) if name in NAMED else folder / name
    if is_among(known, chain):
        said = f"{quoted(name)} extends this table in turn"
        reader.fault(node, "loop", said, f"extends: {DEFAULT}")
        return None
    if len(chain) == MOST_TABLES:
        said = f"{quoted(name)} would be one table too many that extend one another"
        reader.fault(node, "loop", said, f"{MOST_TABLES} tables at most")
        return None
    expected = f"a file, or one of {', '.join(PACKS)}"
    try:
        base = laid or table_file(name, folder)
    except UserError:
        said = f"there is no table {quoted(name)} beside this one"
        if found_there(known):
            said = f"{quoted(name)} is no table"
        reader.fault(node, "base", said, expected, PACKS, name)
        return None
    if len(base.data) <= LONGEST and not has_key(base.data, "promenade"):
        reader.fault(node, "alien", f"{quoted(name)} is no table", TABLE)
        return None
    below = over if laid is None else None
    return _read(base, vocabulary, (*chain, base.path), orchestra, below)[0]


def circles(vocabulary: Vocabulary) -> Mapping[str, Places]:
    """The package's tables of places: keys on the hue circle, after several authors."""
    path = TABLES / "circles.yaml"
    tree = parse(path.read_bytes(), path.name)
    reader = YamlReader(path.name, tree)
    return read_tables(reader, tree.root, vocabulary, {}, {})


def bibliography() -> Mapping[str, str]:
    """The package's sources: key -> citation."""
    path = TABLES / "bibliography.yaml"
    tree = parse(path.read_bytes(), path.name)
    reader = YamlReader(path.name, tree)
    rows = reader.entries(tree.root, "the bibliography") or []
    found = {key: reader.text(value, f"source {key!r}") or "" for _, key, value in rows}
    if reader.faults:
        raise TableError(tuple(reader.faults))
    return found


def _in_order(reader: YamlReader) -> tuple[Fault, ...]:
    return tuple(sorted(reader.faults, key=lambda fault: (fault.line, fault.column)))
