"""MIDI files, well and badly made, become tunes or are refused with a reason."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest

from corpora.errors import Unreadable
from corpora.midi import read

SCALE = (60, 62, 64, 65, 67, 69, 71, 72) * 2 + (60,)


def written(path: Path, melody: tuple[int, ...] = SCALE, name: str = "MELODY") -> Path:
    """A file of quavers over a C major chord a bar, four bars and a note."""
    file = mido.MidiFile(ticks_per_beat=480)
    tune, chords = mido.MidiTrack(), mido.MidiTrack()
    tune.append(mido.MetaMessage("track_name", name=name))
    for pitch in melody:
        tune.append(mido.Message("note_on", note=pitch, velocity=90))
        tune.append(mido.Message("note_off", note=pitch, time=240))
    for _ in range(3):
        for pitch in (48, 55, 64):
            chords.append(mido.Message("note_on", note=pitch, velocity=70))
        for pitch, time in ((48, 1920), (55, 0), (64, 0)):
            chords.append(mido.Message("note_off", note=pitch, time=time))
    file.tracks += [tune, chords]
    file.save(path)
    return path


def test_a_plain_file_is_read_as_written(tmp_path: Path) -> None:
    tune = read(written(tmp_path / "a_scale.mid"), collection="own")
    assert (tune.key.name, tune.metre.name, tune.title) == ("C ionian", "4/4", "a scale")
    assert [note.pitch.midi for note in tune.notes] == list(SCALE)
    assert [note.start for note in tune.notes] == [12 * place for place in range(17)]
    assert {each.chord.symbol for each in tune.chords} == {"C"}
    assert tune.inferred == {"key", "chords"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "an empty file"),
        (b"RIFF and something else", "no MIDI file"),
        (b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\0\x40", "broken bytes"),
        (b"MThd\0\0\0\6\0\1\0\0\1\xe0", "no notes"),
    ],
)
def test_a_broken_file_has_a_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    file = tmp_path / "broken.mid"
    file.write_bytes(data)
    with pytest.raises(Unreadable) as raised:
        read(file, collection="own")
    assert raised.value.reason == reason
