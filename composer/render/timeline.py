"""The one clock of a piece: what is played when, note by note, in MIDI's pulses and in seconds.

Swing, articulation, breath and chords rolled by fingers become pulses of 1/480 quarter note; rubato
and ritardando are the tempo under which pulses become seconds; and people are a few milliseconds
early or late, unless a piece is to be played strictly. The MIDI file is written off it; the sound
and the player in a report play that file, and a film is drawn by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from composer.render.timing import Timing
from composer.values import Note, Part, Piece, Plan
from theory.metre import QUARTER, Metre
from theory.tempo import Clock

PULSES = 480  # a quarter note
SCALE = PULSES // QUARTER
SHORTEST = 10  # pulses that any note sounds
BREATH = 240  # pulses for a breath: a quaver, or half of a note shorter than a crotchet
WIDEST_ROLL = 4  # a chord is rolled within this part of its length
GAP = 8  # pulses of silence before the same key is struck again, so that it is heard as struck


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """A written note as it is played: a key held from pulse `start` to pulse `end`."""

    note: Note
    start: int
    end: int
    key: int
    velocity: int


@dataclass(frozen=True, slots=True)
class HeardNote:
    """A written note, and from when to when it is heard, in seconds; `part` counts from 0."""

    note: Note
    part: int
    role: str
    start: float
    end: float


class Timeline:
    """When everything in a piece is heard.

    parts: what each of the piece's parts plays, in order of time. pedals: for each part, (pulse at
    which the pedal goes down, pulse at which it comes up). tempi: (pulse, microseconds a quarter
    note from there on), whole ones, as a MIDI file holds them.
    """

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        metre, swing = piece.plan.metre, piece.plan.performance.swing
        self.swing = _bend(metre, swing)
        self.tempi = _tempi(piece.plan)
        self._clock = Clock([(pulse, tempo * 1e-6 / PULSES) for pulse, tempo in self.tempi])
        self._timing: Timing | None = None
        if piece.timing != "strict":
            self._timing = Timing(piece.seed, [phrase.start for phrase in piece.plan.phrases[1:]])
        self.parts = tuple(self._performed(part, play(part, metre, swing)) for part in piece.parts)
        self.pedals = tuple(
            self._pedal(part, played) for part, played in zip(piece.parts, self.parts, strict=True)
        )

    def pulse(self, role: str, tick: int) -> int:
        """The pulse at which who plays `role` plays a written tick."""
        pulse = swung(tick, self.swing)
        return pulse if self._timing is None else self._moved(pulse, self._timing.late(role, tick))

    def _moved(self, pulse: int, late: float) -> int:
        """The pulse so many seconds after another, or before it; none is before the first."""
        return round(self._clock.place(max(0.0, self._clock.second(pulse) + late)))

    def _performed(self, part: Part, played: Sequence[PlayedNote]) -> tuple[PlayedNote, ...]:
        """The notes as people time them; as they are where nobody does."""
        if self._timing is None:
            return tuple(played)
        role, last = part.role, self._piece.plan.end * SCALE
        struck = Counter(one.note.start for one in played)
        place: Counter[int] = Counter()
        moved = []
        for one in sorted(played, key=lambda one: (one.note.start, one.key)):
            note, late = one.note, self._timing.late(role, one.note.start, one.note.drum)
            if not part.roll and note.drum is None:
                # Fingers that roll a chord spread it already.
                apart = self._timing.spread(role, note.start, struck[note.start])
                brief = self.second(one.end) - self.second(one.start)
                late += place[note.start] * min(apart, brief / WIDEST_ROLL / struck[note.start])
                place[note.start] += 1
            start = self._moved(one.start, late)
            end = min(last, self._moved(one.end, self._timing.late(role, note.end, note.drum)))
            moved.append(replace(one, start=start, end=max(end, start + SHORTEST)))
        return tuple(sorted(_apart(moved), key=lambda one: (one.start, one.key)))

    def _pedal(self, part: Part, played: Sequence[PlayedNote]) -> tuple[tuple[int, int], ...]:
        """When the pedal goes down and comes up.

        It is changed as pianists do: up as the new chord is struck, down once that is and the last
        key of the old one is let go, which would ring into it else.
        """
        done: dict[int, int] = {}
        for one in played:
            for tick, pulse in ((one.note.start, one.start), (one.note.end, one.end)):
                done[tick] = max(pulse, done.get(tick, 0))
        found = []
        for start, end in part.pedal:
            up = end * SCALE if self._timing is None else self.pulse(part.role, end)
            found.append((max(start * SCALE, done.get(start, 0)), up))
        return tuple(found)

    def second(self, pulse: float) -> float:
        """When this pulse falls."""
        return self._clock.second(pulse)

    def second_of_tick(self, tick: float) -> float:
        """When a tick of the written piece falls, were nothing swung: a barline's, a chord's."""
        return self.second(tick * SCALE)

    @cached_property
    def heard(self) -> tuple[HeardNote, ...]:
        """Every note that is heard, in order of time; of two on one key at one tick one is."""
        found = [
            HeardNote(one.note, number, part.role, self.second(one.start), self.second(one.end))
            for number, (part, played) in enumerate(zip(self._piece.parts, self.parts, strict=True))
            for one in played
        ]
        return tuple(sorted(found, key=lambda each: (each.start, each.part, each.note.key_number)))


def _tempi(plan: Plan) -> tuple[tuple[int, int], ...]:
    """The plan's tempo as pulses and whole microseconds a quarter note."""
    rates = ((tick, rate * plan.metre.beat / QUARTER) for tick, rate in plan.tempo)
    return tuple((tick * SCALE, round(60 * 1e6 / quarters)) for tick, quarters in rates)


def _bend(metre: Metre, swing: float) -> float:
    """How far quavers are bent: compound metres have their own triplets and do not swing."""
    return 0.0 if metre.compound else swing


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


def play(part: Part, metre: Metre, swing: float) -> tuple[PlayedNote, ...]:
    """What the part plays in order of time, no two notes on one key at once.

    swing: 0 straight, 1 triplet; in compound metres nothing swings.
    """
    bend = _bend(metre, swing)
    played = []
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
        played.append(PlayedNote(note, start, max(last, start + SHORTEST), key, note.velocity))
    return tuple(sorted(_apart(played), key=lambda one: (one.start, one.key)))


def _apart(played: Iterable[PlayedNote]) -> list[PlayedNote]:
    """The notes with every key released before it is struck again.

    Where one key is struck twice at once, the longer and the louder of the two are heard as one.
    """
    by_key: dict[int, dict[int, PlayedNote]] = {}
    for one in played:
        same = by_key.setdefault(one.key, {})
        twin = same.get(one.start, one)
        same[one.start] = replace(
            twin, end=max(one.end, twin.end), velocity=max(one.velocity, twin.velocity)
        )
    apart: list[PlayedNote] = []
    for same in by_key.values():
        row: Sequence[PlayedNote] = [same[start] for start in sorted(same)]
        for one, after in pairwise(row):
            gap = min(GAP, (after.start - one.start) // 2)
            apart.append(replace(one, end=min(one.end, after.start - gap)))
        apart.append(row[-1])
    return apart
