"""The bass part: a pattern over the chords' basses, and walks and steps from one to the next.

A walk is found exactly: chord tones on strong beats, steps elsewhere, and the last note a step (or
a fifth) from where it goes, as jazz bass players and figured-bass tutors teach alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from composer.music.arrange.approach import approached, beside
from composer.music.arrange.chords import UpperVoices
from composer.music.arrange.figuration import figured, shortened
from composer.music.arrange.leadsheet import LeadSheet, tidy
from composer.music.orchestra import PitchedPattern
from composer.music.orchestra.reading import Stroke
from composer.values import ChordSpan, Note
from theory.pitch import Pitch

# What an interval in semitones costs in a walk; anything wider than an octave is out.
LEAPS = (5.0, 0.0, 0.0, 0.8, 1.0, 1.6, 9.0, 2.0, 3.5, 4.5, 9.0, 9.0, 3.0)
# What the last interval into the next chord's bass costs: a step is best, a fifth or fourth good.
ARRIVALS = (5.0, 0.0, 0.2, 1.5, 1.5, 1.0, 9.0, 1.2, 4.0, 4.0, 9.0, 9.0, 4.0)
CENTRE = 48  # C3: a walk drifts back to it


def walk(
    sheet: LeadSheet, span: ChordSpan, starts: tuple[int, ...], after: Pitch, room: tuple[int, int]
) -> tuple[tuple[Pitch, str], ...]:
    """Pitches and labels for the walking notes at `starts` (ticks), in `room` (MIDI numbers).

    Least cost of all walks from the chord's bass to `after`; noise of the seed decides between
    walks that are nearly alike.
    """
    if not starts:
        return ()
    bass = span.voicing.bass
    best: dict[Pitch, tuple[float, tuple[Pitch, ...]]] = {bass: (0.0, ())}
    for number, start in enumerate(starts):
        last = number == len(starts) - 1
        options = _options(sheet, span, after if last else None, room)
        best = {
            pitch: min(
                (
                    (
                        cost + _step(span, old, pitch, bass) + _own(sheet, span, pitch, start),
                        (*path, pitch),
                    )
                    for old, (cost, path) in best.items()
                ),
                key=lambda found: found[0],
            )
            for pitch in options
        }
    _, path = min(
        ((cost + _arrive(span, pitch, after), walked) for pitch, (cost, walked) in best.items()),
        key=lambda found: found[0],
    )
    return tuple((pitch, _label(span, pitch)) for pitch in path)


def _options(
    sheet: LeadSheet, span: ChordSpan, after: Pitch | None, room: tuple[int, int]
) -> list[Pitch]:
    """Chord tones and the scale's other notes; before `after`, in popular music, its neighbours
    a semitone away too."""
    tones = span.chord.tones
    letters = {tone.step for tone in tones}
    notes = [*tones, *(note for note in span.chord.key.notes if note.step not in letters)]
    low, high = min(room[0], span.voicing.bass.midi), max(room[1], span.voicing.bass.midi)
    found = [
        pitch
        for octave in range(1, 5)
        for note in notes
        if low <= (pitch := note.at(octave)).midi <= high
    ]
    if after is not None and sheet.plan.language == "popular":
        found += [p for p in (beside(after, -1), beside(after, 1)) if low <= p.midi <= high]
    return sorted(set(found), key=lambda pitch: (pitch.midi, pitch.height))


def _step(span: ChordSpan, old: Pitch, new: Pitch, bass: Pitch) -> float:
    leap = abs(new.midi - old.midi)
    if leap >= len(LEAPS):
        return 50.0
    # A note that is not the chord's is left by step.
    foreign = old != bass and old.note not in span.chord.tones
    return LEAPS[leap] + (6.0 if foreign and not 0 < leap <= 2 else 0.0)


def _arrive(span: ChordSpan, old: Pitch, after: Pitch) -> float:
    leap = abs(after.midi - old.midi)
    foreign = old.note not in span.chord.tones and not 0 < leap <= 2
    return (ARRIVALS[leap] if leap < len(ARRIVALS) else 50.0) + 6.0 * foreign


def _own(sheet: LeadSheet, span: ChordSpan, pitch: Pitch, start: int) -> float:
    strong = sheet.plan.metre.strength(start) >= 3
    foreign = pitch.note not in span.chord.tones
    drift = 0.04 * abs(pitch.midi - CENTRE)
    chance = 0.8 * sheet.noise.uniform("bass", span.start, start, pitch.name)
    # A strong beat that comes back to where the walk began goes nowhere.
    idle = 3.0 * (strong and pitch.note == span.voicing.bass.note)
    return (4.0 if strong else 0.4) * foreign + idle + drift + chance


def _label(span: ChordSpan, pitch: Pitch) -> str:
    return "chord tone" if pitch.note in span.chord.tones else "passing"


# The neutral register of a bass, E2 to E4: every instrument has it in some octave.
FLOOR, CEILING = 40, 64
SOFTER = -6
FORCE = 5
DEGREES = ("root", "third", "fifth", "seventh")


def bass_notes(
    sheet: LeadSheet,
    known: Mapping[str, PitchedPattern],
    name: str,
    voices: tuple[UpperVoices, ...],
) -> tuple[Note, ...]:
    """The notes of the bass part under the pattern `name` of those known, section by section."""
    spans = sheet.harmony.spans
    notes: list[Note] = []
    for number, (span, upper) in enumerate(zip(spans, voices, strict=True)):
        if span.start >= sheet.final:
            notes.append(_sounded(sheet, span, span.start, span.end - span.start))
            continue
        rows = figured(sheet, known, name, span)
        end = min(span.end, sheet.final)
        first = from_bass(rows[0][1], span.start, end if len(rows) == 1 else rows[1][1][0].start)
        rows = ((rows[0][0], first), *rows[1:])
        following = spans[number + 1] if number + 1 < len(spans) else None
        after = following.voicing.bass if following else span.voicing.bass
        played = _play(sheet, span, after, upper[0].midi - 1, rows)
        last, strokes = rows[-1]
        walks = strokes[-1].signs == "w" or sheet.hemiola(span.start)
        if not last.tie and not walks:
            room = (FLOOR, min(CEILING, upper[0].midi - 1))
            played = approached(sheet, played, span, following, room)
        if rows[0][0].tie and notes and _goes_on(sheet, notes[-1], played[0]):
            notes[-1] = replace(notes[-1], ticks=notes[-1].ticks + played[0].ticks)
            played = played[1:]
        notes += played
    if spans[-1].start < sheet.final:
        notes.append(_sounded(sheet, spans[-1], sheet.final, sheet.plan.end - sheet.final))
    return tidy(notes)


def from_bass(strokes: tuple[Stroke, ...], start: int, end: int) -> tuple[Stroke, ...]:
    """The strokes with the chord's bass note first, at the change of chord."""
    if strokes and strokes[0].start == start:
        return (replace(strokes[0], signs="b"), *strokes[1:])
    until = strokes[0].start if strokes else end
    return (Stroke(start, until - start, "b", 0, False), *strokes)


