"""Words as pixels: laid out once, by matplotlib, and lit as often as is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from numpy.typing import NDArray

from composer.film.style import Colour

DPI = 72  # so that a size in points is one in pixels
Image = NDArray[np.uint8]
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


def width(words: str, size: float, weight: str = "normal", family: str = "DejaVu Sans") -> float:
    """How many pixels a line takes."""
    # Nor does its font.
    font: Any = get_font(findfont(FontProperties(family=family, weight=weight)))
    font.set_size(size, DPI)
    font.set_text(words)
    # Agg sets its signs on whole pixels, which takes a little more.
    return float(font.get_width_height()[0] / 64 * 1.02)


def wrapped(words: str, size: float, room: float, most: int = 2) -> list[str]:
    """Words in at most so many lines no wider than `room` pixels; an ellipsis for what is left.

    The lines are about of one length, so that no word stands alone in the last.
    """
    lines = _filled(words, size, room)
    if 1 < len(lines) <= most:
        rooms = (room * share / 20 for share in range(20, 9, -1))
        filled = [_filled(words, size, each) for each in rooms]
        lines = [each for each in filled if len(each) == len(lines)][-1]
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [cut(line, size, room) for line in lines]


def _filled(words: str, size: float, room: float) -> list[str]:
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def cut(
    words: str, size: float, room: float, weight: str = "normal", family: str = "DejaVu Sans"
) -> str:
    """A line, its end an ellipsis where it is wider than `room` pixels."""
    if width(words, size, weight, family) <= room:
        return words
    while words and width(f"{words.rstrip()}…", size, weight, family) > room:
        words = words[:-1]
    return f"{words.rstrip()}…"


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
