"""Keys, spellings, beats and melodies are estimated as a musician would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.read.midi import harmony as hearing
from corpora.read.midi import labels, melody, notation
from corpora.read.midi.bars import Bars, Notes, estimate, grid, half_beats, spread
from corpora.read.midi.notation import snap
from corpora.read.midi.parse import Tempo, parse, seconds_to_quarters
from tests.corpora.read.midi.files import chords, save
from theory.chord import Chord
from theory.metre import METRES
from theory.scale import Key
from theory.timed import TimedChord

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11)


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize(("scale", "mode"), [(MAJOR, "ionian"), (MINOR, "aeolian")])
def test_a_scale_that_dwells_on_its_triad_has_its_key(
    tonic: int, scale: tuple[int, ...], mode: str
) -> None:
    weights = np.zeros(12)
    for degree, above in enumerate(scale):
        weights[(tonic + above) % 12] = 3 if degree in (0, 2, 4) else 1
    found = hearing.find_key(weights)
    assert (found.tonic.chroma, found.mode.name) == (tonic, mode)
    assert abs(found.signature) <= 6


@given(st.lists(st.integers(1, 50), min_size=12, max_size=12), st.integers(0, 11))
def test_a_key_moves_with_its_notes(weights: list[int], up: int) -> None:
    here, there = (hearing.find_key(np.roll(np.array(weights), each)) for each in (0, up))
    assert there.tonic.chroma == (here.tonic.chroma + up) % 12
    assert there.mode == here.mode


def _spelled(midi: list[int], home: Key, harmony: tuple[TimedChord, ...] = ()) -> list[str]:
    rows = [(24 * place, 24 * place + 24, each) for place, each in enumerate(midi)]
    return [pitch.name for pitch in notation.spell(rows, home, harmony)]


@pytest.mark.parametrize(
    ("home", "midi", "names"),
    [
        ("C ionian", [60, 61, 62, 63, 64], ["C4", "C#4", "D4", "D#4", "E4"]),
        ("C ionian", [67, 68, 67, 64, 63, 62], ["G4", "Ab4", "G4", "E4", "Eb4", "D4"]),
        ("C ionian", [67, 66, 65, 70, 69], ["G4", "F#4", "F4", "Bb4", "A4"]),
        ("A aeolian", [69, 68, 69, 66, 68, 69], ["A4", "G#4", "A4", "F#4", "G#4", "A4"]),
        ("Db ionian", [61, 62, 63, 72], ["Db4", "D4", "Eb4", "C5"]),
        ("F# ionian", [65, 66], ["E#4", "F#4"]),
        ("Cb ionian", [71, 59], ["Cb5", "Cb4"]),
    ],
)
def test_a_note_is_spelled_as_it_moves(home: str, midi: list[int], names: list[str]) -> None:
    assert _spelled(midi, Key.of(*home.split())) == names


def test_a_chromatic_note_of_the_chord_is_spelled_as_there() -> None:
    home = Key.of("C", "ionian")
    chord = Chord.parse("bVI", home)
    harmony = (TimedChord(0, 96, chord, chord.root.at(2)),)
    assert _spelled([68, 72, 68, 69], home, harmony) == ["Ab4", "C5", "Ab4", "A4"]


@given(
    st.integers(0, 11),
    st.sampled_from(("ionian", "aeolian")),
    st.lists(st.integers(21, 108), min_size=1, max_size=30),
)
def test_a_spelling_sounds_as_it_did(tonic: int, mode: str, midi: list[int]) -> None:
    rows = [(place, place + 1, each) for place, each in enumerate(midi)]
    assert [each.midi for each in notation.spell(rows, hearing.named_key(tonic, mode))] == midi


@given(
    st.integers(0, 11),
    st.sampled_from(("ionian", "aeolian")),
    st.integers(0, 11),
    st.sampled_from(sorted(set(labels.SHORTHAND.values()))),
)
def test_a_chord_is_spelled_in_thirds_that_can_be_written(
    tonic: int, mode: str, root: int, quality: str
) -> None:
    chord, bass = notation.chord(hearing.named_key(tonic, mode), root, quality)
    assert chord.root.chroma == root
    assert bass == chord.root
    assert all(tone.name for tone in chord.tones)


@pytest.mark.parametrize(
    ("label", "symbol", "bass"),
    [
        ("C:maj", "C", "C"),
        ("A:min7/b3", "Am7/C", "C"),
        ("Bb:maj/2", "Bb", "C"),
        ("G:sus4(b7)", "G7sus4", "G"),
        ("B:hdim7", "Bm7b5", "B"),
    ],
)
def test_hartes_labels_are_read(label: str, symbol: str, bass: str) -> None:
    found = labels.harte(label, Key.of("C", "ionian"))
    assert found is not None
    assert (found[0].symbol, found[1].name) == (symbol, bass)


def test_no_chord_and_an_unknown_one_are_none() -> None:
    assert labels.harte("N", Key.of("C", "ionian")) is None
    assert labels.harte("C:maj(13)", Key.of("C", "ionian")) is None


def test_seconds_follow_every_tempo() -> None:
    tempos = (Tempo(0, 0.5), Tempo(4, 1.0))
    assert seconds_to_quarters(tempos, np.array([1.0, 2.0, 3.0])).tolist() == [2, 4, 5]


def test_triplets_and_semiquavers_keep_their_own_beats() -> None:
    played = np.array([0.4, 5.7, 12.3, 17.8, 24.2, 31.7, 40.4, 47.9])
    ticks, _ = snap(played, 24)
    assert ticks.tolist() == [0, 6, 12, 18, 24, 32, 40, 48]


def test_a_pitch_sounds_in_each_frame_as_long_as_it_lasts() -> None:
    times = spread(np.array([0.5]), np.array([2.25]), np.array([1]), (4, 2))
    assert times[:, 1].tolist() == [0.5, 1, 0.25, 0]


def test_a_beat_off_the_grid_is_found() -> None:
    onset = np.arange(64) / 4 + 0.1
    offset, lines, fit = grid(Notes(onset, np.full(64, 0.25), np.full(64, 60)))
    assert (round(offset, 6), lines, round(fit, 6)) == (0.1, 4, 1.0)


def test_a_shuffle_is_counted_in_three() -> None:
    onset = np.concatenate([np.arange(32) + 0.2, np.arange(32) + 0.2 + 2 / 3])
    held = np.concatenate([np.full(32, 0.6), np.full(32, 0.3)])[np.argsort(onset)]
    notes = Notes(np.sort(onset), held, np.full(64, 60))
    offset, lines, _ = grid(notes)
    assert (round(offset, 6), lines) == (0.2, 3)
    assert round(half_beats(notes), 6) == 0.2


@pytest.mark.parametrize(("metre", "length"), [("4/4", 4), ("3/4", 3)])
def test_barlines_fall_where_chords_change(tmp_path: Path, metre: str, length: int) -> None:
    block = ((36, 60, 64, 67), (41, 60, 65, 69), (43, 62, 65, 71), (45, 60, 64, 69))
    rows = [(0.3 + a, 0.3 + b, pitch) for a, b, pitch in chords(16, block, length)]
    rows += [(0.3 + n, 1.3 + n, 55) for n in range(16 * length)]
    score = parse(save(tmp_path / "x.mid", {"Piano": rows}).read_bytes())
    notes = Notes.of(score.tracks)
    found = estimate(notes)
    assert found.metre.name == metre
    assert np.allclose(found.starts[:12], 0.3 + length * np.arange(12), atol=0.01)


def test_short_bars_are_filled_up() -> None:
    bars = Bars(METRES["4/4"], np.array([0.0, 4.0, 6.0, 10.0]), 1.0, False)
    assert bars.ticks(np.array([-1.0, 0, 5, 6, 7, 10])).tolist() == [-24, 0, 120, 192, 216, 288]


TUNE = [(n / 2, n / 2 + 0.45, 67 + (0, 2, 4, 5, 4, 2, 7, 5, 9, 4)[n % 10]) for n in range(64)]
BASS = [(float(n), n + 0.9, 36 + 5 * (n // 4 % 2)) for n in range(32)]
BLOCK = chords(8, ((60, 64, 67), (60, 65, 69)))


def test_the_melody_is_told_by_its_name(tmp_path: Path) -> None:
    tracks = {"Strings": TUNE, "Lead Vocal": BASS, "Back Vocal": BLOCK}
    score = parse(save(tmp_path / "x.mid", tracks).read_bytes())
    assert melody.find(score).name == "Lead Vocal"


def test_without_names_the_tune_is_told_from_bass_and_chords(tmp_path: Path) -> None:
    score = parse(save(tmp_path / "x.mid", {"a": BASS, "b": BLOCK, "c": TUNE}).read_bytes())
    assert melody.find(score).name == "c"


def test_words_that_meet_their_notes_tell_the_melody() -> None:
    words = np.array([0.0, 1, 2, 3])
    assert melody.meeting(np.array([0.0, 1, 2, 3]), words) == 1
    assert melody.meeting(np.array([0.5, 1.5, 2.5]), words) == 0
