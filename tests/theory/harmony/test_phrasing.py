"""Phrasings: closes that are made again, goals on which the next phrase begins, echoes."""

import pytest

from theory.harmony import forms
from theory.harmony.phrasing import PHRASINGS, phrased


def bars(layout):
    return [[phrase.bars for phrase in section.phrases] for section in layout.sections]


def test_square_phrases_stay_as_they_are():
    layout = forms.layout("period", 24)
    assert phrased(layout, "square") == layout


def test_an_avoided_close_is_made_again_two_bars_later():
    last = phrased(forms.layout("period", 16), "extended").sections[-1].phrases
    assert [phrase.cadence for phrase in last] == ["half", "deceptive", "final"]
    assert [phrase.bars for phrase in last] == [4, 4, 2]


def test_an_elided_phrase_lacks_the_bar_of_its_goal():
    layout = phrased(forms.layout("period", 16), "elided")
    assert bars(layout) == [[4, 4], [3, 4]]
    assert layout.sections[1].phrases[0].cadence == "open"


def test_an_echo_is_a_bar_that_nobody_sings():
    layout = phrased(forms.layout("period", 16), "echoed")
    assert bars(layout) == [[4, 4, 1], [4, 4]]
    assert layout.sections[0].phrases[-1].cadence == "held"
    assert not layout.sections[0].phrases[-1].sung


@pytest.mark.parametrize("name", list(forms.forms()))
@pytest.mark.parametrize("phrasing", PHRASINGS)
def test_slots_fill_every_phrase_and_the_last_close_is_the_only_final_one(name, phrasing):
    for layout in forms.forms()[name].layouts:
        phrases = [p for s in phrased(layout, phrasing).sections for p in s.phrases]
        for phrase in phrases:
            assert not phrase.sung or sum(slot.bars for slot in phrase.slots) == phrase.bars
        assert [phrase.cadence for phrase in phrases].index("final") == len(phrases) - 1


def test_an_unknown_phrasing_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match="'rubato' is no phrasing: choose from square, extended"):
        phrased(forms.layout("period", 16), "rubato")
