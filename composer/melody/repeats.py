"""Bars that would come a third time running."""

from __future__ import annotations

from collections.abc import Sequence

from composer.values import Note
from theory.melody import Event
from theory.metre import Metre
from theory.pitch import Pitch


def third_time(
    before: Sequence[Note], start: int, events: Sequence[Event], metre: Metre
) -> frozenset[int]:
    """The onsets of those bars that are the same as the two bars before them.

    before: what was sung up to the tick `start`; events: what follows from there.
    """
    line = [(note.start, note.ticks, note.pitch) for note in before]
    tick = start
    for event in events:
        if event.pitch is not None:
            line.append((tick, event.ticks, event.pitch))
        tick += event.ticks
    bars: dict[int, list[tuple[int, int, Pitch | None]]] = {}
    for onset, ticks, pitch in line:
        bars.setdefault(onset // metre.bar, []).append((onset % metre.bar, ticks, pitch))
    found = {
        bar * metre.bar + onset
        for bar, sung in bars.items()
        if sung == bars.get(bar - 1) == bars.get(bar - 2)
        for onset, _, _ in sung
    }
    return frozenset(tick for tick in found if tick >= start)
