"""Which words go with a learned reading."""

import os
from pathlib import Path

import numpy as np
import pytest

from analysis.picture.content.content import _readings
from analysis.picture.content.words import near, words
from composer.evaluate.mood import Rated, read_rated
from composer.evaluate.nearness import MOST, nearness

NUMBERS = Path(os.environ.get("PROMENADE_DATA", "../shared/data")) / "rated-content.npz"


def rated(number: int, much: float) -> Rated:
    """A picture that is read as `much` pleasant, and shows the more boats and the fewer cats."""
    line = _readings()[0]
    pooled = (much - line[0]) * line[1:] / (line[1:] ** 2).sum()
    noise = np.random.default_rng(number).uniform(0, 1, len(words()))
    features = {word.feature: float(p) for word, p in zip(words().values(), noise, strict=True)}
    features |= {"content.boat": float(np.exp(much - 3)), "content.cat": float(np.exp(-much - 3))}
    return Rated(f"{number}.jpg", features, {}, pooled=pooled)


def test_the_words_that_rise_and_fall_with_a_reading_are_its_ends() -> None:
    found = nearness([rated(n, n / 20 - 2) for n in range(80)])["pleasant"]
    names = list(found)
    assert names[0] == "cat"
    assert names[-1] == "boat"
    assert found["boat"] > 0.95
    assert found["cat"] < -0.95
    assert all(abs(r) < 0.4 for name, r in found.items() if name not in ("boat", "cat"))


@pytest.mark.skipif(not NUMBERS.is_file(), reason="the rated photographs' numbers are not there")
def test_the_words_that_are_told_are_those_that_were_measured() -> None:
    measured = nearness(read_rated(NUMBERS))
    for feature, (more, less) in near().items():
        names = [*measured[feature.removeprefix("content.")]]
        assert [word.name for word in more] == names[: -MOST - 1 : -1]
        assert [word.name for word in less] == names[:MOST]
