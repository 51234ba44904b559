"""The poster: picture, three reasons, and the whole piece as one roll, as PNG and as PDF (A3)."""

from __future__ import annotations

import io
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from composer.explanation.chosen import decided
from composer.render.report.words import key_and_facts, sentence
from composer.render.roll import COLOURS
from composer.vocabulary import SINGERS

if TYPE_CHECKING:
    from composer.explanation.format import Explanation
    from composer.values import Piece

SIZE = (11.69, 16.54)  # inches: A3
DOTS = 150  # an inch of the PNG
PAPER, INK, QUIET = "#fbfaf6", "#1f1d1a", "#635d54"
REASONS = ("mood", "key", "players")  # what three reasons are given of
EDGE = 0.07  # of the width, at each side
# From the bottom, as shares of the height: picture, heading, reasons, roll, key to it.
PICTURE, PICTURE_FOOT = (0.96, 0.47), 0.47
HEADING, FACTS, FIRST, BETWEEN = 0.425, 0.402, 0.365, 0.062
ROLL, LEGEND = (0.055, 0.125), 0.03
ACROSS = 92  # signs of a line of a reason
LOUD, SOFT = 1.0, 0.8  # how strong who sings is drawn, and the others


def encode(piece: Piece, document: Explanation, kind: str) -> bytes:
    """The bytes of the file; `kind` is "png" or "pdf"."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=DOTS, facecolor=PAPER)
    FigureCanvasAgg(figure)
    _picture(figure, piece)
    _words(figure, piece, document)
    _roll(figure, piece)
    buffer = io.BytesIO()
    # No date, so that the same piece gives the same bytes; letters as letters.
    dated = {"CreationDate": None, "Title": piece.heading} if kind == "pdf" else {"Software": None}
    with rc_context({"pdf.fonttype": 42}):
        figure.savefig(buffer, format=kind, metadata=dated, facecolor=PAPER)
    return buffer.getvalue()


def _picture(figure: Any, piece: Piece) -> None:
    """The whole picture, as large as its place allows, in the middle of it."""
    pixels = piece.analysis.picture.pixels
    tall, wide = pixels.shape[:2]
    room = (1 - 2 * EDGE, PICTURE[0] - PICTURE_FOOT)
    scale = min(room[0] * SIZE[0] / wide, room[1] * SIZE[1] / tall)
    width, height = wide * scale / SIZE[0], tall * scale / SIZE[1]
    left = (1 - width) / 2
    foot = PICTURE_FOOT + (room[1] - height) / 2
    axes = figure.add_axes((left, foot, width, height))
    axes.imshow(pixels, aspect="auto", interpolation="antialiased")
    axes.set_axis_off()


def _words(figure: Any, piece: Piece, document: Explanation) -> None:
    """Title, key and the three reasons."""
    serif: dict[str, Any] = {"family": "DejaVu Serif", "color": INK, "parse_math": False}
    size = min(30.0, 30.0 * 34 / max(1, len(piece.heading)))
    figure.text(EDGE, HEADING, piece.heading, fontsize=size, weight="bold", **serif)
    facts = "  ·  ".join(key_and_facts(document))
    plain: dict[str, Any] = {"color": QUIET, "parse_math": False}
    figure.text(EDGE, FACTS, facts, fontsize=12, **plain)
    rows = dict(one.text.partition(": ")[::2] for one in decided(document))
    for number, name in enumerate(name for name in REASONS if name in rows):
        top = FIRST - number * BETWEEN
        figure.text(EDGE, top, sentence(name), fontsize=13, weight="bold", **serif)
        for line, words in enumerate(wrap(rows[name], ACROSS)[:3]):
            figure.text(EDGE + 0.12, top - 0.016 * line, words, fontsize=12.5, **serif)


def _roll(figure: Any, piece: Piece) -> None:
    """Every note from the first to the last, and who plays which colour."""
    axes = figure.add_axes((EDGE, ROLL[0], 1 - 2 * EDGE, ROLL[1]))
    axes.set_facecolor("#f2efe7")
    pitched = [part for part in piece.parts if part.role != "drums"]
    keys = [note.key_number + 12 * part.octave for part in pitched for note in part.notes]
    low, high = min(keys, default=60), max(keys, default=72)
    for part in sorted(piece.parts, key=lambda part: part.role in SINGERS):
        drum = part.role == "drums"
        strength = LOUD if part.role in SINGERS else SOFT
        for note in part.notes:
            foot = low - 3.0 if drum else note.key_number + 12 * part.octave
            long = min(note.ticks, 3) if drum else note.ticks * 0.94
            axes.broken_barh(
                [(note.start, long)], (foot, 0.9), color=COLOURS[part.role], alpha=strength, lw=0
            )
    for section in piece.plan.sections:
        axes.axvline(section.start, color=QUIET, lw=0.6, alpha=0.5)
    axes.set_xlim(0, piece.plan.end)
    axes.set_ylim(low - 5, high + 3)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    names = [(part.role, part.instrument.name) for part in piece.parts if part.notes]
    for number, (role, name) in enumerate(names):
        across = EDGE + number * (1 - 2 * EDGE) / len(names)
        figure.text(across, LEGEND, "■ ", color=COLOURS[role], fontsize=11)
        figure.text(across + 0.018, LEGEND, name, color=QUIET, fontsize=10, parse_math=False)
