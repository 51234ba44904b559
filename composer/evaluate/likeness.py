"""Generated melodies against people's: by how much the distributions of what is sung overlap.

Each melody is a line over chords. What is counted over all notes (intervals, durations, pitch
classes) is compared as it is; what is one number a melody (repetition, chord tones, consonance …)
by its histogram over the melodies. The overlap of two distributions is the sum of the smaller of
the two at every place: 1 where they are the same, 0 where nothing is shared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpora.tune import Tune
from theory.metre import Metre
from theory.timed import TimedNote

BINS = 12  # of the histograms of what is one number a melody
CONSONANT, NEITHER = {0, 3, 4, 7, 8, 9}, {5}  # semitones above a chord's tone
WIDEST = 12  # semitones; wider intervals count as this
# The tonal centroid of Harte, Sandler & Gasser (2006): fifths, minor thirds and major thirds are
# circles of these radii, on which a pitch class is an angle.
CIRCLES = ((1.0, 7 / 6), (1.0, 3 / 2), (0.5, 2 / 3))
FEWEST = 8  # notes of a melody that is counted


@dataclass(frozen=True, slots=True)
class Line:
    """A melody of whole bars, (start, end, MIDI number), over chords, (start, end, pitch classes).

    tonic: a pitch class.
    """

    tonic: int
    metre: Metre
    bars: int
    notes: tuple[tuple[int, int, int], ...]
    chords: tuple[tuple[int, int, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Overlaps with people's melodies by name of what is compared, 0 to 1, and how many lines."""

    name: str
    lines: int
    overlaps: Mapping[str, float]
    means: Mapping[str, float]


def of_tune(tune: Tune, bars: int) -> Iterator[Line]:
    """A person's melody with chords, cut into as many bars as a generated one has."""
    length = bars * tune.metre.bar
    for begin in range(0, tune.notes[-1].end - length + 1, length):

        def inside(each: TimedNote, begin: int = begin) -> bool:
            return begin <= each.start < begin + length

        notes = [
            (n.start - begin, min(n.end - begin, length), n.pitch.midi)
            for n in tune.notes
            if inside(n)
        ]
        chords = [
            (
                max(0, h.start - begin),
                min(length, h.end - begin),
                tuple(tone.chroma for tone in h.chord.tones),
            )
            for h in tune.chords
            if h.end > begin and h.start < begin + length
        ]
        if len(notes) >= max(FEWEST, bars) and chords:
            yield Line(tune.key.tonic.chroma, tune.metre, bars, tuple(notes), tuple(chords))


def compare(name: str, lines: Sequence[Line], people: Sequence[Line]) -> Likeness:
    """Overlap areas of lines with people's. Raises ValueError where either is empty."""
    if not lines or not people:
        raise ValueError("lines: there is no melody to compare")
    overlaps = {}
    for what, counted in POOLED.items():
        overlaps[what] = _shared(_shares(lines, counted), _shares(people, counted))
    means = {}
    for what, measured in SINGLE.items():
        ours = np.array([measured(line) for line in lines])
        theirs = np.array([measured(line) for line in people])
        low, high = min(ours.min(), theirs.min()), max(ours.max(), theirs.max())
        edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
        one, other = (np.histogram(each, edges)[0] / len(each) for each in (ours, theirs))
        overlaps[what] = float(np.minimum(one, other).sum())
        means[what] = float(ours.mean())
    return Likeness(name, len(lines), overlaps, means)


def _shares(lines: Iterable[Line], counted: Counting) -> dict[int, float]:
    found: Counter[int] = Counter()
    for line in lines:
        found.update(counted(line))
    total = sum(found.values())
    return {value: count / total for value, count in found.items()}


