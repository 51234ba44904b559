"""Terms, and the conditions that are made of them, as values; and the regions by name.

A term `in` a region is measured there; its value goes by the name `FEATURE in REGION` beside the
whole picture's, so that what decides, explains or replays needs to know nothing of regions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Protocol


class Area(Protocol):
    """What is read of a region: x and y run from 0 at the left and the top to 1."""

    @property
    def share(self) -> float: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def features(self) -> Mapping[str, float]: ...


class MeasuredPicture(Protocol):
    """What is read of an analysis."""

    @property
    def features(self) -> Mapping[str, float]: ...
    @property
    def regions(self) -> Sequence[Area]: ...


def _feature(name: str, sign: int = 1) -> Callable[[Area], float]:
    return lambda area: sign * area.features[name]


# Name -> what is the least in the region that is meant; of equals the one further to the left.
REGIONS: Mapping[str, Callable[[Area], float]] = MappingProxyType(
    {
        "dominant region": lambda area: -area.share,
        "smallest region": lambda area: area.share,
        "top region": lambda area: area.y,
        "bottom region": lambda area: -area.y,
        "left region": lambda area: area.x,
        "right region": lambda area: -area.x,
        "middle region": lambda area: (area.x - 0.5) ** 2 + (area.y - 0.5) ** 2,
        "lightest region": _feature("light.lightness", -1),
        "darkest region": _feature("light.lightness"),
        "most colourful region": _feature("colour.chroma", -1),
        "greyest region": _feature("colour.chroma"),
        "busiest region": _feature("texture.edge_density", -1),
        "calmest region": _feature("texture.edge_density"),
    }
)
# What a region has besides the features that it shares with the whole picture: range and meaning.
PLACE: Mapping[str, tuple[float, float, str]] = MappingProxyType(
    {
        "region.share": (0, 1, "Share of the picture that the region covers."),
        "region.x": (0, 1, "Where the region's middle lies: 0 left, 1 right."),
        "region.y": (0, 1, "Where the region's middle lies: 0 bottom, 1 top."),
    }
)


def measured(analysis: MeasuredPicture) -> Mapping[str, float]:
    """Every value that a table can ask for: the picture's features, and each named region's.

    A picture has at least one region, so that each name finds one; several names may find the
    same.
    """
    found = dict(analysis.features)
    for name, rank in REGIONS.items() if analysis.regions else ():
        area = min(analysis.regions, key=rank)
        place = {"region.share": area.share, "region.x": area.x, "region.y": 1 - area.y}
        for feature, value in {**area.features, **place}.items():
            found[f"{feature} in {name}"] = value
    return found


NOUGHT = Decimal(0)
ONE = Decimal(1)
TWO = Decimal(2)
QUANTUM = 10_000  # a strength is a whole number of ten-thousandths


@dataclass(frozen=True, slots=True)
class Term:
    """A word for a feature (or for a number decided earlier), as a strength from 0 to 1.

    A ramp is 0 at `low` and 1 at `high` (which may be the smaller); with `within`, the term is
    instead 1 at `low` and falls to 0 at that distance on either side; with `points`, pairs of
    feature value and strength in rising order, it is the line through them, level beyond the ends
    (`low` and `high` are then the first and the last value). With `turn`, the feature goes round
    a circle of that length (hue: 360). `where` is the region that it is measured in, or "" for
    the whole picture; `made` says that no one wrote the term, a rule needed it.
    """

    name: str
    feature: str
    low: float
    high: float
    within: float | None = None
    turn: float | None = None
    points: tuple[tuple[float, float], ...] = ()
    where: str = ""
    made: bool = False

    @property
    def key(self) -> str:
        """What it is measured by: the feature's name, with its region where it has one."""
        return f"{self.feature} in {self.where}" if self.where else self.feature

    def value(self, x: float) -> Decimal:
        """The strength at feature value `x`, in steps of a ten-thousandth."""
        if self.points:
            share = self._between(x)
        elif self.within is not None:
            distance = abs(x - self.low)
            if self.turn is not None:
                distance %= self.turn
                distance = min(distance, self.turn - distance)
            share = 1 - distance / self.within
        else:
            share = (x - self.low) / (self.high - self.low)
        return Decimal(round(min(1.0, max(0.0, share)) * QUANTUM)) / QUANTUM

    def _between(self, x: float) -> float:
        """The line through the points at `x`; round a circle from the last to the first again."""
        points = self.points
        if self.turn is not None:
            first, level = points[0]
            x = first + (x - first) % self.turn
            points = (*points, (first + self.turn, level))
        if x <= points[0][0]:
            return points[0][1]
        for (left, low), (right, high) in pairwise(points):
            if x <= right:
                return low + (high - low) * (x - left) / (right - left)
        return points[-1][1]

    def corners(self) -> tuple[tuple[float, float], ...]:
        """The points between which the term is straight, in rising order of the feature.

        Beyond the first and the last it is level; with `turn` they lie within one turn, and the
        line goes on from the last to the first.

        >>> Term("dark", "light.lightness", 46, 24).corners()
        ((24, 1.0), (46, 0.0))
        >>> Term("red", "colour.hue", 45, 45, within=30, turn=360).corners()
        ((15, 0.0), (45, 1.0), (75, 0.0))
        """
        if self.points:
            return self.points
        if self.within is not None:
            left, right = self.low - self.within, self.low + self.within
            return ((left, 0.0), (self.low, 1.0), (right, 0.0))
        ends = ((self.low, 0.0), (self.high, 1.0))
        return ends if self.low < self.high else ends[::-1]

    def resolved(self) -> dict[str, object]:
        row: dict[str, object] = {"feature": self.feature}
        if self.points:
            row["points"] = [list(point) for point in self.points]
        elif self.within is None:
            row |= {"from": self.low, "to": self.high}
        else:
            row |= {"at": self.low, "within": self.within}
        if self.turn is not None:
            row["turn"] = self.turn
        return row | {"in": self.where} if self.where else row


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
        return shaped(self.how, self.of.strength(terms, chosen))

    def __str__(self) -> str:
        inner = f"({self.of})" if isinstance(self.of, Joined) else str(self.of)
        return f"{self.how} {inner}"


