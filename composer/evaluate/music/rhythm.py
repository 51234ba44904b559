"""What is measured on a melody's rhythm."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from composer.evaluate.music.notes import Music
from theory.metre import QUARTER, Metre

SEMIQUAVER = 6
WINDOW = 16  # bars in which rhythms are counted
TRIPLETS = (4, 8, 16, 20)  # places in a beat that only a division by three has


def singing(music: Music) -> range:
    """The bars from the first in which the melody begins a note to the last; an upbeat's is none.

    Empty where there is no melody.
    """
    starts = music.melody["start"]
    if not len(starts):
        return range(0)
    bar = music.metre.bar
    first, last = int(starts[0]), int(starts[-1])
    begin = first // bar + (first % bar > bar // 2)
    return range(max(0, begin), max(begin, last // bar) + 1)


def a_bar(music: Music) -> NDArray[np.int64]:
    """How many notes the melody begins in each bar of `singing`."""
    bars = singing(music)
    places = music.melody["start"] // music.metre.bar - bars.start
    return np.bincount(places[places >= 0], minlength=len(bars))


def notes_a_bar(music: Music) -> float:
    return float(a_bar(music).mean())


def density_variation(music: Music) -> float:
    """The coefficient of variation over bars: standard deviation over mean."""
    counts = a_bar(music)
    return float(counts.std() / counts.mean())


def bar_rhythms(music: Music) -> float | None:
    """How many different rhythms the melody's first sixteen bars have; None of a shorter one."""
    bars = singing(music)
    if len(bars) < WINDOW:
        return None
    rhythms: dict[int, list[int]] = {}
    for start in music.melody["start"].tolist():
        number, place = divmod(start, music.metre.bar)
        rhythms.setdefault(number, []).append(place)
    window = range(bars.start, bars.start + WINDOW)
    return float(len({tuple(rhythms[bar]) for bar in window if bar in rhythms}))


def depth(metre: Metre, tick: int) -> int:
    """How deep in the metre's tree a place lies: 0 the downbeat, one more a level.

    >>> from theory.metre import METRES
    >>> [depth(METRES["4/4"], tick) for tick in (0, 48, 24, 12, 6)]
    [0, 1, 2, 3, 4]
    """
    levels = sorted({*metre.accents, 1, 0}, reverse=True)
    return levels.index(metre.strength(tick))


def syncopation(music: Music) -> float:
    """Syncopation a bar after Longuet-Higgins & Lee (1984), as Fitch & Rosenfeld (2007) count it.

    Where a note is held or followed by a rest over a place that is stronger than its own, the
    difference of the two levels counts. In a beat with triplets only the beat is such a place.
    """
    starts = music.melody["start"].tolist()
    metre = music.metre
    triplets = {
        start // QUARTER for start in starts if not metre.compound and start % QUARTER in TRIPLETS
    }
    total = 0
    for one, other in pairwise(starts):
        over = range(one - one % SEMIQUAVER + SEMIQUAVER, other, SEMIQUAVER)
        passed = [t for t in over if t % metre.beat == 0 or t // QUARTER not in triplets]
        own = depth(metre, one)
        if not metre.compound and one % QUARTER in TRIPLETS:
            own = depth(metre, 12)
        strongest = min((depth(metre, tick) for tick in passed), default=own)
        total += max(0, own - strongest)
    return total / len(singing(music))


def without_downbeat(music: Music) -> float:
    """The share of the bars in which the melody sounds where it begins no note on beat 1."""
    bar = music.metre.bar
    line = music.melody
    sounding = {
        number
        for start, end in zip(line["start"].tolist(), line["end"].tolist(), strict=True)
        for number in range(start // bar, (end - 1) // bar + 1)
    } & {*singing(music)}
    on_one = {start // bar for start in line["start"].tolist() if start % bar == 0}
    return len(sounding - on_one) / len(sounding)
