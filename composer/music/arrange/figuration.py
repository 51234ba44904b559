"""Laying a pattern over a chord: which strokes fall between its start and its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from composer.music.arrange.leadsheet import LeadSheet
from composer.music.orchestra.patterns import PitchedPattern
from composer.music.orchestra.reading import Figure, Stroke
from composer.values import ChordSpan
from theory.metre import QUARTER, Metre

RELATIVE = {-1: "thinner", 1: "fuller"}


def variant(
    known: Mapping[str, PitchedPattern],
    name: str,
    level: int,
    metre: Metre,
    closing: Sequence[str] = (),
) -> PitchedPattern:
    """The pattern for a section: itself, or its thinner or fuller relative where that fits; in a
    bar that closes, the first of the relatives `closing` that it has and that fits."""
    pattern = known[name]
    for relatives in ((RELATIVE.get(level, ""),), closing):
        others = (known[pattern.relatives[each]] for each in relatives if each in pattern.relatives)
        pattern = next((other for other in others if other.fits(metre)), pattern)
    return pattern


def _closing(sheet: LeadSheet, tick: int) -> tuple[str, ...]:
    """The relatives that may take over at a tick: in the last bar of a phrase that closes the one
    that is meant for it, else a fuller one that leads on to the next section, or a thinner one.
    What is held in strict music stays held."""
    if not sheet.closing(tick):
        return ()
    if sheet.plan.language == "strict":
        return ("close",)
    leads = sheet.phrase(tick).end == sheet.plan.sections[sheet.section(tick)].end
    return ("close", "fuller") if leads else ("close", "thinner")


def figured(
    sheet: LeadSheet, known: Mapping[str, PitchedPattern], name: str, span: ChordSpan
) -> tuple[tuple[PitchedPattern, tuple[Stroke, ...]], ...]:
    """What is played over a chord up to the held last one: the section's pattern with its strokes,
    and another row where the phrase closes with another pattern."""
    metre = sheet.plan.metre
    end = min(span.end, sheet.final)
    if sheet.hemiola(span.start):
        pattern = variant(known, name, sheet.level(span.start), metre)
        struck = replace(_all(pattern), start=span.start, ticks=end - span.start)
        return ((pattern, (struck,)),)
    cut = min(end, max(span.start, sheet.phrase(span.start).end - metre.bar))
    rows = []
    for start, stop in ((span.start, cut), (cut, end)):
        if start < stop:
            pattern = variant(known, name, sheet.level(start), metre, _closing(sheet, start))
            rows.append((pattern, strokes(pattern, metre, start, stop, sheet.origin(start))))
    return tuple(rows)


def strokes(
    pattern: PitchedPattern, metre: Metre, start: int, end: int, origin: int = 0
) -> tuple[Stroke, ...]:
    """The strokes of a pattern over a chord that sounds from `start` to `end` (ticks of the piece).

    The strokes' `start` is a tick of the piece. No stroke lies or lasts outside the chord. A figure
    of whole bars keeps to the bar, and several take turns from the barline `origin` on; where they
    have nothing at all for a chord, the chord is held.
    """
    found: list[Stroke] = []
    if metre.name in pattern.bars:
        found = _by_bar(pattern.bars[metre.name], start, end, origin)
    elif cells := pattern.cells[metre.compound]:
        for begin, stop in chunks(metre, start, end):
            found += _by_chord(cells, metre.beat, begin, stop)
    if not found:
        held = pattern.whole or _all(pattern)
        found = [
            replace(held, start=begin, ticks=stop - begin)
            for begin, stop in chunks(metre, start, end, whole=True)
        ]
    return tuple(found)


def shortened(stroke: Stroke) -> int:
    """How long a stroke is written: half its time where it is marked short and lasts a beat; what
    is no longer than a quaver is short enough, and easier to read."""
    return stroke.ticks // 2 if stroke.short and stroke.ticks >= QUARTER else stroke.ticks


def chunks(metre: Metre, start: int, end: int, whole: bool = False) -> tuple[tuple[int, int], ...]:
    """A chord's time cut at the barlines; a bar of five is cut into its three and two as well."""
    cuts = {start, end}
    for bar in range(start // metre.bar, end // metre.bar + 1):
        cuts.add(bar * metre.bar)
        if metre.beats == 5 and not whole:
            cuts.add(bar * metre.bar + 3 * metre.beat)
    inside = sorted(cut for cut in cuts if start <= cut <= end)
    return tuple(pairwise(inside))


def _by_bar(figures: tuple[Figure, ...], start: int, end: int, origin: int) -> list[Stroke]:
    found = []
    bar = figures[0].ticks
    for number in range((start - origin) // bar, -(-(end - origin) // bar)):
        line = origin + number * bar
        for stroke in figures[number % len(figures)].strokes:
            begin = max(start, line + stroke.start)
            stop = min(end, line + stroke.start + stroke.ticks)
            if begin < stop:
                found.append(Stroke(begin, stop - begin, stroke.signs, stroke.force, stroke.short))
    return found


def _by_chord(cells: Mapping[int, Figure], beat: int, start: int, end: int) -> list[Stroke]:
    found = []
    place = start
    while place < end:
        # An odd start or a rest of less than a beat takes the one-beat figure, cut.
        room = (end - place) // beat if place % beat == 0 else 0
        figure = cells[max((beats for beats in cells if beats <= room), default=1)]
        stop = min(end, place + figure.ticks if room else (place // beat + 1) * beat)
        for stroke in figure.strokes:
            begin = place + stroke.start
            if begin < stop:
                ticks = min(stop - begin, stroke.ticks)
                found.append(Stroke(begin, ticks, stroke.signs, stroke.force, stroke.short))
        place = stop
    return found


def _all(pattern: PitchedPattern) -> Stroke:
    """All that the pattern's figures strike, in one stroke."""
    figures = [
        *(f for b in pattern.bars.values() for f in b),
        *(f for c in pattern.cells.values() for f in c.values()),
    ]
    signs = sorted(
        {sign for figure in figures for stroke in figure.strokes for sign in stroke.signs}
    )
    return Stroke(0, 0, "".join(signs), 0, False)
