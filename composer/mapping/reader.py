"""Reads nodes as what is expected of them, and gathers every fault instead of stopping at one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from composer.errors import Fault
from composer.mapping.nodes import Listing, Mapped, Node, Scalar

_NUMBER = re.compile(r"[-+]?(\d{1,9}(\.\d{0,6})?|\.\d{1,6})$")
_INFINITE = re.compile(r"[-+]?\.(inf|nan)$", re.IGNORECASE)
_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"yes", "no", "on", "off", "true", "false", "y", "n"}


class Reader:
    """One file's lines and the faults found in it so far.

    `spoilt` are the decisions and terms that are declared but faulty: their use elsewhere is not
    one more fault.
    """

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file = file
        self.lines = lines
        self.faults: list[Fault] = []
        self.spoilt: set[str] = set()

    def fault(
        self,
        node: Node,
        code: str,
        message: str,
        expected: str = "",
        names: Iterable[str] = (),
        got: str = "",
    ) -> None:
        """Note a fault at `node`; of `names` the one most like `got` is offered."""
        line = min(node.line, len(self.lines) - 1)
        near = nearest(got, names) if got else ""
        self.faults.append(
            Fault(
                self.file,
                line + 1,
                node.column + 1,
                code,
                message,
                expected,
                near,
                self.lines[line],
            )
        )

    def mapping(
        self, node: Node, what: str, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()
    ) -> dict[str, Node] | None:
        """`node` as a mapping. With `required` or `optional`, other keys are faults."""
        pairs = self.entries(node, what)
        if pairs is None:
            return None
        known = required + optional
        found: dict[str, Node] = {}
        meant: set[str] = set()
        for key, name, value in pairs:
            if known and name not in known:
                self.fault(
                    key, "key", f"{what} has no {name!r}", "one of " + ", ".join(known), known, name
                )
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
        for key, value in node.pairs:
            name = self.text(key, f"a name in {what}")
            if name is None or not isinstance(key, Scalar):
                continue
            if name == "<<":
                self.fault(key, "merge", "merge keys are not read", "the entries, written out")
            elif name in seen:
                first = seen[name] + 1
                self.fault(key, "doubled", f"{name!r} stands twice, first in line {first}")
            else:
                seen[name] = key.line
                rows.append((key, name, value))
        return rows

    def items(self, node: Node, what: str) -> list[Node] | None:
        """`node` as a list."""
        if isinstance(node, Listing):
            return node.items
        self._wrong(node, what, "a list, [one, two]")
        return None

    def text(self, node: Node, what: str) -> str | None:
        """`node` as words: not empty, and not one of YAML's unquoted yes, no, on, off."""
        if not isinstance(node, Scalar):
            self._wrong(node, what, "words")
            return None
        if self._empty(node):
            self._wrong(node, what, "words")
            return None
        if node.plain and node.value.lower() in _BOOLEANS:
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
        return node.value

    def number(
        self, node: Node, what: str, low: Decimal | None = None, high: Decimal | None = None
    ) -> Decimal | None:
        """`node` as an exact decimal, at most six places after the point, within low..high."""
        bounds = f" from {low} to {high}" if low is not None else ""
        expected = f"a number{bounds}, such as 0.25"
        if not isinstance(node, Scalar) or self._empty(node):
            self._wrong(node, what, expected)
            return None
        if not node.plain or not _NUMBER.match(node.value):
            odd = "is not finite" if _INFINITE.match(node.value) else f"is {node.value!r}"
            self.fault(node, "number", f"{what} {odd}", expected)
            return None
        value = Decimal(node.value)
        if (low is not None and value < low) or (high is not None and value > high):
            self.fault(node, "range", f"{what} is {value}", expected)
            return None
        return value

    def one_of(self, node: Node, what: str, names: Iterable[str]) -> str | None:
        """`node` as one of the known names."""
        name = self.text(node, what)
        known = list(names)
        if name is None or name in known:
            return name
        if name in self.spoilt:
            return None
        shown = ", ".join(known) if len(known) <= 16 else f"one of {len(known)} known names"
        self.fault(node, "name", f"{what} {name!r} is not known", shown, known, name)
        return None

    def _eaten(self, node: Scalar) -> bool:
        """Whether a note's letter is followed by a sharp that became a comment."""
        line = self.lines[node.line] if node.line < len(self.lines) else ""
        return node.value in "ABCDEFG" and line[node.end :].startswith(" #")

    def _empty(self, node: Scalar) -> bool:
        return not node.value or node.value.isspace() or (node.plain and node.value in _NULLS)

    def _wrong(self, node: Node, what: str, expected: str) -> None:
        if isinstance(node, Scalar):
            found = "empty" if self._empty(node) else repr(node.value)
        else:
            found = "a list" if isinstance(node, Listing) else "a mapping"
        self.fault(node, "empty" if found == "empty" else "type", f"{what} is {found}", expected)


def nearest(got: str, names: Iterable[str]) -> str:
    """The known name most like `got`, or ""."""
    from difflib import get_close_matches

    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(got.lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""
