"""The network that looks: EfficientNet-Lite0, run by OpenCV, place by place.

It ends in a mean over places and a linear layer, so what it says of a picture is the mean of what
it says of its places. A picture is looked at together with its mirror image, which is turned back:
so a mirrored picture shows the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np
from PIL import Image

from analysis.errors import ContentError

WEIGHTS = Path(__file__).parent / "shipped" / "efficientnet-lite0.onnx"
SHA256 = "e67e9e6e3afa9a7d9c53801dac41afb2ffba375ed9903f9a512e722823826a33"
SIDE, STRIDE = 224 * 1.12, 32  # the side of a square picture's copy, and of one place of it, in px
MIDDLE, SPREAD = 127.0, 128.0  # of the codes that the network was trained on
# Network outputs are taken to thousandths: processors differ by less.
DIGITS = 3
LONGEST = 25  # places a side
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the network says of every place of a picture: features (1280, h, w) and logits
    (1000, h, w), float64."""

    features: np.ndarray
    logits: np.ndarray


def look(pixels: np.ndarray, weights: Path = WEIGHTS) -> Seen:
    """Look at a picture: (h, w, 3) uint8 sRGB. Raises ContentError where the weights are not
    whole."""
    height, width = size(*pixels.shape[:2])
    # Pillow's bicubic averages what it makes smaller, as when the readings were learned; OpenCV's
    # skips pixels.
    small = Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC)
    codes = (np.asarray(small, np.float32) - MIDDLE) / SPREAD
    both = np.stack([codes, codes[:, ::-1]]).transpose(0, 3, 1, 2)
    network = _network(weights)
    with _ONE_AT_A_TIME:  # a network has one place for its input
        network.setInput(np.ascontiguousarray(both))
        outputs = network.forward(["features", "logits"])
    found = (np.asarray(each, np.float64) for each in outputs)
    # Sums of two do not hang on their order, so that a mirrored picture gives the same bits.
    features, logits = ((each[0] + each[1, :, :, ::-1]) / 2 for each in found)
    return Seen(np.round(features, DIGITS), np.round(logits, DIGITS))


def size(height: int, width: int) -> tuple[int, int]:
    """Height and width of the copy that is looked at, in whole places: its area is that of a square
    of 251 px, its shape nearly the picture's."""
    root = (width / height) ** 0.5
    high, wide = SIDE / root / STRIDE, SIDE * root / STRIDE
    # Of a shape that no picture has (10 : 1 and beyond) the longer side is squeezed.
    return tuple(min(LONGEST, max(1, round(each))) * STRIDE for each in (high, wide))


@lru_cache(maxsize=2)
def _network(weights: Path) -> Any:
    try:
        data = weights.read_bytes()
    except OSError:
        raise ContentError(
            f"The network's weights are missing ({weights.name}); install promenade again."
        ) from None
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ContentError(
            f"The network's weights are damaged ({weights.name}); install promenade again."
        )
    return cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8))
