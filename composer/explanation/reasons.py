"""Which rule settled a decision, and why another did not: read off the run's shares alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from composer.table import Decision, Decisions, MappingRule, Question, Table
from composer.table.conditions import Condition, Is, Joined, Shaped
from composer.table.decide import bounds

NOT_RULES = ("start", "default", "clamp", "rounding", "you")
NOUGHT, ONE = Decimal(0), Decimal(1)
FINE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Clause:
    """The part of a condition that kept it from being stronger.

    `text` is the clause as the table has it; `of` the feature or decision that it looks at, and
    `value` what that was.
    """

    text: str
    strength: Decimal
    of: str
    value: float | Decimal | str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The rule that came nearest to turning a decision, and the clause that failed.

    `choice` is what it spoke for ("more" or "less" of a number); `amount` what it would have added
    to that against the winner at full strength; `needed` the strength from which it would have
    turned the choice by itself, None where not even its full strength would.
    """

    rule: str
    choice: str
    strength: Decimal
    needed: Decimal | None
    amount: Decimal
    clause: Clause


def decisive(table: Table, decisions: Decisions, name: str) -> str | None:
    """The rule that did most for a decision and without which it would have been another.

    None where no rule by itself made the difference, or the user decided.
    """
    return next(deciding(table, decisions, name), None)


def deciding(table: Table, decisions: Decisions, name: str) -> Iterator[str]:
    """Every rule without which a decision would have been another, those that did most first."""
    made = decisions[name]
    told: dict[str, Decimal] = {}
    for share in made.shares:
        if share.rule not in NOT_RULES and share.amount:
            told[share.rule] = abs(share.amount)
    if made.kind == "choice":
        for choice, shares in made.rivals.items():
            for share in shares:
                if share.rule in NOT_RULES or not share.amount or choice == made.value:
                    continue
                gain = told.get(share.rule, NOUGHT)
                told[share.rule] = gain - share.amount if choice == made.runner_up else gain
    question = table.decisions[made.name]
    by_weight = sorted(told, key=lambda rule: -told[rule])
    return (rule for rule in by_weight if _without(question, decisions, rule))


def _without(question: Question, decisions: Decisions, rule: str) -> bool:
    """Would the decision have been another had the rule not spoken in it?"""
    made = decisions[question.name]
    if made.kind == "choice":
        totals = {
            choice: made.votes[choice] - sum(s.amount for s in shares if s.rule == rule)
            for choice, shares in made.rivals.items()
        }
        return max(totals, key=lambda choice: totals[choice]) != made.value
    said = sum((s.amount for s in made.shares if s.rule not in ("clamp", "rounding")), NOUGHT)
    less = said - sum(s.amount for s in made.shares if s.rule == rule)
    low, high, _ = bounds(question, decisions)
    kept = max(low, min(high, less))
    if question.step is not None:
        steps = ((kept - question.low) / question.step).to_integral_value(ROUND_HALF_UP)
        kept = question.low + steps * question.step
    return kept != made.value


def why_not(
    table: Table,
    features: Mapping[str, float],
    decisions: Decisions,
    name: str,
    choice: str | None = None,
) -> NearMiss | None:
    """The rule nearest to making the decision `name` another: `choice`, or any.

    Of a number, the rule that was left with the most to say within its range. None where the user
    decided, or no rule that was left with something to say speaks for it.
    """
    made = decisions[name]
    if any(share.rule == "you" for share in made.shares):
        return None
    rules = {rule.id: rule for rule in table.rules}
    if made.kind == "number":
        return _left_to_say(table, features, decisions, made)
    nearest: tuple[tuple[bool, Decimal], str, MappingRule, Decimal, Decimal] | None = None
    for other in made.rivals if choice is None else (choice,):
        if other == made.value or other not in made.rivals:
            continue
        lead = made.votes[str(made.value)] - made.votes[other]
        for rule, strength, amount in _speakers(rules, made, other):
            lacks = lead / amount
            able = strength + lacks <= 1
            # First those that could have turned it, by what they lacked; then by what was left.
            rank = (not able, lacks if able else lead - amount * (ONE - strength))
            if nearest is None or rank < nearest[0]:
                nearest = (rank, other, rule, strength, amount)
    if nearest is None:
        return None
    (unable, lacks), other, rule, strength, amount = nearest
    needed = None if unable else (strength + lacks).quantize(FINE, ROUND_UP)
    clause = _failed(rule, table, features, decisions)
    return NearMiss(rule.id, other, strength, needed, amount, clause)


def _left_to_say(
    table: Table, features: Mapping[str, float], decisions: Decisions, made: Decision
) -> NearMiss | None:
    """The rule that at full strength would have moved a number farthest from what it is."""
    question = table.decisions[made.name]
    rules = {rule.id: rule for rule in table.rules}
    value = made.value
    assert not isinstance(value, str)
    most, found = NOUGHT, None
    for share in made.shares:
        if share.rule not in rules:
            continue
        unsaid = rules[share.rule].adds[made.name] * (ONE - share.strength)
        moves = max(question.low, min(question.high, value + unsaid)) - value
        if abs(moves) > abs(most):
            most, found = moves, share
    if found is None:
        return None
    rule = rules[found.rule]
    way = "more" if most > 0 else "less"
    clause = _failed(rule, table, features, decisions)
    return NearMiss(rule.id, way, found.strength, None, rule.adds[made.name], clause)


def _speakers(
    rules: Mapping[str, MappingRule], made: Decision, other: str
) -> Iterator[tuple[MappingRule, Decimal, Decimal]]:
    """Rules that had more to say for `other` than for the winner: strength and amount."""
    for share in made.rivals[other]:
        if share.rule not in rules or share.strength >= 1:
            continue
        votes = rules[share.rule].votes[made.name]
        amount = votes[other] - votes.get(str(made.value), NOUGHT)
        if amount > 0:
            yield rules[share.rule], share.strength, amount


def _failed(
    rule: MappingRule, table: Table, features: Mapping[str, float], decisions: Decisions
) -> Clause:
    """The clause that kept a rule from full strength."""
    chosen = {name: str(made.value) for name, made in decisions.items()}

    def strength(condition: Condition) -> Decimal:
        return condition.strength(decisions.terms, chosen)

    def least(joined: Joined, turned: bool = False) -> Condition:
        pick = min if (joined.how == "all") != turned else max
        return pick(joined.of, key=strength)

    clause = rule.when
    while isinstance(clause, Joined):
        clause = least(clause)
    leaf: Condition = clause
    turned = False
    while isinstance(leaf, Joined | Shaped):
        if isinstance(leaf, Joined):
            leaf = least(leaf, turned)
        else:
            turned = turned != (leaf.how == "not")
            leaf = leaf.of
    of = table.terms[leaf.term].key if isinstance(leaf, Is) else leaf.decision
    value = decisions[of].value if of in decisions else features[of]
    return Clause(str(clause), strength(clause), of, value)
