"""Notes as they are written: parted into voices, cut at barlines and beats, with ties and rests.

Pure; what comes out is ready to be engraved value by value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from music21 import meter

from theory.metre import QUARTER, Metre
from theory.pitch import Pitch

# Ticks that one note value can stand for: binary ones, plain and dotted, and triplets.
PLAIN = (96, 48, 24, 12, 6, 3)
DOTTED = (144, 72, 36, 18, 9)
TRIPLET = (16, 8, 4, 2)
VALUES = frozenset(PLAIN + DOTTED + TRIPLET)
# Voices that a reader can tell apart on a staff.
VOICES = 4


@dataclass(frozen=True, slots=True)
class WrittenChord:
    """Pitches (one or more, lowest first) that begin and end together, in ticks from the start."""

    start: int
    end: int
    pitches: tuple[Pitch, ...]


@dataclass(frozen=True, slots=True)
class NoteValue:
    """One note value in a bar: a note, a chord, or a rest where there are no pitches.

    `start` counts from the barline; `tied` says that the value goes on from the one before it,
    `ties` that it goes on into the next.
    """

    start: int
    ticks: int
    pitches: tuple[Pitch, ...]
    tied: bool = False
    ties: bool = False

    @property
    def triplet(self) -> bool:
        return self.ticks in TRIPLET


def chords(notes: Iterable[tuple[int, int, Pitch]]) -> tuple[WrittenChord, ...]:
    """Notes (start, end, pitch) joined where they begin and end together; doublings once."""
    groups: dict[tuple[int, int], dict[str, Pitch]] = {}
    for start, end, pitch in notes:
        groups.setdefault((start, end), {})[pitch.name] = pitch
    return tuple(
        WrittenChord(start, end, tuple(sorted(named.values())))
        for (start, end), named in sorted(groups.items())
    )


def part_voices(line: Sequence[WrittenChord]) -> tuple[tuple[WrittenChord, ...], ...]:
    """The chords dealt to voices in which nothing overlaps, the higher to the first voice.

    A chord that finds all four voices sounding cuts short the one that began first.
    """
    voices: list[list[WrittenChord]] = []
    for chord in sorted(line, key=lambda c: (c.start, -c.pitches[-1].midi, c.end)):
        free = next((voice for voice in voices if voice[-1].end <= chord.start), None)
        if free is None and len(voices) < VOICES:
            free = []
            voices.append(free)
        if free is None:
            free = min(voices, key=lambda voice: voice[-1].start)
            before = free.pop()
            if before.start < chord.start:
                free.append(WrittenChord(before.start, chord.start, before.pitches))
        free.append(chord)
    return tuple(tuple(voice) for voice in voices)


def bars(
    voice: Sequence[WrittenChord], metre: Metre, count: int
) -> tuple[tuple[NoteValue, ...], ...]:
    """The voice's values bar by bar, `count` bars filled exactly with notes and rests."""
    filled: list[list[NoteValue]] = [[] for _ in range(count)]
    now = 0
    for chord in voice:
        _lay(filled, now, chord.start, (), metre)
        _lay(filled, chord.start, chord.end, chord.pitches, metre)
        now = chord.end
    _lay(filled, now, count * metre.bar, (), metre)
    return tuple(tuple(bar) for bar in filled)


def _lay(
    filled: list[list[NoteValue]], start: int, end: int, pitches: tuple[Pitch, ...], metre: Metre
) -> None:
    """Add the values from `start` to `end`, tied to each other where they are notes."""
    cuts: list[tuple[int, int]] = []
    now = start
    while now < end:
        stop = min(end, now // metre.bar * metre.bar + metre.bar)
        cuts += split(now, stop, metre, rest=not pitches)
        now = stop
    for index, (begin, stop) in enumerate(cuts):
        bar, place = divmod(begin, metre.bar)
        tied = bool(pitches) and index > 0
        ties = bool(pitches) and index < len(cuts) - 1
        filled[bar].append(NoteValue(place, stop - begin, pitches, tied, ties))


def split(start: int, end: int, metre: Metre, *, rest: bool = False) -> list[tuple[int, int]]:
    """The span as note values that show the beat, all of it within one bar.

    A value may stand where it begins at least as strong as any beat that it covers; a plain note
    may also be syncopated over one level (quaver, crotchet, quaver). Else it is cut at the
    strongest beat inside.
    """
    if rest and end - start == metre.bar and start % metre.bar == 0:
        return [(start, end)]
    if _stands(start, end, metre, rest):
        return [(start, end)]
    inside = [tick for tick in range(start + 1, end) if metre.strength(tick) > 0]
    if not inside:
        longest = next((v for v in sorted(VALUES, reverse=True) if v < end - start), None)
        if longest is None:
            return [(start, end)]
        return [(start, start + longest), *split(start + longest, end, metre, rest=rest)]
    strongest = max(metre.strength(tick) for tick in inside)
    among = [tick for tick in inside if metre.strength(tick) == strongest]
    # Of equal beats, the last that leaves a value before it: minim and crotchet, not the reverse.
    cut = next((t for t in reversed(among) if _stands(start, t, metre, rest)), among[0])
    return [*split(start, cut, metre, rest=rest), *split(cut, end, metre, rest=rest)]


def _stands(start: int, end: int, metre: Metre, rest: bool) -> bool:
    """Can one value stand for the span?"""
    ticks = end - start
    if ticks not in VALUES:
        return False
    level = metre.strength(start)
    inner = max((metre.strength(tick) for tick in range(start + 1, end)), default=0)
    beat = metre.beat
    if ticks in TRIPLET or (start % QUARTER and start % QUARTER % 8 == 0):
        # Triplets stay inside their beat, and so does what begins on one.
        within = start // beat == (end - 1) // beat
        return within and ticks in TRIPLET and not metre.compound
    if rest and ticks > beat and ticks in DOTTED and not metre.compound:
        return False
    if ticks > beat and ticks % beat:
        # Across beats, only whole beats; crotchet and a half is the exception of simple metres.
        return not metre.compound and ticks in DOTTED and start % beat == 0 and inner <= level
    if inner <= level:
        return True
    syncopated = not rest and not metre.compound and ticks in PLAIN and start % (ticks // 2) == 0
    return syncopated and inner == level + 1


class Beaming:
    """How notes are beamed in a metre; music21 is asked once how it is divided."""

    def __init__(self, metre: Metre) -> None:
        self.pulse = metre.pulse
        self.parts = tuple(pairwise((0, *accumulate(beamed(metre)))))
        self.coarse = _divided(metre, [ticks // metre.beat for ticks in beamed(metre)])
        self.fine = _divided(metre, metre.beats)

    def beam(self, row: Sequence[NoteValue], made: Sequence[Any]) -> None:
        """Beam a bar's music21 notes: quavers alone by half bars (whole ones of two or three
        beats), and all else by beats."""
        known: dict[bool, list[Any]] = {}
        for begin, end in self.parts:
            group = [number for number, value in enumerate(row) if begin <= value.start < end]
            plain = all(row[number].ticks % self.pulse == 0 for number in group)
            if plain not in known:
                known[plain] = (self.coarse if plain else self.fine).getBeams(made)
            for number in group:
                beams = known[plain][number]
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


def _divided(metre: Metre, parts: Sequence[int] | int) -> Any:
    """Music21's time signature, whose beams hold together so many beats each, or beats."""
    time = meter.TimeSignature(metre.name)
    if not metre.compound:
        time.beamSequence.partition(parts)
    return time


def bracket(row: Sequence[NoteValue], made: Sequence[Any]) -> None:
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
