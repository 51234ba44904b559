"""Pieces of varied pictures as sound and as notes: nothing clipped, silent, hung, out of range or
drowned, and every reader reads the same."""

import io
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pretty_midi
import pytest
import symusic
from music21 import converter, harmony
from scipy import signal

from analysis.analyse import analyse
from analysis.picture import from_array
from composer.audio.master import LOUDNESS, PEAK, loudness, master, true_peak
from composer.audio.room import in_room
from composer.audio.soundfont import installed
from composer.audio.synth import render
from composer.audio.values import RATE
from composer.compose import compose_decided, measured
from composer.files import midi, mix, score
from composer.mapping import decide, load_table
from composer.vocabulary import vocabulary
from tests.pictures import varied

FEW = 6
# Seconds of silence that no piece has inside, and what is silence (dB under full scale).
SILENT, SILENCE = 2.0, -60
# Decibels that a melody is at least stronger than all that sounds with it in its register.
AUDIBLE = 1.0
# Harmonics of its highest note that a melody's register reaches to.
HARMONICS = 3.2


def composed(index):
    name, pixels = list(varied(index + 1))[-1]
    analysis = analyse(from_array(pixels, name))
    table = load_table(None, vocabulary())
    decisions = decide(table, measured(analysis))
    return compose_decided(analysis, table, decisions, seed=index, melody="rules")


def only(piece, roles, volumes, monkeypatch):
    """The sound of some parts, each as loud as in the whole."""
    monkeypatch.setattr(midi, "volumes", lambda _: volumes)
    parts = tuple(part for part in piece.parts if part.role in roles)
    return render(midi.encode(replace(piece, parts=parts)), installed())


def padded(sound, length):
    return np.pad(sound, ((0, 0), (0, length - sound.shape[1])))


def advantage(piece, melody, others):
    """Decibels by which the melody is stronger than the rest in its register, while it sounds."""
    part = piece.part("melody")
    keys = [note.key_number + 12 * part.octave for note in part.notes]
    low, high = (440 * 2 ** ((key - 69) / 12) for key in (min(keys), max(keys)))
    band = signal.butter(4, (0.94 * low, HARMONICS * high), "bandpass", fs=RATE, output="sos")
    frame = RATE // 20
    count = melody.shape[1] // frame
    lead, rest = (
        (signal.sosfilt(band, sound)[:, : count * frame] ** 2).sum(0).reshape(count, frame).mean(1)
        for sound in (melody, others)
    )
    sung = lead > 1e-3 * lead.max()
    return 10 * np.log10(lead[sung].mean() / rest[sung].mean())


def longest_silence(sound):
    """Seconds, between the first sound and the last."""
    frame = RATE // 20
    count = sound.shape[1] // frame
    power = (sound[:, : count * frame] ** 2).sum(0).reshape(count, frame).mean(1)
    heard = np.flatnonzero(power > 10 ** (SILENCE / 10))
    return float(np.diff(heard).max()) / 20 if len(heard) > 1 else np.inf


def check_sound(piece, monkeypatch):
    volumes = mix.volumes(piece.parts)
    roles = {part.role for part in piece.parts}
    melody = only(piece, {"melody"}, volumes, monkeypatch)
    others = only(piece, roles - {"melody"}, volumes, monkeypatch)
    length = max(melody.shape[1], others.shape[1])
    melody, others = padded(melody, length), padded(others, length)
    assert advantage(piece, melody, others) > AUDIBLE
    whole = melody + others
    # All keys are let go: what is left at the end has died away.
    assert length / RATE < piece.seconds + 6
    assert np.abs(whole[:, -100:]).max() < 0.01 * np.abs(whole).max()
    made = master(in_room(whole))
    assert loudness(made) == pytest.approx(LOUDNESS, abs=1)
    assert true_peak(made) < PEAK
    assert np.abs(made).max() < 1
    assert longest_silence(made) < SILENT


def check_notes(piece):
    for part in piece.parts:
        if part.role != "drums":
            keys = {note.key_number + 12 * part.octave for note in part.notes}
            player = part.instrument
            assert player.low.midi <= min(keys) <= max(keys) <= player.high.midi, part.role
    data = midi.encode(piece)
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

    data = score.encode(piece)
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
        # Drums that are struck together, as on every drummer's staff, partitura cannot read.
        pitched = tuple(part for part in piece.parts if part.role != "drums")
        path.write_bytes(score.encode(replace(piece, parts=pitched)))
        rows = partitura.load_musicxml(str(path)).note_array()
    assert {round(float(row["onset_quarter"]), 3) for row in rows} == due


@pytest.mark.parametrize("index", range(FEW))
def test_a_piece_is_heard_and_read(index, monkeypatch):
    piece = composed(index)
    check_notes(piece)
    check_sound(piece, monkeypatch)


def test_a_score_is_read_by_all():
    check_score(composed(0))


@pytest.mark.slow
@pytest.mark.parametrize("index", range(FEW, 100))
def test_a_hundred_pieces_are_heard_and_read(index, monkeypatch):
    piece = composed(index)
    check_notes(piece)
    check_sound(piece, monkeypatch)
    check_score(piece)
