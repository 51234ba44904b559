"""A rule's condition: terms and earlier decisions, joined by all, any, not, very, somewhat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

NOUGHT = Decimal(0)
ONE = Decimal(1)
TWO = Decimal(2)
QUANTUM = 10_000  # a strength is a whole number of ten-thousandths


@dataclass(frozen=True, slots=True)
class Term:
    """A word for a feature (or for a number decided earlier), as a strength from 0 to 1.

    A ramp is 0 at `low` and 1 at `high` (which may be the smaller); with `within`, the term is
    instead 1 at `low` and falls to 0 at that distance on either side. With `turn`, the feature
    goes round a circle of that length (hue: 360).
    """

    name: str
    feature: str
    low: float
    high: float
    within: float | None = None
    turn: float | None = None

    def value(self, x: float) -> Decimal:
        """The strength at feature value `x`, in steps of a ten-thousandth."""
        if self.within is not None:
            distance = abs(x - self.low)
            if self.turn is not None:
                distance %= self.turn
                distance = min(distance, self.turn - distance)
            share = 1 - distance / self.within
        else:
            share = (x - self.low) / (self.high - self.low)
        return Decimal(round(min(1.0, max(0.0, share)) * QUANTUM)) / QUANTUM

    def resolved(self) -> dict[str, object]:
        if self.within is None:
            return {"feature": self.feature, "from": self.low, "to": self.high}
        row: dict[str, object] = {"feature": self.feature, "at": self.low, "within": self.within}
        return row if self.turn is None else row | {"turn": self.turn}


@dataclass(frozen=True, slots=True)
class Is:
    """A term by its name: its value."""

    term: str

    def strength(self, terms: Mapping[str, Decimal], chosen: Mapping[str, str]) -> Decimal:
        return terms[self.term]

    def __str__(self) -> str:
        return self.term


@dataclass(frozen=True, slots=True)
class Chosen:
    """1 where an earlier choice fell on one of `values`, else 0."""

    decision: str
    values: tuple[str, ...]

    def strength(self, terms: Mapping[str, Decimal], chosen: Mapping[str, str]) -> Decimal:
        return ONE if chosen[self.decision] in self.values else NOUGHT

    def __str__(self) -> str:
        return f"{self.decision} is {' or '.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Shaped:
    """A condition under `not`, `very` or `somewhat`."""

    how: str
    of: Condition

    def strength(self, terms: Mapping[str, Decimal], chosen: Mapping[str, str]) -> Decimal:
        x = self.of.strength(terms, chosen)
        if self.how == "not":
            return ONE - x
        return max(NOUGHT, TWO * x - ONE) if self.how == "very" else min(ONE, TWO * x)

    def __str__(self) -> str:
        inner = f"({self.of})" if isinstance(self.of, Joined) else str(self.of)
        return f"{self.how} {inner}"


@dataclass(frozen=True, slots=True)
class Joined:
    """`all` (the least of its parts) or `any` (the greatest)."""

    how: str
    of: tuple[Condition, ...]

    def strength(self, terms: Mapping[str, Decimal], chosen: Mapping[str, str]) -> Decimal:
        parts = [part.strength(terms, chosen) for part in self.of]
        return min(parts) if self.how == "all" else max(parts)

    def __str__(self) -> str:
        word = " and " if self.how == "all" else " or "
        return word.join(f"({p})" if isinstance(p, Joined) else str(p) for p in self.of)


Condition = Is | Chosen | Shaped | Joined


def leaves(condition: Condition) -> Iterator[Is | Chosen]:
    """Every term and every compared decision in a condition, left to right."""
    if isinstance(condition, Shaped):
        yield from leaves(condition.of)
    elif isinstance(condition, Joined):
        for part in condition.of:
            yield from leaves(part)
    else:
        yield condition


def resolved(condition: Condition) -> object:
    """The condition as plain data, in the table's own notation."""
    if isinstance(condition, Is):
        return condition.term
    if isinstance(condition, Chosen):
        return {condition.decision: list(condition.values)}
    if isinstance(condition, Joined):
        return {condition.how: [resolved(part) for part in condition.of]}
    if condition.how == "not":
        return {"not": resolved(condition.of)}
    return f"{condition.how} {resolved(condition.of)}"
