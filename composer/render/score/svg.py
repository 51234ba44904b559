"""The score as one SVG file: its pages one below the other, with the letters that they need."""

from __future__ import annotations

import base64
import re

from composer.render.score import pages as fonts
from composer.render.score.drawing import Text, drawn
from composer.render.score.pages import HEIGHT, WIDTH, pages
from composer.values import Piece

# Pixels a page (verovio's at a scale of 40 %), and between two.
PAGE = (WIDTH * 4 // 10, HEIGHT * 4 // 10)
GAP = 24
_ROOT = re.compile(r"<svg [^>]*?>")


def encode(piece: Piece) -> bytes:
    """The bytes of the file."""
    made = pages(piece)
    width, height = PAGE
    whole = len(made) * (height + GAP) - GAP
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'version="1.1" width="{width}" height="{whole}" viewBox="0 0 {width} {whole}">',
        f"<style>{''.join(_faces(made))}</style>",
    ]
    for number, page in enumerate(made):
        top = number * (height + GAP)
        rows.append(f'<rect y="{top}" width="{width}" height="{height}" fill="white"/>')
        rows.append(page.replace("<svg ", f'<svg y="{top}" ', 1))
    rows.append("</svg>\n")
    return "\n".join(rows).encode()


def _faces(made: tuple[str, ...]) -> list[str]:
    """The rules that name the typeface, with the signs that these pages use inside."""
    used: dict[tuple[bool, bool], set[str]] = {}
    for page in made:
        for item in drawn(page).items:
            if isinstance(item, Text):
                for run in item.runs:
                    used.setdefault((run.bold, run.italic), set()).update(run.text)
    return [
        f"@font-face{{font-family:{fonts.FAMILY};font-weight:{'bold' if bold else 'normal'};"
        f"font-style:{'italic' if italic else 'normal'};src:url(data:font/woff;base64,"
        f"{base64.b64encode(fonts.part(bold, italic, signs)).decode()}) format('woff')}}"
        for (bold, italic), signs in sorted(used.items())
    ]
