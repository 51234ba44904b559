"""Weights on disk: safetensors in half precision, with the network's size in the header."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from corpora.whole import whole
from neural.errors import WeightsError
from neural.model import Config, MelodyModel

FORMAT = "promenade melody model 1"
HEADER = "promenade"
SHIPPED = Path(__file__).parent / "shipped" / "melody.safetensors"
HINT = "Name weights that promenade train wrote, or leave the option out for the shipped ones."


def save(model: MelodyModel, path: Path) -> None:
    """Write a model's weights, whole or not at all."""
    tensors = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    # One entry: several would be written in any order, and equal weights have equal bytes.
    header = {HEADER: json.dumps({"format": FORMAT, "config": asdict(model.config)})}
    with whole(path) as beside:
        save_file(tensors, beside, header)


def load(path: Path = SHIPPED) -> MelodyModel:
    """The model of a weights file, ready to sing. Raises WeightsError for any other file."""
    _must_be(path)
    try:
        with safe_open(path, "pt") as file:
            header = json.loads((file.metadata() or {}).get(HEADER, "{}"))
            if header.get("format") != FORMAT:
                raise WeightsError(f"{path} holds no weights of this melody model.", HINT)
            config = Config(**header["config"])
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        model = MelodyModel(config)
        model.load_state_dict(state)
    except (SafetensorError, OSError, ValueError, TypeError, RuntimeError) as error:
        raise WeightsError(f"{path} is damaged, or no weights at all.", HINT) from error
    return model.eval()


def fingerprint(path: Path = SHIPPED) -> str:
    """The file's SHA-256, as its card says it. Raises WeightsError where there is no file."""
    _must_be(path)
    return sha256(path.read_bytes()).hexdigest()


def _must_be(path: Path) -> None:
    if not path.is_file():
        raise WeightsError(f"There are no weights at {path}.", HINT)
