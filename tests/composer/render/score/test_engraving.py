"""The engraved score: what stands on its pages, and that it is drawn where verovio puts it."""

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from composer.render.rendering import Rendering
from composer.render.score.drawing import PathItem, TextItem, TextRun, drawn
from tests.composer.example import piece
from tests.composer.render.score.read_again import longer


@pytest.fixture(scope="module")
def short():
    return Rendering(piece("4/4", "C", "aeolian"))


@pytest.fixture(scope="module")
def long():
    return Rendering(longer(piece("4/4", "C", "aeolian"), 16))


def texts(document):
    return " ".join(
        document[number].get_textpage().get_text_range() for number in range(len(document))
    )


def test_title_tempo_dynamics_symbols_and_numerals_are_on_the_page(short):
    document = pypdfium2.PdfDocument(short.pdf)
    words = texts(document).split()
    for word in ("Sea", "Serene", "96", "rit.", "Flute", "Piano", "Cello", "Drums"):
        assert word in words
    assert "♩ = 96" in texts(document)
    items = [item for item in short.drawings[0].items if isinstance(item, TextItem)]
    written = ["".join(run.text for run in item.runs) for item in items]
    assert [word for word in written if word in {"i", "iv", "V7"}] == ["i", "iv", "V7", "i"]
    assert [word for word in written if word in {"Cm", "Fm", "G7"}] == ["Cm", "Fm", "G7", "Cm"]
    assert document.get_metadata_dict()["Title"] == "Sea"
    # Dynamics are glyphs: SMuFL's mezzo forte and its like.
    glyphs = {item.glyph[:4] for item in short.drawings[0].items if isinstance(item, PathItem)}
    assert {"E52C", "E522"} <= glyphs  # mp, f


def test_a_page_is_a4_and_nothing_lies_outside_it(short, long):
    for data in (short.pdf, long.pdf):
        document = pypdfium2.PdfDocument(data)
        for number in range(len(document)):
            assert document[number].get_size() == pytest.approx((595.276, 841.89), abs=0.01)
            ink = np.asarray(document[number].render(scale=1).to_numpy()).min(axis=2) < 128
            rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
            assert rows[0] > 15
            assert rows[-1] < 827
            assert columns[0] > 15
            assert columns[-1] < 580


def test_long_scores_have_pages_in_both_files(long):
    count = len(pypdfium2.PdfDocument(long.pdf))
    root = ElementTree.fromstring(long.svg)
    leaves = root.findall("{http://www.w3.org/2000/svg}rect")
    assert count == len(leaves) > 1
    tops = [float(leaf.get("y")) for leaf in leaves]
    heights = [float(leaf.get("height")) for leaf in leaves]
    assert all(y + h < after for y, h, after in zip(tops, heights, tops[1:], strict=False))
    assert float(root.get("height")) == tops[-1] + heights[-1]


def test_ids_of_different_pages_differ(long):
    ids = re.findall(rb' id="([^"]+)"', long.svg)
    assert len(set(ids)) == len(ids)


def test_the_same_bytes_again(short):
    again = Rendering(short.piece)
    assert (again.pdf, again.svg) == (short.pdf, short.svg)


def test_every_letter_of_the_svg_has_its_shape_inside(short):
    faces = re.findall(
        r"font-weight:(\w+);font-style:(\w+);src:url\(data:font/woff;base64,([^)]+)\)",
        short.svg.decode(),
    )
    known = {
        (weight == "bold", style == "italic"): TTFont(io.BytesIO(base64.b64decode(data)))
        for weight, style, data in faces
    }
    for drawing in short.drawings:
        for item in drawing.items:
            for run in item.runs if isinstance(item, TextItem) else ():
                has = known[run.bold, run.italic].getBestCmap()
                assert all(ord(sign) in has for sign in run.text), run


PAGE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<defs><g id="E0A4-x"><path transform="scale(1,-1)" d="M0 0h10v10z"/></g></defs>
<svg viewBox="0 0 2100 2970"><g transform="translate(100, 200)">
<use xlink:href="#E0A4-x" transform="translate(5, 6) scale(0.5, 0.5)"/>
<rect x="1" y="2" width="3" height="4" fill-opacity="0" stroke-width="2"/>
<g class="placeholder"><path d="M0 0h1"/></g>
<g class="tempo"><text x="10" y="20" text-anchor="end" font-size="0px"><tspan>
<tspan font-size="405px">= 96</tspan></tspan><tspan x="50" font-size="200px" font-style="italic"
>x</tspan></text></g></g></svg></svg>"""


def test_a_page_is_read():
    page = drawn(PAGE)
    assert (page.width, page.height) == (2100, 2970)
    glyph, box, tempo, other = page.items
    assert glyph == PathItem((0.5, 0, 0, -0.5, 105, 206), "M0 0h10v10z", True, 0, "E0A4-x")
    assert box == PathItem((1, 0, 0, 1, 100, 200), "M1.0,2.0h3.0v4.0h-3.0Z", False, 2)
    assert tempo == TextItem((1, 0, 0, 1, 110, 220), "end", (TextRun("= 96", 405, True, False),))
    assert other == TextItem((1, 0, 0, 1, 150, 220), "end", (TextRun("x", 200, True, True),))
