"""MIDI files, well and badly made, become tunes or are refused with a reason."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import Unreadable
from corpora.read.midi import read
from tests.corpora.read.midi.files import chords, save

SCALE = (60, 62, 64, 65, 67, 69, 71, 72) * 2 + (60,)
# I, IV, V7, I of C major in close position over a bass.
CADENCE = ((36, 60, 64, 67), (41, 60, 65, 69), (43, 62, 65, 71), (36, 60, 64, 67))


def quavers(pitches: tuple[int, ...], at: float = 0.0) -> list[tuple[float, float, int]]:
    return [(at + n / 2, at + (n + 1) / 2, pitch) for n, pitch in enumerate(pitches)]


def test_a_plain_file_is_read_as_written(tmp_path: Path) -> None:
    file = save(
        tmp_path / "a_scale.mid",
        {"MELODY": quavers(SCALE), "Piano": chords(3, [(48, 55, 64)])},
        (4, 4),
    )
    tune = read(file, collection="own")
    assert (tune.key.name, tune.metre.name, tune.title) == ("C ionian", "4/4", "a scale")
    assert (tune.collection, tune.source) == ("own", "a_scale.mid")
    assert [note.pitch.midi for note in tune.notes] == list(SCALE)
    assert [note.start for note in tune.notes] == [12 * place for place in range(17)]
    assert {each.chord.symbol for each in tune.chords} == {"C"}
    assert tune.inferred == {"key", "chords"}


def test_a_cadence_is_heard_with_its_roots(tmp_path: Path) -> None:
    tracks = {"MELODY": quavers((72, 71, 72, 74) * 8), "Piano": chords(4, CADENCE)}
    tune = read(save(tmp_path / "x.mid", tracks, (4, 4)), collection="own")
    assert [(each.start, each.chord.root.name) for each in tune.chords] == [
        (0, "C"),
        (96, "F"),
        (192, "G"),
        (288, "C"),
    ]


def test_a_metre_that_the_file_states_is_kept(tmp_path: Path) -> None:
    tracks = {"Vocal": quavers((67, 69, 71, 72, 71, 69) * 4)}
    for signature, name in (((3, 4), "3/4"), ((6, 8), "6/8"), ((2, 2), "4/4"), ((5, 4), "5/4")):
        tune = read(save(tmp_path / "x.mid", tracks, signature), collection="own")
        assert tune.metre.name == name


def test_an_upbeat_lies_before_the_first_barline(tmp_path: Path) -> None:
    tracks = {"Vocal": quavers((67, *SCALE), at=3.5), "Piano": chords(4, CADENCE)}
    tune = read(save(tmp_path / "x.mid", tracks, (4, 4)), collection="own")
    assert [note.start for note in tune.notes][:2] == [-12, 0]
    assert tune.upbeat == 12


def test_a_bar_of_two_beats_among_bars_of_four_is_filled_up(tmp_path: Path) -> None:
    file = save(tmp_path / "x.mid", {"Vocal": quavers(SCALE[:16]), "P": chords(4, CADENCE)})
    midi = mido.MidiFile(file)
    conductor = mido.MidiTrack(
        [
            mido.MetaMessage("time_signature", numerator=2, denominator=4),
            mido.MetaMessage("time_signature", numerator=4, denominator=4, time=960),
        ]
    )
    midi.tracks.insert(0, conductor)
    midi.save(file)
    tune = read(file, collection="own")
    assert [note.start for note in tune.notes][3:6] == [36, 96, 108]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "an empty file"),
        (b"RIFF and something else", "no MIDI file"),
        (b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\0\x40", "broken bytes"),
        (b"MThd\0\0\0\6\0\1\0\0\1\xe0", "no notes"),
        (b"MThd\0\0\0\6\0\1\0\1\xe7\x28MTrk\0\0\0\4\0\xff\x2f\0", "time in seconds, not beats"),
    ],
)
def test_a_broken_file_has_a_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    file = tmp_path / "broken.mid"
    file.write_bytes(data)
    with pytest.raises(Unreadable) as raised:
        read(file, collection="own")
    assert raised.value.reason == reason


def test_a_few_notes_are_no_melody(tmp_path: Path) -> None:
    file = save(tmp_path / "x.mid", {"MELODY": quavers(SCALE[:8])})
    with pytest.raises(Unreadable, match="no track of sixteen notes"):
        read(file, collection="own")


def test_a_metre_of_seven_is_refused(tmp_path: Path) -> None:
    file = save(tmp_path / "x.mid", {"MELODY": quavers(SCALE)}, (7, 8))
    with pytest.raises(Unreadable, match="unknown metre"):
        read(file, collection="own")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_with_broken_bytes_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file = tmp_path_factory.mktemp("broken") / "x.mid"
    tracks = {"MELODY": quavers(SCALE), "Piano": chords(3, CADENCE)}
    whole = bytearray(save(file, tracks, (4, 4)).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    file.write_bytes(whole[: data.draw(st.integers(14, len(whole)))])
    try:
        tune = read(file, collection="own")
    except Unreadable:
        return
    assert all(one.start < one.end <= two.start for one, two in pairwise(tune.notes))
    assert all(one.end <= two.start for one, two in pairwise(tune.chords))
