"""Finds what in a sound table does nothing, or works against itself: the codes P9.

Only what the file itself declares is judged, not what it inherits. That a rule can never fire is
said only where it is certain; where several features play together, some go unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from composer.table.conditions import (
    NOUGHT,
    ONE,
    Chosen,
    Condition,
    Is,
    Joined,
    Shaped,
    Term,
    leaves,
    shaped,
)
from composer.table.reader import YamlReader, quoted
from composer.table.table import MappingRule, Table
from composer.table.terms import root_of
from composer.vocabulary import Vocabulary

_BETWEEN = 8  # places that are tried between two corners of a term
Bounds = tuple[Decimal, Decimal]


def wasteful(table: Table, reader: YamlReader, vocabulary: Vocabulary) -> None:
    """Notes every waste of the table as a fault with the reader."""
    _Waste(table, reader, vocabulary).look()


class _Waste:
    def __init__(self, table: Table, reader: YamlReader, vocabulary: Vocabulary) -> None:
        self.table = table
        self.reader = reader
        self.ranges = dict(vocabulary.regional) | dict(vocabulary.features)
        for name, asked in table.decisions.items():
            if asked.kind == "number":
                self.ranges[name] = float(asked.low), float(asked.high)
        self.bounds = {name: self.term_bounds(term) for name, term in table.terms.items()}

    def look(self) -> None:
        own = [rule for rule in self.table.rules if ("rule", rule.id) in self.reader.places]
        for rule in own:
            self.rule(rule)
        self.pairs(own)
        self.terms()
        self.decisions()
        for node in self.reader.cut:
            said = f"the sentence ends with {quoted(node.value)}, for the # begins a comment"
            self.reader.fault(node, "cut", said, "the whole sentence in quotes")

    def terms(self) -> None:
        used = set()
        for rule in self.table.rules:
            for leaf in leaves(rule.when):
                if isinstance(leaf, Is):
                    used |= {leaf.term, root_of(self.table.terms[leaf.term])}
        for name, term in self.table.terms.items():
            place = self.reader.places.get(("term", name))
            if place is None:
                continue
            if name not in used:
                said = f"no rule uses the term {quoted(name)}"
                self.reader.fault(place, "unused", said, "a rule with it, or no such term")
            low, high = self.bounds[name]
            if low == high:
                begin, end = self.ranges[term.feature]
                said = f"the term {quoted(name)} is always {low.normalize():f}"
                expected = f"values within {begin:g} to {end:g}, the range of {term.feature}"
                self.reader.fault(place, "constant", said, expected)

    def decisions(self) -> None:
        for name, asked in self.table.decisions.items():
            place = self.reader.places.get(("decision", name))
            if place is None or self.table.rules_of[name] or len(asked.choices) == 1:
                continue
            begun = asked.starts or asked.default or ("start", name) in self.reader.places
            if not begun:
                self.reader.fault(
                    place, "unreached", f"no rule reaches {quoted(name)}", "a rule, or start"
                )

    def rule(self, rule: MappingRule) -> None:
        place = self.reader.places["rule", rule.id]
        if self.never(rule.when):
            said = f"rule {quoted(rule.id)} never fires: {rule.when} is always 0"
            self.reader.fault(place, "never", said, "a condition that can hold")
        for name, choice, amount in _amounts(rule):
            if amount == 0:
                what = f"votes for {choice}" if choice else name
                said = f"rule {quoted(rule.id)} adds nought to {what}"
                self.reader.fault(place, "nought", said, "an amount")
        needed = _needed(rule.when)
        for name, votes in rule.votes.items():
            only = self.table.decisions[name].only or {}
            for choice in votes:
                for other, allowed in only.get(choice, {}).items():
                    if other in needed and not needed[other] & set(allowed):
                        said = f"rule {quoted(rule.id)} votes for {choice} where it is excluded"
                        expected = f"{other} {' or '.join(allowed)}"
                        self.reader.fault(place, "barred", said, expected)

    def pairs(self, own: Iterable[MappingRule]) -> None:
        """Rules with one and the same condition that push one thing, together or apart."""
        alike: dict[object, list[MappingRule]] = {}
        for rule in self.table.rules:
            alike.setdefault(self.canonical(rule.when), []).append(rule)
        for rule in own:
            for other in alike[self.canonical(rule.when)]:
                if other is rule:
                    break
                self.pair(other, rule)

    def pair(self, first: MappingRule, second: MappingRule) -> None:
        amounts = {(name, choice): amount for name, choice, amount in _amounts(first)}
        for name, choice, amount in _amounts(second):
            before = amounts.get((name, choice), NOUGHT)
            what = f"{name} {choice}".rstrip()
            place = self.reader.places["rule", second.id]
            file, _, line = first.place.rpartition(":")
            whence = f"line {line}" if file == self.reader.file else file
            names = f"rules {quoted(first.id)} of {whence} and {quoted(second.id)}"
            if before * amount < 0:
                said = f"{names} contradict each other: {before:+f} and {amount:+f} {what}"
                expected = f"one rule with {before + amount:+f}"
                self.reader.fault(place, "contrary", said, expected)
            elif before * amount > 0:
                said = f"{names} say the same: {before:+f} and {amount:+f} {what}"
                self.reader.fault(place, "same", said, f"one rule with {before + amount:+f}")

    def never(self, condition: Condition) -> bool:
        """Is the condition 0 for certain, whatever the picture?"""
        if self.reach(condition, {})[1] == 0:
            return True
        keys = [_key(leaf, self.table.terms) for leaf in leaves(condition)]
        for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
            tried = self.places(key, condition)
            if all(self.reach(condition, {key: place})[1] == 0 for place in tried):
                return True
        return False

    def places(self, key: str, condition: Condition) -> Iterator[float | str]:
        """Where a feature or a decision is tried: wherever a strength can begin or end."""
        asked = self.table.decisions.get(key)
        if asked is not None and asked.kind == "choice":
            yield from asked.choices
            return
        values: set[float] = set()
        for leaf in leaves(condition):
            if isinstance(leaf, Is) and self.table.terms[leaf.term].key == key:
                term = self.table.terms[leaf.term]
                values |= {value for value, _ in term.corners()} | {*self.ranges[term.feature]}
                low, high = self.ranges[term.feature]
        ordered = sorted(values)
        for left, right in zip(ordered, ordered[1:] or ordered, strict=False):
            for part in range(_BETWEEN + 1):
                value = left + (right - left) * part / _BETWEEN
                if low <= value <= high:
                    yield value

    def reach(self, condition: Condition, fixed: Mapping[str, float | str]) -> Bounds:
        """The least and the greatest strength, some features or decisions being fixed."""
        if isinstance(condition, Is):
            term = self.table.terms[condition.term]
            if term.key not in fixed:
                return self.bounds[condition.term]
            strength = term.value(float(fixed[term.key]))
            return strength, strength
        if isinstance(condition, Chosen):
            if condition.decision not in fixed:
                return NOUGHT, ONE
            strength = ONE if fixed[condition.decision] in condition.values else NOUGHT
            return strength, strength
        if isinstance(condition, Shaped):
            one, other = (shaped(condition.how, x) for x in self.reach(condition.of, fixed))
            return min(one, other), max(one, other)
        parts = [self.reach(part, fixed) for part in condition.of]
        joined = min if condition.how == "all" else max
        # What asks for nothing holds always.
        lows, highs = (low for low, _ in parts), (high for _, high in parts)
        return joined(lows, default=ONE), joined(highs, default=ONE)

    def term_bounds(self, term: Term) -> Bounds:
        low, high = self.ranges[term.feature]
        inside = [value for value, _ in term.corners() if low <= value <= high]
        if term.turn is not None:
            inside = [value for value, _ in term.corners()]
        strengths = [term.value(value) for value in (low, *inside, high)]
        return min(strengths), max(strengths)

    def canonical(self, condition: Condition) -> object:
        """The condition in a form that is equal for two that always have the same strength."""
        if isinstance(condition, Is):
            term = self.table.terms[condition.term]
            return term.key, term.corners(), term.turn
        if isinstance(condition, Chosen):
            return condition.decision, frozenset(condition.values)
        if isinstance(condition, Shaped):
            return condition.how, self.canonical(condition.of)
        parts = frozenset(self.canonical(part) for part in condition.of)
        return next(iter(parts)) if len(parts) == 1 else (condition.how, parts)


def _key(leaf: Is | Chosen, terms: Mapping[str, Term]) -> str:
    return leaf.decision if isinstance(leaf, Chosen) else terms[leaf.term].key


def _amounts(rule: MappingRule) -> Iterator[tuple[str, str, Decimal]]:
    """(decision, choice or "", amount) of a rule."""
    for name, amount in rule.adds.items():
        yield name, "", amount
    for name, votes in rule.votes.items():
        for choice, amount in votes.items():
            yield name, choice, amount


def _needed(condition: Condition) -> dict[str, set[str]]:
    """The earlier choices without which the condition is 0."""
    parts: tuple[Condition, ...] = (condition,)
    if isinstance(condition, Joined) and condition.how == "all":
        parts = condition.of
    needed: dict[str, set[str]] = {}
    for part in parts:
        if isinstance(part, Chosen):
            values = set(part.values)
            needed[part.decision] = needed.get(part.decision, values) & values
    return needed
