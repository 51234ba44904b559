"""What decided a stored piece, read back from its explanation.

The decisions are made again from the stored table and features, by this version of the program;
where they come out as they are stored, every replay of them tells the truth about that piece.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from composer.errors import LONGEST_WORD, UserError
from composer.explanation.decided import (
    ConditionJson,
    QuestionJson,
    RuleJson,
    RulesJson,
    TermJson,
)
from composer.explanation.format import Explanation
from composer.explanation.reading import AGAIN
from composer.table import Decisions, Evidence, MappingRule, Question, Table, decide, measured
from composer.table.conditions import Chosen, Condition, Is, Joined, Shaped, Term
from composer.table.table import Default
from composer.vocabulary import Facts

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


def stored(document: Explanation) -> Stored:
    """Read a piece's decisions back.

    Raises UserError where this version decides otherwise, and where the table's parts do not
    belong together.
    """
    try:
        return _decided_again(document)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
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
                f"{str(row['value'])[:LONGEST_WORD]}.",
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
        means={
            choice: {each: _decimal(value) for each, value in places.items()}
            for choice, places in row.get("means", {}).items()
        },
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
