"""Makes every decision of a table from a picture's features, keeping each share.

Amounts are decimals and strengths whole ten-thousandths, so a decision's shares sum to it exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

from composer.errors import UserError, nearest
from composer.table.conditions import leaves
from composer.table.table import Evidence, MappingRule, Question, Table
from theory.metre import METRES
from theory.pitch import NoteName

_NOUGHT = Decimal(0)
_ONE = Decimal(1)


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


def decide(
    table: Table,
    features: Mapping[str, float],
    overrides: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Decisions:
    """Every decision, in the table's order.

    features: name -> value in the catalogue's unit, regions included (see `measured`); all that
      the table's terms use.
    overrides: decision name -> value, as a user typed it; later decisions see it. A choice brings
      with it what it means for earlier numbers, but for those that are typed themselves.
    reasons: decision name -> what is said of its override in place of "you said so".
    Raises UserError for an override that cannot be, or where nothing is left to choose.
    """
    given, why = dict(overrides or {}), dict(reasons or {})
    for name in given:
        if name not in table.decisions:
            near = nearest(name, table.decisions)
            hint = f"Did you mean {near}?" if near else "See `promenade decisions`."
            raise UserError(f"There is no decision {name!r}.", hint)
    for name, typed in tuple(given.items()):
        for number, value in (table.decisions[name].means or {}).get(typed, {}).items():
            if number not in given:
                given[number] = str(value)
                why[number] = f"you asked for {name} {typed}, whose {number} this is"
    with localcontext(Context(prec=40)):
        run = _Run(table, features, why)
        for question in table.decisions.values():
            run.make(question, given.get(question.name))
        run.finish()
    return Decisions(run.made, run.terms, run.strengths)


class _Run:
    """One pass over the decisions; terms and rules are worked out when first needed."""

    def __init__(self, table: Table, features: Mapping[str, float], why: Mapping[str, str]) -> None:
        self.table = table
        self.features = features
        self.why = why
        self.made: dict[str, Decision] = {}
        self.chosen: dict[str, str] = {}
        self.terms: dict[str, Decimal] = {}
        self.strengths: dict[str, Decimal] = {}

    def make(self, question: Question, typed: str | None) -> None:
        if question.kind == "number":
            decision = self.number(question, typed)
        else:
            decision = self.choice(question, typed)
            self.chosen[question.name] = str(decision.value)
        self.made[question.name] = decision

    def finish(self) -> None:
        """Works out the terms and rules that no decision asked for, so that all can be shown."""
        for rule in self.table.rules:
            self.strength(rule)
        for name in self.table.terms:
            self.term(name)

    def term(self, name: str) -> None:
        if name not in self.terms:
            term = self.table.terms[name]
            if term.feature in self.made:
                x = float(self.made[term.feature].value)
            else:
                x = self.features[term.key]
            self.terms[name] = term.value(x)

    def strength(self, rule: MappingRule) -> Decimal:
        if rule.id not in self.strengths:
            for leaf in leaves(rule.when):
                if hasattr(leaf, "term"):
                    self.term(leaf.term)
            self.strengths[rule.id] = rule.when.strength(self.terms, self.chosen)
        return self.strengths[rule.id]

    def own(self, question: Question, amount: Decimal) -> Share:
        return Share("you", _ONE, amount, self.why.get(question.name, "you said so"))

    def share(self, rule: MappingRule, amount: Decimal) -> Share:
        strength = self.strength(rule)
        return Share(rule.id, strength, strength * amount, rule.because, rule.evidence)

    def number(self, question: Question, typed: str | None) -> Decision:
        if typed is not None:
            value = _typed_number(question, typed)
            return _decision(question, value, (self.own(question, value),))
        because = "where the table begins"
        shares = [Share("start", _ONE, question.start, because)]
        for rule in self.table.rules_of[question.name]:
            shares.append(self.share(rule, rule.adds[question.name]))
        total = sum((share.amount for share in shares), _NOUGHT)
        low, high, why = bounds(question, self.made)
        kept = max(low, min(high, total))
        if kept != total:
            shares.append(Share("clamp", _ONE, kept - total, why))
        value = kept
        if question.step is not None:
            steps = ((kept - question.low) / question.step).to_integral_value(ROUND_HALF_UP)
            value = question.low + steps * question.step
            if value != kept:
                because = f"to a multiple of {question.step}"
                shares.append(Share("rounding", _ONE, value - kept, because))
        return _decision(question, value, tuple(shares))

    def choice(self, question: Question, typed: str | None) -> Decision:
        excluded = self.excluded(question)
        allowed = [choice for choice in question.choices if choice not in excluded]
        if typed is not None:
            typed = _spelled(question, typed)
            _check_choice(question, typed, allowed, excluded)
            return Decision(
                question.name,
                "choice",
                typed,
                question.unit,
                (self.own(question, _NOUGHT),),
                {typed: _NOUGHT},
                excluded,
                {typed: (self.own(question, _NOUGHT),)},
                None,
                None,
            )
        if not allowed:
            reasons = "; ".join(f"{choice} {why}" for choice, why in excluded.items())
            raise UserError(
                f"Nothing is left to choose for {question.name}: {reasons}.",
                f"Choose another {self.blame(question)} or add an entry that goes with it.",
            )
        rivals: dict[str, list[Share]] = {choice: [] for choice in allowed}
        for choice, votes in (question.starts or {}).items():
            if choice in rivals:
                rivals[choice].append(Share("start", _ONE, votes, "where the table begins"))
        if question.default is not None:
            by, of = question.default.by, question.default.of
            entry = self.chosen[by]
            named = self.table.stocks[self.table.decisions[by].stock][entry].get(of)
            if isinstance(named, str) and named in rivals:
                because = f"{entry} gives the {of} to the {named}"
                rivals[named].append(Share("default", _ONE, question.default.votes, because))
        for rule in self.table.rules_of[question.name]:
            for choice, amount in rule.votes[question.name].items():
                if choice in rivals:
                    rivals[choice].append(self.share(rule, amount))
        totals = {
            choice: sum((share.amount for share in shares), _NOUGHT)
            for choice, shares in rivals.items()
        }
        ranked = sorted(allowed, key=lambda choice: -totals[choice])  # stable: declared order
        best = ranked[0]
        second = ranked[1] if len(ranked) > 1 else None
        return Decision(
            question.name,
            "choice",
            best,
            question.unit,
            tuple(rivals[best]),
            totals,
            excluded,
            {choice: tuple(shares) for choice, shares in rivals.items()},
            second,
            totals[best] - totals[second] if second is not None else None,
        )

    def excluded(self, question: Question) -> dict[str, str]:
        """Choice -> why the earlier decisions do not allow it."""
        reasons: dict[str, str] = {}
        for choice, needs in (question.only or {}).items():
            for name, values in needs.items():
                if self.chosen[name] not in values:
                    wanted = " or ".join(values)
                    reasons[choice] = f"needs {name} {wanted}, not {self.chosen[name]}"
                    break
        return reasons

    def blame(self, question: Question) -> str:
        names = {name for needs in (question.only or {}).values() for name in needs}
        return " or ".join(name for name in self.table.decisions if name in names)


def bounds(question: Question, made: Mapping[str, Decision]) -> tuple[Decimal, Decimal, str]:
    """The range of a number, and what to say of a value that it stops.

    A tempo that `lasts` is held to the range in which the decided bars last that long; where the
    two ranges do not meet, to the end of its own that comes closest. `made` are earlier decisions.
    """
    low, high = question.low, question.high
    if question.lasts is None:
        return low, high, f"kept within {low} to {high}"
    beats = made["bars"].value
    assert isinstance(beats, Decimal)
    beats *= METRES[str(made["metre"].value)].beats
    shortest, longest = question.lasts
    step = question.step or Decimal("0.0001")
    slowest = (beats * 60 / longest / step).to_integral_value(ROUND_CEILING) * step
    fastest = (beats * 60 / shortest / step).to_integral_value(ROUND_FLOOR) * step
    why = f"so that {beats} beats last {shortest} to {longest} seconds"
    return max(low, min(high, slowest)), min(high, max(low, fastest)), why


def _own(amount: Decimal) -> Share:
    return Share("you", _ONE, amount, "you said so")


def _decision(question: Question, value: Decimal, shares: tuple[Share, ...]) -> Decision:
    return Decision(question.name, "number", value, question.unit, shares, {}, {}, {}, None, None)


def _typed_number(question: Question, typed: str) -> Decimal:
    """The number that a user typed, in range and on a step. Raises UserError."""
    span = f"{question.name} is a number from {question.span()}"
    try:
        value = Decimal(typed.strip())
    except ArithmeticError:
        raise UserError(f"{typed!r} is no number.", f"{span}.") from None
    if not value.is_finite() or not question.low <= value <= question.high:
        raise UserError(f"{question.name} cannot be {typed}.", f"{span}.")
    if question.step is not None and (value - question.low) % question.step:
        below = question.low + (value - question.low) // question.step * question.step
        near = f"the nearest are {below} and {below + question.step}"
        raise UserError(f"{question.name} cannot be {typed}.", f"{span}; {near}.")
    return value


def _spelled(question: Question, typed: str) -> str:
    """A note's name as the choices spell it: G# for Ab, E♭ for Eb; anything else as it is."""
    if typed in question.choices:
        return typed
    try:
        pitch = NoteName.parse(typed.replace("♯", "#").replace("♭", "b")).chroma
        names = {NoteName.parse(choice).chroma: choice for choice in question.choices}
    except ValueError:
        return typed
    return names.get(pitch, typed)


def _check_choice(
    question: Question, typed: str, allowed: list[str], excluded: Mapping[str, str]
) -> None:
    """Raises UserError for a choice that is unknown or that earlier decisions exclude."""
    if typed in allowed:
        return
    offer = f"{question.name} can be {', '.join(allowed)}." if allowed else ""
    if typed in excluded:
        raise UserError(f"{question.name} cannot be {typed}: it {excluded[typed]}.", offer)
    near = nearest(typed, allowed)
    hint = f"Did you mean {near}? {offer}" if near else offer
    raise UserError(f"{question.name} cannot be {typed!r}.", hint)
