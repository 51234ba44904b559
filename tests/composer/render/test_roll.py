"""The piano roll: its parts' colours where their notes are."""

import io

import numpy as np
from PIL import Image

from composer.render.roll import COLOURS, encode
from tests.composer.example import piece


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def near(image, colour):
    """Where the picture has a colour, paled by up to a half."""
    full = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)])
    wish = 255 + np.multiply.outer([0.5, 0.6, 0.7, 0.8], full - 255)
    return (np.abs(image[:, :, None] - wish).max(axis=3) < 22).any(axis=2)


def test_every_part_is_seen_the_bass_below_the_melody():
    image = pixels(encode(piece()))
    roll = image[150:]  # below title and names
    middles = {}
    for role in ("melody", "chords", "bass", "drums"):
        rows = np.flatnonzero(near(roll, COLOURS[role]).sum(axis=1) > 20)
        assert len(rows), role
        middles[role] = np.median(rows)
    assert middles["melody"] < middles["bass"] < middles["drums"]


def test_the_same_bytes_again_and_rows_for_more_bars():
    made = piece("3/4", "Eb", "dorian")
    data = encode(made)
    assert encode(made) == data
    assert 1200 < pixels(data).shape[1] < 1600
