"""Played notes as they are written: one voice in whole ticks, and pitches spelled in a key.

Onsets are put on a binary or a ternary grid beat by beat. A key's own notes are spelled as they
are, chromatic ones by where they go.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from corpora.read.midi.bars import Bars
from corpora.read.midi.parse import Track
from theory.chord import QUALITIES, Chord
from theory.metre import QUARTER
from theory.pitch import NATURALS, NoteName, Pitch, interval
from theory.scale import Key
from theory.timed import TimedChord

# The grids of a beat in ticks, and what choosing each costs in squared ticks a note: semiquavers
# are usual, triplets less so, demisemiquavers and sextuplets rare.
SIMPLE = ((6, 0.0), (8, 1.0), (3, 2.5), (4, 3.0))
COMPOUND = ((6, 0.0), (12, 0.0), (9, 2.5), (3, 2.5))
# What two notes that would fall on one tick cost.
COLLISION = 12.0
# A rest between two notes is at least a quaver; a shorter one is how a note was let go.
SHORTEST_REST = 12
# Notes that begin within this many ticks are struck together: the highest of them is sung.
TOGETHER = 2.0


def line(track: Track, bars: Bars) -> tuple[tuple[int, int, int], ...]:
    """The track's upper line as (start, end, MIDI pitch) in ticks, none overlapping, in order."""
    start = bars.ticks(track.onset)
    end = bars.ticks(track.onset + track.duration - 1e-3)
    rows = _skyline(start, end, track.pitch)
    if not rows:
        return ()
    begin = np.array([row[0] for row in rows])
    whole, steps = snap(begin, bars.metre.beat)
    found: list[tuple[int, int, int]] = []
    for (_, last, pitch), at, step in zip(rows, whole.tolist(), steps.tolist(), strict=True):
        until = max(at + step, step * round(last / step))
        if found and found[-1][0] == at:
            if found[-1][2] >= pitch:
                continue
            found.pop()
        found.append((at, until, pitch))
    return tuple(_joined(found))


