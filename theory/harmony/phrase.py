"""Phrases of harmony drawn from a family's grammar, exactly to length and cadence.

A phrase is a walk over the grammar on condition that it has so many chords and ends in a formula
of its cadence, and, where it modulates, that it goes from one key into another by a pivot chord. It
is drawn from that conditional distribution itself: masses are summed backwards from the cadence,
then chords are drawn forwards, so no draw is ever thrown away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from theory.chord import Chord
from theory.harmony.family import Family, families
from theory.harmony.grammar import (
    OPEN,
    Formula,
    Weights,
    alternatives,
    cadence_in,
    formulas,
    grammar,
    vocabulary,
)
from theory.harmony.walk import Array, Walk, WalkState, modulating, walk
from theory.noise import Noise
from theory.scale import Key

# At a phrase's start the chord before it comes again at this share of its weight.
AGAIN = 0.5
# A phrase that is all cadence seldom begins with a chord that phrases do not begin with.
UNUSUAL = 0.2

__all__ = [
    "OPEN",
    "DrawnChord",
    "Family",
    "alternatives",
    "cadence_in",
    "can_include",
    "families",
    "grammar",
    "phrase",
    "progression",
    "reading",
    "vocabulary",
]


@dataclass(frozen=True, slots=True)
class DrawnChord:
    """A chord of a phrase; the named formula that it is part of; and what a pivot is in the key
    that the phrase goes to. `offered` are the numerals that it was drawn from, with their shares
    before anything is asked of how the phrase goes on, most first."""

    chord: Chord
    pattern: str | None = None
    pivot: Chord | None = None
    offered: Weights = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class _Ending:
    """The walks of a phrase that end in one formula: masses (count × n), the shares of the first
    states and the mass of each. `bare` are the masses of the walks without what is to be
    included."""

    formula: Formula
    places: tuple[Array, ...]
    masses: Array
    bare: Array | None
    entry: Array
    first: Array

    def left(self, index: int, had: bool) -> Array:
        """The masses at a place, less those of the ways that lack what is to be included."""
        mass: Array = self.masses[index]
        if self.bare is None or had:
            return mass
        less = mass - self.bare[index]
        # What is left of a difference of equals is no way at all.
        return np.where(less > 1e-9 * mass, less, 0.0)


def progression(
    family: Family,
    key: Key,
    cadence: str,
    count: int,
    *,
    colour: str,
    noise: Noise,
    place: tuple[object, ...],
    before: Chord | None = None,
    opens: bool = True,
    opening: Sequence[str] = (),
    including: frozenset[str] = frozenset(),
    liked: Sequence[Weights] | None = None,
) -> tuple[Chord, ...]:
    """The chords of a phrase in one key: see `phrase`."""
    drawn = phrase(
        family, key, cadence, count, colour=colour, noise=noise, place=place, before=before,
        opens=opens, opening=opening, including=including, liked=liked,
    )  # fmt: skip
    return tuple(step.chord for step in drawn)


def phrase(
    family: Family,
    key: Key,
    cadence: str,
    count: int,
    *,
    colour: str,
    noise: Noise,
    place: tuple[object, ...],
    before: Chord | None = None,
    opens: bool = True,
    opening: Sequence[str] = (),
    including: frozenset[str] = frozenset(),
    liked: Sequence[Weights] | None = None,
    to: tuple[Family, Key] | None = None,
) -> tuple[DrawnChord, ...]:
    """Draw a phrase of `count` chords that ends with the cadence.

    `place` names the phrase for the noise. A phrase that `opens` begins as phrases do; otherwise it
    goes on from `before`. At the start of a phrase the chord before it may come again, which is how
    most phrases begin after a full cadence, but at half its weight. `opening` gives first chords
    that are to be heard again, as an answering phrase's: as many of them as can lead to the
    cadence. With `including` at least one of these chords is heard: ask `can_include` first.
    `liked` has, for each place, factors on the weights of chords, and 1 for those it does not name.
    With `to`, a family and its key, the phrase goes over into that key by a pivot chord and closes
    there; where it is too short for that, `before` is the pivot. Within a phrase no chord comes
    twice running, but where a grammar has no walk of so many chords the first is held. A phrase
    shorter than its formula has the formula's end.

    Raises ValueError for a count below one, an unknown colour or kind of cadence.
    """
    if count < 1:
        raise ValueError(f"a phrase needs at least one chord, not {count}")
    goal, goal_key = to or (family, key)
    graph = modulating(family, key, goal, goal_key, colour) if to else walk(family, colour)
    layer = 1 if to else 0
    kind = cadence_in(goal, cadence)
    start = _start(graph, before if before is not None and before.key == key else None, opens)
    factors = _factors(graph, count, liked)
    without = np.array([state.roman not in including for state in graph.states], dtype=float)
    endings: list[_Ending] = []
    for kept in range(min(len(opening), count), -1, -1):
        held = _held(graph, factors, opening[:kept])
        endings = [
            _ending(graph, formula, layer, start, held, without if including else None)
            for formula in formulas(goal, colour, kind, count)
        ]
        weights = {one.formula.name: one.formula.weight * float(one.first.sum()) for one in endings}
        if any(weight > 0 for weight in weights.values()):
            break
    else:
        return _otherwise(family, key, cadence, count, colour, noise, place, before, opens, to)
    name = noise.pick(weights, *place, "cadence")
    ending = next(one for one in endings if one.formula.name == name)
    free = count - len(ending.places)
    drawn: list[WalkState] = []
    offered: list[Weights] = []
    for index in range(count):
        had = any(state.roman in including for state in drawn)
        if index == 0:
            shares, weighed = ending.entry, ending.first
        else:
            row = graph.after[graph.number[drawn[-1]]]
            shares = row if index <= free else ending.places[index - free]
            weighed = shares * ending.left(index, had)
        options = {graph.states[n]: float(weighed[n]) for n in np.flatnonzero(weighed > 0)}
        drawn.append(noise.pick(options, *place, index))
        offered.append(_offered(graph, shares, drawn[-1].layer))
    steps = zip(drawn, offered, strict=True)
    return tuple(_step(state, row, key, goal_key) for state, row in steps)


def _offered(graph: Walk, shares: Array, layer: int) -> Weights:
    """The shares of the numerals of one key, most first."""
    found: dict[str, float] = {}
    for n in np.flatnonzero(shares > 0):
        if graph.states[n].layer == layer:
            roman = graph.states[n].roman
            found[roman] = found.get(roman, 0.0) + float(shares[n])
    return dict(sorted(found.items(), key=lambda row: -row[1]))


def _step(state: WalkState, offered: Weights, key: Key, goal_key: Key) -> DrawnChord:
    chord = Chord.parse(state.roman, goal_key if state.layer else key)
    pivot = Chord.parse(state.pivot, goal_key) if state.pivot else None
    return DrawnChord(chord, state.pattern or None, pivot, offered)


def _otherwise(
    family: Family,
    key: Key,
    cadence: str,
    count: int,
    colour: str,
    noise: Noise,
    place: tuple[object, ...],
    before: Chord | None,
    opens: bool,
    to: tuple[Family, Key] | None,
) -> tuple[DrawnChord, ...]:
    """A phrase for which there is no walk: in the new key from the start, or with its first chord
    held."""
    if to is not None:
        goal, goal_key = to
        pivot = None if before is None else reading(before, goal, goal_key, colour)
        return phrase(
            goal, goal_key, cadence, count, colour=colour, noise=noise, place=place,
            before=pivot, opens=pivot is None,
        )  # fmt: skip
    shorter = phrase(
        family, key, cadence, count - 1, colour=colour, noise=noise, place=place,
        before=before, opens=opens,
    )  # fmt: skip
    return (shorter[0], *shorter)


def reading(chord: Chord, family: Family, key: Key, colour: str) -> Chord | None:
    """What a chord is in another key, if that key has it and something follows it there."""
    for roman in grammar(family, colour).after:
        found = Chord.parse(roman, key)
        if (found.tones, found.bass) == (chord.tones, chord.bass):
            return found
    return None


def can_include(
    family: Family, cadence: str, count: int, colour: str, chords: frozenset[str]
) -> bool:
    """Is there a phrase of so many chords to this cadence with at least one of these in it?"""
    graph = walk(family, colour)
    without = np.array([state.roman not in chords for state in graph.states], dtype=float)
    factors = _factors(graph, count, None)
    return any(
        _ending(graph, formula, 0, graph.begins, factors, without).first.any()
        for formula in formulas(family, colour, cadence_in(family, cadence), count)
    )


def _start(graph: Walk, before: Chord | None, opens: bool) -> Array:
    """Shares of a phrase's first states."""
    if before is None:
        return graph.begins
    row = graph.number.get(WalkState(before.roman))
    if not opens and row is not None and graph.after[row].any():
        onward: Array = graph.after[row]
        return onward
    again = [AGAIN if state.roman == before.roman else 1.0 for state in graph.states]
    found: Array = graph.begins * np.array(again)
    return found


