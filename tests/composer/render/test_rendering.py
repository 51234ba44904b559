"""One rendering: each thing made at most once, whatever is written, and only what is asked for."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from importlib import import_module
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from composer.render.audio.coding import FORMATS
from composer.render.audio.stems import Apart
from composer.render.film.mp4 import PORTIONS
from composer.render.rendering import MAKERS, SUFFIXES, Rendering, files, steps
from composer.render.score.pages import Engraved
from tests.composer.example import piece

ROOT = Path(__file__).resolve().parents[3]

# Where each thing is made: module and function, and what the one that counts gives back.
PLACES = {
    "midi": ("composer.render.midi.writer", "encode", b"midi"),
    "score": ("composer.render.score.score", "full_score", b"score"),
    "voices": ("composer.render.score.score", "four_voices", b"voices"),
    "pages": ("composer.render.score.pages", "engraved", Engraved(("page",), ())),
    "drawing": ("composer.render.score.drawing", "drawn", "drawing"),
    "svg": ("composer.render.score.printing", "svg", b"svg"),
    "pdf": ("composer.render.score.printing", "pdf", b"pdf"),
    "roll": ("composer.render.roll", "encode", b"roll"),
    "explanation": ("composer.explanation.document", "explanation", {}),
    "json": ("composer.explanation.document", "to_json", "{}"),
    "words": ("composer.render.words", "encode", b"words"),
    "report": ("composer.render.report.page", "encode", b"report"),
    "sound": ("composer.render.audio", "perform", np.zeros((2, 8), np.float32)),
    "apart": (
        "composer.render.audio.stems",
        "perform_apart",
        Apart(np.zeros((2, 8), np.float32), ()),
    ),
    "film": ("composer.render.film.film", "encode", b"film"),
    "story": ("composer.render.film.story", "encode", b"story"),
    "poster": ("composer.render.poster", "encode", b"poster"),
    "timeline": ("composer.render.timeline", "Timeline", "timeline"),
}

# Where the players have been heard alone, the mix is theirs.
ONCE = {**dict.fromkeys(PLACES.keys() - {"sound"}, 1), "poster": 2}


@pytest.fixture
def made(monkeypatch):
    """How often each thing has been made, by name."""
    count = Counter()

    def counted(name, gives):
        def make(*_, **__):
            count[name] += 1
            return gives

        return make

    for name, (module, function, gives) in PLACES.items():
        monkeypatch.setattr(import_module(module), function, counted(name, gives))
    return count


def test_all_kinds_of_file_make_each_thing_once(made):
    assert len(SUFFIXES) == 17
    assert set(files(Rendering(piece()), SUFFIXES)) == set(SUFFIXES)
    assert made == ONCE


@pytest.mark.parametrize("pair", list(combinations(SUFFIXES, 2)), ids=" ".join)
def test_any_two_kinds_share_what_they_have_in_common(made, pair):
    files(Rendering(piece()), pair)
    assert set(made.values()) == {1} or made["poster"] == 2


def test_what_was_written_once_is_written_again_as_it_is(made):
    rendering = Rendering(piece())
    first = files(rendering, SUFFIXES)
    assert files(rendering, reversed(SUFFIXES)) == first
    assert made == ONCE


def test_two_renderings_share_nothing(made):
    one, other = Rendering(piece()), Rendering(piece())
    assert one.midi == other.midi
    assert made["midi"] == 2


@pytest.mark.parametrize(
    ("suffix", "needed"),
    [
        (".mid", {"midi", "timeline"}),
        (".musicxml", {"score"}),
        (".pdf", {"score", "pages", "drawing", "pdf"}),
        (".json", {"explanation", "json"}),
        (
            ".html",
            {
                *("explanation", "midi", "timeline", "report"),
                *("apart", "score", "pages", "drawing", "svg"),
            },
        ),
        (".txt", {"explanation", "words"}),
        (".wav", {"midi", "timeline", "sound"}),
    ],
)
def test_nothing_is_made_that_is_not_asked_for(made, suffix, needed):
    files(Rendering(piece()), [suffix])
    assert set(made) == needed


def test_properties_and_files_are_the_same_things():
    rendering = Rendering(piece())
    assert rendering.file(".mid") is rendering.midi
    assert rendering.file(".musicxml") is rendering.musicxml
    assert rendering.midi[:4] == b"MThd"
    assert rendering.pages[0].startswith("<svg ")
    assert rendering.explanation["title"] == "sea"
    assert repr(rendering) == "Rendering('Sea')"


def filmed(film, sound, title, drawn, size=None):
    """A film of which every frame is drawn, and none looked at."""
    for number in range(film.frames):
        drawn(number + 1)
    return b""


@pytest.mark.parametrize(
    "suffixes", [(".mid",), (".mid", ".mid", ".json"), (".json", ".mp4"), (".mid", ".story.mp4")]
)
def test_who_waits_is_told_as_often_as_was_promised(monkeypatch, suffixes):
    monkeypatch.setattr("composer.render.film.mp4.encode", filmed)
    made = piece()
    region = made.analysis.regions[0].name
    sections = tuple(replace(section, region=region) for section in made.plan.sections)
    made = replace(made, plan=replace(made.plan, sections=sections))
    told = []
    files(Rendering(made), suffixes, lambda name="", count=1: told.append(name))
    assert (
        len(told) == steps(suffixes) == len(set(suffixes)) + PORTIONS * suffixes[-1].endswith("mp4")
    )
    assert told[-1] == f"made the {suffixes[-1]}"


LIGHT = """
import sys
from composer.render.rendering import Rendering, steps
from composer.render.score.pages import Engraved
from tests.composer.example import piece
rendering = Rendering(piece())
steps([sys.argv[1]])
rendering.file(sys.argv[1])
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
# Libraries that are slow to load, each with the kinds of file that use it.
SLOW = {
    "music21": {".musicxml", ".voices.musicxml", ".svg", ".pdf", ".html"},
    "matplotlib": {".png", ".poster.png", ".poster.pdf"},
    "scipy": {*FORMATS, ".html"},
    "verovio": {".svg", ".pdf", ".html"},
    "reportlab": {".pdf"},
    "jinja2": {".html"},
    "av": set(),
    "torch": set(),
}


@pytest.mark.parametrize(
    "suffix", [".mid", ".json", ".html", ".png", ".poster.png", ".musicxml", ".wav"]
)
def test_a_kind_of_file_loads_no_library_that_only_others_use(suffix):
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, suffix], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {name for name, kinds in SLOW.items() if suffix not in kinds} & loaded == set()
    assert {name for name, kinds in SLOW.items() if suffix in kinds} <= loaded


def test_every_kind_of_file_has_one_maker():
    assert set(MAKERS) == {
        *(".mid", ".musicxml", ".voices.musicxml", ".svg", ".pdf", ".png", ".json", ".html"),
        *(".wav", ".flac", ".ogg", ".mp3", ".mp4", ".txt"),
        *(".story.mp4", ".poster.png", ".poster.pdf"),
    }
