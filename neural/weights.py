"""Weights on disk: safetensors in half precision, with the network's size in the header.

Read here by NumPy alone, for singing; `neural.model` writes them, and reads them for training.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural import vocabulary as words
from neural.errors import WeightsError
from neural.guide import COLUMNS, REALS
from neural.vocabulary import LENGTH_WORDS, PITCH_WORDS

FORMAT = "promenade melody model 1"
HEADER = "promenade"
SHIPPED = Path(__file__).parent / "shipped" / "melody.safetensors"
HINT = "Name weights that promenade train wrote, or leave the option out for the shipped ones."
LARGEST = 256 * 2**20  # bytes of a file that is read at all
WIDEST = 10_000  # of any size of a network
TYPES: dict[str, np.dtype[Any]] = {"F16": np.dtype("<f2"), "F32": np.dtype("<f4")}

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Config:
    """The network's size. `dropout` is used in training only."""

    width: int = 256
    layers: int = 6
    heads: int = 8
    inner: int = 768
    dropout: float = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A network as data: its size, and its parameters by their names in `neural.model`, as `shapes`
    has them, in half or single precision."""

    config: Config
    arrays: Mapping[str, NDArray[np.floating]]


def shapes(config: Config) -> dict[str, Shape]:
    """The name and the shape of every parameter of a network of this size."""
    width, inner = config.width, config.inner
    block: dict[str, Shape] = {
        "norm": (width,),
        "qkv": (3 * width, width),
        "out": (width, width),
        "inner_norm": (width,),
        "gate": (2 * inner, width),
        "back": (width, inner),
    }
    tables = {name: size for name, size in COLUMNS.items() if name not in ("motif", "after")}
    return {
        "pitch.word.weight": (words.PITCHES + 2, width),
        "pitch.degree.weight": (7 * words.ALTERS + 2, width),
        "length.weight": (LENGTH_WORDS + 1, width),
        **{f"conditions.tables.{name}.weight": (size + 1, width) for name, size in tables.items()},
        "conditions.real.weight": (width, REALS),
        "conditions.motif.weight": (width, width),
        "conditions.after.weight": (width, width),
        "enter.weight": (width,),
        **{
            f"blocks.{number}.{name}.weight": shape
            for number in range(config.layers)
            for name, shape in block.items()
        },
        "leave.weight": (width,),
        "pitch_out.weight": (width, width),
        "pitch_bias": (PITCH_WORDS,),
        "length_state.weight": (width, width),
        "length_state.bias": (width,),
        "length_pitch.weight": (width, width),
        "length_out.weight": (LENGTH_WORDS, width),
        "length_out.bias": (LENGTH_WORDS,),
    }


def read(path: Path = SHIPPED) -> Weights:
    """The weights of a file. Raises WeightsError for any other file.

    The format (https://huggingface.co/docs/safetensors): eight bytes, the length of a JSON header
    in little-endian order; the header, which says of each array its type, shape and where its
    bytes are; and the bytes, without a gap.
    """
    _must_be(path)
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        start = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:start].decode("utf-8"))
        told = json.loads(header.pop("__metadata__", {}).get(HEADER, "{}"))
        if told.get("format") != FORMAT:
            raise WeightsError(f"{path} holds no weights of this melody model.", HINT)
        config = _config(told["config"])
        arrays = _arrays(header, data[start:], shapes(config))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WeightsError(f"{path} is damaged, or no weights at all.", HINT) from error
    return Weights(config, arrays)


def fingerprint(path: Path = SHIPPED) -> str:
    """The file's SHA-256, as its card says it. Raises WeightsError where there is no file."""
    _must_be(path)
    return sha256(path.read_bytes()).hexdigest()


def _config(told: Mapping[str, Any]) -> Config:
    config = Config(**told)
    sizes = [getattr(config, each.name) for each in fields(Config) if each.name != "dropout"]
    if not all(isinstance(size, int) and 0 < size <= WIDEST for size in sizes):
        raise ValueError(f"sizes are whole numbers from 1 to {WIDEST}")
    dropped = config.dropout
    if type(dropped) not in (int, float) or not 0 <= dropped < 1:
        raise ValueError("a share is dropped")
    if config.width % (2 * config.heads):
        raise ValueError("the width is an even number for every head")
    return config


def _arrays(
    header: Mapping[str, Any], data: bytes, wanted: Mapping[str, Shape]
) -> dict[str, NDArray[np.floating]]:
    """The arrays that a header tells of, views of the bytes after it; these and no others."""
    if header.keys() != wanted.keys():
        raise ValueError("there are other arrays than the network's")
    found: dict[str, NDArray[np.floating]] = {}
    end = 0
    for name, told in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        kind, shape = TYPES[told["dtype"]], wanted[name]
        count = math.prod(shape)
        begin, end = end, end + count * kind.itemsize
        if told["shape"] != list(shape) or told["data_offsets"] != [begin, end]:
            raise ValueError(f"{name} is not where or what it should be")
        found[name] = np.frombuffer(data, kind, count, begin).reshape(shape)
    if end != len(data):
        raise ValueError("there are more bytes than the header tells of")
    return found


def _must_be(path: Path) -> None:
    if not path.is_file():
        raise WeightsError(f"There are no weights at {path}.", HINT)
