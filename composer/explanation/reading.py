"""A stored explanation as a file: anybody's JSON, of which only what is one whole is let in.

What it can cost is bounded before it is looked at: its bytes, its numbers, how deep it goes. Signs
that would command a terminal are shown as such.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from composer.errors import LONGEST_WORD, UserError, visible
from composer.explanation.format import FORMAT, Explanation
from composer.table.bounded import NoRegularFileError, read_bounded
from composer.table.table import newest

LARGEST = 8_000_000  # bytes; four minutes of six players take a third of it
LARGEST_NUMBER = 1e100  # beyond it sums overflow; no seed, feature or share is near it
AGAIN = "Write one with compose PICTURE -o PIECE.json."
# What a document raises in whoever reads it, if it has the right shape and its parts point nowhere.
_ASTRAY = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    StopIteration,
    TypeError,
    ValueError,
)


@contextmanager
def foreign() -> Iterator[None]:
    """For reading in a document that somebody may have changed by hand.

    Where its parts do not belong together, a bar beyond the last or a phrase that is not there, it
    is a UserError. What this program itself has just made needs no such care.
    """
    try:
        yield
    except _ASTRAY as error:
        said = "The parts of this explanation do not belong together."
        raise UserError(said, AGAIN) from error


def read(path: str) -> Explanation:
    """The explanation in a file.

    Raises UserError for a file that cannot be read, that is none or is cut short, or that another
    version of the format wrote.
    """
    try:
        data = read_bounded(Path(path), LARGEST)
    except FileNotFoundError:
        raise UserError(f"There is no file {path}.", AGAIN) from None
    except NoRegularFileError as error:
        hint = "Give the name of a piece's .json file."
        raise UserError(f"{path} is {error.kind}.", hint) from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:  # a null character in the name
        raise UserError("This is no name that a file can have.", AGAIN) from None
    if len(data) > LARGEST:
        raise UserError(f"{path} is too large for an explanation.", AGAIN)
    try:
        document = json.loads(data, parse_constant=_refuse, parse_float=_number, parse_int=_integer)
        document = _shown(document)
    except OverflowError:
        raise UserError(f"{path} holds a number that no piece has.", AGAIN) from None
    except (ValueError, RecursionError):
        raise UserError(f"{path} is no JSON, or was cut short.", AGAIN) from None
    return whole(document, path)


def whole(document: object, name: str) -> Explanation:
    """The document, which is an explanation with all that belongs to one.

    name: what it goes by. Raises UserError for what is none, or of another version of the format.
    """
    version = document.get("promenade") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(version, int | float | str):
        raise UserError(f"{name} is no explanation of a piece.", AGAIN)
    if version != FORMAT:
        raise UserError(
            f"{name} was written in version {_short(repr(version))} of the format, and this "
            f"program reads version {FORMAT}.",
            "Compose the piece again.",
        )
    rules = document.get("rules")
    if isinstance(rules, dict) and isinstance(rules.get("table"), dict):
        with foreign():
            table = newest(rules["table"])
        if table is not rules["table"]:
            document = {**document, "rules": {**rules, "table": table}}
    try:
        fault = next(_validator().iter_errors(document), None)
    except RecursionError:
        raise UserError(f"{name} is no whole explanation: it goes too deep.", AGAIN) from None
    if fault is not None:
        place = _short(visible(fault.json_path))
        raise UserError(f"{name} is no whole explanation: {place} is not right.", AGAIN)
    return cast(Explanation, document)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_WORD else f"{text[: LONGEST_WORD - 1]}…"


@cache
def schema() -> dict[str, Any]:
    """What an explanation holds, as a JSON Schema."""
    text = (files("composer") / "explanation" / "schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _validator() -> Any:
    """Judges by the schema; of whole numbers more strictly, for 16.0 can count nothing here."""
    import jsonschema
    from jsonschema.validators import extend

    usual = jsonschema.Draft202012Validator
    checker = usual.TYPE_CHECKER.redefine("integer", lambda _, given: type(given) is int)
    return extend(usual, type_checker=checker)(schema())


def _shown(part: Any) -> Any:
    """A part of a document with its texts as they can be shown."""
    if isinstance(part, str):
        return visible(part)
    if isinstance(part, list):
        return [_shown(each) for each in part]
    if isinstance(part, dict):
        return {visible(key): _shown(value) for key, value in part.items()}
    return part


def _refuse(name: str) -> None:
    raise ValueError(name)


def _number(text: str) -> float:
    value = float(text)
    if abs(value) > LARGEST_NUMBER:
        raise OverflowError(text)
    return value


def _integer(text: str) -> int:
    _number(text)
    return int(text)
