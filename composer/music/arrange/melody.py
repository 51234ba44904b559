"""The melody's part, and those of who doubles it and of who sings it by turns."""

from __future__ import annotations

import math
from dataclasses import replace

from composer.music.arrange.leadsheet import LeadSheet
from composer.values import Note, Phrase

# Where a phrase is fullest that has no climax of the period, as a share of its length.
CREST = 0.6


def melody_notes(sheet: LeadSheet) -> tuple[Note, ...]:
    """The melody with velocities; its last note lasts to the end where it belongs to the chord."""
    notes = [replace(note, velocity=_velocity(sheet, note)) for note in sheet.melody]
    if notes:
        last = notes[-1]
        pitch = last.pitch
        chord = sheet.harmony.spans[-1].chord
        if last.end > sheet.final and pitch is not None and pitch.note in chord.tones:
            notes[-1] = replace(last, ticks=sheet.plan.end - last.start)
    return tuple(notes)


def _velocity(sheet: LeadSheet, note: Note) -> int:
    """The plan's curve swells for all parts; the melody rises and falls a little more than they do,
    and leans out on its high notes."""
    phrase = sheet.sung(note.start)
    swell = (2 + sheet.plan.performance.dynamic_range / 10) * arch(phrase, note.start)
    wished = math.fsum(phrase.contour) / len(phrase.contour) if phrase.contour else note.key_number
    lift = max(-4.0, min(6.0, 0.5 * (note.key_number - wished)))
    climax = 4 if phrase.climax is not None and note.start <= phrase.climax < note.end else 0
    return sheet.velocity(note.start, swell + lift + climax, "melody")


def arch(phrase: Phrase, tick: int) -> float:
    """A phrase's swell at a tick: 0 where it begins, 1 at its crest, −0.8 where it ends."""
    length = phrase.end - phrase.start
    crest = phrase.start + CREST * length if phrase.climax is None else float(phrase.climax)
    crest = min(max(crest, phrase.start + 0.2 * length), phrase.start + 0.85 * length)
    if tick <= crest:
        return 0.5 - 0.5 * math.cos(
            math.pi * max(0.0, (tick - phrase.start) / (crest - phrase.start))
        )
    share = min(1.0, (tick - crest) / (phrase.end - crest))
    return 1 - 1.8 * (0.5 - 0.5 * math.cos(math.pi * share))


SOFTER = -12  # velocity against the melody's: it colours the line and does not lead it


def doubling_notes(sheet: LeadSheet, melody: tuple[Note, ...]) -> tuple[Note, ...]:
    """The melody's notes (`melody`, with their velocities) in the sections that are doubled."""
    doubled = {one.name for one in sheet.plan.sections if "doubling" in one.joined}
    return tuple(
        replace(
            note,
            velocity=max(12, note.velocity + SOFTER),
            cause=replace(
                note.cause, origin="doubling", label="melody", rules=("ensemble",), trace=None
            ),
        )
        for note in melody
        if sheet.sung(note.start).section in doubled
    )


def handed_over(
    sheet: LeadSheet, melody: tuple[Note, ...]
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """The melody's notes parted into the first player's and the second one's.

    An upbeat is sung by whoever sings the phrase that it leads to.
    """
    away = {one.name for one in sheet.plan.sections if "second-melody" in one.joined}
    own = tuple(note for note in melody if sheet.sung(note.start).section not in away)
    return own, tuple(note for note in melody if sheet.sung(note.start).section in away)
