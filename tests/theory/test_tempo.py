"""Tempo: seconds of written time, against sums done by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory.tempo import Clock, lasting, mean_rate

# Two bars of four crotchets at 120, then a bar at 90, then half a bar at 60.
SLOWING = ((0, 120.0), (192, 90.0), (288, 60.0))


def test_a_crotchet_at_sixty_is_a_second():
    assert lasting(24, 24, 60) == 1
    assert lasting(36, 36, 60) == 1  # the beat of compound metres is the dotted crotchet


def test_what_lies_before_each_change_goes_at_its_own_tempo():
    clock = Clock.at_rates(SLOWING, 24)
    assert clock.second(0) == 0
    assert clock.second(192) == pytest.approx(8 * 0.5)
    assert clock.second(288) == pytest.approx(8 * 0.5 + 4 * 60 / 90)
    assert clock.second(336) == pytest.approx(8 * 0.5 + 4 * 60 / 90 + 2)
    assert clock.second(96) == pytest.approx(2)  # a place within, with changes still to come


rates = st.lists(
    st.tuples(st.integers(1, 20).map(lambda n: 12 * n), st.floats(40, 200)), max_size=6
).map(lambda rows: [(0, 100.0), *sorted(dict(rows).items())])


@given(rates, st.integers(0, 300), st.integers(1, 300))
def test_a_clock_never_goes_back(curve, start, ticks):
    clock = Clock.at_rates(curve, 24)
    assert clock.second(start) < clock.second(start + ticks)


@given(rates, st.integers(0, 300), st.integers(1, 300))
def test_at_its_mean_a_stretch_lasts_as_long(curve, start, ticks):
    clock = Clock.at_rates(curve, 24)
    steady = lasting(ticks, 24, mean_rate(curve, start, start + ticks))
    assert steady == pytest.approx(clock.second(start + ticks) - clock.second(start))