def _play(
    sheet: LeadSheet,
    span: ChordSpan,
    after: Pitch,
    ceiling: int,
    rows: tuple[tuple[PitchedPattern, tuple[Stroke, ...]], ...],
) -> list[Note]:
    walking = tuple(
        stroke.start for _, strokes in rows for stroke in strokes if stroke.signs == "w"
    )
    walked = iter(walk(sheet, span, walking, after, (FLOOR, min(CEILING, ceiling))))
    notes = []
    for pattern, strokes in rows:
        for stroke in strokes:
            if stroke.signs == "w":
                pitch, label = next(walked)
            else:
                pitch, label = _sign(span, stroke.signs, ceiling), pattern.name
            first = stroke.start == span.start
            cause = sheet.cause(
                stroke.start,
                "voicing" if first else "pattern",
                DEGREES[span.chord.inversion] if first else label,
                ("bass_pattern",),
            )
            velocity = sheet.velocity(stroke.start, SOFTER + FORCE * stroke.force, "bass")
            notes.append(Note(stroke.start, shortened(stroke), pitch, velocity, cause))
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


def _goes_on(sheet: LeadSheet, old: Note, new: Note) -> bool:
    """Is this the note that sounds already, in the same phrase and bar by bar at most two?"""
    joined = old.ticks + new.ticks <= 2 * sheet.plan.metre.bar
    same = old.pitch == new.pitch and old.end == new.start
    return same and joined and sheet.phrase(old.start) == sheet.phrase(new.start)


def _sounded(sheet: LeadSheet, span: ChordSpan, start: int, ticks: int) -> Note:
    cause = sheet.cause(start, "voicing", DEGREES[span.chord.inversion], ("bass_pattern",))
    return Note(start, ticks, span.voicing.bass, sheet.velocity(start, SOFTER, "bass"), cause)
