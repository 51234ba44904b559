"""The chords' part: two or three upper voices a chord, spelled out in time by a pattern.

For every chord two or three notes below the melody and above the bass, led as smoothly as can be:
an exact search over all sets of chord tones, which keeps to the frame's alto and tenor at no cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from composer.music.arrange.figuration import figured, shortened, variant
from composer.music.arrange.leadsheet import LeadSheet, tidy
from composer.music.orchestra import PitchedPattern
from composer.music.orchestra.reading import Stroke
from composer.values import ChordSpan, Harmony, Note
from theory.pitch import Pitch

# The neutral register of accompanying chords, C3 to C5: every instrument has it in some octave.
FLOOR, CEILING = 48, 72
VOICES = 3
WIDEST = 14  # semitones from the lowest of a set to its highest
# Costs in semitones of motion: a missing tone, a close interval in the low register, a semitone
# nearer to the melody than a third, a frame's voice not kept, a doubled leading tone, a voice less.
MISSING, THICK, MELODY, STRANGE, LEADING, SPARE = 8.0, 3.0, 2.0, 2.5, 6.0, 4.0

UpperVoices = tuple[Pitch, ...]


def upper_voices(spans: tuple[ChordSpan, ...], melody: tuple[Note, ...]) -> tuple[UpperVoices, ...]:
    """For every chord its three accompanying notes, low to high; where there is no room for three
    the lowest is there more than once.

    Least cost over the whole piece of motion and of what `_cost` counts; ties by order.
    """
    lowest = lowest_melody(spans, melody)
    sets = [candidates(span, low) for span, low in zip(spans, lowest, strict=True)]
    total: NDArray[np.float64] = np.zeros(1)
    came: list[NDArray[np.intp]] = []
    before: list[UpperVoices] = [()]
    for span, low, here in zip(spans, lowest, sets, strict=True):
        own = np.array([_cost(span, low, each) for each in here])
        steps = total[:, None] + _motion(before, here)
        came.append(np.argmin(steps, axis=0))
        total = np.min(steps, axis=0) + own
        before = here
    index = int(np.argmin(total))
    chosen: list[UpperVoices] = []
    for here, back in zip(reversed(sets), reversed(came), strict=True):
        chosen.append(here[index])
        index = int(back[index])
    return tuple(reversed(chosen))


def lowest_melody(spans: tuple[ChordSpan, ...], melody: tuple[Note, ...]) -> tuple[int, ...]:
    """The lowest melody note (MIDI) that sounds with each chord; the soprano's where none does."""
    found = []
    for span in spans:
        sounding = [n.key_number for n in melody if n.start < span.end and n.end > span.start]
        found.append(min(sounding, default=span.voicing.soprano.midi))
    return tuple(found)


def candidates(span: ChordSpan, melody: int) -> list[UpperVoices]:
    """All sets of three chord tones between bass and melody, and of two or one where that is
    better: the lowest of those is written twice or three times, so that every set has three."""
    low = max(FLOOR, span.voicing.bass.midi + 1)
    high = min(CEILING, melody - 1)
    pitches = [
        pitch
        for octave in range(2, 6)
        for tone in span.chord.tones
        if low <= (pitch := tone.at(octave)).midi <= high
    ]
    pitches.sort(key=lambda pitch: (pitch.midi, pitch.height))
    found = [
        (each[0],) * (VOICES - size) + each
        for size in (3, 2)
        for each in combinations(pitches, size)
        if each[-1].midi - each[0].midi <= WIDEST and len({pitch.note for pitch in each}) == size
    ]
    return found or [(each,) * VOICES for each in pitches or [span.voicing.tenor]]


def _cost(span: ChordSpan, melody: int, each: UpperVoices) -> float:
    chord = span.chord
    notes = {pitch.note for pitch in each} | {span.voicing.bass.note}
    coloured = [note for note in (chord.seventh, chord.added) if note is not None]
    wanted = [chord.third, *coloured, chord.root]
    cost = MISSING * sum(note not in notes for note in wanted) + 2.0 * (chord.fifth not in notes)
    for lower, higher in pairwise(each):
        gap = higher.midi - lower.midi
        if gap == 0:
            continue
        cost += THICK * (gap < 3 and lower.midi < 60) + THICK * (gap == 1)
        cost += THICK * (gap < 5 and lower.midi < 52)
    cost += SPARE * (VOICES - len(set(each)))
    cost += STRANGE * sum(v not in each for v in (span.voicing.tenor, span.voicing.alto))
    cost += MELODY * max(0, 3 - (melody - each[-1].midi))
    doubled = {span.voicing.bass.note, span.voicing.soprano.note}
    if chord.leading is not None and chord.leading in doubled:
        cost += LEADING * sum(pitch.note == chord.leading for pitch in each)
    return cost


def _motion(before: list[UpperVoices], here: list[UpperVoices]) -> NDArray[np.float64]:
    """Semitones that the voices move between each set and each other, (sets before, sets here)."""
    if before == [()]:
        return np.zeros((1, len(here)))
    old, new = (
        np.array([[pitch.midi for pitch in each] for each in sets]) for sets in (before, here)
    )
    moved: NDArray[np.float64] = np.abs(old[:, None, :] - new[None, :, :]).sum(axis=2).astype(float)
    return moved


