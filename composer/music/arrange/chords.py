"""The chords' part: the upper voices spelled out in time by a pattern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from composer.music.arrange.ground import Ground, tidy
from composer.music.arrange.lay import laid, shortened, variant
from composer.music.arrange.upper import CEILING, FLOOR, Set, lowest_melody
from composer.music.orchestra import Pattern
from composer.music.orchestra.reading import Step
from composer.values import ChordSpan, Note
from theory.pitch import Pitch

SOFTER = -8  # velocity against the melody's
FORCE = 6  # of a > or a < in a figure
TOP = 3  # of the highest note of a chord
BREATH = 12  # a tied pad leaves off a quaver before the phrase ends


@dataclass(frozen=True, slots=True)
class Hand:
    """The pitches that a figure's signs stand for: `voices` are 1 2 3 4, `rungs` a b c d e f."""

    voices: tuple[Pitch, ...]
    rungs: tuple[Pitch, ...]

    @classmethod
    def over(cls, span: ChordSpan, upper: Set, melody: int) -> Hand:
        """The hand over a chord under a melody whose lowest note is `melody` (MIDI)."""
        ceiling = min(CEILING, melody - 1)
        low = upper[0]
        above = Pitch(low.step, low.alter, low.octave + 1)
        room = upper[-1].midi < above.midi <= ceiling
        bass = span.voicing.bass.midi
        # Low down, a chord needs a fifth above its bass to be clear; higher, a third.
        floor = max(FLOOR, bass + (7 if bass < FLOOR else 3))
        rungs = sorted(
            {
                pitch
                for octave in range(2, 6)
                for tone in span.chord.tones
                if floor <= (pitch := tone.at(octave)).midi <= ceiling
            },
            key=lambda pitch: pitch.midi,
        )
        return cls((*upper, above if room else upper[1]), tuple(rungs) or upper)

    def pitch(self, sign: str) -> Pitch:
        """The pitch of a sign; a climb beyond the highest rung turns back."""
        if sign.isdigit():
            return self.voices[int(sign) - 1]
        place, top = ord(sign) - ord("a"), len(self.rungs) - 1
        place %= max(1, 2 * top)
        return self.rungs[place if place <= top else 2 * top - place]


def chord_notes(
    ground: Ground, known: Mapping[str, Pattern], name: str, voices: tuple[Set, ...]
) -> tuple[Note, ...]:
    """The notes of the chords' part under the pattern `name` of those known, by section."""
    lowest = lowest_melody(ground.harmony.spans, ground.melody)
    notes: list[Note] = []
    for span, upper, low in zip(ground.harmony.spans, voices, lowest, strict=True):
        hand = Hand.over(span, upper, low)
        for pattern, steps in laid(ground, known, name, span):
            spelled = _spelled(hand, steps)
            played = [n for step, pitches in spelled for n in _play(ground, pattern, step, pitches)]
            notes += _tied(ground, notes, played, pattern, span) if pattern.tie else played
    return tidy((*notes, *_last(ground, name, voices[-1])))


def pedalled(
    ground: Ground, known: Mapping[str, Pattern], name: str
) -> tuple[tuple[int, int], ...]:
    """From and to which ticks the pedal is down under the pattern `name`: a chord at a time, where
    the pattern rings, and never past the held last chord."""
    return tuple(
        (span.start, min(span.end, ground.final))
        for span in ground.harmony.spans
        if span.start < ground.final
        and variant(known, name, ground.level(span.start), ground.plan.metre).ring
    )


def _spelled(hand: Hand, steps: tuple[Step, ...]) -> list[tuple[Step, list[Pitch]]]:
    """The pitches of every stroke. Where there is so little room that two signs of a broken chord
    are one note, that is held and not struck again."""
    found: list[tuple[Step, list[Pitch]]] = []
    for step in steps:
        pitches = sorted({hand.pitch(sign) for sign in step.signs}, key=lambda pitch: pitch.midi)
        if found and len(pitches) == 1:
            before, old = found[-1]
            meets = before.start + before.ticks == step.start and old == pitches
            if meets and before.signs != step.signs:
                found[-1] = (
                    replace(before, ticks=before.ticks + step.ticks, signs=step.signs),
                    old,
                )
                continue
        found.append((step, pitches))
    return found


def _play(ground: Ground, pattern: Pattern, step: Step, pitches: list[Pitch]) -> list[Note]:
    cause = ground.cause(step.start, "pattern", pattern.name, ("chord_pattern",))
    # Several notes at once are each a little softer than one alone.
    lean = SOFTER + FORCE * step.force - len(step.signs)
    ticks = shortened(step)
    return [
        Note(step.start, ticks, pitch, _velocity(ground, step.start, lean, pitches, pitch), cause)
        for pitch in pitches
    ]


def _velocity(
    ground: Ground, tick: int, lean: float, pitches: Sequence[Pitch], pitch: Pitch
) -> int:
    """Of notes struck together the highest is brought out a little, as the line that is heard."""
    top = TOP if len(pitches) > 1 and pitch == pitches[-1] else 0
    return ground.velocity(tick, lean + top, "chords")


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
    ticks = ground.plan.end - ground.final
    pitches = tuple(dict.fromkeys(upper))
    return [
        Note(
            ground.final,
            ticks,
            pitch,
            _velocity(ground, ground.final, SOFTER, pitches, pitch),
            cause,
        )
        for pitch in pitches
    ]
