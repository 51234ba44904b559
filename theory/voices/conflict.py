"""Why no row of voicings is legal: the smallest set of hard rules that cannot be kept together.

Only for a progression that has failed. Every way of setting the chords is laid out with a bit mask
of the rules that it breaks, so that any set of rules is tried by one pass over the masks; the
smallest set that leaves nothing is found by hitting sets (Ignatiev et al. 2015, "Smallest MUS
extraction with minimal hitting set dualization").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np

from theory.chord import Chord
from theory.pitch import Pitch
from theory.voices.motion import MOTION_RULES, PAIR, PAIRS, SINGLE, Motion
from theory.voices.voicing import (
    VOICING_RULES,
    Candidates,
    Parts,
    candidates,
    hard_rules,
    voicing_breaks,
)

Array: TypeAlias = np.ndarray[Any, Any]
Chosen: TypeAlias = Callable[[int, Candidates], Array]

# The longest passage that is laid out at once; each step takes some tens of megabytes.
LONGEST = 6


def smallest_conflict(
    chords: Sequence[Chord],
    chosen: Chosen,
    language: str,
    off: frozenset[str],
    soprano_range: tuple[Pitch, Pitch],
) -> tuple[int, tuple[str, ...]] | None:
    """The shortest passage up to the last chord that cannot be set, and the rules to blame.

    chosen: (number of a chord, its candidates) → the numbers of those that may be sung there.
    Gives the passage's first chord and the fewest hard rules, in the table's order, that no setting
    of it keeps together; none of them where no pitches at all are left. None where every passage
    of `LONGEST` chords can be set.
    """
    rules = hard_rules((*VOICING_RULES, *MOTION_RULES), language, off)
    bits = {rule: np.uint32(1 << number) for number, rule in enumerate(rules)}
    loose = off | frozenset(VOICING_RULES)
    last = len(chords) - 1
    parts: list[Parts] = []
    alone: list[Array] = []
    steps: list[Array] = []
    for first in range(last, max(-1, last - LONGEST), -1):
        found = candidates(chords[first], language, loose, soprano_range)
        parts.insert(0, _only(found.parts, chosen(first, found)))
        alone.insert(0, _alone(parts[0], chords[first], bits, soprano_range))
        if first < last:
            steps.insert(0, _together(parts[0], parts[1], chords[first], chords[first + 1], bits))
        if not _settable(alone, steps, _mask(rules, bits)):
            return first, _smallest(rules, lambda some: _settable(alone, steps, _mask(some, bits)))
    return None


def _smallest(rules: tuple[str, ...], settable: Callable[[Sequence[str]], bool]) -> tuple[str, ...]:
    """The fewest rules that cannot be kept together, given that all of them cannot."""
    # Each of these sets must give up a rule: without all its rules the rest can be kept.
    corrections: list[frozenset[str]] = []
    for some in _hitting(rules, corrections):
        if not settable(some):
            return some
        kept = list(some)
        for rule in rules:
            if rule not in kept and settable([*kept, rule]):
                kept.append(rule)
        corrections.append(frozenset(rules) - frozenset(kept))
    return rules


def _hitting(
    rules: tuple[str, ...], corrections: list[frozenset[str]]
) -> Iterator[tuple[str, ...]]:
    """Sets of rules by rising size that hit every correction known by then."""
    for size in range(len(rules) + 1):
        for some in combinations(rules, size):
            if all(not each.isdisjoint(some) for each in corrections):
                yield some


def _mask(some: Sequence[str], bits: dict[str, np.uint32]) -> int:
    return sum(int(bits[rule]) for rule in some)


def _settable(alone: Sequence[Array], steps: Sequence[Array], mask: int) -> bool:
    """Is there a row of voicings that breaks none of the rules in a mask?"""
    wanted = np.uint32(mask)
    alive = (alone[0] & wanted) == 0
    for step, own in zip(steps, alone[1:], strict=True):
        reached = ((step[alive] & wanted) == 0).any(axis=0)
        alive = reached & ((own & wanted) == 0)
    return bool(alive.any())


def _only(parts: Parts, numbers: Array) -> Parts:
    a, b, c, d = (each[numbers] for each in parts.midi)
    e, f, g, h = (each[numbers] for each in parts.height)
    return Parts((a, b, c, d), (e, f, g, h))


def _alone(
    parts: Parts, chord: Chord, bits: dict[str, np.uint32], soprano_range: tuple[Pitch, Pitch]
) -> Array:
    """The rules that each voicing breaks by itself, as bits, (n,)."""
    mask = np.zeros(len(parts.midi[0]), np.uint32)
    for rule, broken in voicing_breaks(parts, chord, soprano_range).items():
        if rule in bits:
            mask[np.broadcast_to(np.asarray(broken) > 0, mask.shape)] |= bits[rule]
    return mask


def _together(
    before: Parts, after: Parts, chord: Chord, following: Chord, bits: dict[str, np.uint32]
) -> Array:
    """The rules that each step breaks, as bits, (n, m)."""
    going = [
        Motion(
            before.midi[voice][:, None],
            before.height[voice][:, None],
            after.midi[voice],
            after.height[voice],
        )
        for voice in range(4)
    ]
    mask = np.zeros((len(before.midi[0]), len(after.midi[0])), np.uint32)
    for rule, single in SINGLE.items():
        for voice in range(4):
            if rule in bits:
                _mark(mask, single(voice, going[voice], chord, following), bits[rule])
    for rule, pair in PAIR.items():
        for upper, lower in PAIRS:
            if rule in bits:
                _mark(mask, pair(upper, lower, going[upper], going[lower]), bits[rule])
    return mask


def _mark(mask: Array, broken: Any, bit: np.uint32) -> None:
    if broken is not False:
        np.bitwise_or(mask, bit, out=mask, where=broken)
