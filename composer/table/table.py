"""The table itself, loaded and sound: terms, what there is to decide, rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from composer.errors import UserError
from composer.table.conditions import Condition, Term, resolved
from composer.table.shapes import FORMATS, SHAPES
from composer.vocabulary import OrchestraFile, Stocks


@dataclass(frozen=True, slots=True)
class Default:
    """A start vote for what the entry chosen for decision `by` names under `of`."""

    by: str
    of: str
    votes: Decimal


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide.

    A number lies in `low`..`high`, begins at `start`, and is rounded to `low` plus a multiple of
    `step` where there is one; `lasts` (seconds) narrows a tempo so that the bars decided last
    that long. A choice is one of `choices`; `starts` are the votes some begin with, `only` says
    which earlier decisions a choice needs, `stock` is where the choices come from, and `means` what
    earlier numbers are where a choice is set by hand.
    """

    name: str
    kind: str
    unit: str = ""
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    start: Decimal = Decimal(0)
    step: Decimal | None = None
    lasts: tuple[Decimal, Decimal] | None = None
    choices: tuple[str, ...] = ()
    starts: Mapping[str, Decimal] | None = None
    only: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None
    stock: str = ""
    default: Default | None = None
    means: Mapping[str, Mapping[str, Decimal]] | None = None

    def span(self) -> str:
        """What may be decided, for a person: the range with its unit, or the choices."""
        if self.kind == "choice":
            return ", ".join(self.choices)
        step = f" in steps of {self.step}" if self.step else ""
        return f"{self.low} to {self.high}{' ' + self.unit if self.unit else ''}{step}"

    def resolved(self) -> dict[str, object]:
        row: dict[str, object] = {"unit": self.unit} if self.unit else {}
        if self.kind == "number":
            row |= {"number": [float(self.low), float(self.high)], "start": float(self.start)}
            if self.step is not None:
                row["step"] = float(self.step)
            if self.lasts is not None:
                row["lasts"] = [float(seconds) for seconds in self.lasts]
            return row
        row["choice"] = list(self.choices)
        if self.stock:
            row["stock"] = self.stock
        if self.starts:
            row["start"] = {choice: float(votes) for choice, votes in self.starts.items()}
        if self.only:
            row["only"] = {
                choice: {name: list(values) for name, values in needs.items()}
                for choice, needs in self.only.items()
            }
        if self.default:
            by, of, votes = self.default.by, self.default.of, self.default.votes
            row["default"] = {"by": by, "of": of, "votes": float(votes)}
        if self.means:
            row["means"] = {
                choice: {name: float(value) for name, value in places.items()}
                for choice, places in self.means.items()
            }
        return row


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rule rests on: grade (A replicated, B one study or measured, C a convention),
    the effect in figures, and the key of its source in the bibliography."""

    grade: str
    effect: str
    source: str


@dataclass(frozen=True, slots=True)
class MappingRule:
    """When a condition holds, add to numbers and give votes to choices.

    `adds` is decision -> amount; `votes` is decision -> choice -> votes; both at strength 1.
    `place` is where it is written, as FILE:LINE; `part_of` is the id of the rule that it was made
    from, where that one votes by a table (as of hues and keys), and else "".
    """

    id: str
    when: Condition
    adds: Mapping[str, Decimal]
    votes: Mapping[str, Mapping[str, Decimal]]
    because: str
    evidence: Evidence
    place: str = field(default="", compare=False)
    part_of: str = ""

    def resolved(self) -> dict[str, object]:
        then: dict[str, object] = {name: float(amount) for name, amount in self.adds.items()}
        for name, votes in self.votes.items():
            then[name] = {choice: float(amount) for choice, amount in votes.items()}
        evidence = self.evidence
        return {
            "id": self.id,
            "when": resolved(self.when),
            "then": then,
            "because": self.because,
            "evidence": {
                "grade": evidence.grade,
                "effect": evidence.effect,
                "source": evidence.source,
            },
        }


@dataclass(frozen=True, slots=True)
class Places:
    """Where choices stand on a feature: choice -> (value, what to print of it), in rising order.

    With `turn` the feature goes round; `where` is the region that it is measured in, or "".
    """

    name: str
    feature: str
    turn: float | None
    where: str
    places: Mapping[str, tuple[float, str]]


@dataclass(frozen=True)
class Table:
    """A sound table. `file` is its name, `sha256` that of its bytes; `sources` is the
    bibliography (key -> citation) of the keys that its rules cite; `stocks` are the entries
    that its choices were taken from, and `orchestra` the files that added to the package's own.
    `extends` is the name of the table that it changes, or "", and `tables` are the tables of places
    that its rules may vote by; `content` is what it says of every picture in place of what is seen,
    word -> probability. `style` is the name of what was laid over the table that it extends."""

    file: str
    sha256: str
    name: str
    terms: Mapping[str, Term]
    decisions: Mapping[str, Question]
    rules: tuple[MappingRule, ...]
    sources: Mapping[str, str]
    stocks: Stocks
    extends: str = ""
    tables: Mapping[str, Places] = field(default_factory=dict)
    orchestra: tuple[OrchestraFile, ...] = ()
    content: Mapping[str, float] = field(default_factory=dict)
    style: str = ""

    @cached_property
    def rules_of(self) -> Mapping[str, tuple[MappingRule, ...]]:
        """Decision -> the rules that have a part in it, in the table's order."""
        found: dict[str, list[MappingRule]] = {name: [] for name in self.decisions}
        for rule in self.rules:
            for name in (*rule.adds, *rule.votes):
                found[name].append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @cached_property
    def looks(self) -> bool:
        """Does a term of it ask what the picture shows?"""
        return any(term.feature.startswith("content.") for term in self.terms.values())

    def shown(self, yours: Mapping[str, float]) -> Mapping[str, float]:
        """What a picture is said to show, word -> probability: the table's own words, and before
        them yours."""
        return {**self.content, **yours}

    def resolved(self) -> dict[str, object]:
        """The whole table as JSON-able data, its choices written out."""
        said: dict[str, object] = {"content": dict(self.content)} if self.content else {}
        said |= {"style": self.style} if self.style else {}
        return {
            "promenade": FORMATS[-1],
            "name": self.name,
            **said,
            "terms": {name: term.resolved() for name, term in self.terms.items()},
            "decisions": {name: self._resolved(asked) for name, asked in self.decisions.items()},
            "rules": [rule.resolved() for rule in self.rules],
            "sources": dict(self.sources),
        }

    def _resolved(self, asked: Question) -> dict[str, object]:
        """A decision with what it takes from a stock written out."""
        row = asked.resolved()
        if asked.default:
            entries = self.stocks[self.decisions[asked.default.by].stock]
            named = {entry: facts.get(asked.default.of) for entry, facts in entries.items()}
            default = {"by": asked.default.by, "of": asked.default.of}
            row["default"] = {
                **default,
                "votes": float(asked.default.votes),
                "names": {entry: name for entry, name in named.items() if isinstance(name, str)},
            }
        return row


def newest(resolved: Mapping[str, Any]) -> Mapping[str, Any]:
    """What `Table.resolved` wrote in any version of the format, in the words of the newest.

    resolved: as it was read from a file, and not yet known to be whole.
    Raises UserError for a version that is not read.
    """
    version, decisions = resolved.get("promenade"), resolved.get("decisions")
    if version not in FORMATS:
        raise UserError(
            f"The table of rules in it is of version {version!r} of the format, and this program "
            f"reads {' and '.join(map(str, FORMATS))}.",
            "Compose the piece again.",
        )
    if version == FORMATS[-1] or not isinstance(decisions, Mapping):
        return resolved
    keys = SHAPES["choice"].words(version)
    renamed = {
        name: {keys.get(word, word): value for word, value in asked.items()}
        if isinstance(asked, Mapping)
        else asked
        for name, asked in decisions.items()
    }
    return {**resolved, "promenade": FORMATS[-1], "decisions": renamed}
