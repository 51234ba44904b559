"""Sound from notes: the pitch, the loudness, the place and the length that a MIDI file asks for."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from composer.errors import UserError
from composer.render.audio.coding import RATE
from composer.render.audio.soundfont import SoundFont, installed
from composer.render.audio.synth import FLUIDSYNTH, by_fluidsynth, by_samples
from tests.composer.render.audio.midi import TIMGM6MB, midi

FLUTE, VIOLIN, PIANO, GUITAR, STRINGS, HARP, TROMBONE = 73, 40, 0, 24, 48, 46, 57
HAT, CRASH, KICK = 42, 49, 36


def level(sound, start=0.0, end=None):
    """Decibels of the power in both channels between two seconds."""
    part = sound[:, round(start * RATE) : None if end is None else round(end * RATE)]
    return 10 * np.log10((part.astype(float) ** 2).sum(axis=0).mean() + 1e-12)


def sounded(notes, font=TIMGM6MB, **how):
    return by_samples(midi(notes, **how), font)


@pytest.mark.parametrize("font", [TIMGM6MB, installed()], ids=["TimGM6mb", "the installed one"])
@pytest.mark.parametrize("program", [FLUTE, VIOLIN, PIANO, GUITAR, TROMBONE])
@pytest.mark.parametrize("key", [52, 69, 81])
def test_a_key_sounds_at_its_pitch_from_first_to_last(program, key, font):
    sound = sounded([(0, 2, key, 100)], font, program=program).sum(axis=0)
    due = 440 * 2 ** ((key - 69) / 12)
    for start in (0.1, 1.4):
        part = sound[round(start * RATE) :][: RATE // 2]
        power = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
        overtone = np.fft.rfftfreq(len(part), 1 / RATE) / due
        near = np.abs(overtone - np.round(overtone)) < 0.03 * np.maximum(1, overtone)
        near &= (overtone > 0.5) & (overtone < 12)
        assert power[near].sum() > 0.9 * power[overtone > 0.5].sum()


def test_twice_the_velocity_is_twelve_decibels_of_the_same_tone():
    loud, soft = (sounded([(0, 1, KICK, v)], channel=9) for v in (120, 60))
    assert level(loud) - level(soft) == pytest.approx(12.04, abs=0.01)


def test_volume_and_expression():
    plain = level(sounded([(0, 1, 60, 100)], controls=[(0, 7, 127)]))
    assert plain - level(sounded([(0, 1, 60, 100)])) == pytest.approx(40 * np.log10(1.27), abs=0.01)
    # A swell that begins after the note does.
    swelled = sounded([(0, 2, 69, 100)], program=FLUTE, controls=[(0, 11, 32), (1, 11, 127)])
    flat = sounded([(0, 2, 69, 100)], program=FLUTE)
    assert level(flat, 0, 1) - level(swelled, 0, 1) == pytest.approx(
        40 * np.log10(127 / 32), abs=0.1
    )
    assert level(flat, 1.1, 2) == pytest.approx(level(swelled, 1.1, 2), abs=0.1)


def test_pan_moves_a_part_and_keeps_its_power():
    middle, left, right = (
        sounded([(0, 1, 60, 100)], program=FLUTE, controls=[(0, 10, pan)]) for pan in (64, 0, 127)
    )
    assert np.abs(left[1]).max() < 1e-4 < np.abs(left[0]).max()
    assert np.abs(right[0]).max() < 1e-4
    assert level(left) == pytest.approx(level(middle), abs=0.1)
    assert level(middle[:1]) == pytest.approx(level(middle[1:]), abs=0.1)


def test_what_is_struck_dies_away_and_what_is_bowed_does_not():
    for program in (PIANO, GUITAR, HARP):
        sound = sounded([(0, 3, 60, 100)], program=program)
        assert level(sound, 2, 3) < level(sound, 0, 1) - 8
    bowed = sounded([(0, 3, 60, 100)], program=VIOLIN)
    assert level(bowed, 2, 3) == pytest.approx(level(bowed, 1, 2), abs=2)


def test_the_last_tone_rings_out():
    sound = sounded([(0, 1, 60, 100)], program=STRINGS)
    assert sound.shape[1] > 1.2 * RATE
    assert level(sound, 1.05, 1.2) > -60
    assert np.abs(sound[:, -20:]).max() < 1e-4


def test_the_pedal_holds_what_is_let_go():
    short = [(0, 0.3, 60, 100), (2.5, 0.1, 84, 1)]
    dry = sounded(short, program=HARP)
    held = sounded(short, program=HARP, controls=[(0.1, 64, 127), (2, 64, 0)])
    assert level(held, 1.5, 2) > level(dry, 1.5, 2) + 20


def test_drums_are_heard_each_in_its_place():
    for key in (HAT, CRASH, KICK):
        assert level(sounded([(0, 0.5, key, 100)], channel=9), 0, 0.2) > -45
    left, right = sounded([(0, 0.5, HAT, 100)], channel=9)
    assert (right**2).sum() > 2 * (left**2).sum()


def test_the_same_samples_every_time():
    notes = [(0, 1, 60, 90), (0.5, 1, 64, 70), (0.5, 1, 67, 70)]
    assert np.array_equal(sounded(notes), sounded(notes))


def test_a_file_without_notes_is_silence():
    assert not sounded([]).any()


def test_what_is_no_soundfont_is_said(tmp_path):
    wrong = tmp_path / "x.sf2"
    for content in (b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0sfbkLIST\4\0\0\0pdta"):
        wrong.write_bytes(content)
        with pytest.raises(UserError, match=r"x\.sf2 is (no SoundFont|damaged.*)\. .*apt install"):
            SoundFont(wrong)
    with pytest.raises(UserError, match="cannot be read"):
        SoundFont(tmp_path / "missing.sf2")


@pytest.mark.skipif(shutil.which(FLUIDSYNTH) is None, reason="FluidSynth is not installed")
@pytest.mark.parametrize(
    ("program", "channel", "key"),
    [(PIANO, 0, 60), (PIANO, 0, 84), (VIOLIN, 0, 69), (GUITAR, 0, 60), (11, 0, 72), (0, 9, KICK)],
)
def test_levels_are_those_of_fluidsynth(program, channel, key):
    file = midi([(0, 1, key, 100)], program, channel)
    ours, theirs = by_samples(file, TIMGM6MB), by_fluidsynth(file, TIMGM6MB)
    # FluidSynth is quieter by its gain of 0.4, and its room adds a little.
    assert level(ours, 0, 0.2) - level(theirs, 0, 0.2) == pytest.approx(6.8, abs=1)


# A program that writes a sound as FluidSynth's options ask for it, of so many seconds.
STAND_IN = """#!{python}
import sys, numpy, soundfile
open({said!r}, "w").write("\\n".join(sys.argv[1:]))
path = sys.argv[sys.argv.index("-F") + 1]
soundfile.write(path, numpy.full((int({seconds} * 44100), 2), 0.1), 44100, "FLOAT")
"""


def stand_in(folder, monkeypatch, seconds):
    """FluidSynth's place on the path is taken; returns the file with what it was called with."""
    program, said = folder / FLUIDSYNTH, folder / "said"
    program.write_text(STAND_IN.format(python=sys.executable, said=str(said), seconds=seconds))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return said


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
def test_fluidsynth_that_stops_early_is_found_out(tmp_path, monkeypatch):
    """With a full folder of temporary files it leaves off, and ends as if all were well."""
    file = midi([(0, 1, 60, 100), (8, 1, 60, 100)])
    stand_in(tmp_path, monkeypatch, 3)
    with pytest.raises(UserError, match=r"FluidSynth played 3 of 9 seconds\. .*TMPDIR"):
        by_fluidsynth(file, installed())
    stand_in(tmp_path, monkeypatch, 9)
    assert by_fluidsynth(file, installed()).shape == (2, 9 * RATE)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
