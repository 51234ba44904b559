"""What is measured on notes: facts that one can count, and what must not change them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.music.catalogue import MUSIC
from analysis.music.notes import NoteArrays, measure_notes


def arrays(rows, velocity=80.0, timed=True):
    """Notes of (onset, duration, pitch), in seconds, of half a second a quarter note."""
    onset, duration, pitch = np.array(rows, float).T
    return NoteArrays(
        onset,
        duration,
        pitch,
        np.zeros(len(rows), bool),
        None if velocity is None else np.full(len(rows), velocity),
        onset * 2,
        timed,
    )


def tune(pitches, step=0.5, held=0.5):
    return arrays([(step * at, held, pitch) for at, pitch in enumerate(pitches)])


C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]
C_MINOR = [60, 62, 63, 65, 67, 68, 70, 72, 67, 63, 60]


def test_a_scale_is_measured_as_it_is():
    found = measure_notes(tune(C_MAJOR))
    assert found["time.onset_rate"] == pytest.approx(2)
    assert found["time.density"] == pytest.approx(1)
    assert found["time.tempo"] == pytest.approx(120)
    assert found["time.note_length"] == pytest.approx(0.5)
    assert found["time.evenness"] == 1
    assert found["time.articulation"] == 1
    assert found["loudness.velocity"] == 80
    assert found["pitch.register"] == pytest.approx(np.mean(C_MAJOR))
    assert found["harmony.chromaticism"] == 0
    assert found["texture.voices"] == 1


@pytest.mark.parametrize("tonic", range(12))
def test_major_and_minor_are_told_apart_in_every_key(tonic):
    major = measure_notes(tune([each + tonic for each in C_MAJOR]))
    minor = measure_notes(tune([each + tonic for each in C_MINOR]))
    assert major["harmony.majorness"] > 0 > minor["harmony.majorness"]
    assert major["harmony.tonic"] == minor["harmony.tonic"] == tonic


def test_short_notes_are_detached():
    assert measure_notes(tune(C_MAJOR, held=0.15))["time.articulation"] == pytest.approx(0.3)


def test_the_tune_is_what_sounds_above_and_the_bass_what_sounds_below():
    chords = [(at, 1.0, pitch) for at in range(8) for pitch in (48, 55, 64, 72)]
    inner = [(at + 0.5, 0.5, 60) for at in range(8)]
    found = measure_notes(arrays([*chords, *inner]))
    assert found["pitch.melody"] == 72  # the inner notes that begin alone are no tune
    assert found["pitch.bass"] == 48
    assert found["harmony.third"] == 1


def test_a_semitone_is_rougher_than_a_fifth():
    def rough(apart):
        rows = [(at, 1.0, pitch) for at in range(4) for pitch in (60, 60 + apart)]
        return measure_notes(arrays(rows))["harmony.dissonance"]

    assert rough(7) < rough(4) < rough(6) < rough(1)
    assert rough(13) < rough(1)


def test_pauses_and_repetition():
    assert measure_notes(tune(C_MAJOR, held=0.25))["texture.silence"] > 0.4
    again = measure_notes(tune([60, 64, 67, 64] * 6))["texture.repetition"]
    assert again > 0.7 > measure_notes(tune(C_MAJOR))["texture.repetition"]


def test_what_the_notes_cannot_say_is_absent():
    silent = measure_notes(arrays([(0, 1, 60), (1, 1, 64)], velocity=None, timed=False))
    for name in ("loudness.velocity", "time.tempo", "time.onset_rate", "time.length"):
        assert name not in silent
    assert silent["time.density"] == pytest.approx(0.5)
    assert "harmony.dissonance" not in silent


def test_drums_have_no_pitch():
    drums = NoteArrays(
        np.array([0.0, 0.5]), np.array([0.5, 0.5]), np.array([38.0, 36.0]), np.ones(2, bool)
    )
    with pytest.raises(ValueError, match="no pitched note"):
        measure_notes(drums)


note = st.tuples(st.integers(0, 60), st.integers(1, 12), st.integers(0, 127)).map(
    lambda row: (row[0] / 4, row[1] / 4, row[2])
)


@given(st.lists(note, min_size=1, max_size=40), st.integers(1, 20))
def test_all_lies_in_its_range_and_neither_order_nor_place_matters(rows, later):
    found = measure_notes(arrays(rows))
    for name, value in found.items():
        known = MUSIC[name].feature
        assert known.low <= value <= known.high, name
    moved = measure_notes(arrays([(at + later, long, pitch) for at, long, pitch in rows[::-1]]))
    assert moved == pytest.approx(found, abs=1e-9)
