"""The mix: instruments equally loud, a melody over its accompaniment."""

from dataclasses import replace

import numpy as np
import pytest

from composer.music.orchestra import load_orchestra
from composer.render.audio.soundfont import installed
from composer.render.audio.synth import by_samples
from composer.render.midi.mix import volumes
from tests.composer.example import piece
from tests.composer.render.audio.midi import midi

INSTRUMENTS = load_orchestra().instruments


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_levels_are_those_of_the_installed_soundfont(name):
    player = INSTRUMENTS[name]
    notes = [(k / 2, 0.45, player.middle.midi + up, 90) for k, up in enumerate((-7, -4, 0, 4, 7))]
    sound = by_samples(midi(notes, program=player.program), installed())[:, : 5 * 44_100 // 2]
    power = (sound.astype(float) ** 2).sum(axis=0).mean()
    assert player.level == pytest.approx(10 * np.log10(power), abs=1)


def test_a_loud_instrument_is_turned_down_and_a_melody_is_on_top():
    made = piece()
    heard = volumes(made.parts)
    assert heard.keys() == {"melody", "chords", "bass", "drums"}
    horns = replace(made.parts[1], instrument=INSTRUMENTS["french horn"])
    louder = volumes((made.parts[0], horns, *made.parts[2:]))
    assert louder["chords"] < heard["chords"]
    assert louder["melody"] == heard["melody"]
    alone = volumes(made.parts[1:])
    assert alone["chords"] >= heard["chords"]
    assert all(0 < volume <= 127 for volume in (*heard.values(), *louder.values()))
