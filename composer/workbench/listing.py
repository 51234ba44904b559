"""Rules and terms for a person to read: a line each, or one rule whole."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from composer.errors import UserError, nearest
from composer.explanation.layout import WIDTH, bold, dim
from composer.music.vocabulary import vocabulary_of
from composer.table import MappingRule, Question, Table, load_table
from composer.table.conditions import Is, Term, leaves


def wrapped(text: str, indent: int) -> list[str]:
    """Lines of the text, indented; names with hyphens stay whole."""
    blank = " " * indent
    return textwrap.wrap(
        text, WIDTH, initial_indent=blank, subsequent_indent=blank, break_on_hyphens=False
    )


def list_rules(name: str, decision: str | None = None) -> str:
    """The rules of a table, of one decision or of all: id and condition, then what it decides."""
    table = load_table(name, vocabulary_of(name))
    rules: Sequence[MappingRule] = table.rules
    if decision is not None:
        rules = table.rules_of[known(decision, table.decisions, "decision")]
    rows = []
    for rule in rules:
        grade = rule.evidence.grade
        rows.append(f"{bold(rule.id)} {dim(grade)}")
        rows += wrapped(f"when {rule.when}: {', '.join(amounts(rule, decision))}", 4)
    ends = "" if decision is None else f" that have a part in {decision}"
    return "\n".join([*rows, "", f"{len(rules)} rules of {table.name}{ends}."])


def list_terms(name: str) -> str:
    """The terms of a table, each with what it measures."""
    table = load_table(name, vocabulary_of(name))
    written = {key: term for key, term in table.terms.items() if not term.made}
    width = max(map(len, written), default=0) + 2
    return "\n".join(f"{key:<{width}}{said(term)}" for key, term in written.items())


def show_rule(name: str, id_: str) -> str:
    """One rule whole. Of one that votes by a table, every place. Raises UserError."""
    table = load_table(name, vocabulary_of(name))
    ids = dict.fromkeys(each for rule in table.rules for each in (rule.id, rule.part_of) if each)
    known(id_, ids, "rule")
    shown = [rule for rule in table.rules if id_ in (rule.id, rule.part_of)]
    return "\n\n".join("\n".join(_whole(rule, table)) for rule in shown)


def _whole(rule: MappingRule, table: Table) -> Iterator[str]:
    yield f"{bold(rule.id)}  {dim(f'{table.name}, {rule.place}')}"
    yield from wrapped(rule.because, 2)
    yield from wrapped(f"when {rule.when}", 2)
    for leaf in leaves(rule.when):
        if isinstance(leaf, Is):
            yield from wrapped(f"{leaf.term}: {said(table.terms[leaf.term])}", 6)
    yield from wrapped(f"then {', '.join(amounts(rule))}", 2)
    evidence = rule.evidence
    cited = table.sources.get(evidence.source, "")
    yield from wrapped(f"grade {evidence.grade}: {evidence.effect}. {cited}", 2)


def amounts(rule: MappingRule, decision: str | None = None) -> list[str]:
    """What a rule decides, for one decision or for all.

    >>> from composer.table import load_table
    >>> amounts(load_table("plain", vocabulary_of("plain")).rules[0])[0]
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


def differences(one: str, other: str) -> str:
    """Everything in which the table `other` differs from `one`, and its orchestra from that one's;
    it need not be written alike."""
    before, after = (load_table(name, vocabulary_of(name)) for name in (one, other))
    rows = [
        *_section(
            "decisions",
            {name: _question(asked, before) for name, asked in before.decisions.items()},
            {name: _question(asked, after) for name, asked in after.decisions.items()},
        ),
        *_section(
            "terms",
            {name: {"": said(term)} for name, term in before.terms.items()},
            {name: {"": said(term)} for name, term in after.terms.items()},
        ),
        *_section(
            "rules",
            {rule.id: _rule(rule) for rule in before.rules},
            {rule.id: _rule(rule) for rule in after.rules},
        ),
        *(
            row
            for name in after.stocks
            for row in _section(
                name.replace("_", " "), _entries(before, name), _entries(after, name)
            )
        ),
    ]
    if not rows:
        return f"{one} and {other} decide everything alike."
    return "\n".join([f"{one} → {other}", *rows])


Facts = Mapping[str, str]


def _section(title: str, before: Mapping[str, Facts], after: Mapping[str, Facts]) -> Iterator[str]:
    gone = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    changed = [name for name in after if name in before and before[name] != after[name]]
    if not (gone or new or changed):
        return
    yield ""
    yield bold(f"{title}: {len(new)} added, {len(gone)} removed, {len(changed)} changed")
    for sign, names, side in (("−", gone, before), ("+", new, after)):
        for name in names:
            facts = "; ".join(f"{key} {fact}".strip() for key, fact in side[name].items())
            yield from wrapped(f"{sign} {name}: {facts}", 2)
    for name in changed:
        yield f"  ~ {name}"
        for key in dict.fromkeys((*before[name], *after[name])):
            old, now = before[name].get(key, "nothing"), after[name].get(key, "nothing")
            if old != now:
                yield from wrapped(f"{key} {old} → {now}".strip(), 6)


def _rule(rule: MappingRule) -> Facts:
    evidence = rule.evidence
    return {
        "when": str(rule.when),
        "then": ", ".join(amounts(rule)),
        "because": rule.because,
        "evidence": f"{evidence.grade}, {evidence.effect}, {evidence.source}",
    }


def _entries(table: Table, stock: str) -> Mapping[str, Facts]:
    return {
        name: {key: _said(value) for key, value in entry.items()}
        for name, entry in table.stocks[stock].items()
    }


def _said(value: object) -> str:
    """A value of a stock's entry, as YAML would have it on a line.

    >>> _said({"4/4": ["1 | 2", True]})
    '{4/4: [1 | 2, true]}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_said(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_said, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _question(asked: Question, table: Table) -> Facts:
    """What is said of a decision; the stock's entries, where it offers all, are told apart."""
    entries = tuple(table.stocks.get(asked.stock, ()))
    facts = {"": asked.stock if entries == asked.choices else asked.span()}
    if asked.kind == "number":
        facts["start"] = f"{asked.start.normalize():f}"
    for choice, votes in (asked.starts or {}).items():
        facts[f"start of {choice}"] = f"{votes.normalize():f}"
    for choice, needs in (asked.only or {}).items():
        facts[f"{choice} only with"] = "; ".join(
            f"{name} {' or '.join(values)}" for name, values in needs.items()
        )
    if asked.default is not None:
        facts["default"] = f"by {asked.default.by}, {asked.default.votes.normalize():f}"
    return facts
