"""Melodies of random events, as a decoder reads them."""

from __future__ import annotations

import numpy as np

from neural import vocabulary as words
from neural.decoder import ReadEvents
from neural.guide import COLUMNS, REALS
from neural.vocabulary import LENGTH_WORDS


def melody(rng: np.random.Generator, events: int) -> ReadEvents:
    whole = np.stack([rng.integers(-1, size, events) for size in COLUMNS.values()], axis=1)
    return ReadEvents(
        np.concatenate([[words.START], rng.integers(0, words.PITCHES + 1, events - 1)]),
        np.concatenate([[LENGTH_WORDS], rng.integers(0, LENGTH_WORDS, events - 1)]),
        np.cumsum(rng.integers(1, 48, events)),
        whole,
        rng.random((events, REALS)).astype(np.float32),
    )
