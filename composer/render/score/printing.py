"""The score's pages as files: one SVG that has its letters within, and a PDF whose text is text.

Titles, names and chord symbols are set in STIX General, whose files matplotlib carries; it looks
like Times and has the flat, the sharp and the crotchet. Nothing of matplotlib is loaded.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from composer.render.score.drawing import Drawing, PathItem, TextItem
from composer.render.score.pages import FAMILY, HEIGHT, WIDTH

# Who carries the typeface.
CARRIER = "matplotlib"
# By (bold, italic), the file's name behind the family's.
STYLES = {(False, False): "", (True, False): "Bol", (False, True): "Italic", (True, True): "BolIta"}
# Pixels a page of SVG (verovio's at a scale of 40 %), and between two.
PAGE = (WIDTH * 4 // 10, HEIGHT * 4 // 10)
GAP = 24
# Points of a page of PDF: A4.
PAPER = (595.276, 841.89)

Point = tuple[float, float]


def typeface(bold: bool, italic: bool) -> Path:
    """The TrueType file of a style."""
    spec = find_spec(CARRIER)
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return folder / f"{FAMILY}{STYLES[bold, italic]}.ttf"


def subset(bold: bool, italic: bool, signs: Iterable[str]) -> bytes:
    """A WOFF file with these signs of a style alone."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(flavor="woff", notdef_outline=True, hinting=False, layout_features=[])
    options.drop_tables += ["FFTM"]  # when the font was made
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(set(signs))))
    # Its date of change would else be that of the run.
    font = TTFont(typeface(bold, italic), recalcTimestamp=False)
    subsetter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def svg(pages: Sequence[str], drawings: Sequence[Drawing]) -> bytes:
    """The bytes of an SVG file: the pages one below the other, with the letters that they need.

    drawings: what is drawn on each of them.
    """
    width, height = PAGE
    whole = len(pages) * (height + GAP) - GAP
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'version="1.1" width="{width}" height="{whole}" viewBox="0 0 {width} {whole}">',
        f"<style>{''.join(_faces(drawings))}</style>",
    ]
    for number, page in enumerate(pages):
        top = number * (height + GAP)
        rows.append(f'<rect y="{top}" width="{width}" height="{height}" fill="white"/>')
        rows.append(page.replace("<svg ", f'<svg y="{top}" ', 1))
    rows.append("</svg>\n")
    return "\n".join(rows).encode()


def _faces(drawings: Iterable[Drawing]) -> list[str]:
    """The rules that name the typeface, with the signs that these pages use inside."""
    used: dict[tuple[bool, bool], set[str]] = {}
    for drawing in drawings:
        for item in drawing.items:
            if isinstance(item, TextItem):
                for run in item.runs:
                    used.setdefault((run.bold, run.italic), set()).update(run.text)
    return [
        f"@font-face{{font-family:{FAMILY};font-weight:{'bold' if bold else 'normal'};"
        f"font-style:{'italic' if italic else 'normal'};src:url(data:font/woff;base64,"
        f"{base64.b64encode(subset(bold, italic, signs)).decode()}) format('woff')}}"
        for (bold, italic), signs in sorted(used.items())
    ]


def pdf(drawings: Iterable[Drawing], title: str) -> bytes:
    """The bytes of a PDF file, drawn by reportlab: text stays text."""
    from reportlab.pdfgen.canvas import Canvas

    _register()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAPER, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor("Promenade")
    canvas.setCreator("Promenade")
    known: set[str] = set()
    for drawing in drawings:
        _draw(canvas, drawing, known)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _register() -> None:
    """Make the styles of the typeface known to reportlab."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for bold, italic in STYLES:
        if _face(bold, italic) not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(_face(bold, italic), str(typeface(bold, italic))))


def _face(bold: bool, italic: bool) -> str:
    return f"{FAMILY}{STYLES[bold, italic]}"


def _draw(canvas: Any, page: Drawing, known: set[str]) -> None:
    """Draw a page; `known` are the glyphs that the file has already."""
    for item in page.items:
        if isinstance(item, PathItem) and item.glyph and _form(item) not in known:
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
        if isinstance(item, TextItem):
            _letter(canvas, item)
        elif item.glyph:
            canvas.doForm(_form(item))
        else:
            _trace(canvas, item)
        canvas.restoreState()
    canvas.restoreState()


def _form(shape: PathItem) -> str:
    """The name of a glyph, without what verovio adds to tell one page's from another's."""
    return shape.glyph.partition("-")[0]


def _trace(canvas: Any, shape: PathItem) -> None:
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


def _letter(canvas: Any, text: TextItem) -> None:
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
