"""The sound is judged as it is heard: a drowned melody, a hole, a peak and a cut end are told."""

from dataclasses import replace

import numpy as np
import pytest

from composer.errors import UserError
from composer.evaluate import sound as audible
from composer.evaluate.sound import PieceSound, SoundReport, hear, lead, longest_silence
from composer.music.orchestra import load_orchestra
from composer.render.audio.coding import RATE
from composer.values import Cause, Note, Part
from tests.composer.example import piece
from theory.pitch import Pitch

GOOD = PieceSound("x", -16.0, -1.6, 0.1, {"melody": 6.0}, 2.0, 0.0)


def tone(hertz, level, seconds=2.0):
    wave = np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)
    return np.asarray([wave, wave], np.float32) * np.float32(level)


def singer(key="A4"):
    cause = Cause("melody", "chord tone", None, None, None, "", ())
    notes = (Note(0, 96, Pitch.parse(key), 80, cause),)
    return Part("melody", load_orchestra().instruments["flute"], notes, 64, 100, 0.9)


def test_a_melody_is_weighed_in_its_own_band():
    melody = tone(440, 0.1) + tone(880, 0.05)
    # The band's edges take a little of what lies on them.
    even = lead(singer(), melody, tone(660, 0.1))
    assert even == pytest.approx(1, abs=1.5)
    assert lead(singer(), melody, tone(660, 0.01)) == pytest.approx(even + 20, abs=0.1)
    # What lies far below it does not hide it.
    assert lead(singer(), melody, tone(60, 1.0)) > 20


def test_a_silence_inside_is_found_and_one_at_the_end_is_none():
    hole = np.zeros((2, 3 * RATE), np.float32)
    assert longest_silence(np.hstack([tone(440, 0.1), hole, tone(440, 0.1), hole])) == (
        pytest.approx(3, abs=0.1)
    )
    assert longest_silence(tone(440, 0.1)) == 0
    assert longest_silence(hole) == np.inf


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"loudness": -18.2}, "its loudness is -18.2 LUFS"),
        ({"peak": -0.4}, "its true peak is -0.40 dBTP"),
        ({"silence": 2.4}, "it is silent for 2.4 s"),
        ({"leads": {"melody": 0.3}}, "its melody is +0.3 dB over its accompaniment"),
        ({"ended": 0.2}, "its end is cut off"),
    ],
)
def test_every_fault_is_told_with_its_figure(wrong, said):
    assert GOOD.faults == ()
    report = SoundReport("rules", (GOOD, replace(GOOD, title="y", **wrong)))
    assert report.faults == (f"y: {said}",)
    assert f"WRONG: y: {said}" in str(report)


def test_a_melody_that_is_turned_down_is_found(monkeypatch):
    made = piece("4/4")
    assert hear(made).leads["melody"] > audible.AUDIBLE
    soft = {"melody": 16, "chords": 127, "bass": 127, "drums": 100}
    monkeypatch.setattr(audible.mix, "volumes", lambda parts: soft)
    assert any("its melody" in fault for fault in hear(made).faults)


def test_a_folder_without_pictures_is_told(tmp_path):
    with pytest.raises(UserError, match="There is no picture in"):
        audible.evaluate_sound(str(tmp_path), "rules")
    with pytest.raises(UserError, match="There is no folder"):
        audible.evaluate_sound(str(tmp_path / "none"), "rules")
