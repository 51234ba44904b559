"""A second player sings the melody in middle sections: nothing of it is lost, or sung twice."""

from dataclasses import replace

import pytest

from composer.music.arrange.leadsheet import LeadSheet
from composer.music.arrange.melody import handed_over
from composer.music.orchestra import load_orchestra
from composer.music.plan.sections import scored
from composer.values import Section
from tests.composer.music.arrange import example
from tests.composer.music.arrange.example import arranged
from theory.noise import Noise

ENSEMBLES = load_orchestra().ensembles
SECTIONS = {"densities": (1.0, 0.8, 1.0), "phrases": 6}
LEADER = {"ensemble": "full orchestra", "melody_instrument": "violin"}


def letters(text):
    """Who sings in sections of these letters: 1 the first player, 2 the second."""
    made = [Section(letter, letter, 0, 96, "", 0, 0, 1.0, "") for letter in text]
    return "".join("2" if "second-melody" in one.joined else "1" for one in scored(made))


@pytest.mark.parametrize(
    ("form", "sung"),
    [
        ("A", "1"),
        ("AA", "11"),
        ("AB", "11"),
        ("ABA", "121"),
        ("AAA", "121"),
        ("AABA", "1121"),
        ("AABACA", "112121"),
        ("AAAA", "1211"),
        ("AABB", "1121"),
    ],
)
def test_the_first_player_begins_and_ends_and_what_differs_is_the_second_one_s(form, sung):
    assert letters(form) == sung


def test_both_together_sing_the_whole_melody_one_at_a_time():
    plan, _, parts = arranged(**LEADER, **SECTIONS)
    _, _, alone = arranged(ensemble="solo piano", **SECTIONS)
    first, second = parts["melody"].notes, parts["second-melody"].notes
    assert tuple(sorted((*first, *second), key=lambda note: note.start)) == alone["melody"].notes
    middle = plan.sections[1]
    assert all(middle.start <= note.start < middle.end for note in second)
    assert not any(middle.start <= note.start < middle.end for note in first)
    assert {note.cause.origin for note in second} == {"melody"}


def test_an_upbeat_is_sung_by_whoever_sings_on():
    plan = example.plan(phrases=6, densities=SECTIONS["densities"])
    harmony = example.harmony(plan)
    tune = example.melody(plan, harmony)
    plan = replace(plan, phrases=tuple(replace(one, upbeat=24) for one in plan.phrases))
    start = plan.sections[1].start
    upbeat = replace(tune[0], start=start - 24, ticks=24)
    sheet = LeadSheet(plan, harmony, tune, Noise(0))
    first, second = handed_over(sheet, (tune[0], upbeat, replace(tune[0], start=start)))
    assert [note.start for note in first] == [tune[0].start]
    assert [note.start for note in second] == [start - 24, start]


def test_it_stays_with_one_where_the_second_is_the_same_or_nobody():
    _, _, parts = arranged(ensemble="full orchestra", melody_instrument="oboe", **SECTIONS)
    assert "second-melody" not in parts
    assert "doubling" in parts
    _, _, parts = arranged(ensemble="guitar duo", **SECTIONS)
    assert "second-melody" not in parts


@pytest.mark.parametrize("name", [name for name in ENSEMBLES if ENSEMBLES[name].joining])
def test_who_joins_plays_in_his_range_above_the_bass(name):
    _, _, parts = arranged(
        ensemble=name, melody_instrument=ENSEMBLES[name].players["melody"], **SECTIONS
    )
    for role in {"second-melody", "doubling"} & parts.keys():
        part = parts[role]
        low, high = part.instrument.low.midi, part.instrument.high.midi
        assert all(low <= note.key_number + 12 * part.octave <= high for note in part.notes)
        assert part.octave >= parts["bass"].octave
        assert part.instrument.name == ENSEMBLES[name].joining[role]
