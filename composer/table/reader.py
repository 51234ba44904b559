"""Reads nodes as what is expected of them, and gathers every fault instead of stopping at one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from composer.errors import LONGEST_WORD, Fault, nearest
from composer.table.codes import CODES
from composer.table.nodes import MOST_NAMED, Listing, Mapped, Node, Scalar, Tree
from composer.table.shapes import FORMATS, SHAPES
from composer.table.text import sign
from composer.table.typed import figure, oddity, pair, split_key

_NUMBER = re.compile(r"[-+]?(\d{1,9}(\.\d{0,6})?|\.\d{1,6})$")
_INFINITE = re.compile(r"[-+]?\.(inf|nan)$", re.IGNORECASE)
_UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_CUT = re.compile(r"[ \t]+#(?:[^\s#]|(?<= [A-G] #) )")
_NULLS = {"", "~", "null", "Null", "NULL"}
BOOLEANS = {"yes", "no", "on", "off", "true", "false", "y", "n"}


class YamlReader:
    """One file's lines and the faults found in it so far.

    `spoilt` are the decisions, terms and tables that are declared but faulty: their use elsewhere
    is not one more fault. `cut` are sentences that seem to go on after a #. `places` is where this
    file declares what: (kind, name) -> node.
    `version` is the version of the format by whose words the file is read.
    """

    def __init__(self, file: str, tree: Tree) -> None:
        self.file = file
        self.tree = tree
        self.lines = tree.lines
        self.faults: list[Fault] = list(tree.faults)
        self.spoilt: set[str] = set(tree.spoilt)
        self.cut: list[Scalar] = []
        self.places: dict[tuple[str, str], Node] = {}
        self.version = FORMATS[-1]

    def fault(
        self,
        node: Node,
        code: str,
        message: str,
        expected: str = "",
        names: Iterable[str] = (),
        got: str = "",
    ) -> None:
        """Note a fault at `node`; of `names` the one most like `got` is offered.

        What follows from a slip that the file has as text is not one more fault.
        """
        follows = (node.line, node.column) in self.tree.told
        if len(self.faults) >= MOST_NAMED or follows:
            return
        if self.tree.lost and code in ("missing", "empty"):
            return
        line = min(node.line, len(self.lines) - 1)
        near = nearest(got, names) if got else ""
        message += oddity(got)
        shown = self.lines[line]
        number = CODES[code].code
        self.faults.append(
            Fault(self.file, line + 1, node.column + 1, number, message, expected, near, shown)
        )

    def shape(self, node: Node, name: str, what: str, whole: bool = True) -> dict[str, Node] | None:
        """`node` as a mapping of the shape SHAPES[name], called `what` in faults.

        Unless `whole`, keys that it otherwise needs may be missing.
        """
        keys, required, optional, others = _words(name, self.version, whole)
        parts = self.mapping(node, what, required, optional, others)
        return None if parts is None else {keys[word]: part for word, part in parts.items()}

    def mapping(
        self,
        node: Node,
        what: str,
        required: tuple[str, ...] = (),
        optional: tuple[str, ...] = (),
        others: Mapping[str, str] = MappingProxyType({}),
    ) -> dict[str, Node] | None:
        """`node` as a mapping. With `required` or `optional`, other keys are faults.

        others: the words that other versions of the format have for a key -> this one's word, as
        which they are read on.
        """
        pairs = self.entries(node, what)
        if pairs is None:
            return None
        known = required + optional
        found: dict[str, Node] = {}
        meant: set[str] = set()
        for key, name, value in pairs:
            if name in others:
                said = (
                    f"{name!r} is called {others[name]!r} in version {self.version} of the format"
                )
                self.fault(key, "renamed", said, others[name])
                found.setdefault(others[name], value)
            elif known and name not in known:
                message = f"{what} has no {quoted(name)}"
                self.fault(key, "key", message, "one of " + ", ".join(known), known, name)
                meant.add(nearest(name, known))
            else:
                found[name] = value
        for name in required:
            if name not in found and name not in meant:
                self.fault(node, "missing", f"{what} lacks {name!r}", ", ".join(required))
        return found

    def entries(self, node: Node, what: str) -> list[tuple[Scalar, str, Node]] | None:
        """`node` as (key's node, key, value); doubled keys are faults and kept once."""
        if not isinstance(node, Mapped):
            self._wrong(node, what, "a mapping, name: value")
            return None
        rows: list[tuple[Scalar, str, Node]] = []
        seen: dict[str, int] = {}
        before: Node | None = None
        for key, value in node.pairs:
            if self._comma(before, key, value):
                continue
            before = value
            key, value = self._spaced(key, value)
            name = self.text(key, f"a name in {what}")
            if name is None or not isinstance(key, Scalar):
                continue
            if name == "<<":
                self.fault(key, "merge", "merge keys are not read", "the entries, written out")
            elif name in seen:
                first = seen[name] + 1
                message = f"{quoted(name)} stands twice, first in line {first}"
                self.fault(key, "doubled", message, "each key once")
            else:
                seen[name] = key.line
                rows.append((key, name, value))
        return rows

    def items(self, node: Node, what: str) -> list[Node] | None:
        """`node` as a list."""
        if isinstance(node, Listing):
            return node.items
        if isinstance(node, Mapped) and (entries := self._unmarked(node, what)):
            return entries
        self._wrong(node, what, "a list, [one, two]")
        return None

    def _unmarked(self, node: Mapped, what: str) -> list[Node]:
        """The entries of a list, where each begins with its id and none with a hyphen."""
        entries: list[Mapped] = []
        for key, value in node.pairs:
            if not isinstance(key, Scalar):
                return []
            if key.value == "id":
                entries.append(Mapped([], key.line, key.column))
                shown = f"- id: {getattr(value, 'value', '')}"
                said = f"a hyphen and a blank are missing before this entry of {what}"
                self.fault(key, "dash", said, quoted(shown)[1:-1])
            elif not entries:
                return []
            entries[-1].pairs.append((key, value))
        return [*entries]

    def text(self, node: Node, what: str) -> str | None:
        """`node` as words: not empty, and not one of YAML's unquoted yes, no, on, off."""
        if not isinstance(node, Scalar):
            self._wrong(node, what, "words")
            return None
        if self._empty(node):
            self._wrong(node, what, "words")
            return None
        if node.plain and node.value.lower() in BOOLEANS:
            expected = f'"{node.value}", in quotes, if the word is meant'
            self.fault(
                node,
                "boolean",
                f"YAML reads {node.value} as true or false, not as a word",
                expected,
            )
            return None
        if node.plain and len(node.value) == 1 and self._eaten(node):
            self.fault(
                node,
                "sharp",
                f"the # after {node.value} begins a comment",
                f'"{node.value}#", without the blank, in quotes',
            )
            return None
        if not node.value.isprintable() and (odd := _UNSHOWN.search(node.value)):
            message = f"{what} holds a sign that cannot be shown, {sign(odd.group())}"
            self.fault(node, "unprintable", message, "the word without it")
            return None
        return node.value

    def sentence(self, node: Node, what: str) -> str | None:
        """`node` as a sentence, of which a # may have made a comment."""
        words = self.text(node, what)
        if words is not None and isinstance(node, Scalar) and node.plain and words[-1] not in ".!?":
            line = self.lines[node.line] if node.line < len(self.lines) else ""
            if comment := _CUT.match(line, node.end):
                self.cut.append(node._replace(column=comment.end() - 2))
        return words

    def _spaced(self, key: Node, value: Node) -> tuple[Node, Node]:
        """The key and its value, where no blank after the colon made one word of them."""
        if not isinstance(key, Scalar) or not isinstance(value, Scalar) or value.value:
            return key, value
        parted = split_key(key.value) if key.plain else None
        if parted is None:
            return key, value
        name, rest = parted
        at = key.column + len(name) + 1
        place = Scalar(rest, True, key.line, at, key.end)
        self.fault(place, "space", "a blank belongs after the colon", f"{name}: {rest}")
        return Scalar(name, True, key.line, key.column, at - 1), place

    def _comma(self, before: Node | None, key: Node, value: Node) -> bool:
        """Is a key no key but what stands after the comma of a number, `{tempo: -0,8}`?"""
        if not (
            isinstance(before, Scalar) and isinstance(key, Scalar) and isinstance(value, Scalar)
        ):
            return False
        beside = (key.line, key.column) == (before.line, before.end + 1)
        numbers = before.plain and key.plain and key.value.isdecimal() and not value.value
        if not (beside and numbers and _NUMBER.match(before.value)):
            return False
        said = f"the comma of {before.value},{key.value} ends the number"
        self.fault(before, "number", said, f"{before.value}.{key.value}, with a point")
        return True

    def number(
        self, node: Node, what: str, low: Decimal | None = None, high: Decimal | None = None
    ) -> Decimal | None:
        """`node` as an exact decimal, at most six places after the point, within low..high."""
        bounds = f" from {low} to {high}" if low is not None else ""
        expected = f"a number{bounds}" if bounds else "a number, such as 0.25"
        if not isinstance(node, Scalar) or self._empty(node):
            self._wrong(node, what, expected)
            return None
        if not node.plain or not _NUMBER.match(node.value):
            odd = "is not finite" if _INFINITE.match(node.value) else f"is {quoted(node.value)}"
            meant = figure(node.value, node.plain)
            self.fault(node, "number", f"{what} {odd}", meant or expected)
            return None
        value = Decimal(node.value)
        if (low is not None and value < low) or (high is not None and value > high):
            self.fault(node, "range", f"{what} is {value}", expected)
            return None
        return value

    def one_of(
        self, node: Node, what: str, names: Iterable[str], code: str = "choice"
    ) -> str | None:
        """`node` as one of the known names; another one is a fault, and None."""
        name = self.text(node, what)
        known = list(names)
        if name is None or name in known:
            return name
        if name not in self.spoilt:
            self.fault(node, code, f"{what} {quoted(name)} is not known", offer(known), known, name)
        return None

    def _eaten(self, node: Scalar) -> bool:
        """Whether a note's letter is followed by a sharp that became a comment."""
        line = self.lines[node.line] if node.line < len(self.lines) else ""
        return node.value in "ABCDEFG" and line[node.end :].startswith(" #")

    def _empty(self, node: Scalar) -> bool:
        return not node.value or node.value.isspace() or (node.plain and node.value in _NULLS)

    def _wrong(self, node: Node, what: str, expected: str) -> None:
        if isinstance(node, Scalar) and node.plain and expected.startswith("a mapping"):
            parted = split_key(node.value)
            if parted is not None:
                name, rest = parted
                place = node._replace(column=node.column + len(name) + 1)
                self.fault(place, "space", "a blank belongs after the colon", f"{name}: {rest}")
                return
            if meant := pair(node.value):
                expected = "{{{}: {}}}".format(*meant)
        if isinstance(node, Scalar):
            found = "empty" if self._empty(node) else quoted(node.value)
        else:
            found = "a list" if isinstance(node, Listing) else "a mapping"
        self.fault(node, "empty" if found == "empty" else "type", f"{what} is {found}", expected)


Words = tuple[Mapping[str, str], tuple[str, ...], tuple[str, ...], Mapping[str, str]]


@lru_cache
def _words(name: str, version: int, whole: bool) -> Words:
    """Of a shape in a version of the format: word -> key, the words that must and those that may
    be there, and other versions' words."""
    shape = SHAPES[name]
    words = shape.words(version)
    required = tuple(word for word, key in words.items() if whole and shape.keys[key].required)
    optional = tuple(word for word in words if word not in required)
    return words, required, optional, shape.others(version)


def quoted(text: str) -> str:
    """A word from a file in quotes, cut short where it is no word at all.

    >>> quoted("dorian"), quoted("a" * 1000) == "'" + "a" * 59 + "…'"
    ("'dorian'", True)
    """
    return repr(text if len(text) <= LONGEST_WORD else text[: LONGEST_WORD - 1] + "…")


def offer(names: Sequence[str]) -> str:
    """The names that are known, where they are few enough to read."""
    return ", ".join(names) if len(names) <= 16 else "one of the known names"
