"""How loud each part is in the mix, so that a melody is heard over its accompaniment.

An ensemble's balance says what a composer wants; instruments of the same volume are not equally
loud, and several notes at once are louder than one. Both are made up for here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from composer.values import SINGERS, Part

# The level that all instruments are brought to, which one that was not measured has, and how much
# softer a part is than a melody that has the same volume in its ensemble, in decibels.
LEVEL = -23.0
UNDER: Mapping[str, float] = MappingProxyType(
    {"doubling": 6, "counter-melody": 4, "chords": 4, "bass": 4}
)
# Decibels by which a melody is to be stronger than all that sounds in its register together, and by
# how much others are turned down for it at most.
CLEAR, MOST = 7.0, 12.0
# Parts that are not in the melody's register, or have no pitch.
ELSEWHERE = frozenset({*SINGERS, "bass", "drums"})
# Ticks for which a tone that dies away counts.
RINGS = 24
SOFTEST, LOUDEST = 16, 127


def volumes(parts: Sequence[Part]) -> Mapping[str, int]:
    """The channel volume of each part, by role (General MIDI: twice as much is 12 dB)."""
    wished = {part.role: part.volume * _factor(_made_up(part)) for part in parts}
    singers = [part for part in parts if part.role in SINGERS and part.notes]
    others = [part for part in parts if part.role not in ELSEWHERE and part.notes]
    if singers and others:
        over = sum(_power(part, wished[part.role]) for part in others)
        least = min(_power(part, wished[part.role]) for part in singers)
        lead = 10 * math.log10(least / over)
        down = min(MOST, max(0.0, CLEAR - lead))
        for part in others:
            wished[part.role] *= _factor(-down)
    return {role: min(LOUDEST, max(SOFTEST, round(volume))) for role, volume in wished.items()}


def _made_up(part: Part) -> float:
    """Decibels that make up for the instrument, and put the part under the melody."""
    if part.role == "drums":
        return 0.0
    return LEVEL - _level(part) - UNDER.get(part.role, 0)


def _level(part: Part) -> float:
    level = part.instrument.level
    return LEVEL if level is None else level


def _power(part: Part, volume: float) -> float:
    """The power of a part's notes while any of them sounds, at a channel volume."""
    lasting = part.instrument.sustains
    sounding: set[int] = set()
    total = 0.0
    for note in part.notes:
        ticks = note.ticks if lasting else min(note.ticks, RINGS)
        sounding.update(range(note.start, note.start + ticks, 6))
        total += ticks * (note.velocity / 90) ** 4
    return total / (6 * len(sounding)) * (volume / 100) ** 4 * 10 ** (_level(part) / 10)


def _factor(decibels: float) -> float:
    """What a channel volume is multiplied by, to be so many decibels louder."""
    return float(10 ** (decibels / 40))
