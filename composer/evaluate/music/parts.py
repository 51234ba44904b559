"""Who plays what in anybody's music, by a rule where nothing says it.

Channel 10 is the drums. The melody of a MIDI file is the track that `corpora.read.midi.melody`
finds: by its name, by the words sung to it, else by its features. The bass is the tracks of General
MIDI's basses, else the lowest track that plays one note at a time, else the lowest line of what
accompanies, below middle C. In a score the melody is the first part that mostly sings one note at a
time, its highest notes, and the bass the last such part, or the lowest line. All else accompanies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from composer.evaluate.music import notes as held
from composer.evaluate.music.notes import NOTE, Music, Notes
from composer.vocabulary import ROLES
from theory.metre import QUARTER
from theory.timed import TimedChord

MIDDLE_C = 60
ALONE = 0.9  # of a line's onsets have one note
TOGETHER = 3  # ticks within which notes are struck together
MELODY, COUNTER, CHORDS, BASS, DRUMS = (
    ROLES.index(role) for role in ("melody", "counter-melody", "chords", "bass", "drums")
)


def alone(onset: np.ndarray) -> bool:
    """Does the part mostly play one note at a time?"""
    return len(np.unique(np.round(onset * QUARTER / TOGETHER))) >= ALONE * len(onset)


def with_bass(found: Notes) -> Notes:
    """The lowest line of the accompaniment, below middle C, as the bass.

    Of notes struck together it is the lowest, unless a lower one is held.
    """
    marked = found.copy()
    low, until, last = 128, -1, -TOGETHER - 1
    for number in np.flatnonzero(found["role"] == CHORDS):
        note = found[number]
        if note["start"] - last < TOGETHER or (note["start"] < until and low < note["pitch"]):
            continue
        if note["pitch"] < MIDDLE_C:
            marked[number]["role"] = BASS
            low, until, last = note["pitch"], note["end"], note["start"]
    return marked


def begun(music: Music) -> Music:
    """The same from the bar of its first note on; less than half a bar before one is an upbeat."""
    bar, notes = music.metre.bar, music.notes.copy()
    first = int(notes["start"].min())
    shift = bar * (first // bar + (first % bar > bar // 2))
    notes["start"] -= shift
    notes["end"] -= shift
    chords = music.chords[music.chords["end"] > shift].copy()
    chords["start"] = np.maximum(chords["start"] - shift, 0)
    chords["end"] -= shift
    return replace(music, bars=-(-int(notes["end"].max()) // bar), notes=notes, chords=chords)


def chords(harmony: Sequence[TimedChord]) -> Notes:
    return held.chords(
        [(h.start, h.end, h.chord.root.chroma, [t.chroma for t in h.chord.tones]) for h in harmony]
    )


def written(rows: Sequence[tuple[int, int, int, int]]) -> Notes:
    """Notes of which only the writing is known."""
    found = np.zeros(len(rows), NOTE)
    for name, column in zip(
        ("start", "end", "pitch", "role"), zip(*rows, strict=True), strict=True
    ):
        found[name] = column
    found["at"], found["until"] = found["start"] / QUARTER, found["end"] / QUARTER
    found["off"] = np.nan
    return held.ordered(found)
