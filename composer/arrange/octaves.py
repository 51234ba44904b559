"""Octaves: in which octave each instrument plays its part, so that the written notes never change.

What is composed does not depend on who plays it: notes are written in the plan's octaves, and a
part sounds whole octaves higher or lower, as a double bass or a piccolo does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

from composer.library import middles
from composer.values import Instrument, Note
from theory.pitch import Pitch

SHIFTS = (0, -1, 1, -2, 2)
BASS = 43  # G2, the heart of a bass line on an instrument that goes higher as well
OUTSIDE = 1000.0  # a note that the instrument does not have
CROSSING = {("melody", "bass"): 60.0, ("chords", "bass"): 60.0, ("melody", "chords"): 8.0}


def place(
    parts: Mapping[str, tuple[tuple[Note, ...], Instrument]], wishes: Mapping[str, int]
) -> dict[str, int]:
    """The octaves by which roles sound higher than written, chosen together.

    Every part in its instrument's range, near its best register and the ensemble's wish, the bass
    below and the melody on top. The least cost of all combinations; ties go to the smaller shift.
    """
    roles = [role for role in ("bass", "chords", "melody") if role in parts]
    costs = {
        role: [_cost(role, *parts[role], shift, wishes.get(role)) for shift in SHIFTS]
        for role in roles
    }
    best = min(
        product(range(len(SHIFTS)), repeat=len(roles)),
        key=lambda choice: _together(dict(zip(roles, choice, strict=True)), costs),
    )
    found = {role: SHIFTS[index] for role, index in zip(roles, best, strict=True)}
    if "counter-melody" in parts:
        notes, instrument = parts["counter-melody"]
        low, high = found.get("bass", -2), found.get("melody", 2)
        found["counter-melody"] = min(
            SHIFTS,
            key=lambda shift: (
                _cost("counter-melody", notes, instrument, shift, wishes.get("counter-melody"))
                + 60.0 * (shift < low)
                + 20.0 * (shift > high)
            ),
        )
    return found


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
    centre = sum(numbers) / len(numbers)
    best = middles()[instrument.name]
    cost = OUTSIDE * outside + abs(centre - (min(best, BASS) if role == "bass" else best))
    return cost + (6.0 * abs(shift) if wish is None else 10.0 * abs(shift - wish))


def _together(choice: Mapping[str, int], costs: Mapping[str, list[float]]) -> float:
    total = sum(costs[role][index] for role, index in choice.items())
    for (upper, lower), price in CROSSING.items():
        if upper in choice and lower in choice:
            total += price * max(0, SHIFTS[choice[lower]] - SHIFTS[choice[upper]])
    return total
