"""The decisions as charts: every share a bar where the last one ended, in per cent of the width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from composer.explain.style import music, plain, signed
from composer.explain.text import MAIN
from composer.report.words import condition, label, sentence, terms

Json = dict[str, Any]

# Shares that are no rule's: what held a decision in range, and where a number begins.
LAST = ("clamp", "rounding")
BEGINNINGS = ("start", "you")
HAIR = 0.6  # per cent: the least width of a bar that stands for something


@dataclass(frozen=True, slots=True)
class Measured:
    """A term that a rule listened to, how far it holds (0 to 1), and the figure behind it."""

    term: str
    value: float
    figure: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A share: from `left` for `width`; `rule` is None for what is no rule of the table."""

    rule: str | None
    amount: str
    negative: bool
    left: float
    width: float
    because: str
    evidence: Json | None
    when: str
    strength: str
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice and its votes, as a bar; the one that was taken; why one was not to be had."""

    name: str
    votes: str
    width: float
    taken: bool
    excluded: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A decision; `value_at` is where its value lies among the bars, in per cent."""

    name: str
    label: str
    kind: str
    value: str
    unit: str
    against: str
    main: bool
    bars: tuple[Bar, ...]
    value_at: float
    choices: tuple[Choice, ...]


def charts(document: Json) -> list[Chart]:
    """Every decision, in the order in which they were made."""
    return [_chart(name, made, document) for name, made in document["decisions"].items()]


def _chart(name: str, made: Json, document: Json) -> Chart:
    number = made["kind"] == "number"
    shares = _ordered(made["shares"])
    ends, total = [], 0.0
    for share in shares:
        # A number begins where the table says; votes are counted from nought.
        begin = share["amount"] if number and share["rule"] in BEGINNINGS else total
        total += share["amount"]
        ends.append((begin, total))
    low, high = _axis([end for pair in ends for end in pair], zero=not number)
    against = ""
    if made["runner_up"] is not None:
        against = f"before {music(made['runner_up'])} by {plain(made['margin'])}"
    return Chart(
        name=name,
        label=label(name),
        kind=made["kind"],
        value=plain(made["value"]) if number else music(made["value"]),
        unit=made["unit"],
        against=against,
        main=name in MAIN,
        bars=tuple(
            _bar(share, *_between(end, low, high), document)
            for share, end in zip(shares, ends, strict=True)
        ),
        value_at=_place(total, low, high),
        choices=() if number else _choices(made),
    )


def _ordered(shares: list[Json]) -> list[Json]:
    """Where it started, what moved it most, and at last what held it in range."""
    heard = [share for share in shares if share["amount"] or share["rule"] == "you"]
    return sorted(
        heard,
        key=lambda share: (share["rule"] in LAST, share["rule"] != "start", -abs(share["amount"])),
    )


def _axis(values: list[float], *, zero: bool) -> tuple[float, float]:
    """The least and the greatest value of a chart. Votes begin at nought."""
    seen = [*values, 0.0] if zero or not values else values
    low, high = min(seen), max(seen)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _between(pair: tuple[float, float], low: float, high: float) -> tuple[float, float]:
    """Left and width in per cent of what lies between two values."""
    left, right = (_place(value, low, high) for value in sorted(pair))
    width = max(right - left, HAIR)
    return round(min(left, 100 - width), 2), round(width, 2)


def _place(value: float, low: float, high: float) -> float:
    return round(100 * (min(max(value, low), high) - low) / (high - low), 2)


def _bar(share: Json, left: float, width: float, document: Json) -> Bar:
    table = document["rules"]["table"]
    rule = next((rule for rule in table["rules"] if rule["id"] == share["rule"]), None)
    return Bar(
        rule=None if rule is None else rule["id"],
        amount=signed(share["amount"]),
        negative=share["amount"] < 0,
        left=left,
        width=width,
        because=sentence(share["because"]),
        evidence=share["evidence"],
        when="" if rule is None else condition(rule["when"]),
        strength=plain(share["strength"]),
        measured=() if rule is None else tuple(_measured(rule["when"], document)),
    )


def _measured(when: Any, document: Json) -> list[Measured]:
    """The terms of a condition with their values, and what was measured for them."""
    table = document["rules"]["table"]
    return [
        Measured(term, document["terms"][term], figure(_key(table["terms"][term]), document))
        for term in terms(when, table)
        if term in document["terms"]
    ]


def _key(term: Json) -> str:
    """What a term is measured by: a feature's name, with the region that it is measured in."""
    return f"{term['feature']} in {term['in']}" if "in" in term else str(term["feature"])


def figure(feature: str, document: Json) -> str:
    """A feature or an earlier decision with its value and unit.

    >>> figure("valence", {"features": {}, "decisions": {"valence": {"value": -0.25, "unit": ""}}})
    'valence −0.25'
    """
    made = document["features"].get(feature) or document["decisions"].get(feature)
    if made is None:
        return label(feature)
    value = made["value"] if isinstance(made["value"], str) else plain(made["value"])
    return f"{label(feature)} {value} {made['unit']}".rstrip()


def _choices(made: Json) -> tuple[Choice, ...]:
    """What was chosen from: the choices with votes, and those that were not to be had."""
    most = max((abs(votes) for votes in made["votes"].values()), default=0.0) or 1.0
    voted = [
        Choice(
            music(choice),
            plain(votes),
            round(100 * max(votes, 0) / most, 2),
            choice == made["value"],
            "",
        )
        for choice, votes in sorted(made["votes"].items(), key=lambda item: -item[1])
        if votes or choice == made["value"]
    ]
    left_out = [
        Choice(music(choice), "", 0.0, False, why) for choice, why in made["excluded"].items()
    ]
    return tuple(voted + left_out)
