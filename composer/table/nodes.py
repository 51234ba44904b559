"""YAML text as a tree whose every node knows its line and column.

Built from PyYAML's events and not from its composer: libyaml's composer is recursive and a file of
brackets would end the process. Depth and size are bounded; anchors, aliases and tags are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from composer.errors import Fault
from composer.table.margin import unpaste
from composer.table.slips import mend, quote
from composer.table.text import Text, UnreadableError, opened

MOST = 100_000  # scalars and collections in it
MOST_NAMED = 1_000  # faults that are kept
DEEPEST = 24  # collections within one another
MOST_READ = 4_000_000  # signs, in all attempts to read a faulty file
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Tags of other programs' YAML, which stand for something that is to be put in their place.
_FILES = ("include", "import", "input")
_VALUES = ("secret", "env", "env_var", "vault", "ref", "sub", "reference")


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


@dataclass(frozen=True, slots=True)
class Tree:
    """What was read of a file: its root, its lines, and the faults that it has as text.

    `told` are the places, line and column from 0, of nodes of which no more is to be said;
    `spoilt` are names whose lines could not be read; `lost` says whether something that was
    written is left out of the tree.
    """

    root: Node
    lines: list[str]
    faults: tuple[Fault, ...] = ()
    told: frozenset[tuple[int, int]] = frozenset()
    spoilt: frozenset[str] = frozenset()
    lost: bool = False


def parse(data: bytes, file: str) -> Tree:
    """The tree of a file's bytes. Where YAML gives up, the likely slip is a fault of the tree, and
    reading goes on after it as if it were mended.

    Raises UnreadableError, with all faults found so far, where nothing can be made of the rest.
    """
    text = opened(data, file)
    unpaste(text)
    left = MOST_READ
    while True:
        whole = "\n".join(text.now)
        left -= len(whole)
        builder = _Builder(text)
        try:
            builder.build(whole)
        except yaml.MarkedYAMLError as error:
            if left > 0 and (spent := mend(text, error)):
                left -= spent
                continue
            raise UnreadableError(*_in_order(text.faults)) from None
        except UnreadableError as error:
            raise UnreadableError(*_in_order([*text.faults, *error.faults])) from None
        faults = _in_order([*text.faults, *builder.refused])
        told = frozenset(text.told | builder.told)
        root = builder.root[0] if builder.root else Scalar("", True, 0, 0, 0)
        return Tree(root, text.typed, faults, told, frozenset(text.spoilt), text.lost)


def _in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))


def _place(mark: yaml.Mark | Any) -> tuple[int, int]:
    """A mark's line and column, from 0; the two loaders' marks have no common class."""
    return (mark.line, mark.column) if mark is not None else (0, 0)


@dataclass(slots=True)
class _Builder:
    """Builds the one document of a text; what is refused in it is named, and read on after."""

    text: Text
    root: list[Node] = field(default_factory=list)
    refused: list[Fault] = field(default_factory=list)
    told: set[tuple[int, int]] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)

    def build(self, whole: str) -> None:
        """Raises yaml.MarkedYAMLError, and UnreadableError for too much or too deep a tree."""
        # The children of the collection that is open, and of those around it.
        children, around = self.root, list[list[Node]]()
        count = 0
        for event in yaml.parse(whole, _LOADER):
            if isinstance(event, yaml.NodeEvent):
                count += 1
                if count > MOST:
                    message = f"the table has over {MOST:,} entries"
                    raise UnreadableError(self.fault(event, "size", message, "a smaller table"))
            if isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
                children.append(self.scalar(event))
            elif isinstance(event, yaml.CollectionEndEvent):
                done, children = children, around.pop()
                node = children[-1]
                if isinstance(node, Mapped):
                    node.pairs.extend(zip(done[::2], done[1::2], strict=True))
                elif isinstance(node, Listing):
                    node.items.extend(done)
            elif isinstance(event, yaml.DocumentStartEvent) and self.root:
                message = "a second document begins here"
                self.refuse(event, "documents", message, "one document")
                return
            elif isinstance(event, yaml.CollectionStartEvent):
                if len(around) == DEEPEST:
                    message = "this is nested too deeply"
                    levels = f"{DEEPEST} levels"
                    raise UnreadableError(self.fault(event, "depth", message, levels))
                line, column = self.place(event)
                self.marked(event, "")
                sequence = isinstance(event, yaml.SequenceStartEvent)
                children.append(Listing([], line, column) if sequence else Mapped([], line, column))
                around.append(children)
                children = []

    def scalar(self, event: yaml.ScalarEvent | yaml.AliasEvent) -> Scalar:
        line, column = self.place(event)
        last, end = _place(event.end_mark)
        end = self.text.typed_at(last, end)
        words = self.text.typed[line][column : end if last == line else None]
        if isinstance(event, yaml.AliasEvent):
            if event.anchor in self.anchors:
                self.refuse(event, "alias", "anchors and aliases are not read", _WRITTEN_OUT)
            else:
                self.refuse(event, "quotes", _READ_AS.format("*", "an alias"), quote(words))
            return Scalar(words, False, line, column, end)
        self.marked(event, words)
        if event.tag is not None:
            return Scalar(words, False, line, column, end)
        return Scalar(event.value, not event.style, line, column, end)

    def marked(self, event: Any, words: str) -> None:
        """Refuses what stands before a node: an anchor or a tag."""
        if event.anchor is not None:
            self.anchors.add(event.anchor)
            self.refuse(event, "alias", "anchors and aliases are not read", _WRITTEN_OUT)
        if event.tag is not None:
            name = event.tag.removeprefix("!")
            shown = (
                "!!" + event.tag.rpartition(":")[2] if event.tag.startswith("tag:") else event.tag
            )
            if name in _FILES:
                expected = "the entries themselves; extends takes over a whole table"
            elif name in _VALUES or shown.startswith("!!") or not words:
                expected = "the value itself, without the tag"
            else:
                line, column = self.place(event)
                negated = _CONDITION.search(self.text.typed[line][:column])
                expected = f"not {name}" if negated else quote(words)
                self.refuse(event, "quotes", _READ_AS.format("!", "a tag"), expected)
                return
            self.refuse(event, "tag", f"the tag {shown} is not read", expected)

    def refuse(self, event: yaml.Event, name: str, message: str, expected: str) -> None:
        self.told.add(self.place(event))
        if len(self.refused) < MOST_NAMED:
            self.refused.append(self.fault(event, name, message, expected))

    def fault(self, event: yaml.Event, name: str, message: str, expected: str) -> Fault:
        return self.text.fault(*_place(event.start_mark), name, message, expected)

    def place(self, event: yaml.Event) -> tuple[int, int]:
        """Where a node begins in the file as it was typed."""
        line, column = _place(event.start_mark)
        return line, self.text.typed_at(line, column)


_CONDITION = re.compile(r"\b(when|all|any)\b[ \t]*:[^:]*$")
_WRITTEN_OUT = "the value, written out"
_READ_AS = "YAML reads a word that begins with {} as {}"
