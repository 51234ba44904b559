"""Which notes of a bar a beam holds together, and where triplets are bracketed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from music21 import meter

from composer.files.notation import Value
from theory.metre import QUARTER, Metre


def beam(row: Sequence[Value], made: Sequence[Any], metre: Metre) -> None:
    """Beam quavers alone by half bars (whole ones of two or three beats), and all else by beats."""
    coarse, fine = (_beams(metre, ticks, made) for ticks in (beamed(metre), None))
    for begin, end in pairwise((0, *accumulate(beamed(metre)))):
        group = [number for number, value in enumerate(row) if begin <= value.start < end]
        plain = all(row[number].ticks % metre.pulse == 0 for number in group)
        for number in group:
            beams = (coarse if plain else fine)[number]
            if beams is not None:
                made[number].beams = beams


def beamed(metre: Metre) -> tuple[int, ...]:
    """The ticks of a bar's parts within which quavers are beamed.

    >>> from theory.metre import METRES
    >>> [beamed(METRES[name]) for name in ("3/4", "4/4", "5/4", "6/8")]
    [(72,), (48, 48), (72, 48), (36, 36)]
    """
    if metre.compound:
        return (metre.beat,) * metre.beats
    strong = [beat for beat, accent in enumerate(metre.accents) if accent > 2]
    return tuple((end - begin) * metre.beat for begin, end in pairwise((*strong, metre.beats)))


def _beams(metre: Metre, groups: Sequence[int] | None, made: Sequence[Any]) -> list[Any]:
    """Music21's beams of a bar's notes within parts of so many ticks, or within beats."""
    time = meter.TimeSignature(metre.name)
    if groups is not None and not metre.compound:
        time.beamSequence.partition([ticks // metre.beat for ticks in groups])
    elif not metre.compound:
        time.beamSequence.partition(metre.beats)
    found: list[Any] = time.getBeams(made)
    return found


def bracket(row: Sequence[Value], made: Sequence[Any]) -> None:
    """Mark where each group of triplets, a beat's worth, begins and ends; where a beam holds them
    together they need no bracket."""
    beats: dict[int, list[int]] = {}
    for number, value in enumerate(row):
        if value.triplet:
            beats.setdefault(value.start // QUARTER, []).append(number)
    for group in beats.values():
        together = all(row[number].pitches and row[number].ticks < 16 for number in group)
        for number in group:
            for tuplet in made[number].duration.tuplets:
                tuplet.bracket = not together
                tuplet.type = {group[0]: "start", group[-1]: "stop"}.get(number)
                if len(group) == 1:
                    tuplet.type = "startStop"
