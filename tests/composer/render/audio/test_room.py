"""The room: an echo longer for calm and dark, at the sides, and harmless to one channel."""

import numpy as np
import pytest

from composer import compose
from composer.render.audio.coding import RATE
from composer.render.audio.room import USUAL, Room, in_room, room_of
from composer.render.rendering import Rendering

PIECES = [("sample:china", "string sextet"), ("sample:flower", "solo piano")]


def clap():
    sound = np.zeros((2, RATE), np.float32)
    sound[:, 0] = 1
    return sound


def middle_and_side(sound):
    """The power of what is alike in both channels, and of what is not."""
    left, right = sound.astype(float)
    return ((left + right) ** 2).mean() / 4, ((left - right) ** 2).mean() / 4


def test_the_room_adds_an_echo_and_changes_nothing_before_it():
    heard = in_room(clap())
    assert heard.shape[1] > RATE
    first = round(0.007 * RATE)
    assert np.allclose(heard[:, :first], clap()[:, :first], atol=1e-6)
    assert 0.05 < (heard[:, 1:] ** 2).sum() < 0.5
    assert np.array_equal(heard, in_room(clap()))


@pytest.mark.parametrize("length", [0.7, 1.4, 2.2])
def test_an_echo_is_sixty_decibels_down_after_its_length(length):
    """By Schroeder's backward integral over the first 30 dB of its fall."""
    heard = in_room(clap(), Room(length=length)).astype(float)[0][round(0.06 * RATE) :]
    left = 10 * np.log10(np.cumsum((heard**2)[::-1])[::-1] / (heard**2).sum())
    since, until = (np.argmax(left < level) / RATE for level in (-5, -35))
    assert 2 * (until - since) == pytest.approx(length, rel=0.1)


def test_calm_and_dark_have_the_longer_room():
    calm, lively = room_of(0.0, -0.8), room_of(0.0, 0.8)
    assert calm.length > lively.length
    assert calm.share > lively.share
    dark, bright = room_of(-0.8, 0.0), room_of(0.8, 0.0)
    assert dark.length > bright.length
    assert dark.bright < bright.bright
    for valence in (-1, 0, 1):
        for arousal in (-1, 0, 1):
            assert 0.7 <= room_of(valence, arousal).length <= 2.2


def test_a_piece_sounds_in_the_room_of_its_mood(monkeypatch):
    asked = []
    monkeypatch.setattr("composer.render.audio.perform", lambda *given: asked.append(given[-1]))
    made = compose("sample:china", melody="rules", bars="16")
    assert Rendering(made).sound is None
    assert asked == [room_of(made.plan.mood.valence, made.plan.mood.arousal)]


def test_the_walls_are_at_the_sides_and_the_bass_in_the_middle():
    """In one channel nothing of the walls is left, and none of the instruments is lost."""
    heard = in_room(clap(), Room(share=1e-6))
    assert np.allclose(heard.sum(axis=0)[:RATE], 2 * clap()[0], atol=1e-4)
    seconds = np.arange(2 * RATE) / RATE
    sides = []
    for hertz in (50, 1000):
        tone = np.sin(2 * np.pi * hertz * seconds)
        middle, side = middle_and_side(in_room(np.asarray([tone, tone], np.float32), USUAL))
        sides.append(side / middle)
    assert sides[0] < sides[1] / 4


@pytest.mark.parametrize(("source", "ensemble"), PIECES)
def test_a_piece_is_wide_and_whole_in_one_channel(source, ensemble):
    sound = Rendering(compose(source, melody="rules", bars="16", ensemble=ensemble)).sound
    middle, side = middle_and_side(sound)
    assert -8 <= 10 * np.log10(side / middle) < -3
    assert np.corrcoef(sound)[0, 1] > 0.3
    both = (sound.astype(float) ** 2).mean()
    assert 10 * np.log10(both / middle) < 3