def shaped(how: str, strength: Decimal) -> Decimal:
    """A strength under `not`, `very` or `somewhat`."""
    if how == "not":
        return ONE - strength
    return max(NOUGHT, TWO * strength - ONE) if how == "very" else min(ONE, TWO * strength)


@dataclass(frozen=True, slots=True)
class Joined:
    """`all` (the least of its parts) or `any` (the greatest)."""

    how: str
    of: tuple[Condition, ...]

    def strength(self, terms: Mapping[str, Decimal], chosen: Mapping[str, str]) -> Decimal:
        parts = [part.strength(terms, chosen) for part in self.of]
        return min(parts, default=ONE) if self.how == "all" else max(parts)

    def __str__(self) -> str:
        if not self.of:
            return "always"
        word = " and " if self.how == "all" else " or "
        return word.join(f"({p})" if isinstance(p, Joined) else str(p) for p in self.of)


Condition = Is | Chosen | Shaped | Joined


def leaves(condition: Condition) -> list[Is | Chosen]:
    """Every term and every compared decision in a condition, left to right."""
    if isinstance(condition, Shaped):
        return leaves(condition.of)
    if isinstance(condition, Joined):
        return [leaf for part in condition.of for leaf in leaves(part)]
    return [condition]


def resolved(condition: Condition) -> object:
    """The condition as plain data, in the table's own notation."""
    if isinstance(condition, Is):
        return condition.term
    if isinstance(condition, Chosen):
        return {condition.decision: list(condition.values)}
    if isinstance(condition, Joined):
        return {condition.how: [resolved(part) for part in condition.of]}
    of = resolved(condition.of)
    if condition.how != "not" and isinstance(of, str):
        return f"{condition.how} {of}"
    return {condition.how: of}
