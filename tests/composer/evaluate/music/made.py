"""Small pieces made by hand, of which every figure can be worked out on paper."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np

from composer.evaluate.music import notes as held
from composer.evaluate.music.notes import NOTE, Music
from composer.vocabulary import ROLES
from theory.metre import METRES, QUARTER

ALL = frozenset(
    {
        held.MELODY,
        held.PARTS,
        held.BASS,
        held.COUNTER,
        held.VELOCITY,
        held.PLAYED,
    }
)
PLAIN = {"counter_melody": "counter-melody", "chord": "chords"}
Rows = list[tuple[int, ...]]  # start, end, pitch and, where it is not 80, velocity


def music(
    melody: Rows,
    *,
    bars: int | None = None,
    metre: str = "4/4",
    chords: list[tuple[int, int, int, tuple[int, ...]]] | None = None,
    known: frozenset[str] = ALL,
    **others: Rows,
) -> Music:
    """A piece of a melody and other parts by role: bass, drums, counter_melody, chord for chords.

    chords: (start, end, root, pitch classes).
    """
    rows = [
        (start, end, pitch, *(velocity or [80]), ROLES.index(PLAIN.get(role, role)), 0)
        for role, part in {"melody": melody, **others}.items()
        for start, end, pitch, *velocity in part
    ]
    found = np.array([(*row, row[0] / QUARTER, row[1] / QUARTER, 0.0) for row in rows], NOTE)
    bar = METRES[metre].bar
    return Music(
        "made",
        "made",
        METRES[metre],
        bars or -(-max(row[1] for row in rows) // bar),
        held.ordered(found),
        held.chords(chords or []),
        known | ({held.CHORDS} if chords else set()),
        {"tempo": 120.0, "tonic": 0.0},
    )


def line(*starts: int, pitches: list[int] | None = None, end: int | None = None) -> Rows:
    """Notes from onset to onset, the last one a quarter note long."""
    ends = [*starts[1:], end or starts[-1] + QUARTER]
    high = pitches or [60] * len(starts)
    return list(zip(starts, ends, high, strict=True))


def quarters(*pitches: int, begin: int = 0) -> Rows:
    return [(begin + QUARTER * n, begin + QUARTER * (n + 1), p) for n, p in enumerate(pitches)]


TUNE = (72, 74, 76, 77, 79, 77, 76, 74) * 4


def band(path: Path, bass_program: int, name: str = "Melody") -> Path:
    """A tune in quarter notes, a chord and a low note every two of them, and a drum."""
    file = mido.MidiFile(ticks_per_beat=96)
    for channel, program, called, pitches, beats in (
        (0, 73, name, [[each] for each in TUNE], 1),
        (1, 48, "Strings", [[55, 60, 64]] * 16, 2),
        (2, bass_program, "Low", [[36], [43]] * 8, 2),
        (9, 0, "Kit", [[36]] * 16, 2),
    ):
        track = mido.MidiTrack()
        track.append(mido.MetaMessage("track_name", name=called))
        track.append(mido.Message("program_change", channel=channel, program=program))
        for chord in pitches:
            for pitch in chord:
                track.append(mido.Message("note_on", channel=channel, note=pitch, velocity=70))
            for number, pitch in enumerate(chord):
                time = 96 * beats * (number == 0)
                off = mido.Message("note_off", channel=channel, note=pitch, time=time)
                track.append(off)
        file.tracks.append(track)
    file.save(path)
    return path
