"""The album in a browser: a map that a telephone shows, pieces sorted, and all of them played."""

import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from composer.album.album import Entry, page
from composer.album.plane import EDGE, MARK, TALL, WIDE, places
from composer.album.work import Facts

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# Name, seconds, valence and arousal: four of one mood.
PIECES = [
    ("river", 60.0, 0.1, 0.0),
    ("Alps", 30.0, 0.1, 0.0),
    ("beach 10", 90.0, 0.5, 0.2),
    ("beach 9", 45.0, 0.1, 0.0),
    ("night", 20.0, -0.4, -0.3),
    ("street", 70.0, 0.1, 0.0),
]


def facts(name, seconds, valence, arousal):
    return Facts(
        title=name,
        key="D dorian",
        metre="4/4",
        tempo="♩ = 80",
        bars=16,
        seconds=seconds,
        mood="calm",
        caption="A lake.",
        absent="",
        valence=valence,
        arousal=arousal,
        players=("piano",),
        colours=(("#336699", 1.0),),
        thumbnail=b"",
    )


def entries(folder):
    found = []
    for number, piece in enumerate(PIECES):
        sound = Path(folder) / f"{number}.mp3"
        soundfile.write(sound, np.zeros(22050, np.float32), 22050, format="MP3")
        found.append(Entry(f"{piece[0]}.jpg", facts(*piece), (sound,)))
    return found


def test_marks_lie_where_their_moods_do_and_cover_no_other():
    spots = places([(valence, arousal) for _, _, valence, arousal in PIECES])
    on = [(x * WIDE / 100, y * TALL / 100) for x, y in spots]
    for number, one in enumerate(on):
        assert EDGE <= one[0] <= WIDE - EDGE
        assert EDGE <= one[1] <= TALL - EDGE
        assert all(math.dist(one, other) >= MARK - 0.2 for other in on[:number])
    assert spots[4][0] < 50 < spots[2][0]  # sadder to the left, gladder to the right
    assert spots[2][1] < 50 < spots[4][1]  # livelier above, calmer below


@pytest.fixture
def opened(tmp_path):
    """The page in Chromium on a telephone, and what it complained of."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    path = tmp_path / "index.html"
    path.write_bytes(page(entries(tmp_path)))
    complaints = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        found = browser.new_page(viewport={"width": 390, "height": 844})
        found.on("pageerror", lambda error: complaints.append(str(error)))
        found.goto(path.as_uri())
        yield found
        browser.close()
    assert complaints == []


def names(found):
    return found.locator(".cards > li").evaluate_all("rows => rows.map(row => row.dataset.name)")


def test_the_map_can_be_read_on_a_telephone(opened):
    boxes = opened.locator(".plane a").evaluate_all(
        "marks => marks.map(m => { const r = m.getBoundingClientRect(); return [r.x, r.y, r.width,"
        " parseFloat(getComputedStyle(m).fontSize)]; })"
    )
    assert len(boxes) == len(PIECES)
    for number, (x, y, wide, letters) in enumerate(boxes):
        assert wide >= 24
        assert letters >= 12
        assert all(math.dist((x, y), box[:2]) > wide - 2 for box in boxes[:number])
    assert opened.evaluate("document.documentElement.scrollWidth") == 390


def test_pieces_are_sorted(opened):
    choice = opened.locator(".tools select")
    given = [name for name, *_ in PIECES]
    for way, wanted in (
        ("name", ["Alps", "beach 9", "beach 10", "night", "river", "street"]),
        ("time", [name for _, name in sorted((s, name) for name, s, *_ in PIECES)]),
        ("mood", ["beach 10", "river", "Alps", "beach 9", "street", "night"]),
        ("given", given),
    ):
        choice.select_option(way)
        assert names(opened) == wanted


def test_all_are_played_one_after_the_other_as_they_stand(opened):
    opened.locator(".tools select").select_option("name")
    opened.locator("#all").press("Enter")
    assert opened.inner_text("#told") == "Playing Alps."
    for name in ("beach 9", "beach 10"):
        opened.wait_for_selector(f".cards > [data-name='{name}'][aria-current]")
    assert opened.locator("[aria-current]").count() == 1
    sounding = "[...document.querySelectorAll('audio')].filter(a => !a.paused).length"
    assert opened.evaluate(sounding) == 1
    opened.locator("#all").press("Enter")
    assert opened.evaluate(sounding) == 0
    assert opened.locator("[aria-current]").count() == 0
