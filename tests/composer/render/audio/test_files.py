"""Audio files, read again; and what is missing is said before any work."""

import io
import shutil
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from composer.errors import UserError
from composer.render.audio import Sounding, check
from composer.render.audio.coding import FORMATS, RATE, encode
from composer.render.rendering import Rendering, plan_files, save
from corpora import needs
from tests.composer.example import piece


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_is_written_is_read_again(suffix):
    seconds = np.arange(RATE) / RATE
    sound = np.asarray([0.5 * np.sin(880 * np.pi * seconds), 0.2 * np.sin(440 * np.pi * seconds)])
    data = encode(sound.astype(np.float32), suffix, "Küste")
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        assert (file.samplerate, file.channels, file.title) == (RATE, 2, "Küste")
        read = file.read(always_2d=True).T
    assert abs(read.shape[1] - RATE) <= (0 if suffix != ".mp3" else 2400)
    strength = np.sqrt((read[:, 4000:40000] ** 2).mean(axis=1))
    assert strength == pytest.approx([0.5 / np.sqrt(2), 0.2 / np.sqrt(2)], rel=0.02)


def test_what_is_written_without_loss_is_the_same_sound():
    """Down to the last bit, where a container's own rounding would tell."""
    fading = np.geomspace(1, 1e-6, RATE) * np.random.default_rng(0).uniform(-1, 1, (2, RATE))
    wav, flac = (
        soundfile.read(io.BytesIO(encode(fading.astype(np.float32), suffix, "x")), dtype="int16")[0]
        for suffix in (".wav", ".flac")
    )
    assert np.array_equal(wav, flac)
    assert np.abs(wav / 32767 - fading.T).max() < 0.501 / 32767


def test_a_piece_becomes_sound_in_all_four(tmp_path):
    names = [f"x{suffix}" for suffix in FORMATS]
    save(Rendering(piece()), plan_files(str(tmp_path / name) for name in names))
    for name in names:
        read, rate = soundfile.read(tmp_path / name)
        assert rate == RATE
        # Three bars at 96 and one at 88 beats a minute, and what rings on.
        assert 10.2 < len(read) / RATE < 16
        assert 0.05 < np.abs(read).max() < 1


def test_wav_is_the_same_bytes_again(tmp_path):
    for name in ("a.wav", "b.wav"):
        save(Rendering(piece()), plan_files([str(tmp_path / name)]))
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_a_missing_library_is_said_with_what_installs_it(tmp_path, monkeypatch):
    monkeypatch.setattr(needs, "find_spec", lambda name: None if name == "soundfile" else name)
    with pytest.raises(UserError, match=r"soundfile, which is not installed\. Run: pip install"):
        plan_files([str(tmp_path / "x.mp3")])


def test_a_missing_soundfont_is_said(tmp_path, monkeypatch):
    with pytest.raises(
        UserError, match=r"none\.sf2 cannot be read.*apt install fluid-soundfont-gm"
    ):
        plan_files([str(tmp_path / "x.wav")], Sounding(soundfont="none.sf2"))
    monkeypatch.setattr("composer.render.audio.soundfont.installed", lambda: None)
    with pytest.raises(UserError, match="pip install --force-reinstall promenade-music"):
        plan_files([str(tmp_path / "x.wav")])
    assert plan_files([str(tmp_path / "x.mid")])


def test_a_missing_codec_is_said(monkeypatch):
    monkeypatch.setattr(soundfile, "available_formats", lambda: {"WAV": "", "OGG": ""})
    check(Sounding(), [".wav"])
    with pytest.raises(UserError, match=r"cannot write \.mp3 files\. Run: pip install"):
        check(Sounding(), [".mp3"])


def test_fluidsynth_is_asked_for_before_it_is_needed(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(UserError, match=r"FluidSynth is not installed\..*apt install fluidsynth"):
        check(Sounding("fluidsynth"), [".wav"])


@pytest.mark.skipif(shutil.which("fluidsynth") is None, reason="FluidSynth is not installed")
def test_fluidsynth_plays(tmp_path):
    how = Sounding("fluidsynth")
    save(Rendering(piece(), how), plan_files([str(tmp_path / "x.wav")], how))
    read, _ = soundfile.read(tmp_path / "x.wav")
    assert 0.05 < np.abs(read).max() < 1
    assert np.abs(read[-200:]).max() < 0.01


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("seconds", [0, 20, 240], ids=["one sample", "usual", "longest"])
def test_any_length_is_written_in_a_thread_of_a_small_stack(suffix, seconds):
    """A server's threads may have 64 KiB; an encoder that needs more ends the whole process, so
    that one of its own is given to this."""
    code = f"""
import io, threading
import numpy as np, soundfile
from composer.render.audio.coding import RATE, encode
time = np.arange(max(1, {seconds} * RATE)) / RATE
sound = np.stack([0.3 * np.sin(2764.6 * time), 0.3 * np.sin(1382.3 * time)]).astype(np.float32)
found = []
def work():
    found.append(soundfile.read(io.BytesIO(encode(sound, {suffix!r}, "x")))[0].T)
threading.stack_size(1 << 16)
thread = threading.Thread(target=work)
thread.start()
thread.join()
(heard,) = found
assert heard.shape == sound.shape, heard.shape
if {seconds}:
    middle = slice(RATE, -RATE)
    assert np.corrcoef(heard[0][middle], sound[0][middle])[0, 1] > 0.99
"""
    subprocess.run([sys.executable, "-c", code], check=True)
