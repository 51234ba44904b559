"""A handful of tunes and a small recipe: a network is trained on them within seconds."""

from __future__ import annotations

from corpora.read.abc import read_abc
from corpora.tune import Tune
from neural.train import Recipe
from neural.weights import Config

SMALL = Recipe(epochs=3, events=256, rate=5e-3, warmup=4, model=Config(32, 2, 4, 48))


def tunes(count: int = 12) -> list[Tune]:
    """Scales up and down from different degrees, in 2/4."""
    found = []
    for number in range(count):
        letters = "CDEFGABcdefgab"[number % 7 :]
        line = "".join(
            f"{a}{b}{c}{b}|" for a, b, c in zip(letters, letters[1:], letters[2:], strict=False)
        )
        found += list(read_abc(f"X:1\nM:2/4\nL:1/8\nK:C\n{line}", f"made{number}"))
    return found