def test_a_soundfont_s_name_is_no_option(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = stand_in(tmp_path, monkeypatch, 1)
    by_fluidsynth(midi([(0, 1, 60, 100)]), Path("-Fx"))
    words = said.read_text().splitlines()
    assert str(tmp_path / "-Fx") in words
    assert "-Fx" not in words


def test_no_room_for_fluidsynth_s_files_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(UserError, match=r"cannot be written to .*gone: No such file"):
        by_fluidsynth(midi([(0, 1, 60, 100)]), installed())


def over(sound, hertz):
    """The share of the power, in decibels, that lies over a frequency."""
    power = np.abs(np.fft.rfft(sound.sum(axis=0).astype(float))) ** 2
    heights = np.fft.rfftfreq(sound.shape[1], 1 / RATE)
    return 10 * np.log10(power[heights > hertz].sum() / power.sum())


@pytest.mark.parametrize("program", [VIOLIN, HARP, PIANO])
def test_what_is_struck_softly_is_darker(program):
    shares = [over(sounded([(0, 1, 60, v)], program=program), 2500) for v in (30, 60, 90, 120)]
    assert shares == sorted(shares)
    assert shares[-1] - shares[0] > 3


def test_drums_are_as_bright_at_any_velocity():
    soft, loud = (over(sounded([(0, 0.5, KICK, v)], channel=9), 2500) for v in (30, 120))
    assert soft == pytest.approx(loud, abs=0.01)


def cents(sound, hertz, start, end):
    """The first overtone's pitch against `hertz`, over time, by the turn of its phase."""
    part = sound.sum(axis=0)[round(start * RATE) : round(end * RATE)].astype(float)
    turned = part * np.exp(-2j * np.pi * hertz * np.arange(len(part)) / RATE)
    smooth = np.convolve(turned, np.hanning(2000), "valid")
    speed = np.diff(np.unwrap(np.angle(smooth))) * RATE / (2 * np.pi)
    return 1200 * np.log2(1 + speed / hertz)


def test_a_held_tone_of_a_wind_begins_to_sway_and_a_struck_one_does_not():
    trombone = sounded([(0, 3, 69, 120)], program=TROMBONE)
    early, late = cents(trombone, 440, 0.1, 0.35), cents(trombone, 440, 1.2, 2.6)
    assert np.ptp(early) < 6
    assert 12 < np.ptp(late) < 20
    sway = late - late.mean()
    rate = np.fft.rfftfreq(len(sway), 1 / RATE)[np.abs(np.fft.rfft(sway)).argmax()]
    assert rate == pytest.approx(5.6, abs=0.5)
    electric = sounded([(0, 3, 69, 120)], program=11)
    assert np.ptp(cents(electric, 440, 1.2, 2.6)) < 6