def snap(start: np.ndarray, beat: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole ticks for onsets in ticks, in order, and the grid's step that each was put on.

    Beat by beat the grid is taken whose squared distances, with its price and that of notes that
    fall together, are least.
    """
    grids = SIMPLE if beat == QUARTER else COMPOUND
    cell = np.floor((start + 1.5) / beat).astype(int)
    cell -= cell.min()
    costs, places = [], []
    for step, price in grids:
        place = step * np.round(start / step)
        cost = np.bincount(cell, weights=(place - start) ** 2 + price)
        same = np.diff(place) == 0
        costs.append(cost + np.bincount(cell[1:][same], minlength=len(cost)) * COLLISION)
        places.append(place)
    best = np.argmin(np.stack(costs), axis=0)[cell]
    steps = np.array([step for step, _ in grids])[best]
    return np.stack(places)[best, np.arange(len(start))].astype(int), steps


def _skyline(
    start: np.ndarray, end: np.ndarray, pitch: np.ndarray
) -> list[tuple[float, float, int]]:
    """The highest of what is struck together; nothing that begins under a note held above it."""
    order = np.lexsort((-pitch, np.round(start / TOGETHER)))
    rows: list[tuple[float, float, int]] = []
    columns = (start[order].tolist(), end[order].tolist(), pitch[order].tolist())
    for begin, last, high in zip(*columns, strict=True):
        if rows:
            before = rows[-1]
            if begin - before[0] < TOGETHER and high <= before[2]:
                continue
            held = min(before[1], last) - begin
            if high < before[2] and held > 0.5 * (last - begin):
                continue
        rows.append((begin, last, high))
    return sorted(rows)


def _joined(rows: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Overlaps cut and short rests closed."""
    found = []
    for (start, end, pitch), following in zip(rows, [*rows[1:], None], strict=True):
        if following is not None:
            after = following[0]
            short = after - end < SHORTEST_REST or (
                after - start <= QUARTER and 2 * (end - start) > after - start
            )
            end = after if short else min(end, after)
        found.append((start, end, pitch))
    return found


# --- spelling -------------------------------------------------------------------------------------

# On the line of fifths, counted from the major tonic of the signature (0): a key's own notes lie
# from −1 to 5. A note that rises by a semitone is a raised one, one that falls a lowered one but
# for the first and fourth degrees, which people write raised all the same; else three lie flat.
USUAL, RISING, FALLING = -3, -1, -4
# Chords stand on lowered degrees, but diminished ones on raised.
ROOTS, LEADING_ROOTS = -5, -2


@lru_cache(maxsize=1024)
def names(key: Key, lowest: int) -> tuple[NoteName, ...]:
    """The twelve notes from `lowest` up the line of fifths, counted from the key's signature's
    major tonic, by pitch class from C."""
    first = key.signature + lowest
    notes = [NoteName.from_fifths(each) for each in range(first, first + 12)]
    return tuple(sorted(notes, key=lambda note: note.chroma))


def spell(
    rows: Sequence[tuple[int, int, int]], key: Key, harmony: Sequence[TimedChord] = ()
) -> tuple[Pitch, ...]:
    """The pitches of (start, end, MIDI number) in order, over chords in order.

    A chromatic note that the sounding chord has is spelled as there; any other by the semitone it
    moves on by.
    """
    usual = names(key, USUAL)
    own = {note.chroma for note in key.notes}
    found: list[Pitch] = []
    chord = 0
    following = _next_heights([midi for _, _, midi in rows])
    for (start, _, midi), goal in zip(rows, following, strict=True):
        chroma = midi % 12
        note = usual[chroma]
        if chroma not in own:
            while chord < len(harmony) and harmony[chord].end <= start:
                chord += 1
            sounding = _tone(harmony[chord], start, chroma) if chord < len(harmony) else None
            if sounding is not None:
                note = sounding
            elif goal - midi == 1:
                note = names(key, RISING)[chroma]
            elif goal - midi == -1:
                note = names(key, FALLING)[chroma]
        found.append(pitch(midi, note))
    return tuple(found)


def _next_heights(heights: list[int]) -> list[int]:
    """For each note the next different one (itself at the end)."""
    found = list(heights)
    for place in range(len(heights) - 2, -1, -1):
        after = heights[place + 1]
        found[place] = after if after != heights[place] else found[place + 1]
    return found


def _tone(harmony: TimedChord, start: int, chroma: int) -> NoteName | None:
    if start < harmony.start:
        return None
    return next((tone for tone in harmony.chord.tones if tone.chroma == chroma), None)


def pitch(midi: int, note: NoteName) -> Pitch:
    """The pitch of a MIDI number that is spelled as `note`."""
    return Pitch(note.step, note.alter, (midi - NATURALS[note.step] - note.alter) // 12 - 1)


@lru_cache(maxsize=8192)
def chord(key: Key, root: int, quality: str, bass: int | None = None) -> tuple[Chord, NoteName]:
    """A chord by pitch classes, spelled in the key, and its bass (the root by default)."""
    intervals = [interval(each) for each in QUALITIES[quality].intervals]
    leading = "diminished" in quality
    note = names(key, LEADING_ROOTS if leading else ROOTS)[root]
    tones = tuple(note.up(each) for each in intervals)
    if any(abs(tone.alter) > 2 for tone in tones):
        note = NoteName.from_fifths(note.fifths + (12 if note.fifths < 0 else -12))
        tones = tuple(note.up(each) for each in intervals)
    low = root if bass is None else bass
    lowest = next((tone for tone in tones if tone.chroma == low), names(key, USUAL)[low])
    found = Chord(
        roman="",
        key=key,
        root=note,
        quality=QUALITIES[quality],
        inversion=tones.index(lowest) if lowest in tones else 0,
        tones=tones,
        function="",
        leading=None,
        target=None,
    )
    return found, lowest
