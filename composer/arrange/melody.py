"""The melody's part: how loud each note is, from the phrase's shape, the bar and the climax."""

from __future__ import annotations

import math
from dataclasses import replace

from composer.arrange.ground import Ground
from composer.values import Note, Phrase

# Where a phrase is fullest that has no climax of the period, as a share of its length.
CREST = 0.6


def melody_notes(ground: Ground) -> tuple[Note, ...]:
    """The melody with velocities; its last note lasts to the end where it belongs to the chord."""
    notes = [replace(note, velocity=_velocity(ground, note)) for note in ground.melody]
    if notes:
        last = notes[-1]
        pitch = last.pitch
        chord = ground.harmony.spans[-1].chord
        if last.end > ground.final and pitch is not None and pitch.note in chord.tones:
            notes[-1] = replace(last, ticks=ground.plan.end - last.start)
    return tuple(notes)


def _velocity(ground: Ground, note: Note) -> int:
    """The plan's curve swells for all parts; the melody rises and falls a little more than they do,
    and leans out on its high notes."""
    phrase = ground.sung(note.start)
    swell = (2 + ground.dynamic_range / 10) * arch(phrase, note.start)
    wished = sum(phrase.contour) / len(phrase.contour) if phrase.contour else note.key_number
    lift = max(-4.0, min(6.0, 0.5 * (note.key_number - wished)))
    climax = 4 if phrase.climax is not None and note.start <= phrase.climax < note.end else 0
    return ground.velocity(note.start, swell + lift + climax, "melody")


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
