"""YAML text as a tree whose every node knows its line and column.

Built from PyYAML's events and not from its composer: libyaml's composer is recursive and a file of
brackets would end the process. Depth and size are bounded, anchors and aliases refused.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml

from composer.errors import Fault

LONGEST = 1_000_000  # bytes of a file
DEEPEST = 24  # collections within one another
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EATEN = re.compile(r"(?:^|[\s\[{,:])([A-G]) #")


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
    """The text is no YAML that we read; `fault` says where and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def parse(data: bytes, file: str) -> tuple[Node, list[str]]:
    """The tree of a file's bytes, and its lines. Raises UnreadableError."""
    if len(data) > LONGEST:
        raise UnreadableError(
            Fault(
                file,
                1,
                1,
                "size",
                f"the file has {len(data):,} bytes",
                f"at most {LONGEST:,} bytes",
                "",
                "",
            )
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableError(
            Fault(file, line, 1, "encoding", "the file is not UTF-8", "text in UTF-8", "", "")
        ) from None
    lines = text.splitlines() or [""]
    try:
        return _build(text, file, lines), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = _place(mark)
        problem = " ".join(part for part in (error.context, error.problem) if part)
        raise UnreadableError(_syntax(file, lines, line, column, problem)) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        raise UnreadableError(_syntax(file, lines, line, column, str(error.reason))) from None


def _syntax(file: str, lines: list[str], line: int, column: int, problem: str) -> Fault:
    """A fault of YAML's own grammar; a sharp that became a comment is named as the likely cause."""
    line = min(line, len(lines) - 1)
    for at in range(line, max(-1, line - 3), -1):
        if eaten := _EATEN.search(lines[at]):
            note = eaten.group(1)
            return Fault(
                file,
                at + 1,
                eaten.start(1) + 1,
                "sharp",
                f"the # after {note} begins a comment",
                f'"{note}#", without the blank, in quotes',
                "",
                lines[at],
            )
    hint = "blanks, not tabs, at the line's beginning" if "\t" in lines[line] else ""
    return Fault(file, line + 1, column + 1, "yaml", problem, hint, "", lines[line])


def _place(mark: yaml.Mark | Any) -> tuple[int, int]:
    """A mark's line and column, from 0; the two loaders' marks have no common class."""
    return (mark.line, mark.column) if mark is not None else (0, 0)


def _build(text: str, file: str, lines: list[str]) -> Node:
    """The one document of `text`, as a tree."""
    root: list[Node] = []
    # The children of the collection that is open, and of those around it.
    children, around = root, list[list[Node]]()

    def refuse(event: yaml.Event, code: str, message: str, expected: str) -> UnreadableError:
        line, column = _place(event.start_mark)
        shown = lines[line] if line < len(lines) else ""
        return UnreadableError(
            Fault(file, line + 1, column + 1, code, message, expected, "", shown)
        )

    for event in yaml.parse(text, _LOADER):
        if isinstance(event, yaml.ScalarEvent) and event.anchor is None:
            line, column = _place(event.start_mark)
            _, end = _place(event.end_mark)
            children.append(Scalar(event.value, not event.style, line, column, end))
        elif isinstance(event, yaml.CollectionEndEvent):
            done, children = children, around.pop()
            node = children[-1]
            if isinstance(node, Mapped):
                node.pairs.extend(zip(done[::2], done[1::2], strict=True))
            elif isinstance(node, Listing):
                node.items.extend(done)
        elif isinstance(event, yaml.DocumentStartEvent) and root:
            raise refuse(event, "documents", "a second document begins here", "one document")
        elif isinstance(event, yaml.NodeEvent):
            if event.anchor is not None:
                raise refuse(
                    event, "alias", "anchors and aliases are not read", "the value, written out"
                )
            if len(around) == DEEPEST:
                raise refuse(event, "depth", "this is nested too deeply", f"{DEEPEST} levels")
            line, column = _place(event.start_mark)
            sequence = isinstance(event, yaml.SequenceStartEvent)
            children.append(Listing([], line, column) if sequence else Mapped([], line, column))
            around.append(children)
            children = []
    return root[0] if root else Scalar("", True, 0, 0, 0)
