"""What wishes are measured by: numbers that rise with what they are named for, on made notes."""

from __future__ import annotations

import pytest

from composer.evaluate.heard_mood import StruckNote
from composer.evaluate.wished import (
    LengthRow,
    WishedPiece,
    WishReport,
    WishRow,
    _row,
    fullness,
    height,
    strangeness,
)
from composer.render.rendering import Rendering
from tests.composer.example import piece


def heard(*keys_at_once: tuple[int, ...]) -> WishedPiece:
    """Chords of a second each."""
    notes = tuple(
        StruckNote(float(n), n + 1.0, key, 80, drum=False)
        for n, keys in enumerate(keys_at_once)
        for key in keys
    )
    return WishedPiece(Rendering(piece()).midi, notes, float(len(keys_at_once)))


def test_more_notes_at_once_are_fuller_and_higher_ones_higher():
    plain, full = heard((60,), (64,)), heard((60, 64, 67), (62, 65, 69))
    assert fullness(plain) == pytest.approx(1)
    assert fullness(full) == pytest.approx(9)
    assert height(plain) == pytest.approx(62)
    assert height(full) == pytest.approx(68)


def test_notes_outside_the_scale_and_rough_ones_are_stranger():
    plain = heard((60, 64, 67), (65, 69, 72), (60, 64, 67))
    strange = heard((60, 61, 66), (63, 69, 70), (60, 66, 67))
    assert strangeness(strange) > strangeness(plain) + 0.3


def test_a_row_counts_what_moved_the_right_way():
    row = _row("faster", [("a", 2.0, 1.0, 3.0), ("b", 0.0, 0.0, 0.0), ("c", 1.0, 2.0, 1.0)])
    assert (row.of, row.moved, row.more, row.missed) == (3, 2, 2, ("b",))
    assert row.change == 1.0


def test_what_falls_short_is_counted_and_said():
    short = WishRow("faster", 10, 9, 1.0, 10, ("x",))
    whole = WishRow("slower", 10, 10, 1.0, 10, ())
    late = LengthRow("20s", 10, 9, 10, 10)
    report = WishReport((short, whole), (late,), (9, 9))
    assert report.failures == 2
    assert "missed" in str(report).split("faster")[1].split("\n")[0]
    assert WishReport((whole,), (), (8, 9)).failures == 1
