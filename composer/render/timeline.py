"""How written notes are played: swing, articulation, breath, and chords rolled by fingers.

Written time is in ticks of 1/24 quarter note; played time in pulses of 1/480, MIDI's own grid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from composer.values import Part
from theory.metre import QUARTER, Metre

PULSES = 480  # a quarter note
SCALE = PULSES // QUARTER
SHORTEST = 10  # pulses that any note sounds
BREATH = 240  # pulses for a breath: a quaver, or half of a note shorter than a crotchet
WIDEST_ROLL = 4  # a chord is rolled within this part of its length
GAP = 8  # pulses of silence before the same key is struck again, so that it is heard as struck


@dataclass(frozen=True, slots=True)
class Sound:
    """A key held from pulse `start` to pulse `end`."""

    start: int
    end: int
    key: int
    velocity: int


def swung(tick: int, swing: float) -> int:
    """The pulse at which `tick` falls: the off-beat quaver comes late by up to 1/6 quarter note.

    Semiquavers are carried along; triplets are where swing would take a quaver, and stay.

    >>> swung(12, 0.0), swung(12, 1.0), swung(18, 1.0), swung(16, 1.0)
    (240, 320, 400, 320)
    """
    beat, place = divmod(tick, QUARTER)
    if place % 8 == 0:
        return tick * SCALE
    half = QUARTER // 2
    late = swing * QUARTER / 6
    if place <= half:
        moved = place * (half + late) / half
    else:
        moved = half + late + (place - half) * (half - late) / half
    return beat * PULSES + round(moved * SCALE)


def play(part: Part, metre: Metre, swing: float) -> tuple[Sound, ...]:
    """The part's sounds in order of time, no two on one key at once.

    swing: 0 straight, 1 triplet; compound metres have their own triplets and do not swing.
    """
    bend = 0.0 if metre.compound else swing
    sounds = []
    struck = Counter(note.start for note in part.notes)
    place: Counter[int] = Counter()
    for note in sorted(part.notes, key=lambda note: (note.start, note.key_number)):
        start, end = swung(note.start, bend), swung(note.end, bend)
        # A long note is let go no earlier than a beat would be.
        gap = (1 - part.articulation) * min(end - start, metre.beat * SCALE)
        if any(first <= note.start and note.end < last for first, last in part.slurs):
            gap = 0.0
        last = start + max(SHORTEST, round(end - start - gap))
        if note.end in part.breaths:
            last = min(last, end - min(BREATH, (end - start) // 2))
        others = struck[note.start] - 1
        if part.roll and others:
            late = min(part.roll, (end - start) // WIDEST_ROLL // others)
            start += place[note.start] * late
            place[note.start] += 1
        key = note.key_number + 12 * part.octave
        sounds.append(Sound(start, max(last, start + SHORTEST), key, note.velocity))
    return tuple(sorted(_apart(sounds), key=lambda sound: (sound.start, sound.key)))


def _apart(sounds: Iterable[Sound]) -> list[Sound]:
    """The sounds with every key released before it is struck again.

    Where one key is struck twice at once, the longer and the louder of the two are heard as one.
    """
    by_key: dict[int, dict[int, Sound]] = {}
    for sound in sounds:
        same = by_key.setdefault(sound.key, {})
        twin = same.get(sound.start, sound)
        same[sound.start] = Sound(
            sound.start,
            max(sound.end, twin.end),
            sound.key,
            max(sound.velocity, twin.velocity),
        )
    apart = []
    for same in by_key.values():
        row = [same[start] for start in sorted(same)]
        for sound, after in pairwise(row):
            gap = min(GAP, (after.start - sound.start) // 2)
            end = min(sound.end, after.start - gap)
            apart.append(Sound(sound.start, end, sound.key, sound.velocity))
        apart.append(row[-1])
    return apart
