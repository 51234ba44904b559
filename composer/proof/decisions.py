"""Every decision made again from the features and the table that the file holds.

A term is a strength from 0 to 1 in whole ten-thousandths, worked out in double precision; amounts
are decimals, so that the shares of a decision sum to it exactly. Ties fall to what is declared
first. What comes out has the very shape of the file, and is compared with it part by part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from composer.proof.reading import Node, same
from composer.proof.spelling import METRES

NOUGHT, ONE = Decimal(0), Decimal(1)
SHAPES: Mapping[str, Callable[[Decimal], Decimal]] = {
    "not": lambda x: 1 - x,
    "very": lambda x: max(NOUGHT, 2 * x - 1),
    "somewhat": lambda x: min(ONE, 2 * x),
}
# The region that a name means: the one with the least, or with −1 the most, of something.
RANKS = {
    "dominant region": ("share", -1), "smallest region": ("share", 1), "top region": ("y", 1),
    "bottom region": ("y", -1), "left region": ("x", 1), "right region": ("x", -1),
    "middle region": ("", 1), "lightest region": ("light.lightness", -1),
    "darkest region": ("light.lightness", 1), "most colourful region": ("colour.chroma", -1),
    "greyest region": ("colour.chroma", 1), "busiest region": ("texture.edge_density", -1),
    "calmest region": ("texture.edge_density", 1),
}  # fmt: skip
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
Row = dict[str, Any]


def features_of(document: Node) -> dict[str, float]:
    """Every value that a table can ask for, those of named regions as `FEATURE in REGION`; what the
    picture shows is the sum of what its regions do, or what was said."""
    found = {name: row["value"].real() for name, row in document["features"].items()}
    content = document["picture"]["content"]
    told = {
        **(content["named"].mapping() if "named" in content else {}),
        **content["yours"].mapping(),
    }
    for name in (name for name in found if name.startswith("content.")):
        parts = (row[name].number() for row in content["shares"] if name in row)
        said = told[name] if name in told else sum(parts, NOUGHT)
        if name == "content.seen":
            said = int(content["looked"].flag())
        document["features"][name]["value"].be(said, "of what its regions show")
    areas = list(document["picture"]["regions"])
    for name, (what, sign) in RANKS.items() if areas else ():
        area = min(areas, key=lambda area: sign * _ranked(area, what))
        own = {feature: value.real() for feature, value in area["features"].items()}
        own |= {"region.share": area["share"].real(), "region.x": area["x"].real()}
        own["region.y"] = 1 - area["y"].real()
        found |= {f"{feature} in {name}": value for feature, value in own.items()}
    return found


def _ranked(area: Node, what: str) -> float:
    if not what:
        return (area["x"].real() - 0.5) ** 2 + (area["y"].real() - 0.5) ** 2
    return (area if what in area else area["features"])[what].real()


class Run:
    """One pass over the decisions of a table: `values` by name, and `made` as the file has them."""

    def __init__(self, document: Node) -> None:
        self.document, self.table = document, document["rules"]["table"]
        self.features = features_of(document)
        self.terms: dict[str, Decimal] = {}
        self.strengths: dict[str, Decimal] = {}
        self.values: dict[str, Any] = {}
        self.made: dict[str, Row] = {}
        self.rules = {rule["id"].text(): rule for rule in self.table["rules"]}
        self.speaks: dict[str, list[str]] = {}
        for id_, rule in self.rules.items():
            for name in rule["then"].mapping():
                self.speaks.setdefault(name, []).append(id_)

    def key(self, term: str) -> str:
        """The feature, or the decision, that a term is of."""
        row = self.table["terms"][term]
        return row["feature"].text() + (f" in {row['in'].text()}" if "in" in row else "")

    def looked_at(self, key: str) -> Any:
        """The value of a feature or of an earlier decision."""
        known = self.values if key in self.values else self.features
        self.table["terms"].need(key in known, f"nothing is measured that is called {key}")
        return known[key]

    def term(self, name: str) -> Decimal:
        if name not in self.terms:
            x = float(self.looked_at(self.key(name)))
            share = _term(self.table["terms"][name], x)
            self.terms[name] = Decimal(round(min(1.0, max(0.0, share)) * 10_000)) / 10_000
        return self.terms[name]

    def strength(self, when: Node) -> Decimal:
        """How far a condition holds."""
        how, of = parted(when)
        if how == "term":
            return self.term(of.raw)
        if how in ("all", "any"):
            parts = [self.strength(part) for part in of]
            return min(parts, default=ONE) if how == "all" else max(parts)
        if how in SHAPES:
            return SHAPES[how](self.strength(of))
        when.need(how in self.values, f"{how} is not decided before it")
        return ONE if self.values[how] in [each.text() for each in of] else NOUGHT

    def of_rule(self, id_: str) -> Decimal:
        if id_ not in self.strengths:
            self.strengths[id_] = self.strength(self.rules[id_]["when"])
        return self.strengths[id_]

    def share(self, id_: str, amount: Node) -> Row:
        rule, strength = self.rules[id_], self.of_rule(id_)
        return {
            "rule": id_, "strength": strength, "amount": strength * amount.number(),
            "because": rule["because"].text(), "evidence": rule["evidence"].mapping(),
        }  # fmt: skip

    def decide(self, name: str, asked: Node) -> Row:
        row = self.document["decisions"][name]
        yours = len(row["shares"]) and row["shares"][0]["rule"].raw == "you"
        make = self.number if "number" in asked else self.choice
        made = make(name, asked, row["value"] if yours else None)
        made["unit"] = asked["unit"].text() if "unit" in asked else ""
        self.values[name], self.made[name] = made["value"], made
        return made

    def number(self, name: str, asked: Node, typed: Node | None) -> Row:
        low, high = (each.number() for each in asked["number"])
        step = asked["step"].number() if "step" in asked else None
        if typed is not None:
            value = typed.number()
            fits = low <= value <= high and not (step and (value - low) % step)
            typed.need(fits, "it is not among what may be decided")
            shares = [self.yours(name, value)]
        else:
            shares = [_own("start", asked["start"].number(), "where the table begins")]
            for id_ in self.speaks.get(name, ()):
                shares.append(self.share(id_, self.rules[id_]["then"][name]))
            total = total_of(shares)
            least, most, why = self.bounds(asked, low, high)
            value = max(least, min(most, total))
            if value != total:
                shares.append(_own("clamp", value - total, why))
            if (whole := rounded(value, low, step)) != value:
                shares.append(_own("rounding", whole - value, f"to a multiple of {step}"))
                value = whole
        made = {"kind": "number", "value": value, "shares": shares}
        return {**made, "runner_up": None, "margin": None}

    def bounds(self, asked: Node, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal, str]:
        """The range of a number; a tempo that `lasts` is held to what its bars then last."""
        if "lasts" not in asked:
            return low, high, f"kept within {low} to {high}"
        beats = self.values["bars"] * len(METRES[self.values["metre"]][1])
        shortest, longest = (each.number() for each in asked["lasts"])
        step = asked["step"].number() if "step" in asked else Decimal("0.0001")
        slowest = (beats * 60 / longest / step).to_integral_value(ROUND_CEILING) * step
        fastest = (beats * 60 / shortest / step).to_integral_value(ROUND_FLOOR) * step
        why = f"so that {beats} beats last {shortest} to {longest} seconds"
        return max(low, min(high, slowest)), min(high, max(low, fastest)), why

    def choice(self, name: str, asked: Node, typed: Node | None) -> Row:
        excluded = self.excluded(asked)
        rivals: dict[str, list[Row]] = {
            each.text(): [] for each in asked["choice"] if each.text() not in excluded
        }
        if typed is not None:
            typed.need(typed.raw in rivals, "it is not among what may be decided")
            value = typed.text()
            second: str | None = None
            shares = {value: [self.yours(name, NOUGHT)]}
            totals = {value: NOUGHT}
        else:
            asked.need(rivals, "nothing is left to choose")
            self._vote(name, asked, rivals)
            totals = {choice: total_of(shares) for choice, shares in rivals.items()}
            value, *rest = sorted(rivals, key=lambda choice: -totals[choice])
            second = rest[0] if rest else None
            shares = {c: [s for s in row if s["amount"]] for c, row in rivals.items()}
            shares[value] = rivals[value]
        return {
            "kind": "choice", "value": value, "shares": shares[value], "runner_up": second,
            "margin": None if second is None else totals[value] - totals[second],
            "votes": totals, "excluded": excluded,
            "rivals": {c: row for c, row in shares.items() if c != value and row},
        }  # fmt: skip

    def _vote(self, name: str, asked: Node, rivals: dict[str, list[Row]]) -> None:
        for choice, votes in asked["start"].items() if "start" in asked else ():
            if choice in rivals:
                rivals[choice].append(_own("start", votes.number(), "where the table begins"))
        if "default" in asked:
            default = asked["default"]
            entry = self.values[default["by"].text()]
            named = default["names"].mapping().get(entry)
            if named in rivals:
                because = f"{entry} gives the {default['of'].text()} to the {named}"
                rivals[named].append(_own("default", default["votes"].number(), because))
        for id_ in self.speaks.get(name, ()):
            for choice, votes in self.rules[id_]["then"][name].items():
                if choice in rivals:
                    rivals[choice].append(self.share(id_, votes))

    def excluded(self, asked: Node) -> dict[str, str]:
        """Choice -> why the earlier decisions do not allow it."""
        found: dict[str, str] = {}
        for choice, needs in asked["only"].items() if "only" in asked else ():
            for name, values in needs.items():
                wanted = [each.text() for each in values]
                if choice not in found and self.values[name] not in wanted:
                    found[choice] = f"needs {name} {' or '.join(wanted)}, not {self.values[name]}"
        return found

    def yours(self, name: str, amount: Decimal) -> Row:
        """The share of a decision that a person made, or that follows from what he made of one
        decided later; what was asked for instead of bars is taken as it is told."""
        row = self.document["decisions"][name]
        because = row["shares"][0]["because"].text()
        if name == "bars" and because.startswith("you asked for "):
            return _own("you", amount, because)
        for later, asked in self.table["decisions"].items():
            value = self.document["decisions"][later]["value"].raw
            meant = asked["means"].mapping().get(value, {}) if "means" in asked else {}
            if because == f"you asked for {later} {value}, whose {name} this is" and name in meant:
                row["value"].be(meant[name], because)
                return _own("you", amount, because)
        return _own("you", amount, "you said so")


def parted(when: Node) -> tuple[str, Node]:
    """A condition as its kind, and what it is of: a term's name, a list, or a condition."""
    if isinstance(when.raw, str):
        how, blank, rest = when.raw.partition(" ")
        return (how, Node(rest, when.path)) if blank and how in SHAPES else ("term", when)
    when.need(len(when.mapping()) == 1, "a condition says one thing")
    return next(iter(when.items()))


