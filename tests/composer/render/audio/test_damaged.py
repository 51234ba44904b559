"""SoundFonts that are cut off or damaged: a sentence, or sound, and never anything else."""

import os
import random
import struct
from pathlib import Path

import numpy as np
import pytest

from composer.errors import UserError
from composer.render.audio.soundfont import SoundFont
from composer.render.audio.synth import by_samples
from tests.composer.render.audio.midi import TIMGM6MB, midi

WHOLE = TIMGM6MB.read_bytes()
TUNE = midi([(0, 0.2, 60, 100), (0.1, 0.2, 67, 60)], program=48)


def played(path):
    """The sound; None where the file was refused, in a sentence."""
    try:
        return by_samples(TUNE, path)
    except UserError as error:
        said = str(error)
    assert said.startswith(f"{path} ")
    assert "--soundfont" in said
    return None


def test_a_file_cut_off_anywhere_is_refused_before_it_is_played(tmp_path):
    path = tmp_path / "cut.sf2"
    dealt = random.Random(0)
    places = [0, 1, 4, 11, 12, 13, *(dealt.randrange(len(WHOLE)) for _ in range(200))]
    # Half of them in the last of it, where presets and instruments are.
    places += [len(WHOLE) - dealt.randrange(1, 150_000) for _ in range(100)]
    for place in places:
        path.write_bytes(WHOLE[:place])
        with pytest.raises(UserError, match=r"is (no SoundFont|damaged, or not whole)\."):
            SoundFont(path)


@pytest.mark.parametrize("bytes_", [1, 8, 200])
def test_flipped_bytes_sound_or_are_refused(tmp_path, bytes_):
    path = tmp_path / "flipped.sf2"
    dealt = random.Random(bytes_)
    begin = WHOLE.index(b"pdta")
    refused = 0
    for _ in range(60):
        data = bytearray(WHOLE)
        for _ in range(bytes_):
            data[dealt.randrange(begin + 4, len(data))] = dealt.randrange(256)
        path.write_bytes(data)
        sound = played(path)
        refused += sound is None
        assert sound is None or np.isfinite(sound).all()
        assert sound is None or sound.shape[1] < 60 * 44_100
    assert refused > 0


def test_an_odd_chunk_is_read_with_and_without_the_byte_that_evens_it_out(tmp_path):
    """MuseScore writes .sf3 files without, as Debian's FluidR3Mono is."""
    list_, place = WHOLE.index(b"sdta") - 8, WHOLE.index(b"smpl")
    size, inner = (struct.unpack_from("<I", WHOLE, at + 4)[0] for at in (list_, place))
    end = place + 8 + inner
    grown = bytearray(WHOLE[:end] + b"\7")
    struct.pack_into("<I", grown, list_ + 4, size + 1)
    struct.pack_into("<I", grown, place + 4, inner + 1)
    whole = tmp_path / "whole.sf2"
    whole.write_bytes(WHOLE)
    for name, evened in (("without", b""), ("with", b"\0")):
        path = tmp_path / f"{name}.sf2"
        path.write_bytes(bytes(grown) + evened + WHOLE[end:])
        assert np.array_equal(by_samples(TUNE, path), by_samples(TUNE, whole))


@pytest.mark.parametrize("left", [0, 2_000_000])
def test_a_file_that_is_cut_while_it_plays_is_said(tmp_path, left):
    path = tmp_path / "cut.sf2"
    path.write_bytes(WHOLE)
    font = SoundFont(path)
    number = max(layer.number for layer in font.layers(0, 48, 60, 100))
    os.truncate(path, left)
    with pytest.raises(UserError, match=r"cut\.sf2 is damaged, or not whole\."):
        font.sample(number)
    path.unlink()
    with pytest.raises(UserError, match=r"cut\.sf2 cannot be read: No such file"):
        font.sample(number)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_said_at_once(tmp_path):
    """A pipe would be waited for, and /dev/zero never ends."""
    os.mkfifo(tmp_path / "pipe.sf2")
    for path in (tmp_path / "pipe.sf2", "/dev/zero"):
        with pytest.raises(UserError, match="is a pipe or a device, and no file"):
            SoundFont(Path(path))
    with pytest.raises(UserError, match="is a folder"):
        SoundFont(tmp_path)
