"""What the film looks like: sizes in pixels, colours, times of light, and its lettering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 30  # frames a second
WIDTH, HEIGHT = 1280, 720
Colour = tuple[int, int, int]

PAPER: Colour = (23, 22, 20)
RAISED: Colour = (33, 31, 28)
HAIR: Colour = (56, 52, 46)
INK: Colour = (236, 231, 220)
QUIET: Colour = (171, 163, 149)
ACCENT: Colour = (245, 146, 116)
SUN: Colour = (255, 216, 107)  # the skyline's
# How a part's notes lie in the roll, and how they light up.
RESTING = {
    "melody": (150, 96, 78),
    "second-melody": (150, 116, 72),
    "doubling": (112, 78, 66),
    "counter-melody": (128, 116, 92),
    "chords": (88, 83, 75),
    "bass": (112, 106, 97),
    "drums": (70, 67, 62),
}
LIT = {
    "melody": ACCENT,
    "second-melody": (250, 190, 104),
    "doubling": (214, 134, 110),
    "counter-melody": (240, 214, 150),
    "chords": (214, 206, 192),
    "bass": INK,
    "drums": (170, 164, 154),
}

# left, top, right, bottom
ABOVE = (24, 24, 1256, 474)  # picture and panel
PICTURE = (800, 450)  # at most
PANEL = (404, 540)  # at least, at most
BETWEEN = 28
ROLL = (0, 492, 1280, 720)
LABELS = 30  # height of the row of chords above the notes
PLAYHEAD = 380  # where in the roll what sounds now stands
STEP = 5  # px that the roll goes on in a frame: whole ones, or it would tremble

GLOW = 0.35  # seconds in which a stroke's light halves
CROSSING = 0.7  # seconds in which one region's light gives way to the next one's
TAIL = 1.2  # seconds of film after the last bar


def eased(share: float) -> float:
    """How far a change has gone after a share of its time: slow at both ends."""
    return share * share * (3 - 2 * share)


DPI = 72  # so that a size in points is one in pixels
Image = NDArray[np.uint8]
WIDEST = 8000  # px of one canvas; a longer strip is drawn in pieces


@dataclass(frozen=True, slots=True)
class TextLine:
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
    from matplotlib.font_manager import FontProperties, findfont, get_font

    # matplotlib's fonts say nothing of their types, nor does its canvas below.
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


def letter(image: Image, texts: Sequence[TextLine]) -> None:
    """Write texts into an image, (h, w, 3) uint8, in place."""
    for left in range(0, image.shape[1], WIDEST):
        part = image[:, left : left + WIDEST]
        near = [text for text in texts if left - 400 <= text.x < left + WIDEST + 400]
        if near:
            _letter(part, near, left)


def _letter(image: Image, texts: Sequence[TextLine], left: int) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height, width = image.shape[:2]
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    figure.patch.set_alpha(0.0)
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
