"""How loud each part is in the mix, so that a melody is heard over its accompaniment.

An ensemble's balance says what a composer wants; instruments of the same volume are not equally
loud, and several notes at once are louder than one. Both are made up for here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from composer.music.plan.performance import loudness
from composer.values import Part, Plan
from composer.vocabulary import SINGERS
from theory.tempo import lasting

# The level that all instruments are brought to, which one that was not measured has, and how much
# softer a part is than a melody that has the same volume in its ensemble, in decibels.
LEVEL = -26.0
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
    asked = {part.role: part.volume * _factor(_made_up(part)) for part in parts}
    singers = [part for part in parts if part.role in SINGERS and part.notes]
    others = [part for part in parts if part.role not in ELSEWHERE and part.notes]
    if singers and others:
        over = math.fsum(_power(part, asked[part.role]) for part in others)
        least = min(_power(part, asked[part.role]) for part in singers)
        lead = 10 * math.log10(least / over)
        down = min(MOST, max(0.0, CLEAR - lead))
        for part in others:
            asked[part.role] *= _factor(-down)
    return {role: min(LOUDEST, max(SOFTEST, round(volume))) for role, volume in asked.items()}


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


# Who can: an organ, a harp or a piano has no hold of a note once it sounds.
FAMILIES = frozenset({"strings", "winds", "brass", "voices", "synthesiser"})
EVEN, MOST_SWELL = 112, 127  # expression of a note that is not shaped, and the most there is
LONG = 0.8  # seconds from which a note is shaped, as far as can be where it is twice as long
STEP = 6  # ticks from one value to the next
# A swell's factor on the loudness where a note begins and ends, and at its fullest.
ENDS, FULLEST = 0.9, 1.08
CREST = 0.55  # where in the note that is, as a share of its length
DYING = 0.5  # what the last note comes down to


def shaped(part: Part) -> bool:
    """Can this part's player shape what he holds?"""
    return part.instrument.sustains and part.instrument.family in FAMILIES


def expression(part: Part, plan: Plan) -> tuple[tuple[int, int], ...]:
    """Ticks and the values (0–127) that expression takes there; nothing for who cannot shape."""
    if not shaped(part) or not part.notes:
        return ()
    found: list[tuple[int, int]] = []
    for tick, factor in _course(part, plan):
        value = max(1, min(MOST_SWELL, round(EVEN * factor)))
        if not found or found[-1][1] != value:
            found.append((tick, value))
    return tuple(found)


def _course(part: Part, plan: Plan) -> Iterator[tuple[int, float]]:
    """The factor on a part's loudness at each onset, and on the way through what is held."""
    onsets = sorted({note.start for note in part.notes})
    ends: dict[int, int] = {}
    for note in part.notes:
        ends[note.start] = max(note.end, ends.get(note.start, 0))
    last = max(note.end for note in part.notes)
    for start, after in pairwise([*onsets, last]):
        end = min(after, ends[start])
        seconds = lasting(end - start, plan.metre.beat, plan.tempo[0][1])
        depth = min(1.0, max(0.0, seconds / LONG - 1))
        yield start, 1 + depth * (ENDS - 1)
        if not depth:
            continue
        begun = loudness(plan.dynamics, start)
        for tick in range(start + STEP, end, STEP):
            share = (tick - start) / (end - start)
            factor = (1 + depth * (_swell(share) - 1)) * loudness(plan.dynamics, tick) / begun
            yield tick, factor * (_dying(share) if end == plan.end else 1.0)


def _swell(share: float) -> float:
    """A held note's own rise and fall."""
    way = share / CREST if share < CREST else (1 - share) / (1 - CREST)
    return ENDS + (FULLEST - ENDS) * (0.5 - 0.5 * math.cos(math.pi * way))


def _dying(share: float) -> float:
    """The last note's fall, from its crest on."""
    return 1 - (1 - DYING) * max(0.0, (share - CREST) / (1 - CREST))
