"""Decisions as charts, every share a bar where the last one ended, and features as gauges.

Places and widths are in per cent of the whole width.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from composer.explanation.decided import (
    ChoiceJson,
    DecisionJson,
    EvidenceJson,
    ShareJson,
    TermJson,
)
from composer.explanation.features import ONE_SHAPE, bounds
from composer.explanation.format import Explanation, TypicalJson
from composer.explanation.layout import music, plain, shown, signed
from composer.explanation.shown import told
from composer.explanation.text import MAIN
from composer.render.report.words import condition, label, sentence, terms

# Shares that are no rule's: what held a decision in range, and where a number begins.
LAST = ("clamp", "rounding")
HAIR = 0.6  # per cent: the least width of a bar that stands for something


@dataclass(frozen=True, slots=True)
class ShareBar:
    """A share: from `left` for `width`. `rule` is None for what is no rule of the table; `figures`
    are what its condition listened to."""

    rule: str | None
    decisive: bool
    amount: str
    negative: bool
    left: float
    width: float
    because: str
    evidence: EvidenceJson | None
    when: str
    strength: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChoiceBar:
    """A choice and its votes, as a bar, and whether it was taken."""

    name: str
    votes: str
    width: float
    taken: bool


@dataclass(frozen=True, slots=True)
class Excluded:
    """Choices that were not to be had, all for one reason."""

    why: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearestRule:
    """The rule that came nearest to making it another, and in words what it lacked."""

    rule: str
    said: str


@dataclass(frozen=True, slots=True)
class DecisionChart:
    """A decision; `value_at` is where its value lies among the bars, in per cent. It has no bars
    where the user decided (`yours`, which says so)."""

    name: str
    label: str
    value: str
    unit: str
    against: str
    main: bool
    yours: str
    bars: tuple[ShareBar, ...]
    value_at: float
    choices: tuple[ChoiceBar, ...]
    excluded: tuple[Excluded, ...]
    why_not: NearestRule | None


def charts(document: Explanation) -> list[DecisionChart]:
    """Every decision, in the order in which they were made."""
    return [_chart(name, made, document) for name, made in document["decisions"].items()]


def _chart(name: str, made: DecisionJson, document: Explanation) -> DecisionChart:
    number = made["kind"] == "number"
    shares = _ordered(told(made["shares"], document))
    ends, total = [], 0.0
    for share in shares:
        # A number begins where the table says; votes are counted from nought.
        begin = share["amount"] if number and share["rule"] == "start" else total
        total += share["amount"]
        ends.append((begin, total))
    low, high = _axis([end for pair in ends for end in pair], zero=not number)
    against = ""
    if made["runner_up"] is not None and made["margin"] is not None:
        against = f"before {music(made['runner_up'])} by {fine(made['margin'])}"
    return DecisionChart(
        name=name,
        label=label(name),
        value=shown(made["value"]),
        unit=made["unit"],
        against=against,
        main=name in MAIN,
        yours=next(
            (f"{because[:1].upper()}{because[1:]}." for because in _yours(made["shares"])), ""
        ),
        bars=tuple(
            _bar(
                share,
                number and share["rule"] == "start",
                _between(end, low, high),
                made["decisive"],
                document,
            )
            for share, end in zip(shares, ends, strict=True)
        ),
        value_at=_place(total, low, high),
        choices=_choices(made) if made["kind"] == "choice" else (),
        excluded=_excluded(made) if made["kind"] == "choice" else (),
        why_not=_why_not(made, document),
    )


def _yours(shares: list[ShareJson]) -> list[str]:
    """What is said of a decision that the user made."""
    return [share["because"] for share in shares if share["rule"] == "you"]


def _ordered(shares: list[ShareJson]) -> list[ShareJson]:
    """Where it started, what moved it most, and at last what held it in range."""
    heard = [share for share in shares if share["amount"] and share["rule"] != "you"]
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
    if low == high:  # a table has fixed it
        return 50
    return round(100 * (min(max(value, low), high) - low) / (high - low), 2)


def _bar(
    share: ShareJson,
    begins: bool,
    place: tuple[float, float],
    decisive: str | None,
    document: Explanation,
) -> ShareBar:
    table = document["rules"]["table"]
    rule = next((rule for rule in table["rules"] if rule["id"] == share["rule"]), None)
    return ShareBar(
        rule=None if rule is None else rule["id"],
        decisive=rule is not None and rule["id"] == decisive,
        amount=plain(share["amount"]) if begins else signed(share["amount"]),
        negative=share["amount"] < 0,
        left=place[0],
        width=place[1],
        because=sentence(share["because"]),
        evidence=share["evidence"],
        when="" if rule is None else condition(rule["when"]),
        strength=plain(share["strength"]),
        figures=() if rule is None else tuple(_figures(rule["when"], document)),
    )


def _figures(when: Any, document: Explanation) -> list[str]:
    """What was measured or decided for the terms of a condition, each once."""
    table = document["rules"]["table"]
    heard = [_key(table["terms"][term]) for term in terms(when, table)]
    return [figure(key, document) for key in dict.fromkeys(heard)]


def _key(term: TermJson) -> str:
    """What a term is measured by: a feature's name, with the region that it is measured in."""
    return f"{term['feature']} in {term['in']}" if "in" in term else str(term["feature"])


