"""What decided a stored piece: its table, features and decisions, read back from the explanation.

The decisions are made again from the stored table and features, by this version of the program;
where they come out as they are stored, every replay of them tells the truth about that piece.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from composer.errors import UserError
from composer.table import Decisions, Evidence, Question, Rule, Table, decide, measured
from composer.table.conditions import Chosen, Condition, Is, Joined, Shaped, Term
from composer.table.table import Default, newest
from composer.vocabulary import Facts

Json = Mapping[str, Any]
SHAPES = ("not", "very", "somewhat")


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


def stored(document: Json) -> Stored:
    """Read a piece's decisions back. Raises UserError where this version decides otherwise."""
    table = read_resolved(document["rules"]["table"], document["rules"])
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


def read_resolved(row: Json, file: Json) -> Table:
    """The table that `Table.resolved` wrote, in any version of the format; `file` holds its name
    and SHA-256. Raises UserError for a version that is not read."""
    row = newest(row)
    decisions = {name: _question(name, asked) for name, asked in row["decisions"].items()}
    stocks: dict[str, dict[str, Facts]] = {}
    for asked in row["decisions"].values():
        if "stock" in asked:
            stocks.setdefault(asked["stock"], {entry: {} for entry in asked["choice"]})
        if "default" in asked:
            by = row["decisions"][asked["default"]["by"]]["stock"]
            for entry, named in asked["default"]["names"].items():
                known = stocks[by].get(entry, {})
                stocks[by][entry] = {**known, asked["default"]["of"]: named}
    return Table(
        file=file["file"],
        sha256=file["sha256"],
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


def _term(name: str, row: Json) -> Term:
    points = tuple((x, level) for x, level in row.get("points", ()))
    low = points[0][0] if points else row.get("from", row.get("at"))
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


def _question(name: str, row: Json) -> Question:
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


def _rule(row: Json) -> Rule:
    then = row["then"]
    evidence = row["evidence"]
    return Rule(
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


def _condition(when: Any) -> Condition:
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
