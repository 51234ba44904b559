"""A stored explanation read back: the JSON file whole, and what decided the piece in it.

The decisions are made again from the stored table and features, by this version of the program;
where they come out as they are stored, every replay of them tells the truth about that piece.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from composer.errors import UserError
from composer.explanation.decided import (
    ConditionJson,
    QuestionJson,
    RuleJson,
    RulesJson,
    TermJson,
)
from composer.explanation.format import FORMAT, Explanation
from composer.table import Decisions, Evidence, MappingRule, Question, Table, decide, measured
from composer.table.conditions import Chosen, Condition, Is, Joined, Shaped, Term
from composer.table.table import Default, newest
from composer.vocabulary import Facts

# Far more than the longest piece's explanation.
LARGEST = 32_000_000
LARGEST_NUMBER = 1e100  # beyond it sums overflow; no seed, feature or share is near it
AGAIN = "Write one with compose PICTURE -o PIECE.json."
SHAPES = ("not", "very", "somewhat")


def read(path: str) -> Explanation:
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
        document = json.loads(data, parse_constant=_refuse, parse_float=_number, parse_int=_integer)
    except OverflowError:
        raise UserError(f"{path} holds a number that no piece has.", AGAIN) from None
    except (ValueError, RecursionError):
        raise UserError(f"{path} is no JSON, or was cut short.", AGAIN) from None
    return whole(document, path)


def whole(document: object, name: str) -> Explanation:
    """The document, which is an explanation with all that belongs to one.

    name: what it goes by. Raises UserError for what is none, or of another version of the format.
    """
    if not isinstance(document, dict) or "promenade" not in document:
        raise UserError(f"{name} is no explanation of a piece.", AGAIN)
    if document["promenade"] != FORMAT:
        raise UserError(
            f"{name} was written in version {document['promenade']!r} of the format, and this "
            f"program reads version {FORMAT}.",
            "Compose the piece again.",
        )
    rules = document.get("rules")
    if isinstance(rules, dict) and isinstance(rules.get("table"), dict):
        table = newest(rules["table"])
        if table is not rules["table"]:
            document = {**document, "rules": {**rules, "table": table}}
    import jsonschema

    fault = next(jsonschema.Draft202012Validator(schema()).iter_errors(document), None)
    if fault is not None:
        raise UserError(f"{name} is no whole explanation: {fault.json_path} is not right.", AGAIN)
    return cast(Explanation, document)


@cache
def schema() -> dict[str, Any]:
    """What an explanation holds, as a JSON Schema."""
    text = (files("composer") / "explanation" / "schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


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


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored piece's table, the features (those of regions too), and its decisions."""

    table: Table
    features: Mapping[str, float]
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class _Region:
    share: float
    x: float
    y: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Analysis:
    features: Mapping[str, float]
    regions: Sequence[_Region]


def stored(document: Explanation) -> Stored:
    """Read a piece's decisions back.

    Raises UserError where this version decides otherwise, and where the table's parts do not
    belong together.
    """
    try:
        return _decided_again(document)
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
        raise UserError(
            "The table in this explanation cannot decide: its parts do not belong together.",
            AGAIN,
        ) from None


def _decided_again(document: Explanation) -> Stored:
    table = read_resolved(document["rules"])
    regions = [
        _Region(row["share"], row["x"], row["y"], row["features"])
        for row in document["picture"]["regions"]
    ]
    whole = {name: float(row["value"]) for name, row in document["features"].items()}
    features = measured(_Analysis(whole, regions))
    given = {
        name: _typed(row["value"])
        for name, row in document["decisions"].items()
        if any(share["rule"] == "you" for share in row["shares"])
    }
    decisions = decide(table, features, given)
    for name, row in document["decisions"].items():
        made = decisions[name].value
        if made != (row["value"] if isinstance(row["value"], str) else _decimal(row["value"])):
            raise UserError(
                f"The decision {name} of this piece comes out as {made} here, and not as "
                f"{row['value']}.",
                "Another version of Promenade composed it, or the file was changed: compose again.",
            )
    return Stored(table, features, decisions)


def read_resolved(rules: RulesJson) -> Table:
    """The table that `Table.resolved` wrote."""
    row = rules["table"]
    decisions = {name: _question(name, asked) for name, asked in row["decisions"].items()}
    stocks: dict[str, dict[str, Facts]] = {}
    for asked in row["decisions"].values():
        if "stock" in asked:
            stocks.setdefault(asked["stock"], {entry: {} for entry in asked["choice"]})
        if "default" in asked:
            by = decisions[asked["default"]["by"]].stock
            for entry, named in asked["default"]["names"].items():
                known = stocks[by].get(entry, {})
                stocks[by][entry] = {**known, asked["default"]["of"]: named}
    return Table(
        file=rules["file"],
        sha256=rules["sha256"],
        name=row["name"],
        terms={name: _term(name, term) for name, term in row["terms"].items()},
        decisions=decisions,
        rules=tuple(_rule(rule) for rule in row["rules"]),
        sources=row["sources"],
        stocks=stocks,
    )


def _decimal(number: float | int) -> Decimal:
    """The decimal of the digits that a number is written with."""
    return Decimal(int(number)) if number == int(number) else Decimal(repr(number))


def _typed(value: object) -> str:
    return value if isinstance(value, str) else repr(value)


def _term(name: str, row: TermJson) -> Term:
    points = tuple((x, level) for x, level in row.get("points", ()))
    low = points[0][0] if points else row["at"] if "at" in row else row["from"]
    high = points[-1][0] if points else row.get("to", low)
    return Term(
        name,
        row["feature"],
        low,
        high,
        within=row.get("within"),
        turn=row.get("turn"),
        points=points,
        where=row.get("in", ""),
    )


def _question(name: str, row: QuestionJson) -> Question:
    unit = row.get("unit", "")
    if "number" in row:
        low, high = map(_decimal, row["number"])
        lasts = [_decimal(each) for each in row.get("lasts", ())]
        return Question(
            name,
            "number",
            unit,
            low,
            high,
            _decimal(row["start"]),
            _decimal(row["step"]) if "step" in row else None,
            (lasts[0], lasts[1]) if lasts else None,
        )
    default = row.get("default")
    return Question(
        name,
        "choice",
        unit,
        choices=tuple(row["choice"]),
        starts={choice: _decimal(votes) for choice, votes in row.get("start", {}).items()},
        only={
            choice: {each: tuple(values) for each, values in needs.items()}
            for choice, needs in row.get("only", {}).items()
        },
        stock=row.get("stock", ""),
        default=default and Default(default["by"], default["of"], _decimal(default["votes"])),
    )


def _rule(row: RuleJson) -> MappingRule:
    then = row["then"]
    evidence = row["evidence"]
    return MappingRule(
        row["id"],
        _condition(row["when"]),
        {name: _decimal(said) for name, said in then.items() if not isinstance(said, dict)},
        {
            name: {choice: _decimal(votes) for choice, votes in said.items()}
            for name, said in then.items()
            if isinstance(said, dict)
        },
        row["because"],
        Evidence(evidence["grade"], evidence["effect"], evidence["source"]),
    )


def _condition(when: ConditionJson) -> Condition:
    if isinstance(when, str):
        how, blank, rest = when.partition(" ")
        if blank and how in SHAPES:
            return Shaped(how, _condition(rest))
        return Is(when)
    ((word, of),) = when.items()
    if word in ("all", "any"):
        return Joined(word, tuple(_condition(part) for part in of))
    if word in SHAPES:
        return Shaped(word, _condition(of))
    return Chosen(word, tuple(of))
