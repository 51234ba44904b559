"""Which changes of chord a note may be held over, so that the phrase can still be sung.

The frame proves it. Singing its soprano at every change is legal; so is holding it where it stays,
and holding it a little longer where it then falls by step into the next chord: a suspension.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from composer.values import ChordSpan
from theory.melody.ground import palette
from theory.pitch import Note
from theory.scale import Key

STEP = (1, 2)  # semitones


def required(
    rhythm: Sequence[int], start: int, spans: Sequence[ChordSpan], key: Key, scale: tuple[Note, ...]
) -> tuple[int, ...]:
    """The changes inside the rhythm's notes that must be attacked.

    `spans` are the phrase's, in order. A suspension is held over one change only, and the next note
    begins before the chord is over.
    """
    onsets = [*accumulate(rhythm, initial=start)]
    found: list[int] = []
    for number, (onset, end) in enumerate(pairwise(onsets)):
        inside = [(before, span) for before, span in pairwise(spans) if onset < span.start < end]
        if all(_stays(before, span) for before, span in inside):
            continue
        one = len(inside) == 1 and number < len(rhythm) - 1 and end < inside[0][1].end
        if one and _suspends(*inside[0], key, scale):
            continue
        found += [span.start for _, span in inside]
    return tuple(found)


def _stays(before: ChordSpan, span: ChordSpan) -> bool:
    return before.voicing.soprano == span.voicing.soprano


def _suspends(before: ChordSpan, span: ChordSpan, key: Key, scale: tuple[Note, ...]) -> bool:
    held, goal = before.voicing.soprano, span.voicing.soprano
    falls = goal.height - held.height == -1 and held.midi - goal.midi in STEP
    foreign = held.note not in span.chord.tones
    return falls and foreign and held.note in palette(span.chord, key, scale).every
