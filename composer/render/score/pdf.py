"""The score as a PDF file, drawn by reportlab from verovio's pages: text stays text."""

from __future__ import annotations

import io
from typing import Any

from composer.render.heading import heading
from composer.render.score import pages as fonts
from composer.render.score.drawing import Page, Shape, Text, drawn
from composer.render.score.pages import pages
from composer.values import Piece

# Points of a page: A4.
PAPER = (595.276, 841.89)

Point = tuple[float, float]


def encode(piece: Piece) -> bytes:
    """The bytes of the file, the same in every run."""
    from reportlab.pdfgen.canvas import Canvas

    _register()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAPER, invariant=1, pageCompression=1)
    canvas.setTitle(heading(piece.title))
    canvas.setAuthor("Promenade")
    canvas.setCreator("Promenade")
    known: set[str] = set()
    for page in map(drawn, pages(piece)):
        _draw(canvas, page, known)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _register() -> None:
    """Make the styles of the typeface known to reportlab."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for bold, italic in fonts.STYLES:
        if _face(bold, italic) not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(_face(bold, italic), str(fonts.path(bold, italic))))


def _face(bold: bool, italic: bool) -> str:
    return f"{fonts.FAMILY}{fonts.STYLES[bold, italic]}"


def _draw(canvas: Any, page: Page, known: set[str]) -> None:
    """Draw a page; `known` are the glyphs that the file has already."""
    for item in page.items:
        if isinstance(item, Shape) and item.glyph and _form(item) not in known:
            known.add(_form(item))
            canvas.beginForm(_form(item), -2000, -2000, 2000, 2000)
            _trace(canvas, item)
            canvas.endForm()
    canvas.saveState()
    # SVG's y grows downwards.
    canvas.translate(0, PAPER[1])
    canvas.scale(PAPER[0] / page.width, -PAPER[1] / page.height)
    canvas.setLineCap(0)
    for item in page.items:
        canvas.saveState()
        canvas.transform(*item.place)
        if isinstance(item, Text):
            _letter(canvas, item)
        elif item.glyph:
            canvas.doForm(_form(item))
        else:
            _trace(canvas, item)
        canvas.restoreState()
    canvas.restoreState()


def _form(shape: Shape) -> str:
    """The name of a glyph, without what verovio adds to tell one page's from another's."""
    return shape.glyph.partition("-")[0]


def _trace(canvas: Any, shape: Shape) -> None:
    """Draw a shape's path."""
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path

    pen = RecordingPen()
    parse_path(shape.path, pen)
    path = canvas.beginPath()
    last = (0.0, 0.0)
    for step, points in pen.value:
        if step == "moveTo":
            path.moveTo(*points[0])
        elif step == "lineTo":
            path.lineTo(*points[0])
        elif step == "curveTo":
            path.curveTo(*points[0], *points[1], *points[2])
        elif step == "qCurveTo":
            path.curveTo(*_towards(last, points[0]), *_towards(points[1], points[0]), *points[1])
        elif step == "closePath":
            path.close()
        last = points[-1] if points else last
    canvas.setLineWidth(shape.pen)
    canvas.drawPath(path, stroke=int(shape.pen > 0), fill=int(shape.filled))


def _towards(one: Point, other: Point) -> Point:
    """Two thirds of the way: a cubic curve's handle for a quadratic one's."""
    return one[0] + 2 * (other[0] - one[0]) / 3, one[1] + 2 * (other[1] - one[1]) / 3


def _letter(canvas: Any, text: Text) -> None:
    """Write a text's runs."""
    widths = [
        canvas.stringWidth(run.text, _face(run.bold, run.italic), run.size) for run in text.runs
    ]
    x = -sum(widths) * {"start": 0, "middle": 0.5, "end": 1}[text.anchor]
    canvas.scale(1, -1)
    for run, width in zip(text.runs, widths, strict=True):
        canvas.setFont(_face(run.bold, run.italic), run.size)
        canvas.drawString(x, 0, run.text)
        x += width
