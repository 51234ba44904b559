"""The chords' part: the upper voices spelled out in time by a pattern."""

from __future__ import annotations

from composer.arrange.ground import Ground, tidy
from composer.arrange.lay import strokes, variant
from composer.arrange.upper import CEILING, Set
from composer.library import Pattern, patterns
from composer.library.figures import Step
from composer.values import ChordSpan, Note
from theory.pitch import Pitch

SOFTER = -12  # velocity against the melody's
FORCE = 6  # of a > or a < in a figure
BREATH = 12  # a tied pad leaves off a quaver before the phrase ends


def chord_notes(ground: Ground, name: str, voices: tuple[Set, ...]) -> tuple[Note, ...]:
    """The notes of the chords' part under the pattern `name`, section by section."""
    known = patterns("chord_patterns")
    metre = ground.plan.metre
    notes: list[Note] = []
    for span, upper in zip(ground.harmony.spans, voices, strict=True):
        pattern = variant(known, name, ground.level(span.start), metre)
        end = min(span.end, ground.final) if span.start < ground.final else span.start
        steps = strokes(pattern, metre, span.start, end) if end > span.start else ()
        played = [note for step in steps for note in _play(ground, span, upper, pattern, step)]
        notes += _tied(ground, notes, played, pattern, span) if pattern.tie else played
    return tidy((*notes, *_last(ground, name, voices[-1])))


def _play(ground: Ground, span: ChordSpan, upper: Set, pattern: Pattern, step: Step) -> list[Note]:
    cause = ground.cause(step.start, "pattern", pattern.name, ("chord_pattern",))
    # Several notes at once are each a little softer than one alone.
    lean = SOFTER + FORCE * step.force - len(step.signs)
    velocity = ground.velocity(step.start, lean)
    ticks = max(6, step.ticks // 2) if step.short and step.ticks > 6 else step.ticks
    pitches = sorted({voice(upper, sign) for sign in step.signs}, key=lambda pitch: pitch.midi)
    return [Note(step.start, ticks, pitch, velocity, cause) for pitch in pitches]


def voice(upper: Set, sign: str) -> Pitch:
    """The pitch of a figure's sign: 1 the lowest voice, 3 the highest, 2 between, 4 above them."""
    if sign == "4":
        low = upper[0]
        above = Pitch(low.step, low.alter, low.octave + 1)
        return above if above.midi <= CEILING and above.midi > upper[-1].midi else upper[-1]
    return upper[{"1": 0, "2": len(upper) // 2, "3": -1}[sign]]


def _tied(
    ground: Ground, notes: list[Note], played: list[Note], pattern: Pattern, span: ChordSpan
) -> list[Note]:
    """What is left to strike when common notes are held on from the chord before, as far as the
    phrase goes; `notes` are lengthened in place."""
    phrase = ground.phrase(span.start)
    fresh = []
    for note in played:
        if note.end == phrase.end and note.ticks > 2 * BREATH and note.end < ground.final:
            note = Note(note.start, note.ticks - BREATH, note.pitch, note.velocity, note.cause)
        held = next(
            (
                index
                for index in range(len(notes) - 1, max(-1, len(notes) - 12), -1)
                if notes[index].pitch == note.pitch
                and notes[index].end == note.start > phrase.start
                and notes[index].cause.label == pattern.name
            ),
            None,
        )
        if held is None:
            fresh.append(note)
        else:
            old = notes[held]
            notes[held] = Note(
                old.start, old.ticks + note.ticks, old.pitch, old.velocity, old.cause
            )
    return fresh


def _last(ground: Ground, name: str, upper: Set) -> list[Note]:
    """The last chord, held to the end."""
    cause = ground.cause(ground.final, "pattern", name, ("chord_pattern",))
    velocity = ground.velocity(ground.final, SOFTER)
    ticks = ground.plan.end - ground.final
    return [Note(ground.final, ticks, pitch, velocity, cause) for pitch in upper]
