"""The upper voices of the accompaniment: from the frame's tenor and alto to what the hand plays.

For every chord two or three notes below the melody and above the bass, led as smoothly as can be:
an exact search over all sets of chord tones, which keeps to the frame's alto and tenor at no cost.
"""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from composer.values import ChordSpan, Note
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
