"""What the mapping passes on: evidence, shares, decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rule rests on: grade (A replicated, B one study or measured, C a convention),
    the effect in figures, and the key of its source in the bibliography."""

    grade: str
    effect: str
    source: str


@dataclass(frozen=True, slots=True)
class Share:
    """One summand of a decision.

    `rule` is a rule's id, or one of: start, default, clamp, rounding, you. `strength` lies in
    0..1; `amount` is what was added, already scaled by the strength.
    """

    rule: str
    strength: Decimal
    amount: Decimal
    because: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decided number or choice, with all that led to it.

    A number's `shares` sum to `value` exactly. A choice's `shares` are the winner's and sum to
    `votes[value]`; `rivals` holds the shares of every choice allowed, `excluded` the reason for
    each one that was not; `margin` is the winner's lead over the `runner_up`.
    """

    name: str
    kind: str
    value: Decimal | str
    unit: str
    shares: tuple[Share, ...]
    votes: Mapping[str, Decimal]
    excluded: Mapping[str, str]
    rivals: Mapping[str, tuple[Share, ...]]
    runner_up: str | None
    margin: Decimal | None


@dataclass(frozen=True, eq=False)
class Decisions(Mapping[str, Decision]):
    """Every decision by name, in the order in which they were made.

    `terms` and `strengths` are the values (0..1) that each term and each rule had in this run,
    nought included: what an explanation needs to say why a rule did not speak.
    """

    made: Mapping[str, Decision]
    terms: Mapping[str, Decimal]
    strengths: Mapping[str, Decimal]

    def __repr__(self) -> str:
        told = [f"{name} {made.value}" for name, made in self.made.items()]
        more = f" and {len(told) - 4} more" if len(told) > 4 else ""
        return f"<Decisions: {', '.join(told[:4])}{more}>"

    def __getitem__(self, name: str) -> Decision:
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)

    def number(self, name: str) -> float:
        """The value of a number decision."""
        value = self.made[name].value
        if isinstance(value, str):
            raise TypeError(f"{name} is a choice, not a number")
        return float(value)

    def choice(self, name: str) -> str:
        """The value of a choice decision."""
        value = self.made[name].value
        if not isinstance(value, str):
            raise TypeError(f"{name} is a number, not a choice")
        return value
