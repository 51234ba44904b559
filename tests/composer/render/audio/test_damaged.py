"""SoundFonts that are cut off or damaged: a sentence, or sound, and never anything else."""

import random

import numpy as np
import pytest

from composer.errors import UserError
from composer.render.audio.soundfont import SoundFont, installed
from composer.render.audio.synth import by_samples
from tests.composer.render.audio.midi import midi

WHOLE = installed().read_bytes()
TUNE = midi([(0, 0.2, 60, 100), (0.1, 0.2, 67, 60)], program=48)


def played(path):
    """The sound; None where the file was refused, in a sentence."""
    try:
        return by_samples(TUNE, path)
    except UserError as error:
        said = str(error)
    assert said.startswith(f"{path} is ")
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
