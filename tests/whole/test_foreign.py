"""Every kind of file of a piece opens in somebody else's reader of its kind: of the shortest, a
usual and the longest piece, and of every photograph that lies beside the checkout."""

import io
import json
import os
import warnings
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import numpy as np
import pytest
from PIL import Image

from composer import compose
from composer.explanation.reading import schema
from composer.render.audio.coding import FORMATS
from composer.render.rendering import FILM, MAKERS, Rendering, files
from tests.composer.verifier.agreement import agree
from tests.whole.readers import check_notes, check_score

DATA = Path(os.environ.get("PROMENADE_DATA", "../shared/data")) / "pictures"
LENGTHS = ("20s", None, "4min")
NEEDS = {".pdf": "reportlab", FILM: "av"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


def decoded(data):
    """Seconds, frames of sound and frames of film, as ffmpeg's libraries decode them."""
    av = pytest.importorskip("av")
    with av.open(io.BytesIO(data)) as file:
        sound = sum(frame.samples for frame in file.decode(audio=0))
        rate = file.streams.audio[0].rate
    frames = 0
    with av.open(io.BytesIO(data)) as file:
        if file.streams.video:
            frames = sum(1 for _ in file.decode(video=0))
    return sound / rate, frames


def check_pages(data):
    pdfium = pytest.importorskip("pypdfium2")
    pages = pdfium.PdfDocument(data)
    assert len(pages) > 0
    for page in pages:
        drawn = np.asarray(page.render(scale=0.5).to_pil().convert("L"))
        assert drawn.min() < 100 < 200 < drawn.max()


class _Tags(HTMLParser):
    """That every element is closed where it was opened, as a browser would have it."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], 0

    def handle_starttag(self, tag, attributes):
        self.seen += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.seen += 1

    def handle_endtag(self, tag):
        optional = ("p", "li", "dt", "dd", "td", "tr", "th", "tbody", "thead", "option")
        while self.open and self.open[-1] != tag and self.open[-1] in optional:
            self.open.pop()
        assert self.open, tag
        assert self.open.pop() == tag


def check_html(text):
    parser = _Tags()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    assert parser.seen > 100


def check(piece, *, film=False):
    """Each of its files, by a reader that is not ours."""
    made = Rendering(piece)
    written = files(made, [each for each in MAKERS if film or each != FILM])
    check_notes(piece)
    agree(piece)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_score(piece)
        from music21 import converter

        voices = converter.parse(written[".voices.musicxml"].decode(), format="musicxml")
    assert len(voices.parts) == 4
    check_pages(written[".pdf"])
    assert ElementTree.fromstring(written[".svg"]).tag.endswith("svg")
    with Image.open(io.BytesIO(written[".png"])) as image:
        assert np.asarray(image.convert("L")).std() > 3
    jsonschema.validate(json.loads(written[".json"]), schema())
    check_html(written[".html"].decode())
    assert written[".txt"].decode().count("\nBar ") == piece.plan.bars
    seconds = {suffix: decoded(written[suffix]) for suffix in FORMATS}
    exact = seconds[".wav"][0]
    assert exact == pytest.approx(piece.seconds, abs=8)
    for suffix, (long, _) in seconds.items():
        assert long == pytest.approx(exact, abs=0.1), suffix
    if film:
        long, frames = decoded(written[FILM])
        assert long == pytest.approx(exact, abs=0.2)
        assert frames == pytest.approx(30 * exact, abs=30)


@pytest.mark.parametrize("length", LENGTHS[:2])
def test_every_file_of_a_short_and_a_usual_piece_opens_elsewhere(length):
    for name in NEEDS.values():
        pytest.importorskip(name)
    check(compose("sample:flower", melody="rules", length=length))


@pytest.mark.slow
@pytest.mark.parametrize("length", LENGTHS)
def test_every_file_opens_elsewhere_the_film_too(length):
    check(compose("sample:china", length=length), film=True)


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the rated photographs are not beside the checkout")
@pytest.mark.parametrize("number", range(182))
def test_every_file_of_every_photograph_opens_elsewhere(number):
    paths = sorted(DATA.glob("*.jpg"))
    length = (None, None, "20s", None, "48bars")[number % 5]
    melody = ("neural", "rules")[number % 2]
    check(compose(str(paths[number % len(paths)]), melody=melody, length=length, seed=number))
