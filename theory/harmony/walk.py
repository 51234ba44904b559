"""A family's grammar as a graph of places to walk: chords, formulas under way, and a change of key.

A state is a chord as the phrase hears it. A chord inside a named formula (a sequence, a pedal
point) knows how far the formula has come, so that it is sung on as it is written; a pivot chord is
heard in two keys. Shares are of single steps; `theory.harmony.phrase` sums them over whole phrases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from theory.chord import Chord
from theory.harmony.family import Family, Pattern
from theory.harmony.grammar import Weights, grammar, vocabulary
from theory.scale import Key

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

# How gladly a chord is a pivot, by its function in the new key; what leads there is none.
PIVOTS: Mapping[str, float] = MappingProxyType({"predominant": 4.0, "tonic": 1.0})
# How often a formula that may be left goes on instead.
GO_ON = 0.6


@dataclass(frozen=True, slots=True)
class WalkState:
    """A chord of a phrase: `layer` 0 in its first key, 1 in the one that it goes to.

    `pattern` names the formula under way, `place` the chord's number in it, `sung` how many of its
    chords have been heard; `pivot` is the numeral in the new key of a chord of layer 0.
    """

    roman: str
    layer: int = 0
    pattern: str = ""
    place: int = 0
    sung: int = 0
    pivot: str = ""

    def __str__(self) -> str:
        """Its name for noise: a plain chord's is its numeral."""
        under_way = f"{self.pattern}.{self.place}.{self.sung}" if self.pattern else ""
        marks = (self.layer, under_way, self.pivot)
        return self.roman + "".join(f"|{mark}" for mark in marks if mark)


Shares = Mapping[WalkState, float]


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A graph of n states: shares of first states (n), and of what follows each (n × n)."""

    states: tuple[WalkState, ...]
    number: Mapping[WalkState, int]
    begins: Array
    after: Array

    @classmethod
    def of(cls, begins: Shares, after: Mapping[WalkState, Shares]) -> Walk:
        states = tuple(
            dict.fromkeys((*after, *begins, *(y for row in after.values() for y in row)))
        )
        number = {state: index for index, state in enumerate(states)}
        first, table = np.zeros(len(states)), np.zeros((len(states), len(states)))
        for state, share in begins.items():
            first[number[state]] = share
        for state, row in after.items():
            for other, share in row.items():
                table[number[state], number[other]] = share
        return cls(states, number, first, table)

    def weigh(self, row: Weights, layer: int) -> Array:
        """A row of chords of a layer as an array over the states."""
        found = np.zeros(len(self.states))
        for roman, weight in row.items():
            found[self.number[WalkState(roman, layer)]] = weight
        return found


@lru_cache(maxsize=256)
def walk(family: Family, colour: str) -> Walk:
    """The graph of a family under a colour, within one key."""
    begins, after = _rows(family, colour, 0)
    return Walk.of(begins, _with_goals(after, family, colour, 0))


@lru_cache(maxsize=256)
def modulating(family: Family, key: Key, other: Family, other_key: Key, colour: str) -> Walk:
    """The graph of a phrase that begins in one key and closes in another by way of a pivot."""
    begins, first = _rows(family, colour, 0)
    _, second = _rows(other, colour, 1)
    heard: dict[WalkState, dict[WalkState, float]] = {}
    for roman, pivot, weight in pivots(family, key, other, other_key, colour):
        if WalkState(pivot, 1) in second:
            heard.setdefault(WalkState(roman), {})[WalkState(roman, pivot=pivot)] = weight

    def with_pivots(row: Shares) -> dict[WalkState, float]:
        found = dict(row)
        for state, share in row.items():
            for pivot, weight in heard.get(state, {}).items():
                found[pivot] = share * weight
        return found

    after: dict[WalkState, Shares] = {state: with_pivots(row) for state, row in first.items()}
    after.update(second)
    after.update({one: second[WalkState(one.pivot, 1)] for row in heard.values() for one in row})
    return Walk.of(with_pivots(begins), _with_goals(after, other, colour, 1))


def pivots(
    family: Family, key: Key, other: Family, other_key: Key, colour: str
) -> Iterator[tuple[str, str, float]]:
    """Chords that both keys have: the numeral in either, and how gladly one pivots on it.

    A pivot has the same notes over the same bass in both keys and leads to neither: it is no
    dominant of the new key and no applied chord.
    """
    mine = [Chord.parse(roman, key) for roman in sorted(vocabulary(family, colour))]
    theirs = [Chord.parse(roman, other_key) for roman in sorted(vocabulary(other, colour))]
    for one in mine:
        for two in theirs:
            same = (one.tones, one.bass) == (two.tones, two.bass)
            plain = all(c.target is None and c.pedal is None for c in (one, two))
            if same and plain and two.leading is None and two.function in PIVOTS:
                yield one.roman, two.roman, PIVOTS[two.function]


def _rows(
    family: Family, colour: str, layer: int
) -> tuple[dict[WalkState, float], dict[WalkState, dict[WalkState, float]]]:
    """The states that begin a phrase, and what follows each, within one key."""
    rules = grammar(family, colour)
    patterns = family.patterns_in(colour)
    after = {
        WalkState(roman, layer): _entering(row, patterns, layer)
        for roman, row in rules.after.items()
    }
    for name, pattern in patterns.items():
        others = {other: one for other, one in patterns.items() if other != name}
        for state, onward in _under_way(name, pattern, layer):
            row: dict[WalkState, float] = {}
            share = 0.0 if onward is None else 1.0
            if onward is None or _whole(pattern, state.sung):
                share *= GO_ON
                left = _entering(rules.after[state.roman], others, layer)
                row = {other: (1 - share) * weight for other, weight in left.items()}
            if onward is not None:
                row[onward] = share
            after[state] = row
    return _entering(rules.begins, patterns, layer), after


def _with_goals(
    after: Mapping[WalkState, Shares], family: Family, colour: str, layer: int
) -> dict[WalkState, Shares]:
    """With the chords that only close, which nothing follows, among the states."""
    goals = {
        WalkState(roman, layer): dict[WalkState, float]()
        for roman in sorted(vocabulary(family, colour))
    }
    return {**goals, **after}


def _entering(row: Weights, patterns: Mapping[str, Pattern], layer: int) -> dict[WalkState, float]:
    """The states of a row of chords; where a formula begins with a chord, it may be under way."""
    found: dict[WalkState, float] = {}
    for roman, share in row.items():
        options = {WalkState(roman, layer): 1.0}
        for name, pattern in patterns.items():
            for place in pattern.entries:
                if pattern.chords[place] == roman:
                    options[WalkState(roman, layer, name, place, 1)] = pattern.weight
        total = fsum(options.values())
        for state, weight in options.items():
            found[state] = share * weight / total
    return found


def _under_way(
    name: str, pattern: Pattern, layer: int
) -> Iterator[tuple[WalkState, WalkState | None]]:
    """Every state of a formula with the one that follows it; the last chord has none."""
    chords = pattern.chords
    for entry in pattern.entries:
        states = [
            WalkState(roman, layer, name, place, place - entry + 1)
            for place, roman in enumerate(chords)
            if place >= entry
        ]
        yield from zip(states, [*states[1:], None], strict=True)


def _whole(pattern: Pattern, sung: int) -> bool:
    """May the formula be left here: after two of its units or more, and not within one?"""
    return sung >= 2 * pattern.unit and sung % pattern.unit == 0
