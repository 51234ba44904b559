"""A piece's file as anybody's: bounded before it is looked at, and every part knows its place."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

LARGEST = 8_000_000  # bytes
LONGEST_NUMBER = 60  # signs
GREATEST = Decimal(10) ** 100
SHOWN = 60  # signs of a stranger's text that are said again
_NOTHING = object()


class NoPieceError(Exception):
    """What is no explanation of a piece, so that there is nothing to prove."""


class RefusedError(Exception):
    """Something that does not follow from the rest."""


class Node:
    """A part of the document, and its path in it, as `$.decisions.tempo.value`."""

    __slots__ = ("path", "raw")

    def __init__(self, raw: Any, path: str = "$") -> None:
        self.raw, self.path = raw, path

    def __getitem__(self, key: str | int) -> Node:
        try:
            found = self.rows()[key] if isinstance(key, int) else self.mapping()[key]
        except LookupError:
            raise NoPieceError(f"{self.path} has no {key}") from None
        return Node(found, f"{self.path}[{key}]" if isinstance(key, int) else f"{self.path}.{key}")

    def __contains__(self, key: str) -> bool:
        return key in self.mapping()

    def __iter__(self) -> Iterator[Node]:
        return (self[number] for number in range(len(self)))

    def __len__(self) -> int:
        return len(self.rows())

    def __bool__(self) -> bool:
        return self.raw is not None

    def items(self) -> Iterator[tuple[str, Node]]:
        return ((key, self[key]) for key in self.mapping())

    def mapping(self) -> dict[str, Any]:
        return self._of(dict, "an object")  # type: ignore[no-any-return]

    def rows(self) -> list[Any]:
        return self._of(list, "a list")  # type: ignore[no-any-return]

    def text(self) -> str:
        return self._of(str, "a text")  # type: ignore[no-any-return]

    def flag(self) -> bool:
        return self._of(bool, "true or false")  # type: ignore[no-any-return]

    def number(self) -> Decimal:
        return self._of(Decimal, "a number")  # type: ignore[no-any-return]

    def real(self) -> float:
        return float(self.number())

    def whole(self) -> int:
        found = self.number()
        if found != found.to_integral_value():
            raise NoPieceError(f"{self.path} is no whole number")
        return int(found)

    def _of(self, kind: type, what: str) -> Any:
        if not isinstance(self.raw, kind):
            raise NoPieceError(f"{self.path} is not {what}")
        return self.raw

    def need(self, holds: object, why: str) -> None:
        """Raises RefusedError where this does not follow."""
        if not holds:
            raise RefusedError(f"{self.path}: {why}")

    def be(self, wanted: object, why: str) -> None:
        """Raises RefusedError with the first place at which this is not `wanted`."""
        same(wanted, self.raw, self.path, why)

    def has(self, wanted: dict[str, Any], why: str) -> None:
        """Raises RefusedError where one of these parts is another."""
        for key, value in wanted.items():
            self[key].be(value, why)


def same(wanted: object, found: object, path: str, why: str) -> None:
    """Raises RefusedError where two parts of a document differ; numbers are compared as such."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in (*wanted, *(key for key in found if key not in wanted)):
            one, other = wanted.get(key, _NOTHING), found.get(key, _NOTHING)
            same(one, other, f"{path}.{shown(key)}", why)
    elif isinstance(wanted, list | tuple) and isinstance(found, list):
        for number, (one, other) in enumerate(zip_longest(wanted, found, fillvalue=_NOTHING)):
            same(one, other, f"{path}[{number}]", why)
    elif isinstance(found, bool) or isinstance(wanted, bool) or wanted is None:
        if found is not wanted:
            raise RefusedError(f"{path} is {shown(found)}, not {shown(wanted)}: {why}")
    elif (as_decimal(wanted) if isinstance(wanted, int | float) else wanted) != found:
        raise RefusedError(f"{path} is {shown(found)}, not {shown(wanted)}: {why}")


def as_decimal(value: int | float) -> Decimal:
    """The decimal of the digits that a number is written with."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def shown(value: object) -> str:
    """A value for a person: short, and without signs that would command a terminal."""
    if value is _NOTHING:
        return "missing"
    text = f"{value:.12g}" if isinstance(value, Decimal) else str(value)
    clean = "".join(sign if sign.isprintable() else "?" for sign in text)
    return clean if len(clean) <= SHOWN else f"{clean[: SHOWN - 1]}…"


def read(path: Path) -> Node:
    """The document in a file. Raises NoPieceError for what is none."""
    try:
        raw = json.loads(
            bounded(path, LARGEST).decode("utf-8"),
            parse_int=_decimal,
            parse_float=_decimal,
            parse_constant=_decimal,
            object_pairs_hook=_object,
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NoPieceError(f"it is no JSON, or cut short ({shown(error)})") from None
    if not isinstance(raw, dict) or "promenade" not in raw:
        raise NoPieceError("it is no explanation of a piece")
    return Node(raw)


def bounded(path: Path, largest: int) -> bytes:
    """The bytes of a regular file, no more than so many. Raises NoPieceError."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise NoPieceError("it is no regular file")
        with open(path, "rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise NoPieceError(f"it cannot be read: {error.strerror}") from None
    except ValueError:  # a null character in the name
        raise NoPieceError("it is no name that a file can have") from None
    if len(data) > largest:
        raise NoPieceError(f"it has more than {largest:,} bytes")
    return data


def _decimal(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER or not abs(value := Decimal(text)) < GREATEST:
        raise ValueError("a number that no piece has")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found
