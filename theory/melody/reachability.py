"""Reachability, computed backwards: from which states can the phrase still be brought to its end?

For each tick that a melody can stand at, a set of states (pitch, duty, structural code), the codes
packed into 64-bit words, so that one word serves 64 states at once. All events that begin at a tick
are followed in one step; what such a step looks up is kept, for ticks alike in it share it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from theory.melody.grammar import Duty
from theory.melody.structure import REFUSED, Bools
from theory.melody.tables import PhraseTables, Placement

Words = NDArray[np.uint64]
Places = NDArray[np.intp]
WORD = 64


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """What a step back through some placements looks up.

    `codes` has shape (placements, pitches + 1, duties + 1, codes): where in the states after an
    event (placements, pitches + 1, duties, codes, and one more that is empty) the state before it
    is found. The last of the duties is a rest; of the last pitch, "none yet", only that is filled.
    `duties`, (placements, pitches, pitches + 1, duties): where each pitch from each pitch under
    each duty leads among the first three of these. `free` is without forbidden perfects, of that
    shape and (..., 1), or None where there are none.
    """

    codes: Places
    duties: Places
    free: Bools | None


def on_grid(tick: int) -> bool:
    """May a note begin here? On the semiquaver (6 ticks) or the quaver triplet (8)."""
    return tick % 6 == 0 or tick % 8 == 0


def reachable(tables: PhraseTables) -> Mapping[int, Words]:
    """Tick → words of shape (pitches + 1, duties, words); ticks that lead nowhere are absent."""
    context = tables.context
    forward = {context.start}
    for tick in range(context.start, context.end):
        if tick in forward:
            forward.update(
                tick + ticks
                for ticks in context.durations
                if tick + ticks == context.end
                or (tick + ticks < context.end and on_grid(tick + ticks))
            )
    closing = np.zeros((tables.count + 1, len(Duty), tables.structure.codes), np.bool_)
    for duty in np.flatnonzero(~tables.binding):
        closing[tables.ends, duty] = tables.structure.closing
    found = {context.end: pack(closing)}
    steps: dict[tuple[int, ...], _Step] = {}
    for tick in sorted(forward, reverse=True):
        groups = _alike(tables, tick, found)
        if not groups:
            continue
        key = tuple(groups)
        if key not in steps:
            steps[key] = _step(tables, [placement for placement, _ in groups.values()])
        onward = np.array([words for _, words in groups.values()])
        words = _back(steps[key], onward, ~tables.binding)
        if words.any():
            found[tick] = words
    return found


def _alike(
    tables: PhraseTables, tick: int, found: Mapping[int, Words]
) -> dict[int, tuple[Placement, Words]]:
    """The placements of the lengths that lead on from a tick, with the states they lead to.

    Lengths that mean the same for every pitch are taken together: where any of them leads on.
    """
    groups: dict[int, tuple[Placement, Words]] = {}
    for ticks in tables.context.durations:
        onward = found.get(tick + ticks)
        if onward is None:
            continue
        placement = tables.placements.at(tick, ticks)
        known = groups.get(id(placement))
        groups[id(placement)] = (placement, onward if known is None else known[1] | onward)
    return groups


def _step(tables: PhraseTables, placements: Sequence[Placement]) -> _Step:
    many, count, size = len(placements), tables.count, tables.structure.codes
    carry = np.array([placement.carry for placement in placements]).astype(np.intp)
    carry[:, :-1][np.array([placement.foreign for placement in placements])] = REFUSED
    rows = np.arange(many * (count + 1) * len(Duty)).reshape(many, count + 1, len(Duty), 1) * size
    empty = rows.size * size
    codes = np.full((many, count + 1, len(Duty) + 1, size), empty, np.intp)
    sung = carry[:, :-1, None, :]
    codes[:, :-1, :-1] = np.where(sung == REFUSED, empty, rows[:, :-1] + sung)
    rested = carry[:, -1:, :]
    codes[:, :, -1] = np.where(rested == REFUSED, empty, rows[:, :, Duty.REST] + rested)
    kinds, moves = (
        np.array([placement.kinds for placement in placements])[:, :, None],
        tables.moves,
    )
    duties = tables.duties.transpose(0, 2, 1)[kinds, moves].astype(np.intp)
    wide = len(Duty) + 1
    starts = np.arange(many * (count + 1)).reshape(many, count + 1) * wide
    duties += starts[:, :-1, None, None]
    # Of "none yet" nothing is sung, so that this one is empty.
    duties[tables.faults.transpose(0, 2, 1)[kinds, moves] != 0] = starts[0, -1]
    free: Bools | None = None
    if any(placement.clash is not None for placement in placements):
        free = np.ones((*duties.shape, 1), np.bool_)
        for number, placement in enumerate(placements):
            if placement.clash is not None:
                free[number, :, :, Duty.FREE :] = ~placement.clash[:, :, None, None]
    return _Step(codes, duties, free)


def _back(step: _Step, onward: Words, at_ease: Bools) -> Words:
    """The states from which one event leads into `onward`, (placements, pitches + 1, duties,
    words). at_ease: the duties after which a rest may come.

    Codes first: what each code before turns into, then duties: of every pitch from every pitch
    under every duty. A rest keeps the pitch and owes nothing.
    """
    size = step.codes.shape[-1]
    bits = np.append(unpack(onward, size), False)
    pulled = pack(bits[step.codes])
    width = pulled.shape[-1]
    came = pulled.reshape(-1, width)[step.duties]
    if step.free is not None:
        came *= step.free
    words: Words = np.bitwise_or.reduce(came, axis=(0, 1))
    rested = np.bitwise_or.reduce(pulled[:, :, -1], axis=0)
    words[:, at_ease] |= rested[:, None]
    return words


def pack(bits: Bools) -> Words:
    """Booleans along the last axis as 64-bit words."""
    packed = np.packbits(bits, axis=-1, bitorder="little")
    size = -(-bits.shape[-1] // WORD) * WORD // 8
    padded = np.zeros((*bits.shape[:-1], size), np.uint8)
    padded[..., : packed.shape[-1]] = packed
    return padded.view(np.uint64)


def unpack(words: Words, codes: int) -> Bools:
    """The opposite of `pack`."""
    flat = np.ascontiguousarray(words).view(np.uint8)
    return np.unpackbits(flat, axis=-1, count=codes, bitorder="little").view(np.bool_)


def ahead(words: Words, codes: NDArray[np.int16]) -> Bools:
    """Is each code (REFUSED counts as no) in its row of words?"""
    place = np.maximum(codes, 0).astype(np.intp)
    word = np.take_along_axis(words, (place // WORD)[..., None], axis=-1)[..., 0]
    held = (word >> (place % WORD).astype(np.uint64)) & np.uint64(1)
    found: Bools = (held == 1) & (codes != REFUSED)
    return found