def figure(feature: str, document: Explanation) -> str:
    """A feature or an earlier decision with its value and unit.

    >>> figure("valence", {"features": {}, "decisions": {"valence": {"value": -0.25, "unit": ""}}})
    'valence −0.25'
    """
    made = document["features"].get(feature) or document["decisions"].get(feature)
    if made is None:
        return label(feature)
    value = made["value"] if isinstance(made["value"], str) else plain(made["value"])
    return f"{label(feature)} {value} {made['unit']}".rstrip()


def _choices(made: ChoiceJson) -> tuple[ChoiceBar, ...]:
    """What was chosen from: the choices with votes."""
    most = max((abs(votes) for votes in made["votes"].values()), default=0.0) or 1.0
    return tuple(
        ChoiceBar(
            music(choice),
            plain(votes),
            round(100 * max(votes, 0) / most, 2),
            choice == made["value"],
        )
        for choice, votes in sorted(made["votes"].items(), key=lambda item: -item[1])
        if votes or choice == made["value"]
    )


def _excluded(made: ChoiceJson) -> tuple[Excluded, ...]:
    """What was not to be had, by reason, in the order of the choices."""
    by_reason: dict[str, list[str]] = {}
    for choice, why in made["excluded"].items():
        by_reason.setdefault(why, []).append(music(choice))
    return tuple(Excluded(why, tuple(names)) for why, names in by_reason.items())


def fine(margin: float) -> str:
    """A margin that is never written as nought unless it is.

    >>> fine(0.25), fine(0.0042), fine(0)
    ('0.25', '0.0042', '0')
    """
    return f"{margin:.2g}" if 0 < abs(margin) < 0.01 else plain(margin)


def _why_not(made: DecisionJson, document: Explanation) -> NearestRule | None:
    found = made["why_not"]
    if found is None:
        return None
    clause, strength = found["clause"], plain(found["strength"])
    held = (
        f"{clause['text']} was only {plain(clause['strength'])} ({figure(clause['of'], document)})"
    )
    if made["kind"] == "number":
        said = f"would have had {found['for']} to say, but {held}."
    elif found["needed"] is None:
        said = (
            f"came nearest, for {music(found['for'])}, with strength {strength}; even at full "
            f"strength it would not have turned it by itself. It was held back where {held}."
        )
    else:
        said = (
            f"came nearest, for {music(found['for'])}: it had strength {strength} and needed "
            f"{plain(found['needed'])}, but {held}."
        )
    return NearestRule(found["rule"], said)


@dataclass(frozen=True, slots=True)
class Gauge:
    """A feature. Places are per cent of the gauge's width: the value's, the middle photograph's,
    and the stretches that half and nine tenths of photographs lie in (left, width)."""

    label: str
    value: str
    unit: str
    meaning: str
    source: str
    most_in: str
    standing: str
    at: float | None
    middle: float
    half: tuple[float, float]
    most: tuple[float, float]


def gauges(document: Explanation, names: Iterable[str]) -> list[Gauge]:
    """A gauge for each feature named; without places where photographs have no middle (hue)."""
    return [_gauge(name, document) for name in names]


def _gauge(name: str, document: Explanation) -> Gauge:
    feature = document["features"][name]
    value, typical = feature["value"], feature["typical"]
    at, middle, half, most, words = None, 0.0, (0.0, 0.0), (0.0, 0.0), ""
    if typical:
        low, below, centre, above, high = bounds(typical)
        left, right = min(low, value), max(high, value)
        span = (right - left) or 1.0

        def place(number: float) -> float:
            return round(4.0 + 92.0 * float(number - left) / float(span), 2)

        at, middle = place(value), place(centre)
        half = (place(below), round(place(above) - place(below), 2))
        most = (place(low), round(place(high) - place(low), 2))
        words = standing(value, typical)
    return Gauge(
        label=label(name),
        value=plain(value),
        unit=feature["unit"],
        meaning=feature["meaning"],
        source=feature["source"],
        most_in=_most_in(name, document),
        standing=words,
        at=at,
        middle=middle,
        half=half,
        most=most,
    )


def _most_in(name: str, document: Explanation) -> str:
    """The region where there is most of it, where regions have it: its name and value."""
    having = [region for region in document["picture"]["regions"] if name in region["features"]]
    if len(having) < 2:
        return ""
    most = max(having, key=lambda region: float(region["features"][name]))
    return f"{most['name']} ({plain(most['features'][name])})"


def standing(value: float, typical: TypicalJson) -> str:
    """Where a value lies among photographs, in words.

    >>> typical = {"5 %": 1, "25 %": 2, "50 %": 3, "75 %": 4, "95 %": 5}
    >>> standing(4.5, typical), standing(3, typical)
    ('above 75 % of photographs', 'as in most photographs')
    """
    low, below, _, above, high = bounds(typical)
    if low == high:
        return ONE_SHAPE
    if value > above:
        return f"above {95 if value > high else 75} % of photographs"
    if value < below:
        rest = 95 if value < low else 75
        return f"below {rest} % of photographs"
    return "as in most photographs"
