"""Small MIDI files for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import mido

TPQ = 480
# A note in quarter notes: start, end, MIDI pitch.
Row = tuple[float, float, int]


def save(
    path: Path,
    tracks: dict[str, Sequence[Row]],
    signature: tuple[int, int] | None = None,
    program: int = 0,
) -> Path:
    """A file with a track for each name, written with mido."""
    file = mido.MidiFile(ticks_per_beat=TPQ)
    for channel, (name, rows) in enumerate(tracks.items()):
        track = mido.MidiTrack()
        track.append(mido.MetaMessage("track_name", name=name))
        if signature and channel == 0:
            over, under = signature
            track.append(mido.MetaMessage("time_signature", numerator=over, denominator=under))
        track.append(mido.Message("program_change", program=program, channel=channel))
        events = [(round(start * TPQ), 1, pitch) for start, _, pitch in rows]
        events += [(round(end * TPQ), 0, pitch) for _, end, pitch in rows]
        now = 0
        for tick, on, pitch in sorted(events):
            kind = "note_on" if on else "note_off"
            track.append(
                mido.Message(kind, note=pitch, velocity=80, time=tick - now, channel=channel)
            )
            now = tick
        file.tracks.append(track)
    file.save(path)
    return path


def chords(bars: int, pitches: Sequence[Sequence[int]], length: float = 4) -> list[Row]:
    """Block chords in turn, one a bar."""
    return [
        (bar * length, (bar + 1) * length, pitch)
        for bar in range(bars)
        for pitch in pitches[bar % len(pitches)]
    ]
