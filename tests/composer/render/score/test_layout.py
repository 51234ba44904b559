"""How pages are filled, and what stands above and below the staves."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.render.rendering import Rendering
from composer.render.score.drawing import TextItem
from composer.render.score.pages import ELSEWHERE, PHRASE, evenly, systems
from tests.composer.example import piece
from tests.composer.render.score.read_again import longer


@given(st.lists(st.integers(1, 6), min_size=1, max_size=9))
def test_pages_hold_about_as_many_systems_and_lose_none(counts):
    """No more pages than were needed, no lone system at the end of several."""
    made = evenly(counts)
    assert (len(made), sum(made)) == (len(counts), sum(counts))
    assert max(made) - min(made) <= 1
    assert list(made) == sorted(made)


@given(st.lists(st.integers(5, 40), min_size=1, max_size=30))
def test_systems_are_not_overfull(bars):
    starts = systems(bars, (100, 110), {})
    assert starts[0] == 0
    for number, (begin, end) in enumerate(zip(starts, [*starts[1:], len(bars)], strict=True)):
        assert sum(bars[begin:end]) <= (110 if number else 100)


def test_a_system_begins_with_a_phrase_where_that_costs_little():
    bars = [10] * 16
    assert systems(bars, (52, 52), {4: PHRASE, 8: 0, 12: PHRASE}) == (0, 4, 8, 12)
    assert PHRASE < ELSEWHERE


@pytest.fixture(scope="module")
def engraved():
    return Rendering(longer(piece("4/4", "C", "aeolian"), 9))


def test_the_last_system_is_not_one_bar_and_the_last_page_not_one_system(engraved):
    counts = [
        [system.count('class="measure"') for system in page.split('class="system"')[1:]]
        for page in engraved.pages
    ]
    assert sum(map(sum, counts)) == 36
    assert len(counts) > 1
    assert len(counts[-1]) > 1
    assert all(bars > 1 for page in counts for bars in page)


def test_the_tempo_stands_over_the_chord_symbols_and_the_numerals_in_a_row(engraved):
    items = [item for item in engraved.drawings[0].items if isinstance(item, TextItem)]
    at = {}
    for item in items:
        at.setdefault("".join(run.text for run in item.runs).strip(), []).append(item.place[5])
    (tempo,) = [heights[0] for text, heights in at.items() if re.search("♩ ?= 96", text)]
    assert tempo < at["Cm"][0] < at["Flute"][0] < at["i"][0]
    assert at["i"][0] == at["iv"][0] == at["V7"][0]
