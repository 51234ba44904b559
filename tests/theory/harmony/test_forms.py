"""Forms: their layouts are whole, of the promised lengths, and never literally repeat thrice."""

from itertools import pairwise

import pytest

from theory.harmony import forms


@pytest.mark.parametrize("name", ["period", "sentence", "binary", "ternary"])
def test_layouts_of_squares_run_from_16_to_64_bars_in_steps_of_8(name):
    assert [one.bars for one in forms.forms()[name].layouts] == list(range(16, 65, 8))


@pytest.mark.parametrize("name", list(forms.forms()))
def test_every_form_has_a_layout_for_a_short_piece_and_for_a_long_one(name):
    lengths = [one.bars for one in forms.forms()[name].layouts]
    assert lengths[0] <= 24
    assert lengths[-1] >= 38


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
    with pytest.raises(ValueError, match="'fugue' is no form: choose from period, sentence"):
        forms.layout("fugue", 16)


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


@pytest.mark.parametrize("introduction", list(forms.book().introductions))
@pytest.mark.parametrize("coda", list(forms.book().codas))
def test_what_frames_a_form_is_of_two_to_four_bars(introduction, coda):
    for bars in (16, 64):
        layout = forms.book().framed(forms.layout("period", bars), introduction, coda)
        first, *_, last = layout.sections
        assert (first.kind, last.kind) == ("introduction", "coda")
        assert (first.bars, last.bars) == ((2, 2) if bars == 16 else (4, 4))


def test_no_introduction_and_no_coda_leave_a_form_as_it_is():
    plain = forms.layout("period", 16)
    assert forms.book().framed(plain, "none", "none") == plain


def test_a_form_that_brings_its_own_introduction_gets_no_other():
    own = forms.laid_out("song", ["build", "A period"], lambda kind: forms.book().sections[kind])
    framed = forms.book().framed(own, "vamp", "plagal")
    assert [section.kind for section in framed.sections] == ["introduction", "statement", "coda"]
    assert framed.sections[0] == own.sections[0]


def test_twelve_bars_have_the_chords_of_a_blues():
    blues = forms.forms()["twelve bars"].layouts[0].sections[0]
    degrees = [degree for phrase in blues.phrases for degree in phrase.degrees]
    assert degrees == [1, 1, 1, 1, 4, 4, 1, 1, 5, 4, 1, 1]


def test_there_are_phrases_of_two_three_four_five_and_six_bars():
    lengths = {
        phrase.bars
        for form in forms.forms().values()
        for layout in form.layouts
        for section in layout.sections
        for phrase in section.phrases
    }
    assert lengths == {2, 3, 4, 5, 6}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["period"], "gives no letter to the section 'period'"),
        (["A period", "A period last"], "two sections called A"),
        (["vamp", "turn"], "without a section that is stated"),
    ],
)
def test_a_layout_that_cannot_be_is_named(texts, message):
    with pytest.raises(ValueError, match=message):
        forms.laid_out("song", texts, lambda kind: forms.book().sections[kind])


def test_a_phrase_that_is_sung_is_not_held():
    with pytest.raises(ValueError, match="only a phrase that nobody sings is held"):
        forms.phrase_of("odd", 2, "held", ["state a 2"])


def test_a_period_that_nobody_sings_is_no_statement():
    silent = forms.phrase_of("rest", 2, "half", [])
    with pytest.raises(ValueError, match="sung by nobody"):
        forms.section_of("odd", [[silent]])
