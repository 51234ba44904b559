"""Where a player takes breath: at the end of every phrase, and within one before the air is out."""

from __future__ import annotations

from itertools import pairwise

from composer.plan.curves import seconds
from composer.values import Instrument, Note, Plan

# How good a place for a breath is, above a barline (1) and any other end of a note (0).
PHRASE, SLOT = 3, 2
RESTED = 12  # ticks of written rest in which there is time to breathe


def breaths(
    notes: tuple[Note, ...], player: Instrument, plan: Plan, *, sings: bool = False
) -> tuple[int, ...]:
    """The ticks at which notes end early so that the player can breathe; none for a player who
    needs no breath.

    A phrase's end comes first, then a slot's, a barline, and any end of a note, a long one's before
    a short one's, as late as the breath allows; a note longer than a breath is held through.

    sings: the part has the melody, whose phrases end before the next one's upbeat.
    """
    if not player.breath:
        return ()
    ends = _ends(notes)
    starts = sorted({note.start for note in notes})
    upbeats = {phrase.start: phrase.upbeat for phrase in plan.phrases if sings}
    places = {phrase.end - upbeats.get(phrase.end, 0): PHRASE for phrase in plan.phrases}
    for phrase in plan.phrases:
        for slot in phrase.slots:
            places.setdefault(slot.end, SLOT)

    def lasts(start: int, end: int) -> float:
        return seconds(plan.tempo, plan.metre, end) - seconds(plan.tempo, plan.metre, start)

    lengths = {note.end: note.ticks for note in notes}

    def rank(tick: int) -> tuple[int, int]:
        place = places.get(tick, 1 if tick % plan.metre.bar == 0 else 0)
        return place, min(lengths[tick], plan.metre.beat)

    found: list[int] = []
    since, waiting = starts[0], list[int]()
    for end, following in zip(ends, [*ends[1:], None], strict=True):
        while waiting and lasts(since, end) > player.breath:
            since = max(waiting, key=lambda tick: (rank(tick), tick))
            found.append(since)
            waiting = [tick for tick in waiting if tick > since]
        onset = next((start for start in starts if start >= end), None)
        if following is None or onset is None:
            break
        if onset - end >= RESTED:
            since, waiting = onset, []
        elif places.get(end) == PHRASE:
            found.append(end)
            since, waiting = end, []
        else:
            waiting.append(end)
    return tuple(found)


def _ends(notes: tuple[Note, ...]) -> list[int]:
    """The ticks at which notes end and none sounds on."""
    ordered = sorted(notes, key=lambda note: note.start)
    found: list[int] = []
    latest = 0
    for note, after in pairwise(ordered):
        latest = max(latest, note.end)
        if latest <= after.start:
            found.append(latest)
    return [*found, max(note.end for note in ordered)] if ordered else []
