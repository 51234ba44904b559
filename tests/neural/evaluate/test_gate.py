"""The gate, the store, the tables, the n-gram."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from neural.evaluate.baselines import Interpolated
from neural.evaluate.gate import GatePart, learn
from neural.evaluate.tables import FigureRow, FigureTable, kept


def part(seed: int, number: int = 0) -> GatePart:
    """A predictor that knows, beside one that guesses."""
    noise = np.random.default_rng(seed)
    symbols = noise.integers(0, 4, 300)
    knows = np.full((300, 4), 0.1)
    knows[np.arange(300), symbols] = 0.7
    guesses = noise.dirichlet(np.ones(4), 300)
    return GatePart(
        number, np.stack([guesses, knows]).astype(np.float32), symbols, np.arange(300) % 30
    )


def bits(chances: np.ndarray, symbols: np.ndarray) -> float:
    return float(-np.log2(chances[np.arange(len(symbols)), symbols]).mean())


def test_the_gate_follows_who_knows() -> None:
    learned, held = learn([part(0), part(1, 1)], 2), part(2)
    mixed = learned.mix(held)
    np.testing.assert_allclose(mixed.sum(axis=1), 1, rtol=1e-5)
    assert bits(mixed, held.symbols) < bits(held.chances[1], held.symbols)


def test_a_gate_gains_nothing_on_notes_dealt_out_anew() -> None:
    """Whoever is mixed: what is sung has nothing to do with what they say."""

    def shuffled(one: GatePart) -> GatePart:
        return replace(one, symbols=np.random.default_rng(9).permutation(one.symbols))

    learned = learn([shuffled(part(seed)) for seed in range(4)], 1)
    held = shuffled(part(9))
    assert bits(learned.mix(held), held.symbols) > 2 - 0.02


def test_the_same_notes_teach_the_same_gate() -> None:
    one, other = learn([part(0)], 1), learn([part(0)], 1)
    np.testing.assert_array_equal(one.weights, other.weights)


def test_what_is_kept_is_not_computed_again(tmp_path: Path) -> None:
    first = kept(tmp_path / "a" / "b.npz", lambda: {"x": np.arange(3)})
    again = kept(tmp_path / "a" / "b.npz", lambda: pytest.fail("computed again"))
    np.testing.assert_array_equal(first["x"], again["x"])


def test_an_interrupted_computation_leaves_nothing(tmp_path: Path) -> None:
    def stopped() -> dict[str, np.ndarray]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept(tmp_path / "b.npz", stopped)
    assert list(tmp_path.iterdir()) == []


def test_a_table_prints_and_writes_itself(tmp_path: Path) -> None:
    table = FigureTable(
        "Bits", ("one", "mean"), (FigureRow("ours", (2.5, None), "2 seeds"),), ("A note.",)
    )
    assert "2.500" in str(table)
    assert "ours: 2 seeds" in str(table)
    table.write(tmp_path, "t")
    assert json.loads((tmp_path / "t.json").read_text())["lines"][0]["figures"]["one"] == 2.5
    assert "| ours | 2.500 | – |" in (tmp_path / "t.md").read_text()


def test_witten_bell_by_hand() -> None:
    model = Interpolated(2)
    for symbol in (0, 0, 1):
        model.learn(((),), symbol)
    np.testing.assert_allclose(model.predict(((),)), [2 / 5 + 2 / 5 / 2, 1 / 5 + 2 / 5 / 2])
    np.testing.assert_allclose(model.predict(((), ("unseen",))), model.predict(((),)))
