"""Weights on disk: what is written comes back, another reader agrees, and nothing else is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from safetensors.torch import save_file

from neural import weights
from neural.errors import WeightsError
from neural.model import MelodyModel, load, parameters, save, weights_of
from neural.network import Network
from neural.weights import SHIPPED, Config, fingerprint, read, shapes

SMALL = Config(width=32, layers=2, heads=4, inner=48)


@pytest.fixture(scope="module")
def model() -> MelodyModel:
    torch.manual_seed(3)
    return MelodyModel(SMALL).eval()


@pytest.fixture
def path(model: MelodyModel, tmp_path: Path) -> Path:
    save(model, tmp_path / "w.safetensors")
    return tmp_path / "w.safetensors"


def test_weights_come_back_in_half_precision(model: MelodyModel, path: Path) -> None:
    again = load(path)
    assert again.config == read(path).config == SMALL
    for name, value in model.state_dict().items():
        assert torch.equal(again.state_dict()[name], value.half().float())
        assert np.array_equal(read(path).arrays[name], value.half().numpy())


def test_another_reader_finds_the_same_in_the_shipped_file() -> None:
    mine, other = read().arrays, load_file(SHIPPED)
    assert mine.keys() == other.keys()
    for name, array in mine.items():
        assert array.dtype == other[name].dtype
        assert np.array_equal(array, other[name])


@pytest.mark.parametrize("config", [SMALL, Config()])
def test_the_shapes_are_the_models(config: Config) -> None:
    state = MelodyModel(config).state_dict()
    assert {name: tuple(each.shape) for name, each in state.items()} == shapes(config)


def test_single_precision_is_read_too(model: MelodyModel, tmp_path: Path) -> None:
    config = json.dumps(
        {
            "format": weights.FORMAT,
            "config": {"width": 32, "layers": 2, "heads": 4} | {"inner": 48, "dropout": 0.0},
        }
    )
    save_file(model.state_dict(), tmp_path / "f.safetensors", {weights.HEADER: config})
    found = read(tmp_path / "f.safetensors")
    for name, each in weights_of(model).arrays.items():
        assert np.array_equal(found.arrays[name], each)


def refused(path: Path, match: str) -> None:
    """One sentence and a hint, from the reader that sings and from the one that trains."""
    for reader in (read, load):
        with pytest.raises(WeightsError, match=match) as caught:
            reader(path)
        assert "\n" not in str(caught.value)
        assert caught.value.hint == weights.HINT


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 200, 5_000, -1])
def test_weights_that_are_cut_short_are_refused(count: int, path: Path) -> None:
    path.write_bytes(path.read_bytes()[:count])
    refused(path, "is damaged, or no weights at all")


def test_other_files_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(path.with_name("absent"), "There are no weights at")
    refused(path.parent, "There are no weights at")
    whole = path.read_bytes()
    for data in (b"no weights", whole + b"\0", b"\xff" * 100, (8).to_bytes(8, "little") + b"[" * 8):
        path.write_bytes(data)
        refused(path, "is damaged, or no weights at all")
    path.write_bytes(whole)
    monkeypatch.setattr(weights, "LARGEST", len(whole) - 1)
    refused(path, "is damaged, or no weights at all")


def test_foreign_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    save_file({"a": torch.zeros(2)}, path)
    refused(path, "holds no weights of this melody model")


Header = dict[str, Any]


def _config(**changed: object) -> Callable[[Header], None]:
    def change(header: Header) -> None:
        told = json.loads(header["__metadata__"][weights.HEADER])
        told["config"] |= changed
        header["__metadata__"][weights.HEADER] = json.dumps(told)

    return change


def _array(**changed: object) -> Callable[[Header], None]:
    return lambda header: header["pitch_bias"].update(changed)


@pytest.mark.parametrize(
    "change",
    [
        _config(layers=3),
        _config(layers=10**12),
        _config(layers=0),
        _config(layers=None),
        _config(width=64),
        _config(heads=5),
        _config(heads=16, inner="48"),
        _config(depth=2),
        _config(dropout="a fifth"),
        _config(dropout=1.5),
        _array(dtype="I64"),
        _array(dtype=None),
        _array(shape=[217]),
        _array(shape=[-216]),
        _array(data_offsets=[0, 432]),
        _array(data_offsets=["0", "432"]),
        _array(data_offsets=None),
        lambda header: header.pop("pitch_bias"),
        lambda header: header.update(more=header["pitch_bias"]),
        lambda header: header.update(pitch_bias=5),
        lambda header: header.update(__metadata__={weights.HEADER: 5}),
        lambda header: header.update(__metadata__={weights.HEADER: "[]"}),
        lambda header: header.update(__metadata__={weights.HEADER: "{"}),
        lambda header: header.update(__metadata__=[]),
    ],
)
def test_a_header_that_is_not_true_is_refused(change: Callable[[Header], None], path: Path) -> None:
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    change(header)
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[start:])
    refused(path, "is damaged, or no weights at all")


def test_a_header_written_anew_is_read(path: Path) -> None:
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    text = json.dumps(json.loads(data[8:start]), indent=3).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[start:])
    assert read(path).config == SMALL


def test_weights_that_are_no_numbers_are_refused(model: MelodyModel) -> None:
    for value in (np.nan, np.inf):
        broken = weights_of(model)
        broken.arrays["blocks.1.gate.weight"][3, 5] = value
        with pytest.raises(WeightsError, match="some are not numbers"):
            Network(broken)


def test_the_card_is_the_shipped_file_s() -> None:
    card = (SHIPPED.parent / "card.md").read_text(encoding="utf-8")
    assert f"`{fingerprint()}`" in card
    assert f"{parameters(load()):,} parameters" in card
    assert SHIPPED.stat().st_size <= 16_000_000
