"""The page: whole, sound, needing nothing else, and safe whatever its names hold."""

import base64
import gzip
import io
import itertools
import json
import re
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from analysis.picture.load import load
from composer.explanation.document import explanation
from composer.explanation.layout import music, plain, roman
from composer.explanation.replay import counterfactuals
from composer.explanation.shown import told
from composer.render.rendering import Rendering
from composer.render.report.page import Heard, encode
from composer.render.report.roll import BARS, roll
from composer.render.report.words import PATIENCE
from composer.table import decide, measured, read_table
from composer.vocabulary import Vocabulary
from tests.composer.example import TABLE, analysis, decisions, picture, piece
from tests.composer.render.report.markup import parse

NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;"


@pytest.fixture(scope="module")
def html(china):
    return Rendering(china).html


@pytest.fixture(scope="module")
def page(html):
    return parse(html)


def unpacked(page, name):
    """What the page holds packed in the element of this id."""
    return gzip.decompress(base64.b64decode(page.one("script", id=name).text)).decode()


def words(element):
    return " ".join(element.text.split())


def test_it_holds_the_whole_explanation(page, china_document):
    assert json.loads(unpacked(page, "explanation")) == china_document


def test_it_is_the_same_for_the_same_piece(china, html):
    assert Rendering(china).html == html


def test_it_asks_for_nothing_from_elsewhere(html, page, china):
    for element in page.all():
        for name in ("src", "href", "srcset", "action", "data", "poster", "xlink:href"):
            assert element.attributes.get(name, "#").startswith(("#", "data:")), element
    style = page.one("style").text
    assert "url(" not in style
    assert "@import" not in style
    code = "".join(script.text for script in page.all("script") if not script.attributes)
    assert not re.search(r"\bfetch\b|XMLHttpRequest|import\(|WebSocket|sendBeacon", code)
    assert b"default-src 'none'" in html
    assert len(html) < 3_000_000 * china.seconds / 60


def test_every_decision_has_its_shares_with_reasons_grades_and_sources(page, china_document):
    sources = {element.attributes["id"] for element in page.all("dt")}
    for name, made in china_document["decisions"].items():
        card = page.one("details", id=f"decision-{name}")
        text = words(card)
        assert music(str(made["value"])) in text or made["kind"] == "number"
        if made["runner_up"] is not None:
            assert f"before {music(made['runner_up'])} by" in text
        shares = told(made["shares"], china_document)
        for share in shares:
            if not share["amount"]:
                continue
            assert share["because"][1:] in text
            if share["evidence"]:
                assert share["rule"] in text
                assert f"source-{share['evidence']['source']}" in sources
                assert card.all("b", title=f"Grade {share['evidence']['grade']}")
                assert card.all("a", href=f"#source-{share['evidence']['source']}")
        drawn = len(card.all("span", **{"class": "why"}))
        assert drawn == sum(share["amount"] != 0 for share in shares)


def test_what_would_turn_a_decision_is_a_replay_that_does(page, china):
    """The page's own sentence is tried: the picture changed so decides as it says."""
    shown = 0
    for name, made in china.decisions.items():
        found = counterfactuals(
            china.table,
            measured(china.analysis),
            china.decisions,
            name,
            most=1,
            pairs=False,
            patience=PATIENCE,
        )
        text = words(page.one("details", id=f"decision-{name}"))
        assert ("What would turn it?" in text) == bool(found)
        if not found:
            continue
        (change,) = found[0].changes
        features = {**measured(china.analysis), change.feature: change.new}
        again = decide(china.table, features)[name].value
        assert again == found[0].after != made.value
        after = music(again) if isinstance(again, str) else plain(float(again))
        assert f"it would be {after}" in text
        assert "replay" in text
        shown += 1
    assert shown > 20


def test_a_search_cut_short_tells_nothing_that_a_whole_one_would_not():
    made = piece()
    for name in made.decisions:
        whole = counterfactuals(made.table, analysis().features, made.decisions, name)
        for patience in range(0, 60, 3):
            cut = counterfactuals(
                made.table, analysis().features, made.decisions, name, patience=patience
            )
            assert cut == whole[: len(cut)]


def test_bars_begin_where_the_last_one_ended(page, china_document):
    """A chart of a number goes from its start to its value."""
    for name, made in china_document["decisions"].items():
        card = page.one("details", id=f"decision-{name}")
        bars = [e for e in card.all("i") if e.attributes.get("class", "").startswith(("g", "t"))]
        if made["kind"] != "number" or len(bars) < 2:
            continue
        edges = []
        for bar in bars[1:]:
            left, width = map(float, re.findall(r"[\d.]+", bar.attributes["style"]))
            ends = (left, left + width)
            edges.append(ends[::-1] if "taken" in bar.attributes["class"] else ends)
        for (_, end), (begin, _) in itertools.pairwise(edges):
            assert end == pytest.approx(begin, abs=0.7), name  # a bar is at least a hair wide
        here = card.one("i", **{"class": "here"}).attributes["style"]
        assert edges[-1][1] == pytest.approx(float(re.findall(r"[\d.]+", here)[0]), abs=0.7)


