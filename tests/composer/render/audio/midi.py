"""Small MIDI files, written by mido, and a SoundFont whose sounds are known."""

import io
from pathlib import Path

import mido
import pretty_midi

# Of plain samples, one for every velocity; drums have places of their own. pretty_midi carries it.
TIMGM6MB = Path(pretty_midi.__file__).parent / "TimGM6mb.sf2"


def midi(notes, program=0, channel=0, controls=()):
    """A file at 60 beats a minute. notes: (start, length, key, velocity) in seconds; controls:
    (time, number, value)."""
    rows = [(0.0, 0, mido.Message("program_change", channel=channel, program=program))]
    for time, number, value in controls:
        change = mido.Message("control_change", channel=channel, control=number, value=value)
        rows.append((time, 1, change))
    for start, length, key, velocity in notes:
        rows.append(
            (start, 3, mido.Message("note_on", channel=channel, note=key, velocity=velocity))
        )
        rows.append((start + length, 2, mido.Message("note_off", channel=channel, note=key)))
    file = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000)])
    now = 0
    for time, _, message in sorted(rows, key=lambda row: row[:2]):
        ticks = round(time * 480)
        track.append(message.copy(time=ticks - now))
        now = ticks
    file.tracks.append(track)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()
