"""Drums by groups of four bars: the pattern, a ghost stroke, a variation, and a fill or a thinning.

What changes in a bar follows from its place alone: which bar of its group it is, and of which
group. All is made of the pattern's own strokes and drums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from composer.music.orchestra import DrumPattern
from composer.music.orchestra.reading import Stroke
from theory.metre import Metre

GROUP = 4  # bars
Lines = Mapping[str, tuple[Stroke, ...]]  # a bar's strokes by drum

# Who leads a pattern, who has its ghost strokes, and who keeps time and so stops for a fill.
LEADERS = ("kick", "frame drum", "low tom")
HANDS = ("snare", "stick", "high conga", "frame drum", "tambourine", "claves", "shaker")
TIMEKEEPERS = ("hat", "open hat", "pedal hat", "ride", "shaker", "tambourine", "stick", "claves")
TOMS = ("high tom", "low tom")  # to which a fill of the snare goes down


def plain(pattern: DrumPattern, metre: Metre, number: int, fill: bool = False) -> Lines:
    """The strokes of the `number`-th bar as the pattern writes it, or of its written fill."""
    lines = (pattern.fills if fill else pattern.bars).get(metre.name, {})
    return {drum: figures[number % len(figures)].strokes for drum, figures in lines.items()}


def grouped(lines: Lines, metre: Metre, place: int, group: int) -> Lines:
    """The bar at a place (from 0) of a group of four: a ghost stroke in the second, a variation in
    the third."""
    if place == 1:
        return _ghosted(lines, metre, group)
    return _varied(lines, metre) if place == 2 else lines


def _ghosted(lines: Lines, metre: Metre, group: int) -> Lines:
    """With a soft stroke off the beat; another place group by group."""
    hand = _first(HANDS, lines)
    if hand is None:
        return lines
    struck = {stroke.start for stroke in lines[hand]}
    for step in (metre.pulse, metre.pulse // 2):
        free = [
            tick
            for tick in range(step, metre.bar, step)
            if tick % metre.beat and tick not in struck
        ]
        if free:
            ghost = Stroke(free[-1 - group % len(free)], step, "o", 0, False)
            return {**lines, hand: _cut(lines[hand], ghost)}
    return lines


def _varied(lines: Lines, metre: Metre) -> Lines:
    """With the leader's stroke just before the last beat, or without it where it has one."""
    leader = _first(LEADERS, lines) or next(iter(lines), None)
    if leader is None:
        return lines
    tick = metre.bar - metre.beat - metre.pulse
    own = lines[leader]
    without = tuple(stroke for stroke in own if stroke.start != tick)
    if len(without) == len(own):
        without = _cut(own, Stroke(tick, metre.pulse, "x", 0, False))
    return {**lines, leader: without}


def closed(lines: Lines, metre: Metre, beats: int, group: int) -> Lines:
    """The bar with its last `beats` filled, or left empty where no stroke of the pattern is loud.

    Those who keep time stop there, and one drum runs: the snare, down to the toms, or whichever
    the pattern has. Every other group it runs twice as fast.
    """
    begin = metre.bar - min(beats, metre.beats - 1) * metre.beat
    loud = any(stroke.signs == "X" for strokes in lines.values() for stroke in strokes)
    runner = _first(HANDS, lines)
    if not loud or runner is None:
        return _until(lines, begin)
    step = metre.pulse // (1 + group % 2)
    kept = {
        drum: strokes if drum not in (*TIMEKEEPERS, runner) else _before(strokes, begin)
        for drum, strokes in lines.items()
    }
    drums = (runner, *TOMS) if runner == "snare" else (runner,)
    ticks = range(begin, metre.bar, step)
    for number, tick in enumerate(ticks):
        drum = drums[number * len(drums) // len(ticks)]
        signs = "o" if tick % metre.pulse else "X" if tick == ticks[-1] else "x"
        kept[drum] = (*kept.get(drum, ()), Stroke(tick, step, signs, 0, False))
    return kept


def _until(lines: Lines, end: int) -> Lines:
    return {drum: _before(strokes, end) for drum, strokes in lines.items()}


def _before(strokes: tuple[Stroke, ...], end: int) -> tuple[Stroke, ...]:
    return tuple(
        replace(stroke, ticks=min(stroke.ticks, end - stroke.start))
        for stroke in strokes
        if stroke.start < end
    )


def _cut(strokes: tuple[Stroke, ...], new: Stroke) -> tuple[Stroke, ...]:
    """The strokes with a new one, which ends the one that it falls into."""
    shortened = (
        replace(old, ticks=min(old.ticks, new.start - old.start))
        if old.start < new.start < old.start + old.ticks
        else old
        for old in strokes
    )
    return tuple(sorted((*shortened, new), key=lambda stroke: stroke.start))


def _first(names: tuple[str, ...], lines: Lines) -> str | None:
    return next((name for name in names if lines.get(name)), None)
