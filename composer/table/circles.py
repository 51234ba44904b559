"""Reads the section `tables`: which choice stands where on a feature, as keys on the hue circle.

Between two places both choices get a part of the votes, the nearer one more; the parts sum to one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from composer.table.conditions import Condition, Is, Joined, Term
from composer.table.nodes import Mapped, Node
from composer.table.reader import YamlReader, quoted
from composer.table.table import MappingRule, Places, Question
from composer.table.terms import read_feature, read_where
from composer.vocabulary import Vocabulary


def read_tables(
    reader: YamlReader,
    node: Node | None,
    vocabulary: Vocabulary,
    asked: Mapping[str, Question],
    known: Mapping[str, Places],
) -> dict[str, Places]:
    """Every table of places that can be read, after those known; the same name replaces."""
    tables = dict(known)
    for key, name, spec in (reader.entries(node, "tables") or []) if node is not None else ():
        table = _table(reader, name, spec, vocabulary, asked)
        if table is None:
            reader.spoilt.add(name)
        else:
            reader.places["table", name] = key
            tables[name] = table
    return tables


def _table(
    reader: YamlReader,
    name: str,
    node: Node,
    vocabulary: Vocabulary,
    asked: Mapping[str, Question],
) -> Places | None:
    parts = reader.shape(node, "places", f"table {quoted(name)}")
    if parts is None or "feature" not in parts or "places" not in parts:
        return None
    feature = read_feature(reader, parts["feature"], vocabulary, asked)
    where = read_where(reader, parts, feature, vocabulary) if feature is not None else None
    turn = None
    if "turn" in parts:
        given = reader.number(parts["turn"], "turn")
        if given is not None and given <= 0:
            reader.fault(parts["turn"], "range", f"turn is {given}", "a number above 0")
            given = None
        if given is None:
            return None
        turn = float(given)
    before = len(reader.faults)
    found: dict[str, tuple[float, str]] = {}
    for key, choice, spec in reader.entries(parts["places"], f"places of {quoted(name)}") or []:
        place = _place(reader, choice, spec)
        if place is None:
            continue
        at, says = place
        at = at % turn if turn is not None else at
        if any(at == other for other, _ in found.values()):
            said = f"two choices stand at {at:g}"
            reader.fault(key, "width", said, "each at a value of its own")
        found[choice] = at, says
    if len(reader.faults) > before or feature is None or where is None:
        return None
    if len(found) < 2:
        reader.fault(parts["places"], "empty", f"{quoted(name)} has no two places", "two or more")
        return None
    ordered = dict(sorted(found.items(), key=lambda row: row[1][0]))
    return Places(name, feature, turn, where, ordered)


def _place(reader: YamlReader, choice: str, node: Node) -> tuple[float, str] | None:
    if not isinstance(node, Mapped):
        at = reader.number(node, quoted(choice))
        return (float(at), "") if at is not None else None
    parts = reader.shape(node, "place", f"place {quoted(choice)}")
    if parts is None or "at" not in parts:
        return None
    at = reader.number(parts["at"], "at")
    says = reader.sentence(parts["says"], "says") or "" if "says" in parts else ""
    return (float(at), says) if at is not None else None


@dataclass(frozen=True, slots=True)
class Divided:
    """The votes of one rule, to be divided by a table among the choices of a decision."""

    decision: str
    table: Places
    votes: Decimal
    choices: tuple[str, ...]


def divide(rule: MappingRule, share: Divided) -> tuple[tuple[MappingRule, ...], dict[str, Term]]:
    """The rules that a rule which votes by a table amounts to, one a place, with their terms.

    A place is 1 at its own value and falls to 0 at its neighbours'; at the ends of a table that
    does not go round it stays 1.
    """
    table = share.table
    offered = {choice: row for choice, row in table.places.items() if choice in share.choices}
    values = [at for at, _ in offered.values()]
    rules: list[MappingRule] = []
    terms: dict[str, Term] = {}
    for index, (choice, (_, says)) in enumerate(offered.items()):
        name = f"{choice} of {table.name}"
        terms[name] = _peak(name, table, values, index)
        here = Is(name)
        when: Condition = here if rule.when is ALWAYS else Joined("all", (rule.when, here))
        rules.append(
            MappingRule(
                f"{rule.id}/{choice}",
                when,
                {},
                {share.decision: {choice: share.votes}},
                says or rule.because,
                rule.evidence,
                rule.place,
                rule.id,
            )
        )
    return tuple(rules), terms


ALWAYS = Joined("all", ())  # the condition of a rule that votes by a table wherever it looks


def _peak(name: str, table: Places, values: list[float], index: int) -> Term:
    at = values[index]
    if table.turn is None:
        left, right = values[max(0, index - 1)], values[min(len(values) - 1, index + 1)]
    else:
        left = values[index - 1] - (table.turn if index == 0 else 0)
        right = values[(index + 1) % len(values)]
        right += table.turn if right <= at else 0
    points = {left: 0.0, right: 0.0, at: 1.0}
    line = tuple(sorted(points.items()))
    ends = line[0][0], line[-1][0]
    return Term(name, table.feature, *ends, None, table.turn, line, table.where, made=True)
