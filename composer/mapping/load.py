"""Loads a table: the file's bytes become a sound Table, or all the faults at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from composer.errors import TableError, UserError
from composer.mapping.conditions import Term
from composer.mapping.nodes import LONGEST, UnreadableError, parse
from composer.mapping.questions import read_questions
from composer.mapping.reader import Reader
from composer.mapping.rules import read_rules, read_terms
from composer.mapping.table import Question, Table
from composer.mapping.vocabulary import Vocabulary

TABLES = Path(__file__).resolve().parent.parent / "tables"
DEFAULT = "default.yaml"
_SECTIONS = ("promenade", "name", "terms", "decisions", "rules")


def load_table(path: str | None, vocabulary: Vocabulary) -> Table:
    """The table in the file `path`; None is the default table of the package.

    Raises TableError with every fault found, UserError where the file cannot be read.
    """
    data = _bytes(TABLES / DEFAULT if path is None else Path(path))
    return read_table(data, DEFAULT if path is None else path, vocabulary)


def read_table(data: bytes, file: str, vocabulary: Vocabulary) -> Table:
    """The table in a file's bytes; `file` names it in faults. Raises TableError."""
    try:
        node, lines = parse(data, file)
    except UnreadableError as error:
        raise TableError((error.fault,)) from None
    reader = Reader(file, lines)
    parts = reader.mapping(node, "the table", _SECTIONS, ("sources",))
    if parts is None:
        raise TableError(tuple(reader.faults))
    if "promenade" in parts:
        version = reader.number(parts["promenade"], "promenade")
        if version is not None and version != 1:
            expected = "1, the version of the format that this program reads"
            reader.fault(parts["promenade"], "version", f"promenade is {version}", expected)
    name = reader.text(parts["name"], "name") if "name" in parts else None
    sources = dict(bibliography())
    if "sources" in parts:
        for _, key, value in reader.entries(parts["sources"], "sources") or []:
            sources[key] = reader.text(value, f"source {key!r}") or ""
    asked: Mapping[str, Question] = {}
    if "decisions" in parts:
        asked = read_questions(reader, parts["decisions"], vocabulary)
    terms: Mapping[str, Term] = {}
    if "terms" in parts:
        terms = read_terms(reader, parts["terms"], vocabulary, asked)
    rules = read_rules(reader, parts["rules"], terms, asked, sources) if "rules" in parts else ()
    if reader.faults:
        raise TableError(tuple(sorted(reader.faults, key=lambda f: (f.line, f.column))))
    cited = {rule.evidence.source for rule in rules}
    return Table(
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        name=name or "",
        terms=terms,
        decisions=asked,
        rules=rules,
        sources={key: text for key, text in sources.items() if key in cited},
        libraries=vocabulary.libraries,
    )


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


def _bytes(path: Path) -> bytes:
    """A file's bytes, at most one more than a table may have."""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST + 1)
    except FileNotFoundError:
        raise UserError(f"There is no table {path}.", "Give the path of a YAML file.") from None
    except IsADirectoryError:
        raise UserError(f"{path} is a folder.", "Give the path of a YAML file.") from None
    except OSError as error:
        raise UserError(f"The table {path} cannot be read: {error.strerror}.") from None
