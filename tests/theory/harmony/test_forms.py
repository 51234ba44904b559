"""Forms: their layouts are whole, of the promised lengths, and never literally repeat thrice."""

from itertools import pairwise

import pytest

from theory.harmony import forms


@pytest.mark.parametrize("name", list(forms.forms()))
def test_layouts_run_from_16_to_64_bars_in_steps_of_8(name):
    assert [one.bars for one in forms.forms()[name].layouts] == list(range(16, 65, 8))


@pytest.mark.parametrize("name", list(forms.forms()))
def test_every_layout_opens_with_a_statement_and_closes_for_good(name):
    for layout in forms.forms()[name].layouts:
        phrases = [p for s in layout.sections for period in s.periods for p in period]
        assert phrases[0].slots[0] == forms.FormSlot("state", "a", 2)
        assert phrases[-1].cadence == "final"
        assert [p.cadence for p in phrases[:-1]].count("final") == 0


@pytest.mark.parametrize("name", list(forms.forms()))
def test_no_motif_is_literally_repeated_more_than_twice_running(name):
    for layout in forms.forms()[name].layouts:
        slots = [
            (slot.motif, slot.action)
            for section in layout.sections
            for period in section.periods
            for phrase in period
            for slot in phrase.slots
        ]
        for one, two, three in zip(slots, slots[1:], slots[2:], strict=False):
            assert not (one == two == three and one[1] in ("state", "repeat"))


def test_a_section_that_returns_has_the_letter_it_had():
    layout = forms.layout("ternary", 24)
    assert [(s.name, s.letter) for s in layout.sections] == [("A", "A"), ("B", "B"), ("A'", "A")]


def test_the_nearest_layout_is_taken_and_of_two_the_shorter():
    assert forms.layout("period", 17).bars == 16
    assert forms.layout("period", 20).bars == 16
    assert forms.layout("period", 21).bars == 24
    assert forms.layout("period", 900).bars == 64


def test_an_unknown_form_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match="'rondo' is no form: choose from period, sentence"):
        forms.layout("rondo", 16)


def test_phrases_of_a_period_end_open_before_they_end_closed():
    period = forms.layout("period", 16).sections[0].periods[0]
    assert [phrase.cadence for phrase in period] == ["half", "authentic"]


@pytest.mark.parametrize(
    ("slots", "message"),
    [
        (["state a 3"], "do not fill"),
        (["echo a 4"], "'echo' is none of state"),
    ],
)
def test_a_wrong_phrase_is_named(slots, message):
    data = {
        "phrases": {"odd": {"bars": 4, "cadence": "half", "slots": slots}},
        "sections": {},
        "forms": {},
    }
    with pytest.raises(ValueError, match=f"'odd'.*{message}"):
        forms.read(data)


def test_letters_and_layouts_follow_each_other_in_length():
    for form in forms.forms().values():
        for shorter, longer in pairwise(form.layouts):
            assert shorter.bars < longer.bars
