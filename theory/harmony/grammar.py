"""Grammars of harmony: what may begin a phrase, follow each chord, and close, as exact shares.

A family is written in YAML (`theory/harmony/families`). A colour (`triads`, `sevenths`, `borrowed`,
`modal`) puts variants in the place of plain chords (`instead`), and adds ways to go (`also`) and to
close (`closes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from types import MappingProxyType

from theory.chord import Chord
from theory.harmony.family import COLOURS, Family

# A phrase that runs on into the next has no formula.
OPEN = "open"
# What stands in for a cadence that a family does not have, nearest first.
NEAREST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "authentic": ("modal", "plagal"),
        "modal": ("authentic", "plagal"),
        "plagal": ("modal", "authentic"),
        "half": ("plagal",),
        "deceptive": ("half",),
    }
)

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Grammar:
    """A family under a colour: shares of first chords and of what follows each chord."""

    begins: Weights
    after: Mapping[str, Weights]
    variants: Mapping[str, Weights]


@dataclass(frozen=True, slots=True)
class Formula:
    """The end of a phrase: for each of its places the chords that may stand there, by share."""

    name: str
    weight: float
    places: tuple[Weights, ...]


def cadence_in(family: Family, kind: str) -> str:
    """The kind of cadence that a family has for the one asked for: itself, or its nearest.

    Raises ValueError for an unknown kind.
    """
    if kind == OPEN or kind in family.cadences:
        return kind
    if kind not in NEAREST:
        raise ValueError(f"{kind!r} is no cadence: choose from {', '.join((*NEAREST, OPEN))}")
    return next(near for near in NEAREST[kind] if near in family.cadences)


def alternatives(family: Family, chord: Chord | None, colour: str) -> Mapping[str, float]:
    """What may follow a chord, or begin a phrase (for None), with its share, most first."""
    rules = grammar(family, colour)
    shares = rules.begins if chord is None else rules.after.get(chord.roman, rules.begins)
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


@lru_cache(maxsize=256)
def vocabulary(family: Family, colour: str) -> frozenset[str]:
    """Every chord that a family can come to under a colour."""
    rules = grammar(family, colour)
    tables = (family.cadences, family.closes(colour))
    cadences = {
        x for table in tables for row in table.values() for name in row for x in name.split()
    }
    spread = {x for chord in cadences for x in rules.variants.get(chord, ())}
    sung = {x for pattern in family.patterns_in(colour).values() for x in pattern.chords}
    return frozenset({*rules.begins, *rules.after, *cadences, *spread, *sung})


@lru_cache(maxsize=1024)
def formulas(family: Family, colour: str, kind: str, count: int) -> tuple[Formula, ...]:
    """The endings of a phrase of `count` chords to a kind of cadence that the family has."""
    if kind == OPEN:
        # It pauses where a phrase may begin or close: from there every beginning can be led.
        goals = {name.split()[-1] for row in family.cadences.values() for name in row}
        rests = goals | family.begins.keys()
        return (Formula(OPEN, 1.0, (dict.fromkeys(sorted(rests), 1.0),)),)
    variants = grammar(family, colour).variants
    found = []
    whole = [name for name in family.cadences[kind] if "64" not in name.split()[-count:][0]]
    weights = {**family.cadences[kind], **family.closes(colour).get(kind, {})}
    for name, weight in weights.items():
        chords = name.split()[-count:]
        if whole and "64" in chords[0]:
            continue  # a cadential six-four needs what it delays, and something before it
        # The last chord of a phrase stays plain: it is what the cadence is named for.
        places = [dict(variants.get(chord, {chord: 1.0})) for chord in chords[:-1]]
        found.append(Formula(name, weight, (*places, {chords[-1]: 1.0})))
    return tuple(found)


@lru_cache(maxsize=256)
def grammar(family: Family, colour: str) -> Grammar:
    """A family's grammar under a colour, its weights turned to shares.

    A variant goes on as it says itself, if it has successors of its own, or else as the chord that
    it stands for. Raises ValueError for an unknown colour.
    """
    if colour not in COLOURS:
        raise ValueError(f"{colour!r} is no harmonic colour: choose from {', '.join(COLOURS)}")
    instead, also = family.instead(colour), family.also(colour)
    rows: dict[str, dict[str, float]] = {x: dict(row) for x, row in family.follows.items()}
    for chord, extra in also.items():
        row = rows.setdefault(chord, {})
        for follower, weight in extra.items():
            row[follower] = row.get(follower, 0.0) + weight
    variants = {
        chord: _shares({chord: 1.0, **{name: float(w) for name, w in others.items()}})
        for chord, others in instead.items()
    }
    own = dict(rows)
    for chord, others in variants.items():
        for name in others:
            if chord in own:
                rows.setdefault(name, dict(own[chord]))
    after = {
        chord: _shares({y: w for y, w in _spread(row, variants).items() if y != chord})
        for chord, row in rows.items()
    }
    return Grammar(_shares(_spread(family.begins, variants)), after, variants)


def _spread(row: Weights, variants: Mapping[str, Weights]) -> dict[str, float]:
    """Share each chord's weight out among its variants."""
    spread: dict[str, float] = {}
    for chord, weight in row.items():
        for name, share in variants.get(chord, {chord: 1.0}).items():
            spread[name] = spread.get(name, 0.0) + weight * share
    return spread


def _shares(row: Weights) -> dict[str, float]:
    total = fsum(row.values())
    return {chord: weight / total for chord, weight in row.items()}