def _term(row: Node, x: float) -> float:
    """The strength of a term where its feature is `x`, not yet held to 0..1."""
    turn = row["turn"].real() if "turn" in row else None
    if "at" in row:
        away = abs(x - row["at"].real())
        if turn is not None:
            away = min(away % turn, turn - away % turn)
        return 1 - away / row["within"].real()
    if "points" not in row:
        low = row["from"].real()
        return (x - low) / (row["to"].real() - low)
    points = [(one[0].real(), one[1].real()) for one in row["points"]]
    if turn is not None:
        first, level = points[0]
        x = first + (x - first) % turn
        points.append((first + turn, level))
    if x <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if x <= right:
            return low + (high - low) * (x - left) / (right - left)
    return points[-1][1]


def rounded(value: Decimal, low: Decimal, step: Decimal | None) -> Decimal:
    """The nearest of the steps from `low` on."""
    if step is None:
        return value
    return low + ((value - low) / step).to_integral_value(ROUND_HALF_UP) * step


def total_of(shares: list[Row], *without: str) -> Decimal:
    """What shares sum to, those of some left out."""
    return sum((share["amount"] for share in shares if share["rule"] not in without), NOUGHT)


def _own(who: str, amount: Decimal, because: str) -> Row:
    return {"rule": who, "strength": ONE, "amount": amount, "because": because, "evidence": None}


