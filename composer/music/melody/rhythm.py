"""Rhythms of motifs and of cadences, grown from small cells on the beat.

A rhythm is a tuple of durations in ticks that fills its bars exactly. Candidates are drawn cell by
cell; the one that comes nearest to the wished density and is easiest to remember is kept. A second
bar begins as the first did, or answers it with fewer notes.

The frame proves which changes of chord a note may be held over. Singing its soprano at every change
is legal; so is holding it where it stays, holding it a little longer where it then falls by step
into the next chord, a suspension, and singing the next one early, an anticipation tied over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from composer.music.melody.context import SOON
from composer.values import ChordSpan
from theory.melody.context import STRONG, palette
from theory.metre import Metre
from theory.noise import Noise
from theory.pitch import NoteName
from theory.scale import Key

CANDIDATES = 16
Cell = tuple[int, ...]
# Cells by beat: how many beats each fills, its durations, its weight in an ordinary tune.
SIMPLE: Mapping[Cell, float] = {
    (24,): 5.0,
    (12, 12): 4.0,
    (18, 6): 1.2,
    (12, 6, 6): 0.7,
    (6, 6, 12): 0.5,
    (8, 8, 8): 0.3,
    (6, 6, 6, 6): 0.6,
    (48,): 2.4,
    (36, 12): 3.0,
    (72,): 1.0,
}
COMPOUND: Mapping[Cell, float] = {
    (36,): 4.0,
    (24, 12): 4.5,
    (12, 12, 12): 3.0,
    (18, 6, 12): 1.2,
    (12, 12, 6, 6): 0.4,
    (72,): 1.6,
    (60, 12): 0.8,
}
# Cells against the beat, weighed by how syncopated the language is.
SYNCOPATED: Mapping[Cell, float] = {
    (12, 24, 12): 3.0,
    (12, 36): 1.2,
    (36, 36, 24): 2.0,
    (12, 24, 24, 12, 24): 1.0,
}
LILTING: Mapping[Cell, float] = {(12, 24): 2.0}
# What makes a rhythm worth keeping, in points.
DENSITY_WEIGHT = 6.0
VARIETY_WEIGHT = 1.2
LONG_END_WEIGHT = 1.5
BUSY_START_WEIGHT = 0.8
CLUTTER_WEIGHT = 0.5
UNANSWERED_WEIGHT = 0.8
RUNNING = 1.7  # notes a beat from which semiquavers are the music's own pace
AGAIN = 0.55  # how often a second bar begins as the first did, rather than with fewer notes
TIED = 0.9  # how often, under full syncopation, a note is tied over the barline between two bars
HEMIOLA = 0.3  # how often two bars of three are then heard as three of two
SEMIQUAVER = 6
CALM = 0.65  # density of a second bar that answers with fewer notes


@dataclass(frozen=True, slots=True)
class RhythmWanted:
    """What a rhythm is asked for: bars of a metre at so many notes a beat.

    `syncopated`, 0 to 1, favours cells against the beat and notes that come before the barline
    that they belong to.
    """

    metre: Metre
    bars: int
    density: float
    syncopated: float = 0.0


def draw(wanted: RhythmWanted, noise: Noise, *place: object) -> tuple[int, ...]:
    """The best of a fixed number of drawn rhythms; the same place draws the same rhythm."""
    candidates = [_drawn(wanted, noise, (*place, index)) for index in range(CANDIDATES)]
    best = min(candidates, key=lambda bars: _cost(bars, wanted))
    rhythm = [[ticks for cell in bar for ticks in cell] for bar in best]
    metre = wanted.metre
    if metre.name == "3/4" and noise.uniform("hemiola", *place) < HEMIOLA * wanted.syncopated:
        rhythm[:2] = _hemiola(rhythm[:2])
    for number, (bar, following) in enumerate(pairwise(rhythm)):
        if noise.uniform("tie", *place, number) < TIED * wanted.syncopated:
            _anticipate(bar, following, metre)
    return tuple(ticks for bar in rhythm for ticks in bar)


def _anticipate(bar: list[int], following: list[int], metre: Metre) -> None:
    """Let the next bar's first note begin a quaver before the barline, or where this bar's last
    short note began."""
    if bar[-1] >= 2 * metre.pulse and bar[-1] % metre.pulse == 0:
        bar[-1] -= metre.pulse
        following[0] += metre.pulse
    elif bar[-1] <= metre.pulse and bar[-1] % SEMIQUAVER == 0 and len(bar) > 1:
        following[0] += bar.pop()


def _hemiola(bars: Sequence[Sequence[int]]) -> list[list[int]]:
    """Two bars of three as three of two, as busy as they were: the one line of both."""
    if len(bars) < 2:
        return [list(bar) for bar in bars]
    pair = (48,) if sum(map(len, bars)) <= 4 else (24, 24) if len(bars[0]) < 4 else (24, 12, 12)
    return [[ticks for _ in range(3) for ticks in pair]]


Bar = tuple[Cell, ...]


def _drawn(wanted: RhythmWanted, noise: Noise, place: tuple[object, ...]) -> tuple[Bar, ...]:
    bars = [_grow(wanted, (), noise, (*place, 0))]
    for number in range(1, wanted.bars):
        if noise.uniform("again", *place, number) < AGAIN:
            head = _head(bars[0], wanted.metre)
            bars.append(_grow(wanted, head, noise, (*place, number)))
        else:
            calm = replace(wanted, density=max(0.5, wanted.density * CALM))
            bars.append(_grow(calm, (), noise, (*place, number)))
    return tuple(bars)


def _head(bar: Bar, metre: Metre) -> Bar:
    """The cells that begin in a bar's first half."""
    starts = accumulate((sum(cell) for cell in bar), initial=0)
    return tuple(cell for cell, start in zip(bar, starts, strict=False) if start < metre.bar / 2)


