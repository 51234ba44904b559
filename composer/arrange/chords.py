"""The chords' part: the upper voices spelled out in time by a pattern."""

from __future__ import annotations

from composer.arrange.ground import Ground, tidy
from composer.arrange.lay import shortened, strokes, variant
from composer.arrange.upper import CEILING, Set, lowest_melody
from composer.library import Pattern, patterns
from composer.library.figures import Step
from composer.values import ChordSpan, Note
from theory.pitch import Pitch

SOFTER = -8  # velocity against the melody's
FORCE = 6  # of a > or a < in a figure
BREATH = 12  # a tied pad leaves off a quaver before the phrase ends


def chord_notes(ground: Ground, name: str, voices: tuple[Set, ...]) -> tuple[Note, ...]:
    """The notes of the chords' part under the pattern `name`, section by section."""
    known = patterns("chord_patterns")
    metre = ground.plan.metre
    lowest = lowest_melody(ground.harmony.spans, ground.melody)
    notes: list[Note] = []
    for span, upper, low in zip(ground.harmony.spans, voices, lowest, strict=True):
        pattern = variant(known, name, ground.level(span.start), metre)
        end = min(span.end, ground.final) if span.start < ground.final else span.start
        steps = strokes(pattern, metre, span.start, end) if end > span.start else ()
        hand = with_octave(upper, min(CEILING, low - 1))
        played = [note for step in steps for note in _play(ground, hand, pattern, step)]
        notes += _tied(ground, notes, played, pattern, span) if pattern.tie else played
    return tidy((*notes, *_last(ground, name, voices[-1])))


def pedalled(ground: Ground, name: str) -> tuple[tuple[int, int], ...]:
    """From and to which ticks the pedal is down under the pattern `name`: a chord at a time, where
    the pattern rings, and never past the held last chord."""
    known = patterns("chord_patterns")
    return tuple(
        (span.start, min(span.end, ground.final))
        for span in ground.harmony.spans
        if span.start < ground.final
        and variant(known, name, ground.level(span.start), ground.plan.metre).ring
    )


def _play(ground: Ground, hand: Set, pattern: Pattern, step: Step) -> list[Note]:
    cause = ground.cause(step.start, "pattern", pattern.name, ("chord_pattern",))
    # Several notes at once are each a little softer than one alone.
    lean = SOFTER + FORCE * step.force - len(step.signs)
    velocity = ground.velocity(step.start, lean)
    ticks = shortened(step)
    pitches = sorted({hand[int(sign) - 1] for sign in step.signs}, key=lambda pitch: pitch.midi)
    return [Note(step.start, ticks, pitch, velocity, cause) for pitch in pitches]


def with_octave(upper: Set, ceiling: int) -> Set:
    """The voices that the signs 1 2 3 4 stand for: a fourth on top is the lowest an octave up, or
    the highest again where that would lie above `ceiling` (MIDI) or within the chord."""
    low = upper[0]
    above = Pitch(low.step, low.alter, low.octave + 1)
    return (*upper, above if upper[-1].midi < above.midi <= ceiling else upper[-1])


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
    return [Note(ground.final, ticks, pitch, velocity, cause) for pitch in dict.fromkeys(upper)]
