"""The upper voices of the accompaniment: from the frame's tenor and alto to what the hand plays.

For every chord two or three notes below the melody and above the bass, led as smoothly as can be:
an exact search over all sets of chord tones, which keeps to the frame's alto and tenor at no cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, pairwise, product

import numpy as np
from numpy.typing import NDArray

from composer.values import ChordSpan, Harmony, Instrument, Note
from theory.pitch import Pitch

# The neutral register of accompanying chords, C3 to C5: every instrument has it in some octave.
FLOOR, CEILING = 48, 72
VOICES = 3
WIDEST = 14  # semitones from the lowest of a set to its highest
# Costs in semitones of motion: a missing tone, a close interval in the low register, a semitone
# nearer to the melody than a third, a frame's voice not kept, a doubled leading tone, a voice less.
MISSING, THICK, MELODY, STRANGE, LEADING, SPARE = 8.0, 3.0, 2.0, 2.5, 6.0, 4.0

Set = tuple[Pitch, ...]


def upper_voices(spans: tuple[ChordSpan, ...], melody: tuple[Note, ...]) -> tuple[Set, ...]:
    """For every chord its three accompanying notes, low to high; where there is no room for three
    the lowest is there more than once.

    Least cost over the whole piece of motion and of what `_cost` counts; ties by order.
    """
    lowest = lowest_melody(spans, melody)
    sets = [candidates(span, low) for span, low in zip(spans, lowest, strict=True)]
    total: NDArray[np.float64] = np.zeros(1)
    came: list[NDArray[np.intp]] = []
    before: list[Set] = [()]
    for span, low, here in zip(spans, lowest, sets, strict=True):
        own = np.array([_cost(span, low, each) for each in here])
        steps = total[:, None] + _motion(before, here)
        came.append(np.argmin(steps, axis=0))
        total = np.min(steps, axis=0) + own
        before = here
    index = int(np.argmin(total))
    chosen: list[Set] = []
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


def candidates(span: ChordSpan, melody: int) -> list[Set]:
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


def _cost(span: ChordSpan, melody: int, each: Set) -> float:
    chord = span.chord
    notes = {pitch.note for pitch in each} | {span.voicing.bass.note}
    wanted = [chord.third, *([chord.seventh] if chord.seventh else []), chord.root]
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


def _motion(before: list[Set], here: list[Set]) -> NDArray[np.float64]:
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


SHIFTS = (0, -1, 1, -2, 2)
BASS = 43  # G2, the heart of a bass line on an instrument that goes higher as well
OUTSIDE = 1000.0  # a note that the instrument does not have
UNEASY = 24.0  # all notes outside the register where it plays with ease
CROSSING = {
    ("melody", "bass"): 60.0,
    ("chords", "bass"): 60.0,
    ("counter-melody", "bass"): 60.0,
    ("melody", "counter-melody"): 40.0,
    ("melody", "chords"): 30.0,
}
ROLES = ("bass", "chords", "counter-melody", "melody")
RELIEF = "second-melody"


def place(
    parts: Mapping[str, tuple[tuple[Note, ...], Instrument]], wishes: Mapping[str, int]
) -> dict[str, int]:
    """The octaves by which roles sound higher than written, chosen together.

    Every part in its instrument's range, near its best register and the ensemble's wish, the bass
    below and the melody on top, the counter-melody under it. The least cost of all combinations;
    ties go to the smaller shift. Who relieves the melody's player is placed among the others as
    they are.
    """
    roles = [role for role in ROLES if role in parts]
    costs = {
        role: [_octave_cost(role, *parts[role], shift, wishes.get(role)) for shift in SHIFTS]
        for role in roles
    }
    best = min(
        product(range(len(SHIFTS)), repeat=len(roles)),
        key=lambda choice: _together(dict(zip(roles, choice, strict=True)), costs),
    )
    found = dict(zip(roles, best, strict=True))
    if RELIEF in parts:
        own = [
            _octave_cost("melody", *parts[RELIEF], shift, wishes.get(RELIEF)) for shift in SHIFTS
        ]
        found[RELIEF] = min(
            range(len(SHIFTS)),
            key=lambda index: _together({**found, "melody": index}, {**costs, "melody": own}),
        )
    return {role: SHIFTS[index] for role, index in found.items()}


def fold(notes: tuple[Note, ...], instrument: Instrument, octave: int) -> tuple[Note, ...]:
    """Notes that no octave of the part brings into the instrument's range, moved by octaves."""
    low, high = instrument.low.midi - 12 * octave, instrument.high.midi - 12 * octave
    return tuple(
        note
        if note.pitch is None or low <= note.pitch.midi <= high
        else replace(note, pitch=_into(note.pitch, low, high))
        for note in notes
    )


def _into(pitch: Pitch, low: int, high: int) -> Pitch:
    while pitch.midi < low:
        pitch = Pitch(pitch.step, pitch.alter, pitch.octave + 1)
    while pitch.midi > high:
        pitch = Pitch(pitch.step, pitch.alter, pitch.octave - 1)
    return pitch


def _octave_cost(
    role: str, notes: tuple[Note, ...], instrument: Instrument, shift: int, wish: int | None
) -> float:
    numbers = [note.key_number + 12 * shift for note in notes]
    if not numbers:
        return float(abs(shift))
    outside = sum(not instrument.low.midi <= number <= instrument.high.midi for number in numbers)
    centre, best = sum(numbers) / len(numbers), instrument.middle.midi
    cost = OUTSIDE * outside + abs(centre - (min(best, BASS) if role == "bass" else best))
    if instrument.comfortable is not None:
        low, high = (pitch.midi for pitch in instrument.comfortable)
        cost += UNEASY * sum(not low <= number <= high for number in numbers) / len(numbers)
    return cost + (6.0 * abs(shift) if wish is None else 10.0 * abs(shift - wish))


def _together(choice: Mapping[str, int], costs: Mapping[str, list[float]]) -> float:
    total = sum(costs[role][index] for role, index in choice.items())
    for (upper, lower), price in CROSSING.items():
        if upper in choice and lower in choice:
            total += price * max(0, SHIFTS[choice[lower]] - SHIFTS[choice[upper]])
    return total
