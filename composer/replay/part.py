"""The part of a table that a decision hangs on, and what of it a changed feature can reach."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from composer.mapping import Question, Rule, Table
from composer.mapping.conditions import Chosen, leaves


def earlier(table: Table, question: Question) -> Iterator[str]:
    """Names of decisions and features that a decision looks at, rules and conditions both."""
    for rule in rules_of(table, question.name):
        yield from looked_at(table, rule)
    for needs in (question.only or {}).values():
        yield from needs
    if question.default is not None:
        yield question.default.by
    if question.lasts is not None:
        yield from ("bars", "metre")


def rules_of(table: Table, name: str) -> tuple[Rule, ...]:
    """The rules that have a say in a decision."""
    return tuple(rule for rule in table.rules if name in rule.adds or name in rule.votes)


def looked_at(table: Table, rule: Rule) -> Iterator[str]:
    """Names of the features (those of regions too) and decisions in a rule's condition."""
    for leaf in leaves(rule.when):
        yield leaf.decision if isinstance(leaf, Chosen) else table.terms[leaf.term].key


def part_for(table: Table, name: str) -> Table:
    """The least table that makes one decision as the whole does: it, and all that lead to it."""
    wanted: set[str] = set()
    waiting = [name]
    while waiting:
        found = waiting.pop()
        if found in table.decisions and found not in wanted:
            wanted.add(found)
            waiting += earlier(table, table.decisions[found])
    rules = tuple(
        replace(
            rule,
            adds={each: rule.adds[each] for each in rule.adds if each in wanted},
            votes={each: rule.votes[each] for each in rule.votes if each in wanted},
        )
        for rule in table.rules
        if any(each in wanted for each in (*rule.adds, *rule.votes))
    )
    used = {leaf.term for r in rules for leaf in leaves(r.when) if not isinstance(leaf, Chosen)}
    return replace(
        table,
        terms={each: term for each, term in table.terms.items() if each in used},
        decisions={each: asked for each, asked in table.decisions.items() if each in wanted},
        rules=rules,
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """What of a table may come out otherwise when some features do, in the table's order."""

    terms: frozenset[str]
    rules: frozenset[str]
    decisions: frozenset[str]


def reach(table: Table, features: Collection[str], fixed: Collection[str] = ()) -> Reach:
    """What the features reach; `fixed` are decisions that a user has made."""
    moved = set(features)
    for name, question in table.decisions.items():
        if name not in fixed and not moved.isdisjoint(earlier(table, question)):
            moved.add(name)
    return Reach(
        frozenset(name for name, term in table.terms.items() if term.key in moved),
        frozenset(rule.id for rule in table.rules if not moved.isdisjoint(looked_at(table, rule))),
        frozenset(moved & set(table.decisions)),
    )
