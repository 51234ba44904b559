"""What a table takes over from the one that it extends, and what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from composer.table.conditions import Chosen, Condition, Is, Joined, Shaped, Term, leaves
from composer.table.nodes import Node, Scalar
from composer.table.reader import YamlReader, quoted
from composer.table.table import MappingRule, Question, Table
from composer.table.terms import Clauses, root_of, too_early


@dataclass(frozen=True, slots=True)
class Removed:
    """The ids of rules and the names of terms that are left out."""

    rules: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()


def read_removed(
    reader: YamlReader, node: Node | None, base: Table | None, *, strict: bool
) -> Removed:
    """The section `remove`. Where it is strict, names that are not there to be removed are faults;
    a style, which is laid over any table, takes away what is there."""
    if node is None or base is None:
        return Removed()
    parts = reader.shape(node, "remove", "remove") or {}
    rules = [rule.part_of or rule.id for rule in base.rules]
    terms = [name for name, term in base.terms.items() if not term.made]
    return Removed(
        _names(reader, parts.get("rules"), "rule", rules, strict),
        _names(reader, parts.get("terms"), "term", terms, strict),
    )


def _names(
    reader: YamlReader, node: Node | None, what: str, known: Sequence[str], strict: bool
) -> frozenset[str]:
    if node is None:
        return frozenset()
    if isinstance(node, Scalar) and node.value == "all":
        return frozenset(known)
    unique = dict.fromkeys(known)
    items = reader.items(node, f"{what}s to remove") or []
    if not strict:
        named = [reader.text(item, f"inherited {what}") for item in items]
        return frozenset(name for name in named if name in unique)
    read = [reader.one_of(item, f"inherited {what}", unique, "removed") for item in items]
    return frozenset(name for name in read if name is not None)


def kept_terms(base: Table | None, removed: Removed) -> dict[str, Term]:
    """The base's terms without those that are removed, and without what was made from them."""
    return {
        name: term
        for name, term in (base.terms.items() if base is not None else ())
        if name not in removed.terms and root_of(term) not in removed.terms
    }


def kept_rules(
    reader: YamlReader,
    place: Node,
    inherited: Sequence[MappingRule],
    removed: Removed,
    clauses: Clauses,
    changed: frozenset[str],
) -> tuple[MappingRule, ...]:
    """The inherited rules without those removed, and without votes for what is not offered.

    One that does not fit any longer is a fault at `place`, unless it is among those `changed`.
    """
    kept: list[MappingRule] = []
    for rule in inherited:
        id_ = rule.part_of or rule.id
        if id_ in removed.rules:
            continue
        fitted = _fitted(rule, clauses.asked)
        if fitted is None:
            continue
        reason = misfit(fitted, clauses) if id_ not in changed else ""
        if reason:
            said = f"rule {quoted(id_)} of {rule.place.rpartition(':')[0]} {reason}"
            reader.fault(place, "unfit", said, "the rule removed or changed here")
        else:
            kept.append(fitted)
    return tuple(kept)


def misfit(rule: MappingRule, clauses: Clauses) -> str:
    """Why a rule cannot stand beside what is declared, or ""."""
    for leaf in leaves(rule.when):
        if isinstance(leaf, Is) and leaf.term not in clauses.terms:
            return f"uses the term {leaf.term!r}, which is removed"
    for name in (*rule.adds, *rule.votes):
        for used in too_early(name, rule.when, clauses):
            return f"uses {used!r}, which is not decided before {name!r}"
    return ""


def _fitted(rule: MappingRule, asked: Mapping[str, Question]) -> MappingRule | None:
    """The rule with what can still hold and be voted for; None where nothing is left of it."""
    when = _narrowed(rule.when, asked) if leaves(rule.when) else rule.when
    if isinstance(when, bool):
        if not when:
            return None
        name = next(leaf.decision for leaf in leaves(rule.when) if isinstance(leaf, Chosen))
        when = Chosen(name, asked[name].choices)  # any of them: it holds always
    votes = {
        name: {choice: amount for choice, amount in row.items() if choice in asked[name].choices}
        for name, row in rule.votes.items()
    }
    votes = {name: row for name, row in votes.items() if row}
    if not votes and not rule.adds:
        return None
    return replace(rule, when=when, votes=votes)


def _narrowed(condition: Condition, asked: Mapping[str, Question]) -> Condition | bool:
    """The condition without choices that are not offered; a truth where it has become one."""
    if isinstance(condition, Is):
        return condition
    if isinstance(condition, Chosen):
        offered = asked[condition.decision].choices
        values = tuple(value for value in condition.values if value in offered)
        return Chosen(condition.decision, values) if values else False
    if isinstance(condition, Shaped):
        of = _narrowed(condition.of, asked)
        if isinstance(of, bool):
            return not of if condition.how == "not" else of
        return Shaped(condition.how, of)
    parts = [_narrowed(part, asked) for part in condition.of]
    decisive = condition.how == "any"  # one part that is this decides the whole
    if any(part is decisive for part in parts):
        return decisive
    left = tuple(part for part in parts if not isinstance(part, bool))
    if len(left) < 2:
        return left[0] if left else not decisive
    return Joined(condition.how, left)
