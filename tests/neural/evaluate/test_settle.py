"""Settling how to train on a fold: on which tunes, and that what is judged is not learned."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from corpora.tune import Sounding, Tune
from neural.evaluate import networks, settle
from neural.evaluate.settle import VOLUMES, volume
from neural.evaluate.tuning import Tuning
from neural.model import Config, MelodyModel
from theory.metre import METRES
from theory.pitch import Pitch
from theory.scale import Key

TINY = Config(width=32, layers=3, heads=4, inner=32)
NAMES = ("C4", "D4", "E4", "F4", "G4")


def tune(name: str, number: int) -> Tune:
    walk = np.clip(2 + np.random.default_rng(number).choice([-1, 1], 12).cumsum(), 0, 4)
    notes = tuple(
        Sounding(24 * n, 24 * n + 24, Pitch.parse(NAMES[place])) for n, place in enumerate(walk)
    )
    return Tune("essen", f"{name}.abc#{number}", "", Key.of("C", "ionian"), METRES["4/4"], notes)


def test_only_the_volume_s_tunes_are_drawn_and_always_the_same() -> None:
    tunes = [tune(name, number) for name in ("han1", "han2") for number in range(8)]
    rows, again = volume(tunes, "han2"), volume(tunes, "han2")
    assert len(rows) == 8
    assert {hypothesis.metre for _, hypothesis in rows} == {"4/4"}
    for (one, _), (other, _) in zip(rows, again, strict=True):
        np.testing.assert_array_equal(one.midi, other.midi)


def test_what_is_judged_is_not_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random walks cannot be known by heart unless they were read."""
    monkeypatch.setattr(settle, "SMALL", TINY)
    monkeypatch.setattr(settle, "FINE", (Tuning(epochs=1, events=256),))
    monkeypatch.setattr(settle, "FRESH", (Tuning(rate=5e-3, steps=60, events=128, top=3),))
    tunes = [tune(name, 100 * n + m) for n, name in enumerate(VOLUMES) for m in range(20)]
    torch.manual_seed(0)
    fine, fresh = settle.settle(tunes, MelodyModel(TINY).eval())
    assert [line.name for line in fine.lines] == ["as it is", "0.001, 1 epochs"]
    assert fine.columns == (*VOLUMES, "mean")
    # An edge is left in one way only, every other note in two: .8 bits a note and more.
    assert all(line.figures[-1] is not None and line.figures[-1] > 0.6 for line in fresh.lines)


def test_a_network_alone_reads_every_transposition() -> None:
    rows = volume([tune("lux", number) for number in range(4)], "lux")
    read, plain = networks.alone([melody for melody, _ in rows], [0, 2])
    assert len(read.rows) == 24
    assert {hypothesis.tonic for _, hypothesis in read.rows} == set(range(12))
    assert len(plain) == 4
