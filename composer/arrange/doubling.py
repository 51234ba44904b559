"""The doubling: another instrument that joins the melody in full sections, in its own octave."""

from __future__ import annotations

from dataclasses import replace

from composer.arrange.ground import Ground
from composer.values import Instrument, Note

SOFTER = -12  # velocity against the melody's: it colours the line and does not lead it
OCTAVES = (0, 1, -1, 2)


def doubling_notes(ground: Ground, melody: tuple[Note, ...]) -> tuple[Note, ...]:
    """The melody's notes (`melody`, with their velocities) in the sections that are doubled."""
    doubled = {one.name for one in ground.plan.sections if "doubling" in one.joined}
    return tuple(
        replace(
            note,
            velocity=max(12, note.velocity + SOFTER),
            cause=replace(
                note.cause, origin="doubling", label="melody", rules=("ensemble",), trace=None
            ),
        )
        for note in melody
        if ground.sung(note.start).section in doubled
    )


def placed(notes: tuple[Note, ...], player: Instrument, wish: int) -> int | None:
    """The octave in which `player` has every note: the one wished for, or else the nearest; None
    where there is none, and nobody doubles."""
    for octave in dict.fromkeys((wish, *OCTAVES)):
        keys = [note.key_number + 12 * octave for note in notes]
        if all(player.low.midi <= key <= player.high.midi for key in keys):
            return octave
    return None
