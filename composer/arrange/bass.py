"""The bass part: the frame's bass at every change of chord, and a pattern in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from composer.arrange.ground import Ground, tidy
from composer.arrange.lay import laid, shortened
from composer.arrange.upper import Set
from composer.arrange.walk import walk
from composer.library import Pattern
from composer.library.figures import Step
from composer.values import ChordSpan, Note
from theory.pitch import Pitch

# The neutral register of a bass, E2 to E4: every instrument has it in some octave.
FLOOR, CEILING = 40, 64
SOFTER = -6
FORCE = 5
DEGREES = ("root", "third", "fifth", "seventh")


def bass_notes(
    ground: Ground, known: Mapping[str, Pattern], name: str, voices: tuple[Set, ...]
) -> tuple[Note, ...]:
    """The notes of the bass part under the pattern `name` of those known, section by section."""
    spans = ground.harmony.spans
    notes: list[Note] = []
    for number, (span, upper) in enumerate(zip(spans, voices, strict=True)):
        if span.start >= ground.final:
            notes.append(_sounded(ground, span, span.start, span.end - span.start))
            continue
        rows = laid(ground, known, name, span)
        end = min(span.end, ground.final)
        first = from_bass(rows[0][1], span.start, end if len(rows) == 1 else rows[1][1][0].start)
        rows = ((rows[0][0], first), *rows[1:])
        after = spans[number + 1].voicing.bass if number + 1 < len(spans) else span.voicing.bass
        played = _play(ground, span, after, upper[0].midi - 1, rows)
        if rows[0][0].tie and notes and _goes_on(ground, notes[-1], played[0]):
            notes[-1] = replace(notes[-1], ticks=notes[-1].ticks + played[0].ticks)
            played = played[1:]
        notes += played
    if spans[-1].start < ground.final:
        notes.append(_sounded(ground, spans[-1], ground.final, ground.plan.end - ground.final))
    return tidy(notes)


def from_bass(steps: tuple[Step, ...], start: int, end: int) -> tuple[Step, ...]:
    """The strokes with the chord's bass note first, at the change of chord."""
    if steps and steps[0].start == start:
        return (replace(steps[0], signs="b"), *steps[1:])
    until = steps[0].start if steps else end
    return (Step(start, until - start, "b", 0, False), *steps)


def _play(
    ground: Ground,
    span: ChordSpan,
    after: Pitch,
    ceiling: int,
    rows: tuple[tuple[Pattern, tuple[Step, ...]], ...],
) -> list[Note]:
    walking = tuple(step.start for _, steps in rows for step in steps if step.signs == "w")
    walked = iter(walk(ground, span, walking, after, (FLOOR, min(CEILING, ceiling))))
    notes = []
    for pattern, steps in rows:
        for step in steps:
            if step.signs == "w":
                pitch, label = next(walked)
            else:
                pitch, label = _sign(span, step.signs, ceiling), pattern.name
            first = step.start == span.start
            cause = ground.cause(
                step.start,
                "voicing" if first else "pattern",
                DEGREES[span.chord.inversion] if first else label,
                ("bass_pattern",),
            )
            velocity = ground.velocity(step.start, SOFTER + FORCE * step.force, "bass")
            notes.append(Note(step.start, shortened(step), pitch, velocity, cause))
    return notes


def _sign(span: ChordSpan, sign: str, ceiling: int) -> Pitch:
    """The pitch of a figure's sign: b the bass, 8 its octave, 5 the fifth of a chord on its root.

    The octave and the fifth lie where there is room: within the register and under the chords.
    """
    bass = span.voicing.bass
    if sign == "8":
        choices = [Pitch(bass.step, bass.alter, bass.octave + shift) for shift in (1, -1)]
    elif sign == "5" and span.chord.inversion == 0:
        fifth = span.chord.fifth
        choices = [fifth.at(octave) for octave in range(bass.octave - 1, bass.octave + 2)]
        choices.sort(key=lambda pitch: (abs(pitch.midi - bass.midi), pitch.midi))
    else:
        choices = []
    fitting = (c for c in choices if FLOOR <= c.midi <= min(CEILING, ceiling))
    return next(fitting, bass)


def _goes_on(ground: Ground, old: Note, new: Note) -> bool:
    """Is this the note that sounds already, in the same phrase and bar by bar at most two?"""
    joined = old.ticks + new.ticks <= 2 * ground.plan.metre.bar
    same = old.pitch == new.pitch and old.end == new.start
    return same and joined and ground.phrase(old.start) == ground.phrase(new.start)


def _sounded(ground: Ground, span: ChordSpan, start: int, ticks: int) -> Note:
    cause = ground.cause(start, "voicing", DEGREES[span.chord.inversion], ("bass_pattern",))
    return Note(start, ticks, span.voicing.bass, ground.velocity(start, SOFTER, "bass"), cause)
