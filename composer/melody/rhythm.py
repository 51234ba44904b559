"""Rhythms of motifs and of cadences, grown from small cells on the beat.

A rhythm is a tuple of durations in ticks that fills its bars exactly. Candidates are drawn cell by
cell; the one that comes nearest to the wished density and is easiest to remember is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from theory.metre import Metre
from theory.noise import Noise

CANDIDATES = 24
# Cells by beat: how many beats each fills, its durations, its weight in an ordinary tune.
SIMPLE: Mapping[tuple[int, ...], float] = {
    (24,): 5.0,
    (12, 12): 4.0,
    (18, 6): 1.6,
    (12, 6, 6): 1.0,
    (6, 6, 12): 1.0,
    (8, 8, 8): 0.5,
    (6, 12, 6): 0.3,
    (6, 6, 6, 6): 0.5,
    (48,): 2.0,
    (36, 12): 2.6,
    (12, 24, 12): 0.8,
    (12, 36): 0.4,
    (72,): 0.7,
    (60, 12): 0.4,
}
COMPOUND: Mapping[tuple[int, ...], float] = {
    (36,): 4.0,
    (24, 12): 4.5,
    (12, 12, 12): 3.0,
    (12, 24): 0.7,
    (18, 6, 12): 1.4,
    (12, 12, 6, 6): 0.6,
    (6, 6, 12, 12): 0.5,
    (72,): 1.6,
    (60, 12): 0.8,
}
CROSSING = frozenset({(12, 24, 12), (12, 36)})
# What makes a rhythm worth keeping, in points.
DENSITY_WEIGHT = 6.0
VARIETY_WEIGHT = 1.2
LONG_END_WEIGHT = 1.5
BUSY_START_WEIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a rhythm is asked for: bars of a metre at so many notes a beat.

    `triplets` allows cells of three in the beat; `syncopated` favours cells that cross it.
    """

    metre: Metre
    bars: int
    density: float
    syncopated: float = 0.0
    triplets: bool = True


def draw(wanted: Wanted, noise: Noise, *place: object) -> tuple[int, ...]:
    """The best of a fixed number of drawn rhythms; the same place draws the same rhythm."""
    candidates = [_grow(wanted, noise, (*place, index)) for index in range(CANDIDATES)]
    return min(candidates, key=lambda cells: _cost(cells, wanted))[0]


Grown = tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]


def _grow(wanted: Wanted, noise: Noise, place: tuple[object, ...]) -> Grown:
    metre = wanted.metre
    vocabulary = COMPOUND if metre.compound else SIMPLE
    cells: list[tuple[int, ...]] = []
    for bar in range(wanted.bars):
        tick = 0
        while tick < metre.bar:
            left = metre.bar - tick
            weights: dict[tuple[int, ...], float] = {}
            for cell, weight in vocabulary.items():
                if sum(cell) > left or (len(cell) == 3 and cell[0] == 8 and not wanted.triplets):
                    continue
                beats = sum(cell) / metre.beat
                # A cell is as likely as its density is near to the wished one.
                nearness = 1.0 / (0.25 + abs(len(cell) / beats - wanted.density) ** 2)
                crossing = (
                    1.0 + 2.0 * wanted.syncopated if cell in ((12, 24, 12), (12, 36)) else 1.0
                )
                again = 2.2 if cell in cells else 1.0
                weights[cell] = weight * nearness * crossing * again
            cell = noise.pick(weights, "cell", *place, bar, tick)
            cells.append(cell)
            tick += sum(cell)
    return tuple(ticks for cell in cells for ticks in cell), tuple(cells)


def _cost(grown: Grown, wanted: Wanted) -> float:
    rhythm, cells = grown
    beats = wanted.bars * wanted.metre.beats
    cost = DENSITY_WEIGHT * abs(len(rhythm) / beats - wanted.density)
    # Two or three different cells are remembered; one is dull and five are forgotten.
    kinds = len(set(cells))
    cost += VARIETY_WEIGHT * abs(kinds - min(3, wanted.bars + 1))
    if rhythm[-1] < wanted.metre.beat:
        cost += LONG_END_WEIGHT
    if rhythm[0] < wanted.metre.pulse:
        cost += BUSY_START_WEIGHT
    if len(set(rhythm)) == 1:
        cost += VARIETY_WEIGHT
    return cost


def attacked(rhythm: Sequence[int], start: int, changes: Sequence[int]) -> tuple[int, ...]:
    """Split the durations so that every change of chord inside them is attacked.

    >>> attacked((96, 96), 0, (48, 96))
    (48, 48, 96)
    """
    onsets = [start, *accumulate(rhythm, initial=start)]
    end = onsets[-1]
    places = sorted({*onsets, *(change for change in changes if start < change < end)})
    return tuple(after - before for before, after in pairwise(places))


def fragment(rhythm: Sequence[int], ticks: int) -> tuple[int, ...]:
    """The head of a rhythm, cut or lengthened to exactly `ticks`."""
    head: list[int] = []
    left = ticks
    for duration in rhythm:
        if duration >= left:
            break
        head.append(duration)
        left -= duration
    return (*head, left)


def fitted(rhythm: Sequence[int], ticks: int) -> tuple[int, ...]:
    """A motif's rhythm in a slot of any length: its head in a shorter one, again in a longer."""
    total = sum(rhythm)
    if ticks <= total:
        return tuple(rhythm) if ticks == total else fragment(rhythm, ticks)
    rounds, rest = divmod(ticks, total)
    tail = fragment(rhythm, rest) if rest else ()
    return (*(tuple(rhythm) * rounds), *tail)


def cadential(
    metre: Metre, ticks: int, breath: int, ornament: bool, noise: Noise, *place: object
) -> tuple[tuple[int, bool], ...]:
    """The rhythm of a phrase's last bar, as (ticks, sounding): a long note and the breath.

    With `ornament` the goal may come a beat late, so that the beat can lean on it.
    """
    sounding = ticks - breath
    if ornament and sounding > 2 * metre.beat and noise.uniform("lean", *place) < 0.5:
        return ((metre.beat, True), (sounding - metre.beat, True), (breath, False))
    return ((sounding, True), (breath, False))