def test_the_picture_with_regions_skyline_and_palette(page, china_document):
    image = page.one("img")
    assert image.attributes["src"].startswith("data:image/jpeg;base64,/9j/")
    assert china_document["picture"]["name"] in image.attributes["alt"]
    regions = china_document["picture"]["regions"]
    drawn = [path for path in page.all("path") if "data-shows" in path.attributes]
    assert [path.text for path in drawn] == [region["name"] for region in regions]
    assert all(path.attributes["d"].startswith("M") for path in drawn)
    text = words(page.one("section", id="picture"))
    assert all(swatch["hex"] in text for swatch in china_document["picture"]["palette"])
    assert all(region["name"][1:] in text for region in regions)
    assert all(feature["meaning"] in text for feature in china_document["features"].values())


def test_every_note_and_chord_is_on_the_roll(page, china_document):
    notes = {e.attributes["data-note"] for e in page.all("rect")}
    assert notes == {str(number) for number in range(len(china_document["notes"]))}
    lanes = page.all("div", **{"class": "chords"})
    drawn = [button.text for lane in lanes for button in lane.all("button")]
    assert drawn == [roman(span["roman"]) for span in china_document["harmony"]]


def test_every_note_is_in_the_table(page, china_document):
    (table,) = (t for t in page.all("table") if "Pitch" in t.text)
    rows = [[cell.text for cell in row.all("td")] for row in table.all("tr")[1:]]
    # A drum has a name of several words, and a row of its own.
    listed = sum(1 if row[2] == "drums" else len(row[3].split()) for row in rows)
    assert listed == len(china_document["notes"])
    first = china_document["notes"][0]
    assert rows[0][:3] == [str(first["bar"]), f"{first['beat']:g}", first["part"]]
    assert rows[0][5] == first["cause"]["label"]


def test_a_note_held_into_the_next_row_is_drawn_in_both():
    made = piece("4/4")
    document = explanation(made)
    metre = document["plan"]["metre"]["ticks_per_bar"]
    document["plan"]["bars"] = 2 * BARS
    note = document["notes"][0]
    note |= {"tick": BARS * metre - 12, "duration": 24}
    first, second = roll(document).rows
    pieces = [
        box for row in (first, second) for _, boxes in row.boxes for box in boxes if box.note == 0
    ]
    assert [box.tied for box in pieces] == [False, True]
    assert pieces[0].left + pieces[0].width == pytest.approx(100)
    assert pieces[1].left == 0


def test_what_can_be_chosen_is_known(page):
    targets = json.loads(page.one("script", id="targets").text)
    asked = {e.attributes["data-shows"] for e in page.all() if "data-shows" in e.attributes}
    assert asked <= targets["of"].keys()
    for name, said, strong, faint in targets["of"].values():
        assert name
        assert said
        assert 0 <= max(strong, faint) < len(targets["sets"])


def test_names_cannot_break_out_of_the_page():
    table = TABLE.decode().replace(
        "because: Dark pictures are felt as heavier.", f"because: {json.dumps(NASTY)}"
    )
    read = read_table(
        table.encode(), "nasty.yaml", Vocabulary(dict.fromkeys(analysis().features, (-999, 999)))
    )
    features = {**analysis().features, "light.lightness": 20.0}
    seen = replace(analysis(), picture=load(picture(), NASTY), features=features)
    made = replace(
        piece(),
        title=NASTY,
        analysis=seen,
        table=read,
        decisions=decide(read, features),
    )
    found = parse(Rendering(made).html)
    assert found.one("h1").text == NASTY
    assert len(found.all("script")) == 13
    assert len(found.all("img")) == 1
    assert NASTY in json.loads(unpacked(found, "explanation"))["title"]
    assert any(NASTY in e.text for e in found.all("span", **{"class": "why"}))


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(e.tag[1]) for e in page.all() if re.fullmatch(r"h\d", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_everything_has_a_name(page):
    assert page.one("html").attributes["lang"] == "en"
    ids = [e.attributes["id"] for e in page.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    for element in page.all():
        own = element.attributes
        if element.tag in ("button", "summary", "a") or own.get("role") == "button":
            assert own.get("aria-label") or element.text.strip(), element
        if element.tag == "input":
            assert own.get("aria-label") or page.all("label", **{"for": own["id"]})
        if element.tag == "img":
            assert own["alt"]
        if "aria-labelledby" in own:
            assert own["aria-labelledby"] in ids
        if element.tag == "a" and own["href"].startswith("#"):
            assert own["href"][1:] in ids


def test_what_the_user_decided_says_so():
    made = replace(piece(), decisions=decisions(tempo="80", mode="dorian"))
    found = parse(Rendering(made).html)
    for name in ("tempo", "mode"):
        card = found.one("details", id=f"decision-{name}")
        assert "You said so." in words(card)
        assert not card.all("ul", **{"class": "bars"})


def test_drums_and_other_metres_are_drawn():
    for metre in ("3/4", "6/8"):
        found = parse(Rendering(piece(metre, "Eb", "dorian")).html)
        assert found.all("g", **{"class": "drums"})[0].all("rect")
        assert "E♭ dorian" in words(found.one("header"))


PARTS = ("melody", "second", "doubling", "counter", "chords", "bass", "drums")
# What whoever has no cones for long, middle or short waves sees of linear red, green and blue
# (Machado, Oliveira & Fernandes 2009, severity 1).
SEEN = {
    "all": np.eye(3),
    "no long": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no middle": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.01182, 0.04294, 0.968881],
        ]
    ),
    "no short": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.3039],
        ]
    ),
}


