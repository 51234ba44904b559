"""Tempo: phrases that press on and slacken, and a slowing that is heard before the last chord."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.music.plan.performance import (
    FREE_END,
    PRESSING,
    SLACKENING,
    STEADY_END,
    tempo_curve,
)
from composer.values import Performance
from tests.composer.music.arrange.example import plan
from theory.metre import METRES
from theory.tempo import Clock


def curve(metre="4/4", rubato=0.5, tempo=100.0, phrases=4):
    made = plan(metre, phrases)
    return made, tempo_curve(Performance(tempo, rubato), made.phrases, made.metre)


def rate(points, tick):
    return [bpm for at, bpm in points if at <= tick][-1]


def slowing(made):
    """Where the last slowing begins: two bars before the end, three of two beats."""
    return made.end - made.metre.bar * (3 if made.metre.beats == 2 else 2)


@pytest.mark.parametrize("metre", METRES)
@given(rubato=st.floats(0, 1))
def test_every_phrase_begins_in_tempo_and_strays_little(metre, rubato):
    made, points = curve(metre, rubato)
    assert points[0] == (0, 100.0)
    assert [tick for tick, _ in points] == sorted({tick for tick, _ in points})
    for phrase in made.phrases:
        assert rate(points, phrase.start) == 100
    inside = [bpm for tick, bpm in points if tick < slowing(made)]
    assert 100 * (1 - SLACKENING * rubato) - 0.01 <= min(inside)
    assert max(inside) <= 100 * (1 + PRESSING * rubato) + 0.01


@pytest.mark.parametrize("metre", METRES)
@given(rubato=st.floats(0, 1))
def test_the_slowing_is_heard_before_the_last_chord_and_goes_on_to_the_end(metre, rubato):
    made, points = curve(metre, rubato)
    last = [bpm for tick, bpm in points if tick >= slowing(made)]
    assert all(after < before for before, after in pairwise((100, *last)))
    final = 100 * (STEADY_END + (FREE_END - STEADY_END) * rubato)
    assert final < last[-1] < final * 1.1
    assert rate(points, made.end - made.metre.bar - made.metre.beat) < 97


def test_without_rubato_the_tempo_is_even_up_to_the_slowing():
    made, points = curve(rubato=0.0)
    assert [tick for tick, _ in points if tick < slowing(made)] == [0]


@pytest.mark.parametrize("metre", METRES)
def test_rubato_gives_back_what_it_takes(metre):
    """What phrases press on they lose again, to within two parts in a hundred."""
    made, free = curve(metre, 1.0)
    _, even = curve(metre, 0.0)
    until = slowing(made)
    lasted = [Clock.at_rates(points, made.metre.beat).second(until) for points in (free, even)]
    assert lasted[0] == pytest.approx(lasted[1], rel=0.02)


def test_phrases_are_quickest_before_their_middle_and_slowest_at_their_end():
    made, points = curve(rubato=1.0)
    phrase = made.phrases[1]
    rates = [rate(points, tick) for tick in range(phrase.start, phrase.end, made.metre.beat)]
    assert rates.index(max(rates)) in range(4, 8)
    assert rates.index(min(rates)) == len(rates) - 1
