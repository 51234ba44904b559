"""A piece is the same whatever it is read from; and who plays what, where nothing says it."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pytest

from composer.evaluate.music import files, parts
from composer.evaluate.music import notes as held
from composer.evaluate.music.composed import of_piece
from composer.evaluate.music.notes import Music, restored, saved
from composer.render.rendering import Rendering
from corpora.errors import Unreadable
from tests.composer.evaluate.music.made import band
from tests.composer.example import piece
from tests.corpora.made import sheet


def rows(music: Music, *roles: str) -> list[tuple[int, ...]]:
    return music.of(*roles)[["start", "end", "pitch"]].tolist()


@pytest.mark.parametrize("program", [33, 42])  # a bass guitar, and a cello that plays alone
def test_who_plays_what_in_a_midi_file(tmp_path: Path, program: int) -> None:
    found = files.read(band(tmp_path / "band.mid", program))
    assert rows(found, "melody")[:3] == [(0, 24, 72), (24, 48, 74), (48, 72, 76)]
    assert {pitch for *_, pitch in rows(found, "bass")} == {36, 43}
    assert {pitch for *_, pitch in rows(found, "chords")} == {55, 60, 64}
    assert len(found.of("drums")) == 16
    assert (found.bars, found.metre.name, found.facts["tempo"]) == (8, "4/4", 120)
    assert held.CHORDS not in found.known


def test_the_lowest_line_of_a_piano_is_its_bass() -> None:
    # Under a held C3 an E3 is none, and above middle C nothing is.
    struck = [(0, 96, 48), (0, 96, 64), (24, 48, 52), (96, 120, 43), (120, 144, 67)]
    found = parts.with_bass(parts.written([(*row, parts.CHORDS) for row in struck]))
    assert found["pitch"][found["role"] == parts.BASS].tolist() == [48, 43]


def test_a_piece_and_its_score_are_the_same_piece(tmp_path: Path) -> None:
    made = piece("4/4")
    written = of_piece(made)
    (tmp_path / "a.musicxml").write_bytes(Rendering(made).musicxml)
    read = files.read(tmp_path / "a.musicxml")
    assert rows(read, "melody") == rows(written, "melody")
    assert rows(read, "bass") == rows(written, "bass")
    assert sorted({*rows(read, "chords")}) == sorted({*rows(written, "chords")})
    assert held.VELOCITY not in read.known


def test_a_piece_and_its_midi_are_played_alike(tmp_path: Path) -> None:
    made = piece("4/4", swing=0.5)
    played = of_piece(made)
    (tmp_path / "a.mid").write_bytes(Rendering(made).midi)
    read = files.read(tmp_path / "a.mid")
    assert np.sort(read.notes["at"]) == pytest.approx(np.sort(played.notes["at"]), abs=1e-3)
    assert np.sort(read.notes["off"]) == pytest.approx(np.sort(played.notes["off"]), abs=0.1)
    # Half a swing takes an off-beat quaver by 2/24 quarter note, 52 ms at 96 a minute.
    assert np.abs(played.notes["off"]).max() > 2


def test_a_lead_sheet_is_a_melody_with_chords(tmp_path: Path) -> None:
    (tmp_path / "a.musicxml").write_text(sheet([0, 1, 2, 3, 4, 3, 2, 1] * 2))
    found = files.read(tmp_path / "a.musicxml")
    assert found.known == {held.MELODY, held.CHORDS}
    assert rows(found, "melody")[:2] == [(0, 24, 60), (24, 48, 62)]
    # D minor: D, F and A.
    assert [held.classes(tones) for tones in found.chords["tones"].tolist()] == [(2, 5, 9)]


def test_what_is_no_music_has_a_reason(tmp_path: Path) -> None:
    for name, data, said in (
        ("a.mid", b"nothing", "no MIDI file"),
        ("a.mid", b"", "an empty file"),
        ("a.musicxml", b"<score", "not MusicXML"),
        ("a.musicxml", b"<score-partwise/>", "no notes"),
        ("a.musicxml", sheet([0, 1, 2]).encode(), "fewer than sixteen notes"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Unreadable, match=said):
            files.read(tmp_path / name)


def test_a_piece_is_kept_as_it_is() -> None:
    made = of_piece(piece("6/8"))
    again = restored(saved(made))
    assert again.notes.tobytes() == made.notes.tobytes()
    assert again.chords.tobytes() == made.chords.tobytes()
    for name in ("title", "source", "metre", "bars", "known", "language", "sections", "phrases"):
        assert getattr(again, name) == getattr(made, name)
    assert again.skyline == pytest.approx(made.skyline)
    assert dict(again.facts) == pytest.approx(dict(made.facts))
    with pytest.raises(BadZipFile):
        restored(saved(made)[:50])