def lab(code, seen):
    """CIE L*a*b* (D65) of `#rrggbb` as somebody sees it."""
    parts = np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = xyz @ (seen @ linear).clip(0, 1) / (0.9505, 1, 1.089)
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
def test_players_are_told_apart_by_their_colours(page, seen):
    """In both modes, from what is lit too; a difference of ten is seen at a glance."""
    roots = re.findall(r":root \{(.*?)\}", page.one("style").text, re.DOTALL)
    for block in roots[:2]:
        colours = dict(re.findall(r"--([\w-]+): (#\w{6})", block))
        found = [lab(colours[name], seen) for name in (*PARTS, "accent")]
        for one, other in itertools.combinations(found, 2):
            assert np.linalg.norm(one - other) > 19


def test_every_note_is_in_the_score_beside_the_roll(page, china_document):
    heads = json.loads(unpacked(page, "heads"))
    drawn = unpacked(page, "engraving")
    assert len(heads) == len(china_document["notes"])
    names = [name for each in heads for name in each]
    assert len(names) == len(set(names))
    assert all(f'id="{name}"' in drawn for name in names)
    missing = sum(not each for each in heads)
    assert missing <= 0.02 * len(heads)
    assert unpacked(page, "musicxml").startswith("<?xml")


def test_each_player_is_in_the_page_and_as_long_as_the_whole(page, china_document):
    players = json.loads(page.one("script", id="apart").text)
    assert len(players) == len(china_document["parts"])
    long = float(page.one("audio").attributes["data-seconds"])
    for text in players:
        info = soundfile.info(io.BytesIO(base64.b64decode(text)))
        assert (info.channels, info.subtype) == (1, "OPUS")
        assert info.duration == pytest.approx(long, abs=1e-3)


def test_over_four_minutes_the_mix_is_alone_and_that_is_said(china, china_document):
    mix = Heard(b"mix", 300.0)
    found = parse(encode(china, china_document, b"", mix))
    assert "the page holds the mix alone" in words(found.one("section", id="music"))
    assert not found.all("ul", id="desk")


def test_every_bar_can_be_asked(page, china_document):
    targets = json.loads(page.one("script", id="targets").text)
    bars = china_document["plan"]["bars"]
    asked = {e.attributes.get("data-shows") for e in page.all("button")}
    assert {f"bar:{number}" for number in range(1, bars + 1)} <= asked
    name, said, strong, _ = targets["of"]["bar:5"]
    digits = targets["sets"][strong]
    lit = {n for n in range(len(china_document["notes"])) if int(digits[n // 4], 16) >> n % 4 & 1}
    assert name == "Bar 5"
    assert lit == {n for n, note in enumerate(china_document["notes"]) if note["bar"] == 5}
    first = next(span for span in china_document["harmony"] if span["bar"] == 5)
    assert roman(first["roman"]) in said


def luminance(code):
    """WCAG 2.2's relative luminance of `#rrggbb`."""
    parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_enough_in_light_and_dark(page):
    style = page.one("style").text
    roots = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for block in roots[:2])
    assert light.keys() == dark.keys()
    for colours in (light, dark):
        for ground in ("paper", "raised"):
            for text in ("ink", "quiet", "accent"):
                assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
            for mark in ("edge", *PARTS):
                assert contrast(colours[mark], colours[ground]) >= 3, (mark, ground)
        assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
        assert contrast(colours["ink"], colours["wash"]) >= 4.5
        assert contrast(colours["quiet"], colours["wash"]) >= 4.5
