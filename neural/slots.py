"""How a tune's bars come back: which stretch repeats, sequences or varies which earlier one.

The plan of a piece says of every slot what it is to do with a motif; human tunes say nothing, so
the same words are read off their repeats, and the model learns what they mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# What a slot does; UNKNOWN stands for a model that is not told.
ROLES = ("new", "repeat", "sequence", "vary", "new ending", "invert", "contrast")
NEW, REPEAT, SEQUENCE, VARY, ENDING, INVERT, CONTRAST = range(len(ROLES))
# Two bars are compared first, then single ones; in the order of how close a relation is. Two bars
# that are merely varied are told bar by bar.
CLOSENESS = (REPEAT, SEQUENCE, ENDING, INVERT, VARY, CONTRAST)
LENGTHS = {2: CLOSENESS[:4], 1: CLOSENESS}
SAME = 0.85  # share of onsets with the same pitch for a repeat
MOVED = 0.8  # share of notes moved by the same letters for a sequence
ALIKE = 0.7  # share of onsets in common for a contrast in the same rhythm
FEWEST = 3  # notes that a motif has at least


@dataclass(frozen=True, slots=True)
class GuideSlot:
    """From `start` to `end` in ticks: the role, and what it refers to.

    `source` is the tick at which the stretch begins that is to be repeated, sequenced or varied
    (None for what is new), `length` that stretch's ticks: beyond it the source begins again.
    `shift` are letters up.
    """

    start: int
    end: int
    role: int
    source: int | None = None
    length: int = 0
    shift: int = 0


def read_slots(
    starts: NDArray[np.int64], steps: NDArray[np.int64], bar: int, bars: int
) -> tuple[GuideSlot, ...]:
    """The slots of a tune, bar by bar.

    starts: onsets in ticks from the first barline; steps: their heights in letters.
    """
    found: list[GuideSlot] = []
    contents = _Contents(starts, steps, bar)
    number = 0
    while number < bars:
        slot = None
        for length, roles in LENGTHS.items():
            if number % length == 0 and number + length <= bars:
                slot = _best(contents, number, length, roles)
                if slot is not None:
                    break
        if slot is None:
            slot = GuideSlot(number * bar, (number + 1) * bar, NEW)
        found.append(slot)
        number += (slot.end - slot.start) // bar
    return tuple(found)


class _Contents:
    """The notes of any stretch of bars: onsets within it, and heights."""

    def __init__(self, starts: NDArray[np.int64], steps: NDArray[np.int64], bar: int) -> None:
        self.starts, self.steps, self.bar = starts, steps, bar

    def of(self, number: int, length: int) -> tuple[list[int], list[int]]:
        begin = number * self.bar
        low, high = np.searchsorted(self.starts, (begin, begin + length * self.bar))
        return (self.starts[low:high] - begin).tolist(), self.steps[low:high].tolist()


def _best(contents: _Contents, number: int, length: int, roles: Sequence[int]) -> GuideSlot | None:
    """The closest relation of a stretch to an earlier one; the earliest of equals."""
    onsets, steps = contents.of(number, length)
    if len(onsets) < FEWEST:
        return None
    best: tuple[int, int, int] | None = None
    for earlier in range(number - length + 1):
        relation = _relation(onsets, steps, *contents.of(earlier, length), length * contents.bar)
        if relation is None or relation[0] not in roles:
            continue
        role, shift = relation
        rank = roles.index(role)
        if best is None or rank < best[0]:
            best = (rank, earlier, shift)
        if rank == 0:
            break
    if best is None:
        return None
    rank, earlier, shift = best
    bar = contents.bar
    return GuideSlot(
        number * bar, (number + length) * bar, roles[rank], earlier * bar, length * bar, shift
    )


def _relation(
    onsets: Sequence[int],
    steps: Sequence[int],
    before: Sequence[int],
    heights: Sequence[int],
    ticks: int,
) -> tuple[int, int] | None:
    """The role of one stretch against an earlier one, and letters up for a sequence."""
    if len(before) < FEWEST:
        return None
    sung = dict(zip(before, heights, strict=True))
    common = [(step, sung[tick]) for tick, step in zip(onsets, steps, strict=True) if tick in sung]
    most = max(len(onsets), len(before))
    equal = sum(one == other for one, other in common)
    if equal >= SAME * most:
        return REPEAT, 0
    alike = len(common) == most
    if alike:
        shifts = Counter(one - other for one, other in common)
        shift, often = max(shifts.items(), key=lambda item: (item[1], -abs(item[0])))
        if shift and often >= MOVED * most:
            return SEQUENCE, shift
        rises, others = np.diff(steps), np.diff(heights)
        if np.array_equal(rises, -others) and np.any(others):
            return INVERT, 0
    half = ticks // 2
    opening = [step for tick, step in zip(onsets, steps, strict=True) if tick < half]
    opened = [step for tick, step in zip(before, heights, strict=True) if tick < half]
    firsts = [tick for tick in onsets if tick < half] == [tick for tick in before if tick < half]
    if firsts and len(opening) > 1 and opening == opened:
        return ENDING, 0
    if equal >= most / 2:
        return VARY, 0
    if len(common) >= ALIKE * most:
        return CONTRAST, 0
    return None
