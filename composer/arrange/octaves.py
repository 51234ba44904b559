"""Octaves: in which octave each instrument plays its part, so that the written notes never change.

What is composed does not depend on who plays it: notes are written in the plan's octaves, and a
part sounds whole octaves higher or lower, as a double bass or a piccolo does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

from composer.values import Instrument, Note
from theory.pitch import Pitch

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
        role: [_cost(role, *parts[role], shift, wishes.get(role)) for shift in SHIFTS]
        for role in roles
    }
    best = min(
        product(range(len(SHIFTS)), repeat=len(roles)),
        key=lambda choice: _together(dict(zip(roles, choice, strict=True)), costs),
    )
    found = dict(zip(roles, best, strict=True))
    if RELIEF in parts:
        own = [_cost("melody", *parts[RELIEF], shift, wishes.get(RELIEF)) for shift in SHIFTS]
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


def _cost(
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
