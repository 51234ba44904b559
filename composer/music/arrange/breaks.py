"""The general pause: where the melody draws breath before the last section, all others do too.

It lies in the gap of the melody before the last statement, else before the phrase of the highest
tension, else before another section; it is a beat at least and half a bar at most, so that the
chord before it is still heard. Under an upbeat the melody goes on alone. Strict music has none, for
a chorale's breath is the fermata's, but where it is the piece's planned surprise: there it lies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from composer.music.arrange.leadsheet import LeadSheet
from composer.values import Note
from composer.values.plan import PAUSE
from theory.harmony.form import STATEMENT

Break = tuple[int, int]  # from and to which ticks all who accompany are silent


def general_pause(sheet: LeadSheet) -> Break | None:
    """The break of a piece, or None where there is no place for one."""
    if sheet.plan.language == "strict" and not any(p.surprise == PAUSE for p in sheet.plan.phrases):
        return None
    return next(filter(None, (_before(sheet, start) for start in _places(sheet))), None)


def _places(sheet: LeadSheet) -> Iterator[int]:
    """Where a break may lead to, the best first."""
    plan = sheet.plan
    yield from (phrase.start for phrase in plan.phrases if phrase.surprise == PAUSE)
    stated = [each.start for each in plan.sections if each.kind == STATEMENT and each.start]
    yield from stated[-1:]
    if plan.summit is not None and plan.phrases[plan.summit].start:
        yield plan.phrases[plan.summit].start
    yield from reversed(stated[:-1])


def _before(sheet: LeadSheet, start: int) -> Break | None:
    """The break before `start`: from the melody's last note, of a beat to half a bar; None where
    the melody leaves no room, an echo fills it, or a chord would begin in it unheard."""
    metre = sheet.plan.metre
    if any(p.end == start and sheet.plan.echoes(p) for p in sheet.plan.phrases):
        return None
    upbeat = start - next(p.upbeat for p in sheet.plan.phrases if p.start == start)
    sung = max((note.end for note in sheet.melody if note.start < upbeat), default=0)
    onset = min((note.start for note in sheet.melody if note.start >= upbeat), default=start)
    until = min(onset, start)
    begin = max(sung, until - max(metre.beat, metre.bar // 2))
    unheard = any(begin <= span.start < start for span in sheet.harmony.spans)
    return None if until - begin < metre.beat or unheard else (begin, start)


def paused(notes: tuple[Note, ...], pause: Break | None) -> tuple[Note, ...]:
    """The notes without those that begin in the break; one that sounds into it ends there."""
    if pause is None:
        return notes
    begin, end = pause
    return tuple(
        replace(note, ticks=begin - note.start) if note.start < begin < note.end else note
        for note in notes
        if not begin <= note.start < end
    )


def lifted(pedal: tuple[Break, ...], pause: Break | None) -> tuple[Break, ...]:
    """The pedal's times, up in the break."""
    if pause is None:
        return pedal
    begin, end = pause
    return tuple(
        (down, min(up, begin) if down < begin else up)
        for down, up in pedal
        if not begin <= down < end
    )