def _grow(wanted: RhythmWanted, head: Bar, noise: Noise, place: tuple[object, ...]) -> Bar:
    """A bar drawn cell by cell after the cells of `head`."""
    metre = wanted.metre
    cells, lengths, base = _vocabulary(
        metre.compound, metre.beat, wanted.syncopated, wanted.density
    )
    bar = list(head)
    tick = sum(sum(cell) for cell in head)
    while tick < metre.bar:
        again = np.array([0.8 if cell in bar else 0.0 for cell in cells])
        scores = base + again + noise.gumbels(len(cells), "cell", *place, tick)
        scores[lengths > metre.bar - tick] = -np.inf
        cell = cells[int(scores.argmax())]
        bar.append(cell)
        tick += sum(cell)
    return tuple(bar)


@lru_cache(maxsize=256)
def _vocabulary(
    compound: bool, beat: int, syncopated: float, density: float
) -> tuple[tuple[Cell, ...], NDArray[np.int64], NDArray[np.float64]]:
    """Cells, their lengths, and their log-weights at a density."""
    plain, against = (COMPOUND, LILTING) if compound else (SIMPLE, SYNCOPATED)
    cells = (*plain, *against)
    lengths = np.array([sum(cell) for cell in cells])
    counts = np.array([len(cell) for cell in cells])
    weights = [*plain.values(), *(0.05 + weight * syncopated for weight in against.values())]
    # A cell is as likely as its density is near to the wished one.
    nearness = 1.0 / (0.2 + (counts * beat / lengths - density) ** 2)
    return cells, lengths, np.log(np.array(weights) * nearness)


def _cost(bars: tuple[Bar, ...], wanted: RhythmWanted) -> float:
    cells = [cell for bar in bars for cell in bar]
    rhythm = [ticks for cell in cells for ticks in cell]
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
    if wanted.density < RUNNING:
        cost += CLUTTER_WEIGHT * sum(ticks < wanted.metre.pulse for ticks in rhythm)
    # Momentum first, repose after it.
    sizes = [sum(len(cell) for cell in bar) for bar in bars]
    return cost + UNANSWERED_WEIGHT * sum(b > a for a, b in pairwise(sizes))


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
    metre: Metre, sounding: int, density: float, noise: Noise, *place: object
) -> tuple[int, ...]:
    """The rhythm of a phrase's last bar without its breath: a goal that is held.

    It may come late, so that a beat or two leans on it or leads to it; the busier the melody, the
    more often.
    """
    beat = metre.beat
    options: dict[Cell, float] = {(sounding,): 2.0}
    if sounding >= 2 * beat:
        options[(beat, sounding - beat)] = 1.0
        parts = (24, 12) if metre.compound else (12, 12)
        options[(*parts, sounding - beat)] = 0.8 * density
    if sounding >= 3 * beat:
        options[(beat, beat, sounding - 2 * beat)] = 0.6
    return noise.pick(options, "cadence", *place)


STEP = (1, 2)  # semitones


def required(
    rhythm: Sequence[int],
    start: int,
    spans: Sequence[ChordSpan],
    metre: Metre,
    key: Key,
    scale: tuple[NoteName, ...],
) -> tuple[int, ...]:
    """The changes inside the rhythm's notes that must be attacked.

    `spans` are the phrase's, in order. A suspension is held over one change only, and the next note
    begins before the chord is over; that note resolves it, and so anticipates nothing itself.
    """
    onsets = [*accumulate(rhythm, initial=start)]
    found: list[int] = []
    suspended = False
    for number, (onset, end) in enumerate(pairwise(onsets)):
        inside = [(before, span) for before, span in pairwise(spans) if onset < span.start < end]
        resolves, suspended = suspended, False
        if all(_stays(before, span) for before, span in inside):
            continue
        one = len(inside) == 1 and number < len(rhythm) - 1 and end < inside[0][1].end
        if one and _suspends(*inside[0], key, scale):
            suspended = True
            continue
        change = inside[0][1].start
        if len(inside) == 1 and not resolves and early(spans, onset, change, metre, key, scale):
            continue
        found += [span.start for _, span in inside]
    return tuple(found)


def _stays(before: ChordSpan, span: ChordSpan) -> bool:
    return before.voicing.soprano == span.voicing.soprano


def _suspends(before: ChordSpan, span: ChordSpan, key: Key, scale: tuple[NoteName, ...]) -> bool:
    held, goal = before.voicing.soprano, span.voicing.soprano
    falls = goal.height - held.height == -1 and held.midi - goal.midi in STEP
    foreign = held.note not in span.chord.tones
    return falls and foreign and held.note in palette(span.chord, key, scale).every


def early(
    spans: Sequence[ChordSpan],
    onset: int,
    tick: int,
    metre: Metre,
    key: Key,
    scale: tuple[NoteName, ...],
) -> bool:
    """May the frame's note at a tick begin at `onset` already, and be tied over?

    Where the chord changes there, it begins on a weak place inside the last chord, is another note
    than that chord's and one of the scale over it.
    """
    number = next(n for n, span in enumerate(spans) if tick < span.end)
    span = spans[number]
    if span.start < onset:
        return True
    if not number or span.start != tick:
        return False
    before, goal = spans[number - 1], span.voicing.soprano
    return (
        before.start < onset
        and tick - onset <= SOON
        and metre.strength(onset) < STRONG
        and goal != before.voicing.soprano
        and goal.note in palette(before.chord, key, scale).notes
    )
