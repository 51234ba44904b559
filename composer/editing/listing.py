"""Rules and terms for a person to read: a line each, or one rule whole."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from click import style

from composer.errors import UserError
from composer.explain.style import WIDTH, dim
from composer.mapping import Rule, Table, load_table
from composer.mapping.conditions import Is, Term, leaves
from composer.mapping.reader import nearest
from composer.vocabulary import vocabulary


def wrapped(text: str, indent: int) -> list[str]:
    """Lines of the text, indented; names with hyphens stay whole."""
    blank = " " * indent
    return textwrap.wrap(
        text, WIDTH, initial_indent=blank, subsequent_indent=blank, break_on_hyphens=False
    )


def list_rules(name: str, decision: str | None = None) -> str:
    """The rules of a table, of one decision or of all: id and condition, then what it decides."""
    table = load_table(name, vocabulary())
    rules: Sequence[Rule] = table.rules
    if decision is not None:
        rules = table.rules_of[known(decision, table.decisions, "decision")]
    rows = []
    for rule in rules:
        grade = rule.evidence.grade
        rows.append(f"{style(rule.id, bold=True)} {dim(grade)}")
        rows += wrapped(f"when {rule.when}: {', '.join(amounts(rule, decision))}", 4)
    ends = "" if decision is None else f" that have a part in {decision}"
    return "\n".join([*rows, "", f"{len(rules)} rules of {table.name}{ends}."])


def list_terms(name: str) -> str:
    """The terms of a table, each with what it measures."""
    table = load_table(name, vocabulary())
    written = {key: term for key, term in table.terms.items() if not term.made}
    width = max(map(len, written), default=0) + 2
    return "\n".join(f"{key:<{width}}{said(term)}" for key, term in written.items())


def show_rule(name: str, id_: str) -> str:
    """One rule whole. Of one that votes by a table, every place. Raises UserError."""
    table = load_table(name, vocabulary())
    ids = dict.fromkeys(each for rule in table.rules for each in (rule.id, rule.part_of) if each)
    known(id_, ids, "rule")
    shown = [rule for rule in table.rules if id_ in (rule.id, rule.part_of)]
    return "\n\n".join("\n".join(_whole(rule, table)) for rule in shown)


def _whole(rule: Rule, table: Table) -> Iterator[str]:
    yield f"{style(rule.id, bold=True)}  {dim(f'{table.name}, {rule.place}')}"
    yield from wrapped(rule.because, 2)
    yield from wrapped(f"when {rule.when}", 2)
    for leaf in leaves(rule.when):
        if isinstance(leaf, Is):
            yield from wrapped(f"{leaf.term}: {said(table.terms[leaf.term])}", 6)
    yield from wrapped(f"then {', '.join(amounts(rule))}", 2)
    evidence = rule.evidence
    cited = table.sources.get(evidence.source, "")
    yield from wrapped(f"grade {evidence.grade}: {evidence.effect}. {cited}", 2)


def amounts(rule: Rule, decision: str | None = None) -> list[str]:
    """What a rule decides, for one decision or for all.

    >>> from composer.mapping import load_table
    >>> amounts(load_table("plain", vocabulary()).rules[0])[0]
    'valence +0.8'
    """
    rows = [
        f"{name} {plus(amount)}" for name, amount in rule.adds.items() if decision in (None, name)
    ]
    for name, votes in rule.votes.items():
        if decision in (None, name):
            rows += [f"{name} {choice} {plus(amount)}" for choice, amount in votes.items()]
    return rows


def plus(amount: Decimal) -> str:
    """An amount with its sign and no more digits than it has.

    >>> plus(Decimal("0.50")), plus(Decimal("-12"))
    ('+0.5', '−12')
    """
    return f"{amount.normalize():+f}".replace("-", "−")


def said(term: Term) -> str:
    """What a term measures, in words.

    >>> said(Term("dark", "light.lightness", 46, 24))
    'light.lightness from 46 (0) to 24 (1)'
    """
    where = f" in the {term.where}" if term.where else ""
    turn = f", round {term.turn:g}" if term.turn is not None else ""
    if term.within is not None and not term.points:
        return f"{term.feature}{where}: 1 at {term.low:g}, 0 at {term.within:g} from it{turn}"
    if term.points:
        line = ", ".join(f"{value:g} ({strength:g})" for value, strength in term.points)
        return f"{term.feature}{where} through {line}{turn}"
    return f"{term.feature}{where} from {term.low:g} (0) to {term.high:g} (1)"


def known(name: str, names: Collection[str], what: str) -> str:
    """The name, if it is one of those. Raises UserError with the nearest."""
    if name in names:
        return name
    near = nearest(name, names)
    hint = f"Did you mean {near}?" if near else "See `promenade rules list`."
    raise UserError(f"There is no {what} {name!r}.", hint)
