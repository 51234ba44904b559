"""Where a motif that is being stated will come back, and how the chords there will bear it.

A motif whose long and strong notes are in the chords of its returns comes back as it was; one that
is not has to give way there, and is not known again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from composer.mapping import Decisions
from composer.melody.bearing import STRONG, WEAK
from composer.melody.slots import free_from
from composer.melody.stages import stage_of
from composer.values import ChordSpan, Harmony, Plan
from theory.metre import Metre

LETTERS = 7
SHIFTED = {"repeat": 0, "state": 0, "new ending": 0, "sequence": 1}  # actions, and how far: × shift


@dataclass(frozen=True, slots=True)
class Return:
    """A place where a motif comes back: so many ticks after its statement, up to the tick `until`
    of the piece, so many letters higher, over these chords."""

    later: int
    until: int
    shift: int
    spans: tuple[ChordSpan, ...]


def returns(plan: Plan, harmony: Harmony, decisions: Decisions) -> Mapping[str, tuple[Return, ...]]:
    """Every motif's returns that keep its intervals."""
    first: dict[str, int] = {}
    found: dict[str, list[Return]] = {}
    for index, phrase in enumerate(plan.phrases):
        stage = stage_of(plan, harmony, index, None, decisions)
        for slot in phrase.slots:
            if slot.motif not in first:
                first[slot.motif], found[slot.motif] = slot.start, []
            elif slot.action in SHIFTED:
                shift = SHIFTED[slot.action] * slot.shift
                later, until = slot.start - first[slot.motif], free_from(stage, slot)
                found[slot.motif].append(Return(later, until, shift, stage.spans))
    return {motif: tuple(places) for motif, places in found.items()}


def misfit(
    places: Sequence[Return], tick: int, heights: NDArray[np.int64], metre: Metre
) -> NDArray[np.float64]:
    """How badly the chords of the returns bear each height (in letters) of a note that begins at a
    tick of the piece: (heights,), 0 to 1."""
    found = np.zeros(len(heights))
    for place in places:
        at = tick + place.later
        span = next((s for s in place.spans if s.start <= at < s.end), None)
        if span is None or at >= place.until:
            continue
        strong = metre.strength(at) >= 3 or at == span.start
        tones = [tone.step for tone in span.chord.tones]
        borne = np.isin((heights + place.shift) % LETTERS, tones)
        found += ~borne * (STRONG if strong else WEAK)
    return found / max(1, len(places))