def decided(document: Node) -> Run:
    """Makes every decision again and compares. Raises RefusedError at the first that differs."""
    run, asked, stored = (
        Run(document),
        document["rules"]["table"]["decisions"],
        document["decisions"],
    )
    stored.need(
        list(stored.mapping()) == list(asked.mapping()), "these are not the table's, in order"
    )
    for name, question in asked.items():
        made = _said(run.decide(name, question))
        found = {key: _said(stored[name][key].raw) for key in made if key in stored[name]}
        more = {
            key: "" for key in stored[name].mapping() if key not in (*made, "decisive", "why_not")
        }
        same(made, {**found, **more}, stored[name].path, "made again from features and table")
    for id_ in run.rules:
        run.of_rule(id_)
    for name in run.table["terms"].mapping():
        run.term(name)
    document["terms"].be(run.terms, "worked out from its feature")
    document["rules"]["strengths"].be(run.strengths, "worked out from its condition")
    return run


def _said(row: Any) -> Any:
    """The same with the numbers in its sentences written in one way."""
    if isinstance(row, list):
        return [_said(each) for each in row]
    if not isinstance(row, dict):
        return row
    return {
        key: _NUMBER.sub(lambda n: f"{Decimal(n.group()).normalize():f}", value)
        if key == "because" and isinstance(value, str)
        else _said(value)
        for key, value in row.items()
    }
