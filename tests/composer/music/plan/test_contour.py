"""The contour follows the skyline, arches over phrases and has one climax a period."""

from itertools import pairwise

import numpy as np
import pytest

from analysis.picture.skyline import Skyline
from composer.music.plan import contour
from composer.values.outline import sampled

HILL = Skyline(tuple(np.sin(np.linspace(0, np.pi, 64))), 1.0)
FLAT = Skyline((0.5,) * 64, 0.0)


def test_resampling_a_straight_line_gives_a_straight_line():
    assert sampled([0.0, 1.0, 2.0, 3.0], 2) == pytest.approx([0.5, 2.5])


FREE = [[True] * 12 + [False] * 4] * 2


def test_a_prominent_skyline_bends_the_contour():
    rising = Skyline(tuple(np.linspace(0, 1, 64)), 1.0)
    falling = Skyline(tuple(np.linspace(1, 0, 64)), 1.0)
    up, down = (
        np.concatenate(contour.period_contour(sky, FREE, 6.0)[0]) for sky in (rising, falling)
    )
    assert np.corrcoef(up, np.arange(32))[0, 1] > 0.5
    assert np.corrcoef(down, np.arange(32))[0, 1] < -0.5


@pytest.mark.parametrize("skyline", [HILL, FLAT])
def test_the_climax_is_the_one_highest_place_and_lies_where_it_may(skyline):
    phrases, (where, beat) = contour.period_contour(skyline, FREE, 6.0)
    curve = [value for phrase in phrases for value in phrase]
    assert curve.count(max(curve)) == 1
    assert phrases[where][beat] == max(curve) == 6.0
    assert FREE[where][beat]


def test_a_level_skyline_leaves_the_arch_alone():
    phrases, _ = contour.period_contour(FLAT, [[True] * 16], 6.0)
    middle = phrases[0][9]
    assert middle > phrases[0][0]
    assert middle > phrases[0][15]


def test_a_phrase_falls_home_from_its_middle_and_is_there_for_the_last_bar():
    bent = contour.falling([4.0] * 16, -2.0, 1.0, None, 4)
    assert bent[:8] == [4.0] * 8
    assert bent[12:] == [-2.0] * 4
    assert all(a >= b for a, b in pairwise(bent))
    assert contour.falling([4.0] * 16, -2.0, 0.0, None, 4) == [4.0] * 16


def test_a_phrase_does_not_fall_before_its_climax():
    bent = contour.falling([4.0] * 16, -2.0, 1.0, 10, 4)
    assert bent[:11] == [4.0] * 11
    assert bent[12] == -2.0


def test_a_leap_of_register_is_low_before_it_and_high_where_it_lands():
    curve = contour.leaping(16, 8, 7.0)
    assert max(curve[:8]) < 0 < curve[8] == max(curve)