def _factors(graph: Walk, count: int, liked: Sequence[Weights] | None) -> Array:
    """Factors on the states at each place (count × n)."""
    found = np.ones((count, len(graph.states)))
    for index, row in enumerate(liked or ()):
        for n, state in enumerate(graph.states):
            found[index, n] = row.get(state.roman, 1.0)
    return found


def _held(graph: Walk, factors: Array, opening: Sequence[str]) -> Array:
    """The factors with nought for all but the chords that are to open the phrase."""
    found = factors.copy()
    for index, roman in enumerate(opening):
        found[index] *= [state.roman == roman for state in graph.states]
    return found


def _ending(
    graph: Walk, formula: Formula, layer: int, start: Array, factors: Array, without: Array | None
) -> _Ending:
    places = tuple(graph.weigh(row, layer) for row in formula.places)
    masses = _masses(graph, places, factors)
    bare = None if without is None else _masses(graph, places, factors * without)
    # A phrase that is all cadence begins as its formula does.
    whole = len(places) == len(factors)
    entry = places[0] * np.where(start > 0, 1.0, UNUSUAL) if whole else start
    ending = _Ending(formula, places, masses, bare, entry, entry)
    return replace(ending, first=entry * ending.left(0, had=False))


def _masses(graph: Walk, places: tuple[Array, ...], factors: Array) -> Array:
    """For each place of a phrase and each state there: the mass of all ways on to the end."""
    count = len(factors)
    free = count - len(places)
    masses = np.zeros_like(factors)
    masses[-1] = (places[-1] > 0) * factors[-1]
    for index in range(count - 2, -1, -1):
        if index >= free:
            onward = (places[index - free] > 0) * float(
                places[index + 1 - free] @ masses[index + 1]
            )
        else:
            onward = graph.after @ masses[index + 1]
        masses[index] = onward * factors[index]
    return masses
