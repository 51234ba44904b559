"""Medians and people's range, by hand; and the picture found, where it is in the music and not."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.evaluate.music import outline
from composer.evaluate.music.figures import Range, estimate, people_range
from composer.evaluate.music.notes import Music
from composer.evaluate.music.report import FigureLine, cut, report
from composer.evaluate.music.rows import Aim
from composer.evaluate.music.text import table
from tests.composer.evaluate.music.made import line, music, quarters


def test_a_median_and_a_share() -> None:
    found = estimate([1, 2, 9])
    assert found is not None
    assert (found.value, found.n) == (2, 3)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 2 <= found.high
    share = estimate([1, 0, 0, 1], yes_or_no=True)
    assert share is not None
    assert share.value == 0.5
    assert estimate([]) is None
    assert estimate([1, 2, 9]) == found


def test_peoples_range_weighs_every_source_the_same() -> None:
    # Eleven numbers alone: the second and the tenth.
    assert people_range({"a": range(11)}) == Range(1, 9)
    # A second source of one number has half of the weight, and so both ends of the middle.
    assert people_range({"a": range(11), "b": [100]}) == Range(2, 100)
    assert people_range({"a": [1, 2, 3, 4]}) is None


def test_outside_and_met() -> None:
    found = FigureLine("x", "", estimate([3, 3]), {}, Range(0, 2), Aim(low=3))
    assert (found.outside, found.met) == (True, True)
    assert FigureLine("x", "", estimate([2]), {}, Range(0, 2), Aim(high=1)).outside is False
    assert FigureLine("x", "", estimate([2]), {}, Range(0, 2), Aim(high=1)).met is False
    assert FigureLine("x", "", None, {}, Range(0, 2), Aim(high=1)).met is None


@given(st.lists(st.integers(0, 3), min_size=4, max_size=7), st.data())
def test_the_chance_to_be_found_is_that_of_all_draws(
    likeness: list[int], data: st.DataObject
) -> None:
    own = data.draw(st.integers(0, len(likeness) - 1))
    others = [each for number, each in enumerate(likeness) if number != own]
    chances = []
    for drawn in combinations(others, 2):
        best = max(drawn)
        level = 1 + sum(each == likeness[own] for each in drawn)
        chances.append(1 / level if likeness[own] >= best else 0.0)
    assert outline.first_among(likeness, own, 3) == pytest.approx(np.mean(chances))


def rising(up: bool, title: str, features: tuple[float, ...] = (0.0,)) -> Music:
    """A section that rises or falls under a skyline that rises."""
    pitches = list(range(60, 76) if up else range(75, 59, -1))
    return replace(
        music(quarters(*pitches)),
        title=title,
        sections=((0, 384),),
        shown=((0, 384),),
        skyline=tuple(np.linspace(0, 1, 64)),
        features=features,
    )


def test_a_tune_that_follows_the_skyline() -> None:
    assert outline.followed(rising(True, "a")) == pytest.approx([1], abs=0.01)
    assert outline.followed(rising(False, "a")) == pytest.approx([-1], abs=0.01)
    level = replace(rising(True, "a"), notes=music(quarters(*[60] * 16)).notes)
    assert outline.followed(level) == []


def test_a_contour_is_found_among_those_that_differ() -> None:
    rng = np.random.default_rng(0)
    pieces = []
    for number in range(12):
        walk = np.cumsum(rng.integers(-4, 5, 16))
        sky = tuple(np.repeat(walk - walk.min(), 4) / max(1, np.ptp(walk)))
        found = music(quarters(*(60 + walk).tolist()))
        pieces.append(
            replace(found, title=str(number), sections=((0, 384),), shown=((0, 384),), skyline=sky)
        )
    assert np.mean(outline.found_by_contour(pieces)) > 0.95
    strangers = [
        replace(piece, skyline=other.skyline)
        for piece, other in zip(pieces, [*pieces[5:], *pieces[:5]], strict=True)
    ]
    assert np.mean(outline.found_by_contour(strangers)) < 0.4


def test_a_picture_is_found_by_what_its_music_says_of_it() -> None:
    rng = np.random.default_rng(1)
    pieces, strangers = [], []
    for number in range(100):
        bright, busy, wide = rng.random(3)
        low = round(50 + 30 * bright)
        pitches = [low, low + round(12 * wide)] * 8
        step = 6 + round(40 * busy)
        found = replace(
            music(line(*range(0, 16 * step, step), pitches=pitches)),
            title=str(number),
            sections=((0, 384),),
            shown=((0, 384),),
            skyline=(0.0, 1.0),
        )
        pieces.append(replace(found, features=(bright, busy, wide)))
        strangers.append(replace(found, features=tuple(rng.random(3))))
    assert np.mean(outline.found_by_music(pieces)) > 0.5
    assert np.mean(outline.found_by_music(strangers)) < 0.2


def test_ridge_is_the_textbooks_solution() -> None:
    rng = np.random.default_rng(2)
    known, answers, asked = rng.random((9, 4)), rng.random((9, 2)), rng.random((3, 4))
    x, y = known - known.mean(axis=0), answers - answers.mean(axis=0)
    weights = np.linalg.inv(x.T @ x + 0.7 * np.eye(4)) @ x.T @ y
    expected = (asked - known.mean(axis=0)) @ weights + answers.mean(axis=0)
    assert outline.ridge(known, answers, asked, 0.7) == pytest.approx(expected)


def test_a_melody_over_chords_is_cut_into_lines() -> None:
    chords = [(0, 32 * 96, 0, (0, 4, 7))]
    whole = music(quarters(*[60, 62, 64, 65] * 40), bars=40, chords=chords)
    lines = list(cut(whole))
    # Two of sixteen bars; the last eight bars are none.
    assert [len(each.notes) for each in lines] == [64, 64]
    assert lines[1].notes[0] == (0, 24, 60)
    assert lines[1].chords == ((0, 16 * 96, (0, 4, 7)),)
    assert list(cut(replace(whole, known=frozenset()))) == []


def test_our_pieces_beside_peoples_in_words() -> None:
    ours = [replace(music(quarters(*range(60, 60 + n))), title="twice") for n in (10, 12)]
    people = {"POP909": [music(quarters(*range(60, 60 + n))) for n in range(20, 32)]}
    found = report("Music.", ours, people, {"no notes": 2})
    (row,) = (each for each in found.lines if each.name == "melody range")
    # 9 and 11 semitones against 19 to 30: people's tenth percentile is the second of twelve.
    assert row.ours is not None
    assert (row.ours.value, row.outside) == (10, True)
    assert row.between == Range(20, 29)
    assert set(found.pieces) == {"twice", "twice (2)"}
    said = table(found)
    assert "melody range" in said
    assert "outside people's" in said
    assert said.endswith("Left out: 2 × no notes.")
    inside = next(each for each in found.lines if each.name.startswith("measures inside"))
    assert inside.ours is not None
    assert 0 <= inside.ours.value < 1
    assert found.to_json()["figures"][0]["people"]["POP909"]["n"] == 12
    alone = table(report("People.", [], people, {}))
    assert "ours" not in alone
    assert "melody range" in alone
