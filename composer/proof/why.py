"""Which rule settled a decision, and which came nearest to turning it, read off its shares."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_UP, Decimal
from typing import Any

from composer.proof.decisions import NOUGHT, ONE, SHAPES, Row, Run, parted, rounded, total_of
from composer.proof.reading import Node

NO_RULES = ("start", "default", "clamp", "rounding", "you")


def reasons(document: Node, run: Run) -> None:
    """Raises RefusedError where a decision names another rule as the one that settled it, or as
    the one that came nearest to turning it, or other figures of that."""
    for name, made in run.made.items():
        stored = document["decisions"][name]
        stored["decisive"].be(_decisive(run, name, made), "by what led to it")
        yours = made["shares"] and made["shares"][0]["rule"] == "you"
        found = None if yours else min(_misses(run, name, made), default=None, key=lambda m: m[0])
        missed = None if found is None else _missed(run, *found[1:])
        stored["why_not"].be(missed, "the rule that came nearest")


def _decisive(run: Run, name: str, made: Row) -> str | None:
    """The rule that did most for a decision and without which it would have been another."""
    told = {s["rule"]: abs(s["amount"]) for s in made["shares"] if s["amount"]}
    for choice in made.get("votes", ()):
        for share in made["rivals"].get(choice, ()):
            told.setdefault(share["rule"], NOUGHT)
            told[share["rule"]] -= share["amount"] * (choice == made["runner_up"])
    rules = sorted((rule for rule in told if rule not in NO_RULES), key=lambda rule: -told[rule])
    return next((rule for rule in rules if _other(run, name, made, rule)), None)


def _other(run: Run, name: str, made: Row, rule: str) -> bool:
    """Would the decision have been another had this rule been silent in it?"""
    if made["kind"] == "choice":
        heard = {**made["rivals"], made["value"]: made["shares"]}
        left = {choice: total_of(heard.get(choice, []), rule) for choice in made["votes"]}
        return bool(max(left, key=lambda choice: left[choice]) != made["value"])
    asked, shares = run.table["decisions"][name], made["shares"]
    low, high = (each.number() for each in asked["number"])
    least, most, _ = run.bounds(asked, low, high)
    kept = max(least, min(most, total_of(shares, "clamp", "rounding", rule)))
    step = asked["step"].number() if "step" in asked else None
    return bool(rounded(kept, low, step) != made["value"])


def _misses(run: Run, name: str, made: Row) -> Iterator[tuple[Any, ...]]:
    """Every rule that had something left to say for another decision: how near it came, the rule,
    what it spoke for, the strength from which it would have won, what it would have added."""
    rules = [
        (id_, run.rules[id_]["then"][name], run.of_rule(id_)) for id_ in run.speaks.get(name, ())
    ]
    if made["kind"] == "number":
        low, high = (each.number() for each in run.table["decisions"][name]["number"])
        value = made["value"]
        for id_, amount, strength in rules:
            moves = max(low, min(high, value + amount.number() * (ONE - strength))) - value
            if moves:
                yield -abs(moves), id_, "more" if moves > 0 else "less", None, amount.number()
        return
    for other in made["votes"]:
        lead = made["votes"][made["value"]] - made["votes"][other]
        for id_, then, strength in rules:
            votes = {choice: each.number() for choice, each in then.items()}
            more = votes.get(other, NOUGHT) - votes.get(made["value"], NOUGHT)
            if other == made["value"] or other not in votes or strength >= 1 or more <= 0:
                continue
            # First those that could have turned it, by what they lacked; then by what was left.
            lacks = lead / more
            if strength + lacks <= 1:
                needed = (strength + lacks).quantize(Decimal("0.0001"), ROUND_UP)
                yield (False, lacks), id_, other, needed, more
            else:
                yield (True, lead - more * (ONE - strength)), id_, other, None, more


def _missed(run: Run, rule: str, choice: str, needed: Decimal | None, amount: Decimal) -> Row:
    """A near miss as the file has it, with the clause that kept the rule from full strength."""
    clause = _down(run, run.rules[rule]["when"], ("all", "any"))
    how, of = parted(_down(run, clause, ("all", "any", *SHAPES)))
    key = run.key(of.raw) if how == "term" else how
    return {
        "rule": rule, "for": choice, "strength": run.of_rule(rule), "needed": needed,
        "amount": amount,
        "clause": {
            "text": said(clause), "strength": run.strength(clause), "of": key,
            "value": run.looked_at(key),
        },
    }  # fmt: skip


def _down(run: Run, when: Node, through: tuple[str, ...]) -> Node:
    """The part of a condition that kept it down, through so many kinds of them."""
    turned = False
    while (pair := parted(when))[0] in through:
        how, of = pair
        turned = turned != (how == "not")
        when = of if how in SHAPES else (min, max)[(how == "all") == turned](of, key=run.strength)
    return when


def said(when: Node) -> str:
    """A condition as a sentence says it."""
    how, of = parted(when)
    if how in ("all", "any"):
        return (" and " if how == "all" else " or ").join(map(_inner, of)) or "always"
    if how in SHAPES:
        return f"{how} {_inner(of)}"
    return str(of.raw) if how == "term" else f"{how} is {' or '.join(e.text() for e in of)}"


def _inner(when: Node) -> str:
    return f"({said(when)})" if parted(when)[0] in ("all", "any") else said(when)
