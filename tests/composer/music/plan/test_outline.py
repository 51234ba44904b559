"""The picture's outline in the tune: planned, sung, and measured on what was sung."""

import numpy as np
import pytest

from composer.evaluate.music import outline as measured
from composer.music.plan import make_plan
from composer.music.plan.outline import NEAR
from composer.values.outline import correlation, followed, sampled
from tests.composer.evaluate.music.made import music, quarters
from tests.composer.music.melody.tunes import KINDS, SKYLINES, decisions, picture, sung

SHAPED = ("hill", "rising", "falling")


def test_both_measures_of_a_tune_agree():
    rng = np.random.default_rng(3)
    for _ in range(20):
        pitches = (60 + np.cumsum(rng.integers(-4, 5, 16))).tolist()
        tune = music(quarters(*pitches))
        sky = rng.random(64).tolist()
        rows = [(int(n["start"]), int(n["end"]), int(n["pitch"])) for n in tune.melody]
        curve = measured.contour(tune, 0, 384)
        assert followed(rows, 0, 384, sky) == pytest.approx(
            measured.alike(curve, measured.outline(sky))
        )


def test_a_tune_of_two_pitches_follows_nothing():
    assert followed([(0, 24, 60), (24, 48, 62), (48, 72, 60)], 0, 72, [0.0, 1.0]) is None


def shown(one, kind):
    """r of each section that shows the outline."""
    rows = [(n.start, n.end, n.key_number) for n in one.tune.notes]
    heights = SKYLINES[kind].heights
    return [followed(rows, s.start, s.end, heights) for s in one.plan.sections if s.outlined]


@pytest.mark.parametrize("skyline", SHAPED)
def test_the_first_theme_is_planned_to_show_the_outline_and_most_tunes_follow_it(skyline):
    first = []
    for kind in KINDS:
        one = sung(0, skyline, **kind)
        theme = next(s for s in one.plan.sections if s.kind == "statement")
        assert theme.outlined
        assert all(s.letter == theme.letter for s in one.plan.sections if s.outlined)
        beats = [h for p in one.plan.phrases if p.section == theme.name for h in p.contour]
        sky = sampled(SKYLINES[skyline].heights, len(beats))
        assert correlation(beats, sky) > 0.6
        first.append(shown(one, skyline)[0])
    assert np.median(first) > 0.5


def test_where_there_is_no_outline_none_is_shown():
    plan = make_plan(decisions(), picture("flat"))
    assert not any(section.outlined for section in plan.sections)


def test_a_repeat_stays_where_the_outline_does_and_else_is_moved_as_it_goes():
    rising = make_plan(decisions(), picture("rising"))
    falling = make_plan(decisions(), picture("falling"))
    level = make_plan(decisions(), picture("flat"))
    place = next(
        (p, s)
        for p, phrase in enumerate(level.phrases)
        for s, slot in enumerate(phrase.slots)
        if slot.action == "repeat"
    )
    up, down = (plan.phrases[place[0]].slots[place[1]] for plan in (rising, falling))
    assert up.action == down.action == "sequence"
    assert up.shift >= NEAR
    assert down.shift <= -NEAR
