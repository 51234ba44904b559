"""Wishes become rules that hold always, the last of their table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from composer.table import Evidence, MappingRule, Question, Table
from composer.table.circles import ALWAYS
from composer.table.load import bibliography
from composer.table.rules import CONVENTION
from composer.wishes import Wish

PREFIX = "you-asked-for-"  # of such a rule's id


def wished(table: Table, wishes: Sequence[Wish]) -> Table:
    """The table with a rule for each wish that moves anything it decides."""
    rules = [rule for wish in wishes if (rule := _rule(table, wish)) is not None]
    if not rules:
        return table
    cited = {rule.evidence.source for rule in rules} - table.sources.keys()
    books = bibliography()
    moved = sum((rule.adds.get("tempo", Decimal(0)) for rule in rules), Decimal(0))
    decisions = {
        name: _hurried(question, moved) if name == "tempo" else question
        for name, question in table.decisions.items()
    }
    return replace(
        table,
        rules=(*table.rules, *rules),
        decisions=decisions,
        sources={**table.sources, **{key: books[key] for key in sorted(cited)}},
    )


def _rule(table: Table, wish: Wish) -> MappingRule | None:
    """The wish as a rule, of what the table decides and offers; None where that is nothing."""
    asked = table.decisions
    adds = {
        name: amount * wish.degree
        for name, amount in wish.pole.adds.items()
        if name in asked and asked[name].kind == "number"
    }
    votes = {
        name: {c: v * wish.degree for c, v in row.items() if c in asked[name].choices}
        for name, row in wish.pole.votes.items()
        if name in asked and asked[name].kind == "choice"
    }
    votes = {name: row for name, row in votes.items() if row}
    if not adds and not votes:
        return None
    because = f"You asked for {wish}. {wish.pole.because}"
    evidence = Evidence(*wish.pole.evidence) if wish.pole.evidence else CONVENTION
    id_ = PREFIX + str(wish).replace(" ", "-")
    return MappingRule(id_, ALWAYS, adds, votes, because, evidence)


def _hurried(question: Question, moved: Decimal) -> Question:
    """A tempo whose seconds are as much fewer or more as it is asked to go faster or slower: a
    piece that is as short as it may be could otherwise not be played faster."""
    if question.lasts is None or not moved:
        return question
    factor = (question.start / (question.start + moved)).quantize(Decimal("0.001"))
    shortest, longest = question.lasts
    return replace(question, lasts=(shortest * factor, longest * factor))
