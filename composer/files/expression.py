"""How loud held notes are from moment to moment: what bow, breath and bellows do after the attack.

A velocity says how loud a note begins. What is held goes on with the plan's curve, swells a little
on its way, and the last chord dies away. In MIDI this is controller 11, expression.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from composer.plan.curves import loudness
from composer.values import Part, Plan

# Who can: an organ, a harp or a piano has no hold of a note once it sounds.
FAMILIES = frozenset({"strings", "winds", "brass", "voices", "synthesiser"})
EVEN, MOST = 112, 127  # expression of a note that is not shaped, and the most there is
LONG = 0.8  # seconds from which a note is shaped, as far as can be where it is twice as long
STEP = 6  # ticks from one value to the next
# A swell's factor on the loudness where a note begins and ends, and at its fullest.
ENDS, FULLEST = 0.9, 1.08
CREST = 0.55  # where in the note that is, as a share of its length
DYING = 0.5  # what the last note comes down to


def shaped(part: Part) -> bool:
    """Can this part's player shape what he holds?"""
    return part.instrument.sustains and part.instrument.family in FAMILIES


def expression(part: Part, plan: Plan) -> tuple[tuple[int, int], ...]:
    """Ticks and the values (0–127) that expression takes there; nothing for who cannot shape."""
    if not shaped(part) or not part.notes:
        return ()
    found: list[tuple[int, int]] = []
    for tick, factor in _course(part, plan):
        value = max(1, min(MOST, round(EVEN * factor)))
        if not found or found[-1][1] != value:
            found.append((tick, value))
    return tuple(found)


def _course(part: Part, plan: Plan) -> Iterator[tuple[int, float]]:
    """The factor on a part's loudness at each onset, and on the way through what is held."""
    onsets = sorted({note.start for note in part.notes})
    ends: dict[int, int] = {}
    for note in part.notes:
        ends[note.start] = max(note.end, ends.get(note.start, 0))
    last = max(note.end for note in part.notes)
    for start, after in pairwise([*onsets, last]):
        end = min(after, ends[start])
        lasting = (end - start) / plan.metre.beat * 60 / plan.tempo[0][1]
        depth = min(1.0, max(0.0, lasting / LONG - 1))
        yield start, 1 + depth * (ENDS - 1)
        if not depth:
            continue
        begun = loudness(plan.dynamics, start)
        for tick in range(start + STEP, end, STEP):
            share = (tick - start) / (end - start)
            factor = (1 + depth * (_swell(share) - 1)) * loudness(plan.dynamics, tick) / begun
            yield tick, factor * (_dying(share) if end == plan.end else 1.0)


def _swell(share: float) -> float:
    """A held note's own rise and fall."""
    way = share / CREST if share < CREST else (1 - share) / (1 - CREST)
    return ENDS + (FULLEST - ENDS) * (0.5 - 0.5 * math.cos(math.pi * way))


def _dying(share: float) -> float:
    """The last note's fall, from its crest on."""
    return 1 - (1 - DYING) * max(0.0, (share - CREST) / (1 - CREST))
