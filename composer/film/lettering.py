"""Words as pixels: laid out once, by matplotlib, and lit as often as is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from composer.film.style import Colour

DPI = 72  # so that a size in points is one in pixels
Image = NDArray[np.uint8]
WIDTH_OF_SIGN = 0.58  # of its size, as DejaVu Sans runs; bold and Serif are wider
WIDEST = 8000  # px of one canvas; a longer strip is drawn in pieces


@dataclass(frozen=True, slots=True)
class Text:
    """A line: where its left (or `align`) end stands, on which baseline, and how it looks."""

    x: float
    y: float
    words: str
    size: float
    colour: Colour
    weight: str = "normal"
    style: str = "normal"
    family: str = "DejaVu Sans"
    align: str = "left"


def letter(image: Image, texts: Sequence[Text]) -> None:
    """Write texts into an image, (h, w, 3) uint8, in place."""
    for left in range(0, image.shape[1], WIDEST):
        part = image[:, left : left + WIDEST]
        near = [text for text in texts if left - 400 <= text.x < left + WIDEST + 400]
        if near:
            _letter(part, near, left)


def _letter(image: Image, texts: Sequence[Text], left: int) -> None:
    height, width = image.shape[:2]
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    figure.patch.set_alpha(0.0)
    # matplotlib's canvas says nothing of its types.
    canvas: Any = FigureCanvasAgg(figure)
    for text in texts:
        figure.text(
            (text.x - left) / width,
            1 - text.y / height,
            text.words,
            fontsize=text.size,
            color=tuple(value / 255 for value in text.colour),
            weight=text.weight,
            style=text.style,
            family=text.family,
            ha=text.align,
            va="baseline",
            parse_math=False,
        )
    canvas.draw()
    drawn = np.asarray(canvas.buffer_rgba())[:height, :width]
    # Agg's colours are not multiplied by their cover: matplotlib hands them out straight.
    cover = drawn[:, :, 3:].astype(np.float32) / 255
    image[:] = np.rint(image * (1 - cover) + drawn[:, :, :3] * cover).astype(np.uint8)