def _shared(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    return sum(min(share, other.get(value, 0.0)) for value, share in one.items())


def intervals(line: Line) -> Iterator[int]:
    for (*_, one), (*_, other) in pairwise(line.notes):
        yield max(-WIDEST, min(WIDEST, other - one))


def durations(line: Line) -> Iterator[int]:
    return (end - start for start, end, _ in line.notes)


def pitch_classes(line: Line) -> Iterator[int]:
    return ((midi - line.tonic) % 12 for *_, midi in line.notes)


def contours(line: Line) -> Iterator[int]:
    """Each bar's shape: does it go up, down or neither from its first note to its highest, lowest
    and last? After Huron's (1996) types, a bar at a time."""
    for _, notes in _bars(line).items():
        heights = [midi for *_, midi in notes]
        if len(heights) > 2:
            first, last = heights[0], heights[-1]
            middle = sum(heights[1:-1]) / (len(heights) - 2)
            yield 3 * _way(middle - first) + _way(last - middle)


def _way(rise: float) -> int:
    return (rise > 1) - (rise < -1)


def repetition(line: Line) -> float:
    """The share of bars that sound an earlier bar again."""
    bars = [
        tuple((s % line.metre.bar, e - s, midi) for s, e, midi in notes)
        for notes in _bars(line).values()
    ]
    return sum(bar in bars[:number] for number, bar in enumerate(bars)) / max(1, len(bars))


def recurrence(line: Line) -> float:
    """How like the most similar earlier bar each bar is, 0 to 1: edit distance of intervals with
    durations, as a share of the longer bar."""
    bars = []
    for notes in _bars(line).values():
        steps = [0, *(other - one for (*_, one), (*_, other) in pairwise(notes))]
        bars.append(
            [(step, end - start) for step, (start, end, _) in zip(steps, notes, strict=True)]
        )
    likes = [
        max(1 - _edits(bar, before) / max(len(bar), len(before)) for before in bars[:number])
        for number, bar in enumerate(bars)
        if number
    ]
    return float(np.mean(likes)) if likes else 0.0


def _edits(one: Sequence[object], other: Sequence[object]) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for number, value in enumerate(one, 1):
        last, row[0] = row[0], number
        for place, against in enumerate(other, 1):
            last, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, last + (value != against)),
            )
    return row[-1]


def chord_tones(line: Line) -> float:
    """The share of notes that begin on a tone of their chord."""
    found = [midi % 12 in chord for midi, _, chord in _over_chords(line)]
    return float(np.mean(found)) if found else 0.0


def consonance(line: Line) -> float:
    """Pitch consonance of Yeh et al. (2021): each note against each tone of its chord is 1 for a
    consonance, 0 for a fourth, −1 for a dissonance; the mean over time."""
    scores, lasting = [], []
    for midi, ticks, chord in _over_chords(line):
        steps = [(midi - tone) % 12 for tone in chord]
        marks = [1 if s in CONSONANT else 0 if s in NEITHER else -1 for s in steps]
        scores.append(np.mean(marks))
        lasting.append(ticks)
    return float(np.average(scores, weights=lasting)) if scores else 0.0


def tonal_distance(line: Line) -> float:
    """Melody–chord tonal distance of Yeh et al. (2021): between the tonal centroids of a note and
    of its chord, the mean over time."""
    found, lasting = [], []
    for midi, ticks, chord in _over_chords(line):
        tones = np.mean([_centroid(tone) for tone in chord], axis=0)
        found.append(np.linalg.norm(_centroid(midi % 12) - tones))
        lasting.append(ticks)
    return float(np.average(found, weights=lasting)) if found else 0.0


def _centroid(chroma: int) -> NDArray[np.float64]:
    return np.array(
        [
            radius * turn(np.pi * share * chroma)
            for radius, share in CIRCLES
            for turn in (np.sin, np.cos)
        ]
    )


def groove(line: Line) -> float:
    """How alike the onsets of neighbouring bars are: 1 less the share of semiquavers on which one
    has an onset and the other has not (after Wu & Yang 2020)."""
    grid = line.metre.bar // 6
    rows = np.zeros((line.bars, grid), bool)
    for start, *_ in line.notes:
        if start // line.metre.bar < line.bars:
            rows[start // line.metre.bar, start % line.metre.bar // 6] = True
    return float(1 - (rows[1:] != rows[:-1]).mean()) if line.bars > 1 else 1.0


def _bars(line: Line) -> dict[int, list[tuple[int, int, int]]]:
    """The notes of each bar in which one begins, in order."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    for note in line.notes:
        found.setdefault(note[0] // line.metre.bar, []).append(note)
    return found


def _over_chords(line: Line) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Each note's MIDI number and ticks, with the chord that it begins on."""
    for start, end, midi in line.notes:
        for begin, until, chord in line.chords:
            if begin <= start < until:
                yield midi, end - start, chord
                break


Counting = Callable[[Line], Iterable[int]]
POOLED: Mapping[str, Counting] = {
    "interval": intervals,
    "duration": durations,
    "pitch class": pitch_classes,
    "contour": contours,
}
SINGLE: Mapping[str, Callable[[Line], float]] = {
    "bars repeated": repetition,
    "motif recurrence": recurrence,
    "chord tones": chord_tones,
    "consonance": consonance,
    "tonal distance": tonal_distance,
    "groove": groove,
}
