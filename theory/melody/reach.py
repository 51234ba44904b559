"""Reachability, computed backwards: from which states can the phrase still be brought to its end?

For each tick that a melody can stand at, a set of states (pitch, duty, structural code), the codes
packed into 64-bit words, so that one word serves 64 states at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from theory.melody.grammar import Duty
from theory.melody.structure import REFUSED, Bools

if TYPE_CHECKING:
    from theory.melody.automaton import Automaton
    from theory.melody.context import Context

Words = NDArray[np.uint64]
# Where each (to, from, duty) leads, by the kinds of all pitches.
Ways = dict[bytes, NDArray[np.intp]]
WORD = 64


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
    ways: Ways = {}
    for tick in sorted(forward, reverse=True):
        words: Words = np.zeros_like(found[ground.end])
        for context, onward in _alike(automaton, tick, found):
            _back(automaton, context, onward, words, ways)
        if words.any():
            found[tick] = words
    return found


def _alike(
    automaton: Automaton, tick: int, found: Mapping[int, Words]
) -> Iterator[tuple[Context, Words]]:
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
    yield from groups.values()


def _back(automaton: Automaton, context: Context, onward: Words, words: Words, ways: Ways) -> None:
    """Add to `words` the states from which one event of a context leads into `onward`."""
    # Codes first: what each code before turns into, then the word is read there. The last row of
    # duties, empty, stands for "not allowed".
    pulled: Words = np.zeros((automaton.count, len(Duty) + 1, onward.shape[-1]), np.uint64)
    good = ~context.foreign
    pulled[good, :-1] = _pull(onward[:-1][good], context.carry[:-1][good])
    # Then duties: of every pitch from every pitch under every duty.
    came = pulled.reshape(-1, onward.shape[-1])[_ways(automaton, context, ways)]
    if context.clash is not None:
        came[:, :, Duty.FREE :] *= ~context.clash[:, :, None, None]
    words |= np.bitwise_or.reduce(came, axis=0)
    # A rest keeps the pitch and owes nothing; every row is carried alike.
    rested = _pull(onward[None, :, Duty.REST], context.carry[-1:])[0]
    words[:, Duty.REST] |= rested
    words[:, Duty.FREE] |= rested


def _ways(automaton: Automaton, context: Context, ways: Ways) -> NDArray[np.intp]:
    """Where each (to, from, duty) leads among (to, next duty), by the kinds of a context."""
    key = context.kinds.tobytes()
    if key not in ways:
        kinds, moves = context.kinds[:, None], automaton.moves
        duties = automaton.duties.transpose(0, 2, 1)[kinds, moves].astype(np.intp)
        duties[automaton.faults.transpose(0, 2, 1)[kinds, moves] != 0] = len(Duty)
        ways[key] = duties + np.arange(automaton.count)[:, None, None] * (len(Duty) + 1)
    return ways[key]


def _pull(onward: Words, carry: NDArray[np.int16]) -> Words:
    """Words over the codes before an event from words over the codes after it.

    Shapes (rows, any, words) and (rows, codes).
    """
    bits = unpack(onward, carry.shape[1])
    index = np.broadcast_to(np.maximum(carry, 0)[:, None, :], bits.shape).astype(np.intp)
    return pack(np.take_along_axis(bits, index, axis=-1) & (carry != REFUSED)[:, None, :])


def pack(bits: Bools) -> Words:
    """Booleans along the last axis as 64-bit words."""
    size = -(-bits.shape[-1] // WORD) * WORD
    padded = np.zeros((*bits.shape[:-1], size), np.bool_)
    padded[..., : bits.shape[-1]] = bits
    return np.packbits(padded, axis=-1, bitorder="little").view(np.uint64)


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
