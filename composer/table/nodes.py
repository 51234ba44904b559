"""YAML text as a tree whose every node knows its line and column.

Built from PyYAML's events and not from its composer: libyaml's composer is recursive and a file of
brackets would end the process. Depth and size are bounded, anchors and aliases refused.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml

from composer.errors import Fault
from composer.table.codes import CODES

LONGEST = 1_000_000  # bytes of a file
MOST = 100_000  # scalars and collections in it
MOST_NAMED = 1_000  # faults that are kept
DEEPEST = 24  # collections within one another
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EATEN = re.compile(r"(?:^|[\s\[{,:])([A-G]) #")
_TAB = re.compile(r" *\t")


class Scalar(NamedTuple):
    value: str
    plain: bool  # written without quotes
    line: int  # from 0
    column: int  # from 0
    end: int


class Listing(NamedTuple):
    items: list[Node]
    line: int
    column: int


class Mapped(NamedTuple):
    pairs: list[tuple[Node, Node]]
    line: int
    column: int


Node = Scalar | Listing | Mapped


class UnreadableError(Exception):
    """The text is no YAML that we read; `faults` say where and why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(str(faults[0]))
        self.faults = faults


def parse(data: bytes, file: str) -> tuple[Node, list[str]]:
    """The tree of a file's bytes, and its lines. Raises UnreadableError."""
    if len(data) > LONGEST:
        message = f"the file has over {LONGEST:,} bytes"
        raise UnreadableError(_fault(file, [""], 0, 0, "size", message, "a smaller table"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n")
        fault = _fault(file, [""], line, 0, "encoding", "the file is not UTF-8", "text in UTF-8")
        raise UnreadableError(fault) from None
    lines = text.splitlines() or [""]
    try:
        return _build(text, file, lines), lines
    except yaml.MarkedYAMLError as error:
        line, column = _place(error.problem_mark or error.context_mark)
        problem = " ".join(part for part in (error.context, error.problem) if part)
        raise UnreadableError(_syntax(file, lines, line, column, problem)) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        raise UnreadableError(_syntax(file, lines, line, column, str(error.reason))) from None


def _fault(
    file: str, lines: list[str], line: int, column: int, name: str, message: str, expected: str
) -> Fault:
    shown = lines[line] if line < len(lines) else ""
    return Fault(file, line + 1, column + 1, CODES[name].code, message, expected, "", shown)


def _syntax(file: str, lines: list[str], line: int, column: int, problem: str) -> Fault:
    """A fault of YAML's own grammar; the likely cause is named where it can be seen."""
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    for at in range(line, max(-1, line - 3), -1):
        if eaten := _EATEN.search(lines[at]):
            note = eaten.group(1)
            message = f"the # after {note} begins a comment"
            expected = f'"{note}#", without the blank, in quotes'
            return _fault(file, lines, at, eaten.start(1), "sharp", message, expected)
        if tab := _TAB.match(lines[at]):
            message = "a tab stands at the line's beginning"
            return _fault(file, lines, at, tab.end() - 1, "tab", message, "blanks")
    return _fault(file, lines, line, column, "yaml", problem, "")


def _place(mark: yaml.Mark | Any) -> tuple[int, int]:
    """A mark's line and column, from 0; the two loaders' marks have no common class."""
    return (mark.line, mark.column) if mark is not None else (0, 0)


def _build(text: str, file: str, lines: list[str]) -> Node:
    """The one document of `text`, as a tree."""
    root: list[Node] = []
    # The children of the collection that is open, and of those around it.
    children, around = root, list[list[Node]]()
    refused: list[Fault] = []  # anchors and aliases: all are named, and nothing is made of them
    count = 0

    def refuse(event: yaml.Event, name: str, message: str, expected: str) -> Fault:
        line, column = _place(event.start_mark)
        return _fault(file, lines, line, column, name, message, expected)

    for event in yaml.parse(text, _LOADER):
        if isinstance(event, yaml.NodeEvent):
            count += 1
            if count > MOST:
                message = f"the table has over {MOST:,} entries"
                raise UnreadableError(refuse(event, "size", message, "a smaller table"))
            if event.anchor is not None and len(refused) < MOST_NAMED:
                message, expected = "anchors and aliases are not read", "the value, written out"
                refused.append(refuse(event, "alias", message, expected))
            begin = event.start_mark
            if isinstance(event, yaml.ScalarEvent):
                end = event.end_mark.column
                children.append(Scalar(event.value, not event.style, begin.line, begin.column, end))
            elif isinstance(event, yaml.CollectionStartEvent):
                if len(around) == DEEPEST:
                    message = "this is nested too deeply"
                    raise UnreadableError(refuse(event, "depth", message, f"{DEEPEST} levels"))
                sequence = isinstance(event, yaml.SequenceStartEvent)
                made = (Listing if sequence else Mapped)([], begin.line, begin.column)
                children.append(made)
                around.append(children)
                children = []
            else:
                children.append(Scalar("*", False, begin.line, begin.column, begin.column))
        elif isinstance(event, yaml.CollectionEndEvent):
            done, children = children, around.pop()
            node = children[-1]
            if isinstance(node, Mapped):
                node.pairs.extend(zip(done[::2], done[1::2], strict=True))
            elif isinstance(node, Listing):
                node.items.extend(done)
        elif isinstance(event, yaml.DocumentStartEvent) and root:
            message = "a second document begins here"
            raise UnreadableError(refuse(event, "documents", message, "one document"))
    if refused:
        raise UnreadableError(*refused)
    return root[0] if root else Scalar("", True, 0, 0, 0)
