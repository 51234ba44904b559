"""When a piece's notes are heard: read off its MIDI file, which is what is played."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from mido import MidiFile, tick2second
from numpy.typing import NDArray

from composer.render.film.lettering import GLOW, RATE
from composer.render.timeline import SCALE
from composer.values import Note, Piece


@dataclass(frozen=True, slots=True)
class Heard:
    """A written note, and from when to when it is heard, in seconds; `part` counts from 0."""

    note: Note
    part: int
    role: str
    start: float
    end: float


class Clock:
    """Seconds of a MIDI file's pulses, under its changes of tempo."""

    def __init__(self, file: MidiFile) -> None:
        rows = [(0, 500_000)]
        now = 0
        for message in file.tracks[0]:
            now += message.time
            if message.type == "set_tempo":
                rows.append((now, message.tempo))
        self.pulses = [pulse for pulse, _ in rows]
        self.tempi = [tempo for _, tempo in rows]
        self.division = file.ticks_per_beat
        spans = (
            tick2second(after - before, self.division, tempo)
            for ((before, tempo), (after, _)) in pairwise(rows)
        )
        self.starts = list(accumulate(spans, initial=0.0))

    def second(self, pulse: float) -> float:
        """When this pulse falls."""
        place = bisect_right(self.pulses, pulse) - 1
        rest = tick2second(pulse - self.pulses[place], self.division, self.tempi[place])
        return float(self.starts[place] + rest)

    def of_tick(self, tick: float) -> float:
        """When a tick of the written piece falls."""
        return self.second(tick * SCALE)


def heard(piece: Piece, midi: bytes) -> tuple[tuple[Heard, ...], Clock]:
    """Every note that is heard, in order of time, and the clock that all else goes by.

    A part has its track, and on each key the notes are struck in their written order; of two on
    one key at one tick one is heard.
    """
    file = MidiFile(file=io.BytesIO(midi))
    clock = Clock(file)
    found: list[Heard] = []
    for number, (part, track) in enumerate(zip(piece.parts, file.tracks[1:], strict=True)):
        struck = _struck(track)
        written: dict[int, list[Note]] = defaultdict(list)
        for note in sorted(part.notes, key=lambda note: note.start):
            row = written[note.key_number + 12 * part.octave]
            if not row or row[-1].start != note.start:
                row.append(note)
        for key, notes in written.items():
            for note, (start, end) in zip(notes, struck[key], strict=True):
                times = clock.second(start), clock.second(end)
                found.append(Heard(note, number, part.role, *times))
    return tuple(
        sorted(found, key=lambda each: (each.start, each.part, each.note.key_number))
    ), clock


def _struck(track: Sequence[object]) -> dict[int, list[tuple[int, int]]]:
    """By key, the pulses from and to which it is held, in order."""
    held: dict[int, int] = {}
    rows: dict[int, list[tuple[int, int]]] = defaultdict(list)
    now = 0
    for message in track:
        now += getattr(message, "time", 0)
        kind = getattr(message, "type", "")
        if kind == "note_on" and getattr(message, "velocity", 0):
            held[getattr(message, "note", 0)] = now
        elif kind in ("note_on", "note_off"):
            key = getattr(message, "note", 0)
            if key in held:
                rows[key].append((held.pop(key), now))
    return rows


Light = NDArray[np.float32]  # of shape (frames,), 0 dark to 1
HELD = 0.4  # what stays of the light while a note is held
OUT = 0.1  # seconds in which it halves once the note is over


def frame_of(second: float) -> int:
    """The frame whose beginning is nearest to this second."""
    return int(second * RATE + 0.5)


def light(notes: Sequence[Heard], numbers: Iterable[int], frames: int) -> Light:
    """The light of these notes: of several at once the brightest counts.

    It is there in the very frame in which a note begins.
    """
    found = np.zeros(frames, np.float32)
    for number in numbers:
        note = notes[number]
        first, last = frame_of(note.start), max(frame_of(note.end), frame_of(note.start) + 1)
        held = np.arange(first, min(last, frames))
        since = np.maximum(0.0, held / RATE - note.start)
        bright = HELD + (1 - HELD) * 2.0 ** (-since / GLOW)
        found[held] = np.maximum(found[held], bright)
        after = np.arange(min(last, frames), min(last + RATE, frames))
        if len(held):
            fading = bright[-1] * 2.0 ** (-(after - last + 1) / RATE / OUT)
            found[after] = np.maximum(found[after], fading)
    return found
