"""Drums in groups of four bars: the pattern, a ghost stroke, a variation, a fill or a thinning."""

import pytest

from composer.music.arrange.groups import closed, grouped
from composer.music.orchestra.reading import Stroke
from tests.composer.music.arrange.example import arranged
from theory.metre import METRES

COMMON = METRES["4/4"]
BAR = COMMON.bar


def strokes(text: str, beat: int = 24) -> tuple[Stroke, ...]:
    """Strokes of quavers, one sign each."""
    return tuple(
        Stroke(n * 12, 12, sign, 0, False) for n, sign in enumerate(text.split()) if sign != "."
    )


ROCK = {
    "kick": strokes("X . . . x . . ."),
    "snare": strokes(". . x . . . x ."),
    "hat": strokes("x o x o x o x o"),
}


def ticks(lines, drum):
    return [stroke.start for stroke in lines[drum]]


def test_the_first_bar_is_the_pattern_the_second_has_a_ghost_stroke_the_third_is_varied() -> None:
    assert grouped(ROCK, COMMON, 0, 0) == ROCK
    second = grouped(ROCK, COMMON, 1, 0)
    assert ticks(second, "snare") == [24, 72, 84]
    assert second["snare"][-1].signs == "o"
    assert {drum: own for drum, own in second.items() if drum != "snare"} == {
        drum: own for drum, own in ROCK.items() if drum != "snare"
    }
    assert ticks(grouped(ROCK, COMMON, 1, 1), "snare") == [24, 60, 72]
    assert ticks(grouped(ROCK, COMMON, 2, 0), "kick") == [0, 48, 60]
    without = {"kick": strokes("X . . . x x . .")}
    assert ticks(grouped(without, COMMON, 2, 0), "kick") == [0, 48]


def test_a_drum_that_strikes_every_quaver_has_its_ghost_stroke_between_two() -> None:
    found = grouped({"shaker": strokes("x o x o x o x o")}, COMMON, 1, 0)["shaker"]
    assert [(stroke.start, stroke.ticks) for stroke in found[-2:]] == [(84, 6), (90, 6)]


def test_a_fill_runs_from_the_snare_down_the_toms_and_time_stops() -> None:
    found = closed(ROCK, COMMON, 2, 0)
    assert ticks(found, "hat") == [0, 12, 24, 36]
    assert (ticks(found, "snare"), ticks(found, "high tom")) == ([24, 48, 60], [72])
    assert [(s.start, s.signs) for s in found["low tom"]] == [(84, "X")]
    assert ticks(found, "kick") == ticks(ROCK, "kick")
    twice = closed(ROCK, COMMON, 1, 1)
    assert [s.start for d in ("snare", "high tom", "low tom") for s in twice[d]] == [
        24, 72, 78, 84, 90,
    ]  # fmt: skip


def test_a_soft_pattern_thins_where_a_loud_one_fills() -> None:
    soft = {"stick": strokes(". . x . . . x ."), "hat": strokes("o o x o o o x o")}
    found = closed(soft, COMMON, 1, 0)
    assert ticks(found, "hat") == [0, 12, 24, 36, 48, 60]
    assert ticks(found, "stick") == [24]


def bars(part, metre):
    found: dict[int, set[tuple[int, int]]] = {}
    for note in part.notes:
        number, place = divmod(note.start, metre.bar)
        found.setdefault(number, set()).add((place, note.key_number))
    return found


@pytest.mark.parametrize("name", ["rock", "soft", "shaker", "folk dance", "ballad", "swing"])
def test_of_sixteen_bars_no_bar_is_heard_in_more_than_four_tenths(name: str) -> None:
    plan, _, parts = arranged(drum_pattern=name, densities=(1.0,), phrases=4)
    found = list(bars(parts["drums"], plan.metre).values())
    assert max(found.count(each) for each in found) <= 0.4 * len(found)


def test_a_section_begins_with_a_cymbal_after_a_fill_and_a_phrase_within_it_does_not() -> None:
    plan, _, parts = arranged(drum_pattern="rock", densities=(1.0, 1.0), phrases=4)
    crashes = [n.start // plan.metre.bar for n in parts["drums"].notes if n.key_number == 49]
    assert crashes == [8, 15]
    first = [n for n in parts["drums"].notes if n.start == 8 * BAR and n.key_number == 36]
    before = [n for n in parts["drums"].notes if n.start == 4 * BAR and n.key_number == 36]
    assert first[0].velocity > before[0].velocity