LOWEST = Pitch.parse("E2")  # of the written register of a bass
ENOUGH = 2  # different notes of a chord between bass and melody


def deepened(harmony: Harmony, melody: tuple[Note, ...]) -> Harmony:
    """The harmony as it is arranged: where there is room for one note only between a chord's bass
    and the melody over it, and the octave below is a bass's, the bass takes that octave.

    The chord stays in its inversion; the frame, on which part-writing is judged, is not changed.
    """
    lowest = lowest_melody(harmony.spans, melody)
    spans = (_deep(span, low) for span, low in zip(harmony.spans, lowest, strict=True))
    return replace(harmony, spans=tuple(spans))


def _deep(span: ChordSpan, melody: int) -> ChordSpan:
    bass = span.voicing.bass
    below = Pitch(bass.step, bass.alter, bass.octave - 1)
    if below.midi < LOWEST.midi:
        return span
    most = max(len(set(each)) for each in candidates(span, melody))
    return span if most >= ENOUGH else replace(span, voicing=replace(span.voicing, bass=below))


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
    def over(cls, span: ChordSpan, upper: UpperVoices, melody: int) -> Hand:
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
    sheet: LeadSheet,
    known: Mapping[str, PitchedPattern],
    name: str,
    voices: tuple[UpperVoices, ...],
) -> tuple[Note, ...]:
    """The notes of the chords' part under the pattern `name` of those known, by section."""
    lowest = lowest_melody(sheet.harmony.spans, sheet.melody)
    notes: list[Note] = []
    for span, upper, low in zip(sheet.harmony.spans, voices, lowest, strict=True):
        hand = Hand.over(span, upper, low)
        for pattern, strokes in figured(sheet, known, name, span):
            spelled = _spelled(hand, strokes)
            played = [
                n for stroke, pitches in spelled for n in _play(sheet, pattern, stroke, pitches)
            ]
            notes += _tied(sheet, notes, played, pattern, span) if pattern.tie else played
    return tidy((*notes, *_last(sheet, name, voices[-1])))


def pedalled(
    sheet: LeadSheet, known: Mapping[str, PitchedPattern], name: str
) -> tuple[tuple[int, int], ...]:
    """From and to which ticks the pedal is down under the pattern `name`: a chord at a time, where
    the pattern rings, and never past the held last chord."""
    return tuple(
        (span.start, min(span.end, sheet.final))
        for span in sheet.harmony.spans
        if span.start < sheet.final
        and variant(known, name, sheet.level(span.start), sheet.plan.metre).ring
    )


def _spelled(hand: Hand, strokes: tuple[Stroke, ...]) -> list[tuple[Stroke, list[Pitch]]]:
    """The pitches of every stroke. Where there is so little room that two signs of a broken chord
    are one note, that is held and not struck again."""
    found: list[tuple[Stroke, list[Pitch]]] = []
    for stroke in strokes:
        pitches = sorted({hand.pitch(sign) for sign in stroke.signs}, key=lambda pitch: pitch.midi)
        if found and len(pitches) == 1:
            before, old = found[-1]
            meets = before.start + before.ticks == stroke.start and old == pitches
            if meets and before.signs != stroke.signs:
                found[-1] = (
                    replace(before, ticks=before.ticks + stroke.ticks, signs=stroke.signs),
                    old,
                )
                continue
        found.append((stroke, pitches))
    return found


def _play(
    sheet: LeadSheet, pattern: PitchedPattern, stroke: Stroke, pitches: list[Pitch]
) -> list[Note]:
    cause = sheet.cause(stroke.start, "pattern", pattern.name, ("chord_pattern",))
    # Several notes at once are each a little softer than one alone.
    lean = SOFTER + FORCE * stroke.force - len(stroke.signs)
    ticks = shortened(stroke)
    return [
        Note(
            stroke.start, ticks, pitch, _velocity(sheet, stroke.start, lean, pitches, pitch), cause
        )
        for pitch in pitches
    ]


def _velocity(
    sheet: LeadSheet, tick: int, lean: float, pitches: Sequence[Pitch], pitch: Pitch
) -> int:
    """Of notes struck together the highest is brought out a little, as the line that is heard."""
    top = TOP if len(pitches) > 1 and pitch == pitches[-1] else 0
    return sheet.velocity(tick, lean + top, "chords")


def _tied(
    sheet: LeadSheet,
    notes: list[Note],
    played: list[Note],
    pattern: PitchedPattern,
    span: ChordSpan,
) -> list[Note]:
    """What is left to strike when common notes are held on from the chord before, as far as the
    phrase goes; `notes` are lengthened in place."""
    phrase = sheet.phrase(span.start)
    fresh = []
    for note in played:
        if note.end == phrase.end and note.ticks > 2 * BREATH and note.end < sheet.final:
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


def _last(sheet: LeadSheet, name: str, upper: UpperVoices) -> list[Note]:
    """The last chord, held to the end."""
    cause = sheet.cause(sheet.final, "pattern", name, ("chord_pattern",))
    ticks = sheet.plan.end - sheet.final
    pitches = tuple(dict.fromkeys(upper))
    return [
        Note(
            sheet.final,
            ticks,
            pitch,
            _velocity(sheet, sheet.final, SOFTER, pitches, pitch),
            cause,
        )
        for pitch in pitches
    ]
