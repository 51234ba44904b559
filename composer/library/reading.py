"""Reading the library's YAML: every entry is checked, and a wrong one is named with its key."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Hashable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from composer.errors import UserError

Check = Callable[[Any], str]  # what was expected, or "" where the value is right
Keys = Mapping[str, tuple[Check, bool]]  # key: its check, and whether every entry needs it


class LibraryError(UserError):
    """An entry of a library is wrong: names the file, the entry, the key and what was expected."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} is written twice", node.start_mark
                )
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


@lru_cache(maxsize=16)
def load(name: str) -> Mapping[str, Any]:
    """The entries of the packaged file `name`.yaml as they stand."""
    text = Path(__file__).with_name(f"{name}.yaml").read_text(encoding="utf-8")
    return parse(text, f"{name}.yaml")


def parse(text: str, file: str) -> Mapping[str, Any]:
    """Read YAML whose top level maps entries to their keys; raises LibraryError."""
    try:
        entries = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise LibraryError(
            f"{file} cannot be read as YAML: {' '.join(str(error).split())}"
        ) from None
    if not isinstance(entries, dict) or not all(isinstance(key, str) for key in entries):
        raise LibraryError(f"{file}: the top level must map names to entries")
    return MappingProxyType(entries)


def check(file: str, entries: Mapping[str, Any], keys: Keys) -> None:
    """Hold every entry against `keys`; the first fault is raised as LibraryError."""
    for name, entry in entries.items():
        if not isinstance(entry, dict):
            raise fault(file, name, "", "a mapping of keys to values", entry)
        for key, value in entry.items():
            if key not in keys:
                near = difflib.get_close_matches(str(key), list(keys), 1)
                hint = f" (did you mean {near[0]!r}?)" if near else ""
                raise fault(
                    file, name, str(key), f"one of {', '.join(keys)}{hint}", "an unknown key"
                )
            expected = keys[key][0](value)
            if expected:
                raise fault(file, name, str(key), expected, value)
        for key, (_, needed) in keys.items():
            if needed and key not in entry:
                raise fault(file, name, key, "a value", "none")


def fault(file: str, entry: str, key: str, expected: str, found: object) -> LibraryError:
    place = f"{file}, {entry!r}" + (f", key {key!r}" if key else "")
    return LibraryError(f"{place}: expected {expected}, found {found!r}.")


def sentence(value: Any) -> str:
    fine = isinstance(value, str) and value.endswith(".")
    return "" if fine else "a sentence with its full stop"


def one_of(names: Collection[str]) -> Check:
    def test(value: Any) -> str:
        if value in names:
            return ""
        near = difflib.get_close_matches(str(value), list(names), 1)
        return f"one of {', '.join(names)}" + (f" (did you mean {near[0]!r}?)" if near else "")

    return test


def whole(low: int, high: int) -> Check:
    def test(value: Any) -> str:
        fine = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if fine else f"a whole number from {low} to {high}"

    return test


def truth(value: Any) -> str:
    return "" if isinstance(value, bool) else "true or false"


def reads(reader: Callable[[str], object]) -> Check:
    """A text that `reader` can read; its ValueError says what was expected."""

    def test(value: Any) -> str:
        if not isinstance(value, str):
            return "text"
        try:
            reader(value)
        except ValueError as error:
            return f"text that can be read ({error})"
        return ""

    return test


def listed(each: Check) -> Check:
    def test(value: Any) -> str:
        if not isinstance(value, list) or not value:
            return "a list"
        return next((f"a list of {said}" for said in map(each, value) if said), "")

    return test


def mapped(keys: Mapping[str, Check]) -> Check:
    def test(value: Any) -> str:
        if not isinstance(value, dict) or not value:
            return "a mapping"
        for key, each in value.items():
            if key not in keys:
                return f"only the keys {', '.join(keys)} ({key!r} is none of them)"
            said = keys[key](each)
            if said:
                return f"under {key!r} {said}"
        return ""

    return test
