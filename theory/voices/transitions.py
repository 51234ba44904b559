"""From one voicing to the next: what a step breaks and costs, and every step at once as a table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from theory.chord import Chord
from theory.pitch import Pitch
from theory.rules import RULES
from theory.voices.motion import (
    MOTION_RULES,
    PAIR,
    PAIRS,
    SINGLE,
    Motion,
    augmented,
    breaks,
    diminished,
    motions,
    similar,
)
from theory.voices.voicing import (
    BASS,
    POINT,
    SOPRANO,
    SOPRANO_RANGE,
    Candidates,
    Value,
    Voicing,
    candidates,
    hard_rules,
    soft_rules,
)

Array: TypeAlias = np.ndarray[Any, Any]

# What a forbidden step costs: more than any row of allowed ones.
BANNED = 10**7
# In which pair's table the single voices' costs are counted, so that each is counted once.
CARRIES: Mapping[tuple[int, int], tuple[int, ...]] = MappingProxyType(
    {(0, 3): (0, 3), (1, 2): (1, 2)}
)


# --- soft criteria --------------------------------------------------------------------------------

# Points a semitone: the bass walks and leaps as the harmony tells it, the upper voices keep still.
MOTION_PRICE = (80, 100, 100, 20)
# An augmented or diminished interval in the soprano, which the melody is to stand in for.
UNSINGABLE = 100 * POINT


def single_costs(voice: int, motion: Motion) -> Mapping[str, Value]:
    """What one voice's move costs, by criterion, in hundredths of a point."""
    size = abs(motion.semitones)
    if voice == BASS:
        letters = abs(motion.steps)
        wide = (size > 7) * (size - 7) * 40
        hard = (letters == 6) * 6 * POINT + (size == 6) * POINT + (size > 12) * 4 * POINT
        return {"motion": size * MOTION_PRICE[BASS], "bass leap": wide + hard}
    costs = {"motion": size * MOTION_PRICE[voice], "leap": (size > 4) * (size - 4) * 60}
    if voice == SOPRANO:
        costs["unsingable"] = (augmented(motion) | diminished(motion)) * UNSINGABLE
    return costs


def pair_costs(upper: int, lower: int, high: Motion, low: Motion) -> Mapping[str, Value]:
    """What two voices' moves cost together, by criterion, in hundredths of a point."""
    if lower != BASS:
        return {}
    return {"similar motion": similar(high, low) * (90 if upper == SOPRANO else 40)}


# --- one step -------------------------------------------------------------------------------------


@lru_cache(maxsize=65536)
def broken(
    before: Voicing,
    chord: Chord,
    after: Voicing,
    next_chord: Chord,
    language: str = "strict",
    off: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """The hard rules that going from one voicing to the next breaks, in the table's order.

    The voicings themselves are judged by `theory.voices.voicing.admissible_voicing`.
    """
    going = motions(before, after)
    hard = hard_rules(MOTION_RULES, language, off)
    return tuple(name for name in hard if breaks(name, going, chord, next_chord))


def admissible(
    before: Voicing,
    chord: Chord,
    after: Voicing,
    next_chord: Chord,
    language: str = "strict",
    off: frozenset[str] = frozenset(),
) -> bool:
    """May this voicing follow that one?"""
    return not broken(before, chord, after, next_chord, language, off)


def motion_costs(
    before: Voicing,
    chord: Chord,
    after: Voicing,
    next_chord: Chord,
    language: str,
    off: frozenset[str],
) -> dict[str, int]:
    """What going from one voicing to the next costs by criterion, in hundredths of a point."""
    going = motions(before, after)
    costs: dict[str, int] = {}
    for voice in range(4):
        for name, cost in single_costs(voice, going[voice]).items():
            costs[name] = costs.get(name, 0) + int(cost)
    for upper, lower in PAIRS:
        for name, cost in pair_costs(upper, lower, going[upper], going[lower]).items():
            costs[name] = costs.get(name, 0) + int(cost)
    for name in soft_rules(MOTION_RULES, language, off):
        costs[name] = breaks(name, going, chord, next_chord) * round(POINT * RULES[name].weight)
    return costs


# --- every step -----------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def transitions(
    before: Chord,
    after: Chord,
    language: str,
    off: frozenset[str],
    soprano_range: tuple[Pitch, Pitch] = SOPRANO_RANGE,
) -> Array:
    """What going from every voicing of a chord to every voicing of the next costs (n × m).

    Tabulated over pairs of pitches, voice by voice, and only then spread out over the voicings.
    """
    rows = candidates(before, language, off, soprano_range)
    columns = candidates(after, language, off, soprano_range)
    table = np.zeros((len(rows), len(columns)), dtype=np.int32)
    if not table.size:
        return table
    prices = dict.fromkeys(hard_rules(MOTION_RULES, language, off), BANNED)
    for name in soft_rules(MOTION_RULES, language, off):
        prices[name] = round(POINT * RULES[name].weight)
    for upper, lower in PAIRS:
        high_a, low_a, place_a = _dyads(rows, upper, lower)
        high_b, low_b, place_b = _dyads(columns, upper, lower)
        going = {
            voice: Motion(a[0][:, None], a[1][:, None], b[0], b[1])
            for voice, a, b in ((upper, high_a, high_b), (lower, low_a, low_b))
        }
        shape = (len(high_a[0]), len(high_b[0]))
        cost = np.zeros(shape, dtype=np.int32)
        for extra in pair_costs(upper, lower, going[upper], going[lower]).values():
            cost += extra
        for name, rule in PAIR.items():
            if name in prices:
                _add(cost, rule(upper, lower, going[upper], going[lower]), prices[name])
        for voice in CARRIES.get((upper, lower), ()):
            for extra in single_costs(voice, going[voice]).values():
                cost += extra
            for name, lone in SINGLE.items():
                if name in prices:
                    _add(cost, lone(voice, going[voice], before, after), prices[name])
        table += cost[place_a][:, place_b]
    return table


def _add(cost: Array, breaks: Value, price: int) -> None:
    if breaks is not False:
        np.add(cost, price, out=cost, where=breaks)


def _dyads(
    row: Candidates, upper: int, lower: int
) -> tuple[tuple[Array, Array], tuple[Array, Array], Array]:
    """The different pairs of pitches that two voices sing, and which of them each candidate has."""
    width = len(row.pitches[lower])
    code = row.index[:, upper] * width + row.index[:, lower]
    different, place = np.unique(code, return_inverse=True)
    sides = []
    for voice, index in ((upper, different // width), (lower, different % width)):
        midi = np.array([pitch.midi for pitch in row.pitches[voice]], dtype=np.int32)
        height = np.array([pitch.height for pitch in row.pitches[voice]], dtype=np.int32)
        sides.append((midi[index], height[index]))
    return sides[0], sides[1], place
