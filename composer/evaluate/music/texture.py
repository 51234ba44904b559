"""What is measured on all parts together, and on those that accompany."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from composer.evaluate.music.notes import Music, Notes
from composer.vocabulary import ROLES

QUAVER = 0.5  # quarter notes: a shorter silence is how a note is let go
SILENT = 0.005  # of the piece's time: a silence that counts
LATE = (
    2.0,
    30.0,
)  # milliseconds off the grid that are played and neither stepped nor another place
SHARP = frozenset({1, 6, 11})  # semitones within an octave: semitones and tritones


def whole_rhythms(music: Music) -> float:
    """The share of bars whose onsets of all parts together no other bar before them has."""
    starts = music.notes["start"].tolist()
    bars = _by_bar(starts, [0] * len(starts), music.metre.bar)
    return len({*bars.values()}) / len(bars)


def commonest_drum_bar(music: Music) -> float | None:
    """The share that the commonest bar has of those in which drums play; None without drums."""
    drums = music.of("drums")
    bars = _by_bar(drums["start"].tolist(), drums["pitch"].tolist(), music.metre.bar)
    if not bars:
        return None
    return Counter(bars.values()).most_common(1)[0][1] / len(bars)


def _by_bar(starts: list[int], keys: list[int], bar: int) -> dict[int, frozenset[tuple[int, int]]]:
    """What begins in each bar in which anything does: places in it, with a key of each."""
    found: dict[int, set[tuple[int, int]]] = {}
    for start, key in zip(starts, keys, strict=True):
        number, place = divmod(start, bar)
        found.setdefault(number, set()).add((place, key))
    return {number: frozenset(each) for number, each in found.items()}


def counter_onsets(music: Music) -> float | None:
    """The share of the counter-melody's onsets at which the melody begins no note; None where it
    has none."""
    own = np.unique(music.of("counter-melody")["start"])
    return float((~np.isin(own, music.melody["start"])).mean()) if len(own) else None


def bass_steps(music: Music) -> float | None:
    """The share of the bass's moves to another pitch that are steps; None where it never moves."""
    line = music.of("bass")
    lowest = line[np.unique(line["start"], return_index=True)[1]]
    moves = np.abs(np.diff(lowest["pitch"]))
    moves = moves[moves > 0]
    return float((moves <= 2).mean()) if len(moves) else None


def _beats(music: Music, notes: Notes) -> Iterator[list[int]]:
    """The pitches that sound at each beat, each once, the lowest first."""
    for tick in range(0, music.bars * music.metre.bar, music.metre.beat):
        here = (notes["start"] <= tick) & (notes["end"] > tick)
        yield sorted({*notes["pitch"][here].tolist()})


def gap_over_bass(music: Music) -> float | None:
    """The median over beats of the semitones from the bass to the lowest note of the chords above
    it; None where the two never sound together."""
    below, above = (_beats(music, music.of(role)) for role in ("bass", "chords"))
    gaps = [chord[0] - bass[0] for bass, chord in zip(below, above, strict=True) if bass and chord]
    return float(np.median(gaps)) if gaps else None


def sharp_intervals(music: Music) -> float | None:
    """The share of semitones and tritones, octaves apart or not, among the intervals between all
    pitches that sound together at beats; None where there are none."""
    steps = [
        (high - low) % 12
        for sounding in _beats(music, music.pitched)
        for low, high in combinations(sounding, 2)
    ]
    return sum(step in SHARP for step in steps) / len(steps) if steps else None


def at_once(music: Music) -> float:
    """Pitches that sound together, in the mean of the beats at which any does."""
    return float(np.mean([len(each) for each in _beats(music, music.pitched) if each]))


def velocity_spread(music: Music) -> float:
    """From the 5th to the 95th percentile of velocity."""
    low, high = np.percentile(music.notes["velocity"], [5, 95])
    return float(high - low)


def silence(music: Music) -> float:
    """The share of the time from the first note to the last one's end in which no part sounds.

    Silences of a quaver or more count; a stroke of a drum sounds for a quaver.
    """
    found = music.notes[np.argsort(music.notes["at"])]
    drums = found["role"] == ROLES.index("drums")
    until = np.where(drums, np.maximum(found["until"], found["at"] + QUAVER), found["until"])
    reached = np.maximum.accumulate(until)
    gaps = found["at"][1:] - reached[:-1]
    return float(gaps[gaps >= QUAVER - 1e-6].sum() / (reached[-1] - found["at"][0]))


def silent(music: Music) -> float:
    """1 where silence takes .005 of the time or more."""
    return float(silence(music) >= SILENT)


def off_grid(music: Music) -> float:
    """The share of notes that are played 2 to 30 ms off the nearest semiquaver or sextuplet."""
    off = np.abs(music.notes["off"])
    return float(((off >= LATE[0]) & (off <= LATE[1])).mean())
