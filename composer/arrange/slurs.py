"""Slurs: which notes of a line go on one bow, or one breath without the tongue."""

from __future__ import annotations

from itertools import pairwise

from composer.values import Instrument, Note
from theory.metre import Metre

# Lines are slurred where their notes sound for at least so much of their length.
LEGATO = 0.8
STRONG = 3  # the strength of the places (theory.metre) at which a bow changes
LINES = ("strings", "winds", "brass", "voices")


def slurs(
    notes: tuple[Note, ...], player: Instrument, articulation: float, metre: Metre
) -> tuple[tuple[int, int], ...]:
    """From and to which ticks notes are slurred: those between two strong beats, where each begins
    as the last one ends and on another pitch; none for who plays several notes at once."""
    if articulation < LEGATO or player.family not in LINES or player.at_once > 1:
        return ()
    found: list[tuple[int, int]] = []
    start = 0
    for number, (note, after) in enumerate(pairwise((*notes, None)), 1):
        assert note is not None
        goes_on = (
            after is not None
            and after.start == note.end
            and after.pitch != note.pitch
            and metre.strength(after.start) < STRONG
        )
        if not goes_on:
            if number - start > 1:
                found.append((notes[start].start, note.end))
            start = number
    return tuple(found)
