"""What other people's readers make of a piece's notes and of its score."""

import io
import tempfile
import warnings
from pathlib import Path

import mido
import numpy as np
import pretty_midi
import symusic
from music21 import converter, harmony

from composer.render.rendering import Rendering
from composer.render.score.score import full_score


def check_notes(piece):
    for part in piece.parts:
        if part.role != "drums":
            keys = {note.key_number + 12 * part.octave for note in part.notes}
            player = part.instrument
            assert player.low.midi <= min(keys) <= max(keys) <= player.high.midi, part.role
    data = Rendering(piece).midi
    due = in_order(struck(data))
    for read in (in_order(by_pretty_midi(data)), in_order(by_symusic(data))):
        assert [row[:2] for row in read] == [row[:2] for row in due]
        # Libraries round in their own way where the tempo changes.
        assert np.allclose([row[2:] for row in read], [row[2:] for row in due], atol=0.003)


def in_order(rows):
    return sorted(rows, key=lambda row: (*row[:2], round(row[2], 3), row[3]))


def struck(data):
    """(program or −1 for drums, key, start, end) of every note, by mido, none of them hung."""
    file = mido.MidiFile(file=io.BytesIO(data))
    found, held, programs, now = [], {}, {}, 0.0
    for message in file:
        now += message.time
        if message.type == "program_change":
            programs[message.channel] = -1 if message.channel == 9 else message.program
        elif message.type == "note_on" and message.velocity:
            assert (message.channel, message.note) not in held
            held[message.channel, message.note] = now
        elif message.type in ("note_on", "note_off"):
            start = held.pop((message.channel, message.note))
            found.append((programs[message.channel], message.note, start, now))
    assert not held
    return found


def by_pretty_midi(data):
    return [
        (-1 if player.is_drum else player.program, note.pitch, note.start, note.end)
        for player in pretty_midi.PrettyMIDI(io.BytesIO(data)).instruments
        for note in player.notes
    ]


def by_symusic(data):
    return [
        (-1 if track.is_drum else track.program, note.pitch, note.time, note.end)
        for track in symusic.Score.from_midi(data).to("second").tracks
        for note in track.notes
    ]


def check_score(piece):
    """music21, verovio and partitura read as many notes as were written, at the same moments."""
    import partitura
    import verovio

    data = full_score(piece)
    due = {
        round(note.start / 24, 3)
        for part in piece.parts
        if part.role != "drums"
        for note in part.notes
    }
    read = converter.parse(data.decode(), format="musicxml")
    found = {
        round(float(element.getOffsetInHierarchy(read)), 3)
        for part in read.parts
        if part.partName != "Drums"
        for element in part.recurse().notes
        if not isinstance(element, harmony.ChordSymbol)
        and (element.tie is None or element.tie.type == "start")
    }
    assert found == due
    assert verovio.toolkit().loadData(data.decode())
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "x.musicxml"
        path.write_bytes(data)
        rows = partitura.load_musicxml(str(path)).note_array()
    assert {round(float(row["onset_quarter"]), 3) for row in rows} == due
