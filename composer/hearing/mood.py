"""The mood of music by a table: exactly and with every share for one piece, at once for many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from composer.music.vocabulary import of_music
from composer.table import Decisions, Table, decide, load_table
from composer.table.conditions import QUANTUM, Chosen, Condition, Is, Shaped, Term, leaves
from composer.table.files import MUSIC
from composer.table.table import MappingRule, Question

Floats = NDArray[np.float64]
AXES = ("valence", "arousal")
DIGITS = 9  # of votes that are compared: sums of floats are not nearer to the exact ones


def load_mood_table(name: str | None = None) -> Table:
    """A table of how music is heard; the package's own unless named. Raises UserError."""
    return load_table(name or MUSIC, of_music())


def mood(table: Table, features: Mapping[str, float]) -> Decisions:
    """Valence, arousal and a name for the mood of one piece, each with its shares.

    A rule about something that was not measured has no part in it.
    """
    return decide(without(table, features), features)


def without(table: Table, features: Mapping[str, float]) -> Table:
    """The table without the rules and terms about what is not among the features."""
    terms = {
        name: term
        for name, term in table.terms.items()
        if term.feature in features or term.feature in table.decisions
    }
    rules = tuple(
        rule
        for rule in table.rules
        if all(leaf.term in terms for leaf in leaves(rule.when) if isinstance(leaf, Is))
    )
    return replace(table, terms=terms, rules=rules)


def strengths(table: Table, features: Mapping[str, Floats], count: int) -> dict[str, Floats]:
    """How strong each rule is, for many pieces; 0 where it has no part.

    features: name -> values of shape (count,), nan where a piece's are not known.
    """
    return _Many(table, features, count).rules


def axes(table: Table, features: Mapping[str, Floats], count: int) -> Floats:
    """Valence and arousal of many pieces, shape (count, 2): what `mood` decides, at once."""
    known = _Many(table, features, count).known
    return np.stack([known[axis] for axis in AXES], axis=1)


class _Many:
    """One pass over the decisions in their order, for many pieces, as `mood` makes it for one.

    known: features and numbers decided. chosen: the number of the choice. rules: their strengths.
    """

    def __init__(self, table: Table, features: Mapping[str, Floats], count: int) -> None:
        self.table, self.count = table, count
        self.known: dict[str, Floats] = dict(features)
        self.chosen: dict[str, NDArray[np.int64]] = {}
        self.rules: dict[str, Floats] = {}
        for question in table.decisions.values():
            if question.kind == "number":
                self.known[question.name] = self._number(question)
            else:
                self.chosen[question.name] = self._choice(question)
        for rule in table.rules:
            self._held(rule)

    def _number(self, question: Question) -> Floats:
        total = np.full(self.count, float(question.start))
        for rule in self.table.rules_of[question.name]:
            total = total + self._held(rule) * float(rule.adds[question.name])
        low, high = float(question.low), float(question.high)
        found = np.clip(total, low, high)
        if question.step is not None:
            step = float(question.step)
            found = low + np.floor((found - low) / step + 0.5) * step
        return np.asarray(found, float)

    def _choice(self, question: Question) -> NDArray[np.int64]:
        """The first of those with most votes, in the order in which they are declared."""
        votes = np.zeros((len(question.choices), self.count))
        rows = [question.starts or {}, *(r.votes[question.name] for r in self._voters(question))]
        weights = [np.ones(self.count), *(self._held(r) for r in self._voters(question))]
        for row, weight in zip(rows, weights, strict=True):
            for choice, amount in row.items():
                votes[question.choices.index(choice)] += weight * float(amount)
        return np.asarray(np.argmax(np.round(votes, DIGITS), axis=0))

    def _voters(self, question: Question) -> Sequence[MappingRule]:
        return self.table.rules_of[question.name]

    def _held(self, rule: MappingRule) -> Floats:
        if rule.id not in self.rules:
            names = [leaf.term for leaf in leaves(rule.when) if isinstance(leaf, Is)]
            values = {name: self._term(self.table.terms[name]) for name in names}
            known = ~np.any([np.isnan(each) for each in values.values()], axis=0)
            held = np.asarray(self._strength(rule.when, values), float)
            self.rules[rule.id] = np.where(known, held, 0.0)
        return self.rules[rule.id]

    def _term(self, term: Term) -> Floats:
        """A term's strengths, as `Term.value` has each; nan where its feature is."""
        x = self.known.get(term.feature)
        if x is None:
            return np.full(self.count, np.nan)
        if term.turn is not None:
            return np.array([np.nan if np.isnan(each) else float(term.value(each)) for each in x])
        at, strength = (np.array(column) for column in zip(*term.corners(), strict=True))
        return np.asarray(np.round(np.interp(x, at, strength) * QUANTUM) / QUANTUM)

    def _strength(self, condition: Condition, values: Mapping[str, Floats]) -> Floats:
        if isinstance(condition, Is):
            return values[condition.term]
        if isinstance(condition, Chosen):
            choices = self.table.decisions[condition.decision].choices
            wanted = [choices.index(value) for value in condition.values]
            return np.isin(self.chosen[condition.decision], wanted).astype(float)
        if isinstance(condition, Shaped):
            of = self._strength(condition.of, values)
            if condition.how == "not":
                return np.asarray(1 - of)
            shaped = np.maximum(0, 2 * of - 1) if condition.how == "very" else np.minimum(1, 2 * of)
            return np.asarray(shaped)
        parts = [self._strength(part, values) for part in condition.of]
        if not parts:
            return np.ones(self.count)
        joined = np.min if condition.how == "all" else np.max
        return np.asarray(joined(parts, axis=0))
