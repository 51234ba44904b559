"""Where a phrase restates a motif that was sung before, and what it is to sing there.

What comes back is no guess: the nearest legal variant of what was sung is found exactly. A network
that sings restatements of its own keeps too little of them for a listener to know them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from composer.melody.slots import HOLD, Stage, Wish, free_from, motivic, peaked
from composer.values import Motif, Slot


@dataclass(frozen=True, slots=True)
class Stretch:
    """Slots that follow each other and restate what is known by then, `start` to `end` in ticks of
    the piece: up to the cadence, or to where a new ending leaves its motif."""

    start: int
    end: int
    slots: tuple[Slot, ...]


def stretches(stage: Stage, known: Mapping[str, Motif]) -> tuple[Stretch, ...]:
    """A phrase's restatements, in order. known: the motifs that were sung before the phrase."""
    found: list[Stretch] = []
    stated = set(known)
    for slot in stage.phrase.slots:
        end = free_from(stage, slot)
        if slot.motif in stated and HOLD[slot.action] and slot.start < end:
            last = found[-1] if found else None
            if last is not None and last.end == slot.start and slot.motif in known:
                found[-1] = Stretch(last.start, end, (*last.slots, slot))
            else:
                found.append(Stretch(slot.start, end, (slot,)))
        stated.add(slot.motif)
    return tuple(found)


def wishes(
    stage: Stage,
    stretch: Stretch,
    motifs: Mapping[str, Motif],
    heard: Mapping[str, Mapping[int, int]],
) -> Sequence[Wish]:
    """The notes that a stretch wishes for, with the climax among them if it lies there."""
    line = [
        wish
        for slot in stretch.slots
        for wish in motivic(stage, slot, motifs[slot.motif], heard[slot.motif])
        if wish.start < stretch.end
    ]
    return peaked(stage, line)
