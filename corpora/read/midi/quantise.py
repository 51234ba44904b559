"""Played notes become one voice in whole ticks, binary or ternary beat by beat."""

from __future__ import annotations

import numpy as np

from corpora.read.midi.bars import Bars
from corpora.read.midi.parse import Track
from theory.metre import QUARTER

# The grids of a beat in ticks, and what choosing each costs in squared ticks a note: semiquavers
# are usual, triplets less so, demisemiquavers and sextuplets rare.
SIMPLE = ((6, 0.0), (8, 1.0), (3, 2.5), (4, 3.0))
COMPOUND = ((6, 0.0), (12, 0.0), (9, 2.5), (3, 2.5))
# What two notes that would fall on one tick cost.
COLLISION = 12.0
# A rest between two notes is at least a quaver; a shorter one is how a note was let go.
SHORTEST_REST = 12
# Notes that begin within this many ticks are struck together: the highest of them is sung.
TOGETHER = 2.0


def line(track: Track, bars: Bars) -> tuple[tuple[int, int, int], ...]:
    """The track's upper line as (start, end, MIDI pitch) in ticks, none overlapping, in order."""
    start = bars.ticks(track.onset)
    end = bars.ticks(track.onset + track.duration - 1e-3)
    rows = _skyline(start, end, track.pitch)
    if not rows:
        return ()
    begin = np.array([row[0] for row in rows])
    whole, steps = snap(begin, bars.metre.beat)
    found: list[tuple[int, int, int]] = []
    for (_, last, pitch), at, step in zip(rows, whole.tolist(), steps.tolist(), strict=True):
        until = max(at + step, step * round(last / step))
        if found and found[-1][0] == at:
            if found[-1][2] >= pitch:
                continue
            found.pop()
        found.append((at, until, pitch))
    return tuple(_joined(found))


def snap(start: np.ndarray, beat: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole ticks for onsets in ticks, in order, and the grid's step that each was put on.

    Beat by beat the grid is taken whose squared distances, with its price and that of notes that
    fall together, are least.
    """
    grids = SIMPLE if beat == QUARTER else COMPOUND
    cell = np.floor((start + 1.5) / beat).astype(int)
    cell -= cell.min()
    costs, places = [], []
    for step, price in grids:
        place = step * np.round(start / step)
        cost = np.bincount(cell, weights=(place - start) ** 2 + price)
        same = np.diff(place) == 0
        costs.append(cost + np.bincount(cell[1:][same], minlength=len(cost)) * COLLISION)
        places.append(place)
    best = np.argmin(np.stack(costs), axis=0)[cell]
    steps = np.array([step for step, _ in grids])[best]
    return np.stack(places)[best, np.arange(len(start))].astype(int), steps


def _skyline(
    start: np.ndarray, end: np.ndarray, pitch: np.ndarray
) -> list[tuple[float, float, int]]:
    """The highest of what is struck together; nothing that begins under a note held above it."""
    order = np.lexsort((-pitch, np.round(start / TOGETHER)))
    rows: list[tuple[float, float, int]] = []
    columns = (start[order].tolist(), end[order].tolist(), pitch[order].tolist())
    for begin, last, high in zip(*columns, strict=True):
        if rows:
            before = rows[-1]
            if begin - before[0] < TOGETHER and high <= before[2]:
                continue
            held = min(before[1], last) - begin
            if high < before[2] and held > 0.5 * (last - begin):
                continue
        rows.append((begin, last, high))
    return sorted(rows)


def _joined(rows: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Overlaps cut and short rests closed."""
    found = []
    for (start, end, pitch), following in zip(rows, [*rows[1:], None], strict=True):
        if following is not None:
            after = following[0]
            short = after - end < SHORTEST_REST or (
                after - start <= QUARTER and 2 * (end - start) > after - start
            )
            end = after if short else min(end, after)
        found.append((start, end, pitch))
    return found
