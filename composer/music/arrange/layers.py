"""Who is silent when: the bars in which the plan leaves a part out are taken from its notes."""

from __future__ import annotations

from dataclasses import replace

from composer.values import Note, Plan
from composer.vocabulary import SINGERS


def layered(plan: Plan, role: str, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """A part's notes without those that begin where it does not play; one that sounds into such a
    bar ends before it. The melody sings what it has to sing, and the last chord is everybody's."""
    if role in SINGERS or not any(section.layers for section in plan.sections):
        return notes
    bar, last = plan.metre.bar, plan.end - plan.metre.bar
    silent = {tick for tick in range(0, last, bar) if not plan.plays(role, tick)}
    if not silent:
        return notes
    return tuple(
        _until_silence(note, silent, bar)
        for note in notes
        if note.start - note.start % bar not in silent
    )


def _until_silence(note: Note, silent: set[int], bar: int) -> Note:
    first = note.start - note.start % bar + bar
    limit = next((tick for tick in range(first, note.end, bar) if tick in silent), note.end)
    return note if limit == note.end else replace(note, ticks=limit - note.start)
