"""Reads a stored explanation: the JSON file of a piece, whole and of this version, or an error."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from composer.errors import UserError
from composer.explanation.document import FORMAT

Json = dict[str, Any]

# Far more than the longest piece's explanation.
LARGEST = 32_000_000
AGAIN = "Write one with compose PICTURE -o PIECE.json."


def read(path: str) -> Json:
    """The explanation in a file.

    Raises UserError for a file that cannot be read, that is none or is cut short, or that another
    version of the format wrote.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise UserError(f"There is no file {path}.", AGAIN) from None
    except IsADirectoryError:
        raise UserError(f"{path} is a folder.", "Give the name of a piece's .json file.") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > LARGEST:
        raise UserError(f"{path} is too large for an explanation.", AGAIN)
    try:
        document = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise UserError(f"{path} is no JSON, or was cut short.", AGAIN) from None
    if not isinstance(document, dict) or "promenade" not in document:
        raise UserError(f"{path} is no explanation of a piece.", AGAIN)
    if document["promenade"] != FORMAT:
        raise UserError(
            f"{path} was written in version {document['promenade']!r} of the format, and this "
            f"program reads version {FORMAT}.",
            "Compose the piece again.",
        )
    import jsonschema

    fault = next(jsonschema.Draft202012Validator(schema()).iter_errors(document), None)
    if fault is not None:
        raise UserError(f"{path} is no whole explanation: {fault.json_path} is not right.", AGAIN)
    return document


@cache
def schema() -> Json:
    """What an explanation holds, as a JSON Schema."""
    text = (files("composer") / "explanation" / "schema.json").read_text(encoding="utf-8")
    found: Json = json.loads(text)
    return found


def _refuse(name: str) -> None:
    raise ValueError(name)
