"""Reachability, computed backwards: from which states can the phrase still be brought to its end?

For each tick that a melody can stand at, a set of states (pitch, duty, structural code), the codes
packed into 64-bit words, so that one word serves 64 states at once. All events that begin at a tick
are followed in one step; what such a step looks up is kept, for ticks alike in it share it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from theory.melody.grammar import Duty
from theory.melody.structure import REFUSED, Bools

if TYPE_CHECKING:
    from theory.melody.automaton import Automaton
    from theory.melody.context import Context

Words = NDArray[np.uint64]
Places = NDArray[np.intp]
WORD = 64


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """What a step back through some contexts looks up.

    `codes` has shape (contexts, pitches + 1, duties + 1, codes): where in the states after an event
    (contexts, pitches + 1, duties, codes, and one more that is empty) the state before it is found.
    The last of the duties is a rest; of the last pitch, "none yet", only that is filled. `duties`,
    (contexts, pitches, pitches + 1, duties): where each pitch from each pitch under each duty leads
    among the first three of these. `free` is without forbidden perfects, of that shape and
    (..., 1), or None where there are none.
    """

    codes: Places
    duties: Places
    free: Bools | None


def on_grid(tick: int) -> bool:
    """May a note begin here? On the semiquaver (6 ticks) or the quaver triplet (8)."""
    return tick % 6 == 0 or tick % 8 == 0


def reach(automaton: Automaton) -> Mapping[int, Words]:
    """Tick → words of shape (pitches + 1, duties, words); ticks that lead nowhere are absent."""
    ground = automaton.ground
    forward = {ground.start}
    for tick in range(ground.start, ground.end):
        if tick in forward:
            forward.update(
                tick + ticks
                for ticks in ground.durations
                if tick + ticks == ground.end
                or (tick + ticks < ground.end and on_grid(tick + ticks))
            )
    closing = np.zeros((automaton.count + 1, len(Duty), automaton.structure.codes), np.bool_)
    for duty in (Duty.REST, Duty.FREE):
        closing[automaton.ends, duty] = automaton.structure.closing
    found = {ground.end: pack(closing)}
    steps: dict[tuple[int, ...], _Step] = {}
    for tick in sorted(forward, reverse=True):
        groups = _alike(automaton, tick, found)
        if not groups:
            continue
        key = tuple(groups)
        if key not in steps:
            steps[key] = _step(automaton, [context for context, _ in groups.values()])
        words = _back(steps[key], np.array([onward for _, onward in groups.values()]))
        if words.any():
            found[tick] = words
    return found


def _alike(
    automaton: Automaton, tick: int, found: Mapping[int, Words]
) -> dict[int, tuple[Context, Words]]:
    """The contexts of the lengths that lead on from a tick, with the states they lead to.

    Lengths that mean the same for every pitch are taken together: where any of them leads on.
    """
    groups: dict[int, tuple[Context, Words]] = {}
    for ticks in automaton.ground.durations:
        onward = found.get(tick + ticks)
        if onward is None:
            continue
        context = automaton.contexts.at(tick, ticks)
        known = groups.get(id(context))
        groups[id(context)] = (context, onward if known is None else known[1] | onward)
    return groups


def _step(automaton: Automaton, contexts: Sequence[Context]) -> _Step:
    many, count, size = len(contexts), automaton.count, automaton.structure.codes
    carry = np.array([context.carry for context in contexts]).astype(np.intp)
    carry[:, :-1][np.array([context.foreign for context in contexts])] = REFUSED
    rows = np.arange(many * (count + 1) * len(Duty)).reshape(many, count + 1, len(Duty), 1) * size
    empty = rows.size * size
    codes = np.full((many, count + 1, len(Duty) + 1, size), empty, np.intp)
    sung = carry[:, :-1, None, :]
    codes[:, :-1, :-1] = np.where(sung == REFUSED, empty, rows[:, :-1] + sung)
    rested = carry[:, -1:, :]
    codes[:, :, -1] = np.where(rested == REFUSED, empty, rows[:, :, Duty.REST] + rested)
    kinds, moves = np.array([context.kinds for context in contexts])[:, :, None], automaton.moves
    duties = automaton.duties.transpose(0, 2, 1)[kinds, moves].astype(np.intp)
    wide = len(Duty) + 1
    starts = np.arange(many * (count + 1)).reshape(many, count + 1) * wide
    duties += starts[:, :-1, None, None]
    # Of "none yet" nothing is sung, so that this one is empty.
    duties[automaton.faults.transpose(0, 2, 1)[kinds, moves] != 0] = starts[0, -1]
    free: Bools | None = None
    if any(context.clash is not None for context in contexts):
        free = np.ones((*duties.shape, 1), np.bool_)
        for number, context in enumerate(contexts):
            if context.clash is not None:
                free[number, :, :, Duty.FREE :] = ~context.clash[:, :, None, None]
    return _Step(codes, duties, free)


def _back(step: _Step, onward: Words) -> Words:
    """The states from which one event leads into `onward`, (contexts, pitches + 1, duties, words).

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
    words[:, Duty.REST] |= rested
    words[:, Duty.FREE] |= rested
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
