"""The contour follows the skyline, arches over phrases and has one climax a period."""

import numpy as np
import pytest

from analysis.skyline import Skyline
from composer.plan import contour

HILL = Skyline(tuple(np.sin(np.linspace(0, np.pi, 64))), 1.0)
FLAT = Skyline((0.5,) * 64, 0.0)


def test_resampling_a_straight_line_gives_a_straight_line():
    assert contour.resample([0.0, 1.0, 2.0, 3.0], 2) == pytest.approx([0.5, 2.5])


def test_a_prominent_skyline_bends_the_contour():
    rising = Skyline(tuple(np.linspace(0, 1, 64)), 1.0)
    falling = Skyline(tuple(np.linspace(1, 0, 64)), 1.0)
    up, down = (
        np.concatenate(contour.period_contour(sky, [16, 16], 6.0)[0]) for sky in (rising, falling)
    )
    assert np.corrcoef(up, np.arange(32))[0, 1] > 0.5
    assert np.corrcoef(down, np.arange(32))[0, 1] < -0.5


@pytest.mark.parametrize("skyline", [HILL, FLAT])
def test_the_climax_is_the_one_highest_place_and_lies_late(skyline):
    phrases, (where, beat) = contour.period_contour(skyline, [16, 16], 6.0)
    curve = [value for phrase in phrases for value in phrase]
    assert curve.count(max(curve)) == 1
    assert phrases[where][beat] == max(curve) == 6.0
    assert contour.CLIMAX_FROM <= curve.index(6.0) / 32 <= contour.CLIMAX_TO


def test_a_level_skyline_leaves_the_arch_alone():
    phrases, _ = contour.period_contour(FLAT, [16], 6.0)
    middle = phrases[0][9]
    assert middle > phrases[0][0]
    assert middle > phrases[0][15]
