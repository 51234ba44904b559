"""The bass between two chords: a passing note over a third, and a step that leads into a leap.

The change of chord keeps the frame's bass; only the time just before it is the line's own, a beat
of it or a quaver. Strict music has passing notes within a phrase. Other music has approaches too,
to every other bar: by a step of the scale, and in popular music by a semitone.
"""

from __future__ import annotations

from dataclasses import replace

from composer.music.arrange.leadsheet import LeadSheet
from composer.values import ChordSpan, Note
from theory.pitch import LETTERS, Pitch

STEP, THIRD = 2, 4  # semitones at most
# Points for what an approach costs besides its distance from the note before it, in semitones.
SHARP = 6.0  # a semitone or a tritone against the melody
CHROMATIC = 1.0
PASSING = -3.0  # a step on either side, the one way


def approached(
    sheet: LeadSheet,
    played: list[Note],
    span: ChordSpan,
    following: ChordSpan | None,
    room: tuple[int, int],
) -> list[Note]:
    """The notes of the bass over a chord, the last of which leads to the following chord's bass.

    As they are where the last one does not sound until then or is a step away already, and where
    no step lies in `room` (MIDI numbers) or is free of parallel perfects with the melody.
    """
    if following is None or not played:
        return played
    last, goal = played[-1], following.voicing.bass
    old = last.pitch
    size = abs(goal.midi - last.key_number)
    strict = sheet.plan.language == "strict"
    if old is None or last.end != following.start or following.start >= sheet.plan.end:
        return played
    if size <= STEP or (strict and (size > THIRD or _parted(sheet, following.start))):
        return played
    metre = sheet.plan.metre
    own = following.start - sheet.phrase(following.start).start
    leads = own % (2 * metre.bar) == 0
    ticks = next((t for t in (metre.beat, metre.pulse) if 2 * t <= last.ticks), last.ticks)
    whole = ticks == last.ticks
    if whole and (ticks > metre.pulse or last.start == span.start):
        return played  # it would leave nothing of a long note, or of the chord's bass
    start = last.end - ticks
    before = old if start > last.start or len(played) == 1 else played[-2].pitch
    assert before is not None
    found = [
        (cost, pitch)
        for pitch in _steps(sheet, span, goal)
        if room[0] <= pitch.midi <= room[1]
        and pitch.midi != before.midi
        and (_between(before, pitch, goal) or (leads and not strict))
        and not _parallel(sheet, start, following.start, pitch, goal)
        for cost in (_cost(sheet, span, start, before, pitch, goal),)
    ]
    if not found:
        return played
    _, pitch = min(found, key=lambda each: (each[0], each[1].midi))
    label = "passing" if _between(before, pitch, goal) else "approach"
    note = Note(start, ticks, pitch, last.velocity, sheet.cause(start, "pattern", label, RULES))
    held = [replace(last, ticks=last.ticks - ticks)] if start > last.start else []
    return [*played[:-1], *held, note]


RULES = ("bass_pattern",)


def beside(pitch: Pitch, direction: int) -> Pitch:
    """The next letter's pitch, a semitone below (−1) or above (1)."""
    octave, step = divmod(pitch.height + direction, len(LETTERS))
    natural = Pitch(step, 0, octave)
    return Pitch(step, pitch.midi + direction - natural.midi, octave)


def _steps(sheet: LeadSheet, span: ChordSpan, goal: Pitch) -> set[Pitch]:
    """The notes a step below and above: the chord's or its scale's, and in popular music a semitone
    away."""
    found = {beside(goal, way) for way in (-1, 1) if sheet.plan.language == "popular"}
    for way in (-1, 1):
        octave, step = divmod(goal.height + way, len(LETTERS))
        named = [note for note in (*span.chord.tones, *span.chord.key.notes) if note.step == step]
        found |= {note.at(octave) for note in named[:1]}
    return {pitch for pitch in found if 0 < abs(pitch.midi - goal.midi) <= STEP}


def _cost(
    sheet: LeadSheet, span: ChordSpan, start: int, before: Pitch, pitch: Pitch, goal: Pitch
) -> float:
    sung = _sung(sheet, start)
    sharp = sung is not None and (sung - pitch.midi) % 12 in (1, 6, 11)
    strange = pitch.note not in span.chord.tones and pitch.note not in span.chord.key.notes
    passing = _between(before, pitch, goal)
    return abs(pitch.midi - before.midi) + SHARP * sharp + CHROMATIC * strange + PASSING * passing


def _between(before: Pitch, pitch: Pitch, goal: Pitch) -> bool:
    """Does it fill a third by step?"""
    first, second = pitch.midi - before.midi, goal.midi - pitch.midi
    return first * second > 0 and abs(first) <= STEP and abs(second) <= STEP


def _parallel(sheet: LeadSheet, start: int, end: int, pitch: Pitch, goal: Pitch) -> bool:
    """Would the melody go in parallel fifths or octaves with the step?"""
    first, second = _sung(sheet, start), _sung(sheet, end)
    last = _sung(sheet, end - 1)
    return second is not None and any(
        above is not None
        and above != second
        and (above - pitch.midi) % 12 == (second - goal.midi) % 12
        and (second - goal.midi) % 12 in (0, 7)
        for above in (first, last)
    )


def _sung(sheet: LeadSheet, tick: int) -> int | None:
    return next((n.key_number for n in sheet.melody if n.start <= tick < n.end), None)


def _parted(sheet: LeadSheet, tick: int) -> bool:
    """Does a phrase begin there?"""
    return any(phrase.start == tick for phrase in sheet.plan.phrases)
