"""What an explanation holds of its decisions and of the table that made them, as types.

The keys are those of `schema.json`, which says what each may be; one that is not in every document
is marked as not required.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict, final


class NumberJson(TypedDict):
    """A decided number; its shares sum to it exactly, taken as decimals."""

    kind: Literal["number"]
    value: float
    unit: str
    shares: list[ShareJson]
    runner_up: None
    margin: None
    decisive: str | None
    why_not: WhyNotJson | None


class ChoiceJson(TypedDict):
    """A decided choice; the shares are the winner's and sum to its votes, `rivals` are those of
    every other choice that got any, `excluded` says why one was not open."""

    kind: Literal["choice"]
    value: str
    unit: str
    shares: list[ShareJson]
    runner_up: str | None
    margin: float | None
    decisive: str | None
    why_not: WhyNotJson | None
    votes: dict[str, float]
    excluded: dict[str, str]
    rivals: dict[str, list[ShareJson]]


DecisionJson = NumberJson | ChoiceJson


class ShareJson(TypedDict):
    """What a rule (or start, default, clamp, rounding, you) added, scaled by its strength."""

    rule: str
    strength: float
    amount: float
    because: str
    evidence: EvidenceJson | None


class EvidenceJson(TypedDict):
    """What a rule rests on; the grade is A, B or C."""

    grade: str
    effect: str
    source: str


WhyNotJson = TypedDict(
    "WhyNotJson",
    {
        "rule": str,
        "for": str,
        "strength": float,
        "needed": float | None,
        "amount": float,
        "clause": "ClauseJson",
    },
)


class ClauseJson(TypedDict):
    """The clause that failed, and the feature or decision that it looks at with its value."""

    text: str
    strength: float
    of: str
    value: float | str


class RulesJson(TypedDict):
    """The mapping table, and how far each rule's condition held."""

    file: str
    sha256: str
    strengths: dict[str, float]
    table: TableJson


class TableJson(TypedDict):
    """A mapping table with its choices written out, as `Table.resolved` gives it."""

    promenade: int
    name: str
    style: NotRequired[str]
    content: NotRequired[dict[str, float]]
    terms: dict[str, TermJson]
    decisions: dict[str, QuestionJson]
    rules: list[RuleJson]
    sources: dict[str, str]


TermJson = TypedDict(
    "TermJson",
    {
        "feature": str,
        "from": NotRequired[float],
        "to": NotRequired[float],
        "at": NotRequired[float],
        "within": NotRequired[float],
        "points": NotRequired[list[list[float]]],
        "turn": NotRequired[float],
        "in": NotRequired[str],
    },
)


@final
class AskedNumberJson(TypedDict):
    """A number that the table decides: its range, where it begins, its steps."""

    unit: NotRequired[str]
    number: list[float]
    start: float
    step: NotRequired[float]
    lasts: NotRequired[list[float]]


@final
class AskedChoiceJson(TypedDict):
    """A choice that the table decides, and the stock that its choices are entries of."""

    unit: NotRequired[str]
    choice: list[str]
    stock: NotRequired[str]
    start: NotRequired[dict[str, float]]
    only: NotRequired[dict[str, dict[str, list[str]]]]
    default: NotRequired[DefaultJson]
    means: NotRequired[dict[str, dict[str, float]]]


QuestionJson = AskedNumberJson | AskedChoiceJson


class DefaultJson(TypedDict):
    """Votes for what the entry chosen for the decision `by` names under `of`."""

    by: str
    of: str
    votes: float
    names: dict[str, str]


# A condition in the table's own notation: a term, or one of the words that shape and join with
# what it is of, or a decision with its choices.
ConditionJson = str | dict[str, Any]


class RuleJson(TypedDict):
    """A rule of the table: what it adds to a number, or the votes that it gives to choices."""

    id: str
    when: ConditionJson
    then: dict[str, float | dict[str, float]]
    because: str
    evidence: EvidenceJson
