"""Progression families and phrases of harmony drawn from them, exactly to length and cadence.

A family is a weighted grammar in YAML (`theory/families`): which chords a phrase begins with, what
may follow each chord, and by which formulas a phrase reaches each kind of cadence. A colour
(`triads`, `sevenths`, `borrowed`, `modal`) puts variants in the place of plain chords (`instead`)
and adds ways to go (`also`).

A phrase is a walk over the grammar on condition that it has so many chords and ends in a formula
of its cadence. It is drawn from that conditional distribution itself: masses are summed backwards
from the cadence, then chords are drawn forwards, so no draw is ever thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from theory.chord import Chord
from theory.family import COLOURS, Family, families
from theory.noise import Noise
from theory.scale import Key

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
    """Draw a phrase of `count` chords that ends with the cadence.

    `place` names the phrase for the noise. A phrase that `opens` begins as phrases do; otherwise it
    goes on from `before`. At the start of a phrase the chord before it may come again, which is how
    most phrases begin after a full cadence, but at half its weight. `opening` gives first chords
    that are to be heard again, as an answering phrase's: as many of them as can lead to the
    cadence. With `including` at least one of these chords is heard: ask `can_include` first.
    `liked` has, for each place, factors on the weights of chords: 1 for those that it does not
    name. Within a phrase no chord comes twice running, but where a grammar has no walk of so many
    chords the first is held. A phrase shorter than its formula has the formula's end.

    Raises ValueError for a count below one, an unknown colour or kind of cadence.
    """
    if count < 1:
        raise ValueError(f"a phrase needs at least one chord, not {count}")
    rules = grammar(family, colour)
    endings = _formulas(family, colour, cadence_in(family, cadence), count)
    start = _start(rules, before, opens)
    factors = liked or ({},) * count
    for kept in range(min(len(opening), count), -1, -1):
        masses = {
            ending.name: _masses(rules, ending, factors, tuple(opening[:kept]))
            for ending in endings
        }
        lacking = {
            ending.name: _masses(rules, ending, factors, tuple(opening[:kept]), including)
            for ending in endings
            if including
        }
        weights = {
            ending.name: ending.weight
            * sum(
                _entry(start, ending, count, x) * m
                for x, m in _less(masses[ending.name], lacking.get(ending.name), 0).items()
            )
            for ending in endings
        }
        if any(weight > 0 for weight in weights.values()):
            break
    else:
        shorter = progression(
            family, key, cadence, count - 1, colour=colour, noise=noise, place=place,
            before=before, opens=opens,
        )  # fmt: skip
        return (shorter[0], *shorter)
    name = noise.pick(weights, *place, "cadence")
    ending = next(one for one in endings if one.name == name)
    without = lacking.get(name)
    free = count - len(ending.places)
    romans: list[str] = []
    for index in range(count):
        mass = _less(masses[name], None if including & set(romans) else without, index)
        if index == 0:
            shares = {x: _entry(start, ending, count, x) for x in mass}
        elif index <= free:
            shares = dict(rules.after.get(romans[-1], {}))
        else:
            shares = dict(ending.places[index - free])
        weighed = {x: share * mass.get(x, 0.0) for x, share in shares.items()}
        romans.append(noise.pick(weighed, *place, index))
    return tuple(Chord.parse(roman, key) for roman in romans)


def can_include(
    family: Family, cadence: str, count: int, colour: str, chords: frozenset[str]
) -> bool:
    """Is there a phrase of so many chords to this cadence with at least one of these in it?"""
    rules = grammar(family, colour)
    return any(
        _entry(rules.begins, ending, count, chord) > 0
        for ending in _formulas(family, colour, cadence_in(family, cadence), count)
        for chord in _less(
            _masses(rules, ending, ({},) * count, ()),
            _masses(rules, ending, ({},) * count, (), chords),
            0,
        )
    )


def vocabulary(family: Family, colour: str) -> frozenset[str]:
    """Every chord that a family can come to under a colour."""
    rules = grammar(family, colour)
    cadences = {x for row in family.cadences.values() for name in row for x in name.split()}
    spread = {x for chord in cadences for x in rules.variants.get(chord, ())}
    return frozenset({*rules.begins, *rules.after, *cadences, *spread})


def _less(
    masses: Sequence[Weights], lacking: Sequence[Weights] | None, index: int
) -> dict[str, float]:
    """The masses at a place, less those of the ways that lack what is to be included."""
    if lacking is None:
        return dict(masses[index])
    found = {x: mass - lacking[index].get(x, 0.0) for x, mass in masses[index].items()}
    # What is left of a difference of equals is no way at all.
    return {x: mass for x, mass in found.items() if mass > 1e-9 * masses[index][x]}


def _start(rules: Grammar, before: Chord | None, opens: bool) -> Weights:
    if before is None:
        return rules.begins
    if not opens and before.roman in rules.after:
        return rules.after[before.roman]
    return {x: w * (0.5 if x == before.roman else 1.0) for x, w in rules.begins.items()}


def _entry(start: Weights, ending: Formula, count: int, chord: str) -> float:
    """The weight of a phrase's first chord; one that is all cadence begins as its formula does."""
    if len(ending.places) < count:
        return start.get(chord, 0.0)
    return ending.places[0].get(chord, 0.0) * (1.0 if chord in start else 0.2)


def _masses(
    rules: Grammar,
    ending: Formula,
    liked: Sequence[Weights],
    opening: tuple[str, ...],
    without: frozenset[str] = frozenset(),
) -> list[dict[str, float]]:
    """For each place of a phrase and each chord there: the mass of all ways on to the end, of
    those alone that have no chord of `without`."""
    count = len(liked)
    free = count - len(ending.places)
    layer: dict[str, float] = {}
    masses: list[dict[str, float]] = []
    for index in range(count - 1, -1, -1):
        if index == count - 1:
            layer = dict.fromkeys(ending.places[-1], 1.0)
        elif index >= free:
            into = ending.places[index + 1 - free]
            total = sum(share * layer.get(y, 0.0) for y, share in into.items())
            layer = dict.fromkeys(ending.places[index - free], total)
        else:
            layer = {
                x: sum(share * layer.get(y, 0.0) for y, share in follows.items())
                for x, follows in rules.after.items()
            }
        if index < len(opening):
            layer = {x: mass for x, mass in layer.items() if x == opening[index]}
        factors = liked[index]
        layer = {
            x: mass * factors.get(x, 1.0)
            for x, mass in layer.items()
            if mass > 0 and x not in without
        }
        masses.append(layer)
    masses.reverse()
    return masses


def _formulas(family: Family, colour: str, kind: str, count: int) -> tuple[Formula, ...]:
    if kind == OPEN:
        # It pauses where a phrase may begin or close: from there every beginning can be led.
        goals = {name.split()[-1] for row in family.cadences.values() for name in row}
        rests = goals | family.begins.keys()
        return (Formula(OPEN, 1.0, (dict.fromkeys(sorted(rests), 1.0),)),)
    variants = grammar(family, colour).variants
    found = []
    for name, weight in family.cadences[kind].items():
        chords = name.split()[-count:]
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
    total = sum(row.values())
    return {chord: weight / total for chord, weight in row.items()}


__all__ = ["Family", "alternatives", "cadence_in", "families", "progression"]
