"""The mood of music by a table: exactly and with every share for one piece, at once for many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from composer.music.vocabulary import of_music
from composer.table import Decisions, Table, decide, load_table
from composer.table.conditions import QUANTUM, Condition, Is, Joined, Shaped, Term, leaves
from composer.table.files import MUSIC

Floats = NDArray[np.float64]
AXES = ("valence", "arousal")


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
    """How strong each rule about measured features is, for many pieces; 0 where it has no part.

    features: name -> values of shape (count,), nan where a piece's are not known.
    """
    found: dict[str, Floats] = {}
    for rule in table.rules:
        names = [leaf.term for leaf in leaves(rule.when) if isinstance(leaf, Is)]
        if any(table.terms[name].feature in table.decisions for name in names):
            continue
        values = {}
        for name in names:
            term = table.terms[name]
            given = features.get(term.feature)
            values[name] = np.full(count, np.nan) if given is None else _value(term, given)
        held = np.asarray(_strength(rule.when, values), float)
        known = ~np.any([np.isnan(value) for value in values.values()], axis=0)
        found[rule.id] = np.where(known, held, 0.0)
    return found


def axes(table: Table, features: Mapping[str, Floats], count: int) -> Floats:
    """Valence and arousal of many pieces, shape (count, 2): what `mood` decides, at once."""
    held = strengths(table, features, count)
    rows = []
    for axis in AXES:
        asked = table.decisions[axis]
        total = np.full(count, float(asked.start))
        for rule in table.rules_of[axis]:
            total = total + held[rule.id] * float(rule.adds[axis])
        rows.append(np.clip(total, float(asked.low), float(asked.high)))
    return np.stack(rows, axis=1)


def _value(term: Term, x: Floats) -> Floats:
    """A term's strengths, as `Term.value` has each; nan where x is."""
    corners = term.corners()
    at, strength = (np.array(column) for column in zip(*corners, strict=True))
    if term.turn is not None:
        raise NotImplementedError("terms that go round a circle")
    return np.asarray(np.round(np.interp(x, at, strength) * QUANTUM) / QUANTUM)


def _strength(condition: Condition, values: Mapping[str, Floats]) -> Any:
    if isinstance(condition, Is):
        return values[condition.term]
    if isinstance(condition, Shaped):
        of = _strength(condition.of, values)
        if condition.how == "not":
            return 1 - of
        return np.maximum(0, 2 * of - 1) if condition.how == "very" else np.minimum(1, 2 * of)
    if isinstance(condition, Joined):
        parts = [_strength(part, values) for part in condition.of]
        return np.min(parts, axis=0) if condition.how == "all" else np.max(parts, axis=0)
    raise NotImplementedError("choices as conditions of a mood")
