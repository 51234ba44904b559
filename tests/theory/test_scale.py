"""Modes and keys: the scales of the textbook, signatures, spelling."""

import pytest
from hypothesis import given
from mingus.core import keys as mingus_keys
from mingus.core import scales as mingus_scales

from tests.theory.strategies import keys
from theory.scale import MODES, Key

SCALES = {
    "ionian": "C D E F G A B",
    "dorian": "C D Eb F G A Bb",
    "phrygian": "C Db Eb F G Ab Bb",
    "lydian": "C D E F# G A B",
    "mixolydian": "C D E F G A Bb",
    "aeolian": "C D Eb F G Ab Bb",
    "locrian": "C Db Eb F Gb Ab Bb",
    "harmonic minor": "C D Eb F G Ab B",
    "melodic minor": "C D Eb F G A B",
    "major pentatonic": "C D E G A",
    "minor pentatonic": "C Eb F G Bb",
    "octatonic": "C Db Eb E F# G A Bb",
    "whole-tone": "C D E F# G# Bb",
    "blues": "C Eb F Gb G Bb",
}


CHURCH = ("ionian", "dorian", "phrygian", "lydian", "mixolydian", "aeolian", "locrian")


@pytest.mark.parametrize("mode", SCALES)
def test_scales_on_c(mode):
    assert Key.of("C", mode).names == tuple(SCALES[mode].split())


def test_every_mode_has_its_fact():
    assert set(SCALES) == set(MODES)


@pytest.mark.parametrize(
    ("tonic", "mode"),
    list(zip("CDEFGAB", CHURCH, strict=True)),
)
def test_the_church_modes_are_the_white_keys(tonic, mode):
    key = Key.of(tonic, mode)
    assert {note.alter for note in key.notes} == {0}
    assert key.signature == 0


@pytest.mark.parametrize("fifths", range(-6, 7))
def test_signatures_and_scales_agree_with_mingus(fifths):
    major, minor = mingus_keys.get_key(fifths)
    assert Key.of(major, "ionian").signature == fifths
    assert Key.of(minor.capitalize(), "aeolian").signature == fifths
    assert list(Key.of(major, "ionian").names) == mingus_keys.get_notes(major)
    assert (
        list(Key.of(minor.capitalize(), "aeolian").names)
        == mingus_keys.get_notes(minor)[_tonic_at(minor) :]
        + mingus_keys.get_notes(minor)[: _tonic_at(minor)]
    )


def _tonic_at(minor):
    return mingus_keys.get_notes(minor).index(minor.capitalize())


@pytest.mark.parametrize(
    ("mode", "theirs"),
    [
        ("dorian", mingus_scales.Dorian),
        ("phrygian", mingus_scales.Phrygian),
        ("lydian", mingus_scales.Lydian),
        ("mixolydian", mingus_scales.Mixolydian),
        ("locrian", mingus_scales.Locrian),
        ("aeolian", mingus_scales.Aeolian),
        ("harmonic minor", mingus_scales.HarmonicMinor),
        ("melodic minor", mingus_scales.MelodicMinor),
    ],
)
@pytest.mark.parametrize("tonic", ["C", "D", "E", "G", "A", "B"])
def test_modes_agree_with_mingus(mode, theirs, tonic):
    assert list(Key.of(tonic, mode).names) == theirs(tonic).ascending()[:-1]


@pytest.mark.parametrize("tonic", ["C", "D", "Eb", "F#", "A", "Bb"])
@pytest.mark.parametrize("mode", ["ionian", "dorian", "phrygian", "lydian", "mixolydian"])
def test_signatures_agree_with_music21(tonic, mode):
    from music21 import key as music21_key

    theirs = music21_key.Key(tonic.replace("b", "-"), mode.replace("ionian", "major"))
    assert Key.of(tonic, mode).signature == theirs.sharps


@given(keys)
def test_no_spelled_key_has_more_than_six_accidentals(key):
    assert abs(key.signature) <= 6
    assert all(abs(note.alter) <= 2 for note in key.notes)


@given(keys)
def test_a_scale_has_every_letter_once_and_what_is_added_on_one_of_them(key):
    steps = [note.step for note in key.notes]
    assert len(set(steps)) == len(key.mode.degrees)
    assert len(steps) == len(key.mode.degrees) + len(key.mode.also)


@given(keys)
def test_a_scale_rises_from_its_tonic(key):
    above = [(note.chroma - key.tonic.chroma) % 12 for note in key.notes]
    assert above == sorted(set(above))
    assert above[0] == 0


def test_octatonic_steps_are_half_and_whole_by_turns_and_whole_tones_all_whole():
    for mode, steps in (("octatonic", [1, 2] * 4), ("whole-tone", [2] * 6)):
        chromas = [note.chroma for note in Key.of("D", mode).notes]
        rising = [(b - a) % 12 for a, b in zip(chromas, chromas[1:] + chromas[:1], strict=True)]
        assert rising == steps


def test_an_unknown_mode_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match="'hypodorian' is no mode: choose from lydian"):
        Key.of("C", "hypodorian")
