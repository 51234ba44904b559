"""The piano roll: its parts' colours where their notes are."""

import io
from dataclasses import replace

import numpy as np
from PIL import Image

from composer.render.film.look import width
from composer.render.roll import BARS, BROAD, COLOURS, WIDTH, encode, numerals
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


def test_no_numeral_runs_into_another():
    """A borrowed chord of a long name on every beat, more than any piece has."""
    made = piece()
    beat, bar = made.plan.metre.beat, made.plan.metre.bar
    first = made.harmony.spans[0]
    chord = replace(first.chord, roman="bVIImaj7")
    spans = tuple(
        replace(first, start=tick, end=tick + beat, chord=chord)
        for tick in range(0, BARS * bar, beat)
    )
    shown = numerals(replace(made, harmony=replace(made.harmony, spans=spans)), 0, BARS * bar)
    assert len(shown) == len(spans)
    ends = [0.0, 0.0]
    for label in shown:
        left = label.tick * WIDTH * BROAD * 72 / (BARS * bar)
        assert left >= ends[label.level]
        ends[label.level] = left + width(f" {label.words}", label.size)
    usual = numerals(made, 0, BARS * bar)
    assert {label.level for label in usual} == {0}
    assert max(label.size for label in usual) == 9
