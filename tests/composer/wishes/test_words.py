"""Wishes as people say them: degrees, several at once, opposites, words that are not known."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import UserError
from composer.music.vocabulary import vocabulary
from composer.table.load import bibliography
from composer.wishes import axes, read_wishes, said
from composer.wishes.length import read_length

POLES = [(name, pole) for name, axis in axes().items() for pole in axis.poles]
WORDS = [word for _, pole in POLES for word in (pole.word, *pole.words)]


def told(*texts: str) -> list[str]:
    return [str(wish) for wish in read_wishes(texts)]


def test_several_wishes_with_their_degrees_in_one_sentence():
    assert told("much happier and a little slower, softer") == [
        "much happier",
        "a little slower",
        "softer",
    ]
    assert told("  Much   HAPPIER ") == told("much happier")


@given(st.lists(st.sampled_from(WORDS), max_size=4), st.sampled_from(sorted(axes())))
def test_opposite_wishes_leave_nothing_of_their_line(words, name):
    one, other = axes()[name].poles
    assert read_wishes([*words, one.word, other.word]) == read_wishes(words)


def test_every_word_means_one_thing_and_stands_for_itself():
    assert len({*WORDS}) == len(WORDS)
    for _, pole in POLES:
        for word in (pole.word, *pole.words):
            assert [wish.pole.word for wish in read_wishes([word])] == [pole.word]


def test_much_is_more_than_a_little_and_there_is_an_end():
    (much,), (little,) = read_wishes(["much happier"]), read_wishes(["a little happier"])
    assert much.degree == 4 * little.degree == 2
    assert read_wishes(["much happier"] * 9)[0].degree == Decimal(3)


@pytest.mark.parametrize(("typed", "near"), [("hapier", "happier"), ("quiter", "quieter")])
def test_an_unknown_wish_gets_the_nearest(typed, near):
    with pytest.raises(UserError, match=f"Did you mean {near}"):
        read_wishes([typed])
    with pytest.raises(UserError, match="It knows happier, sadder"):
        read_wishes(["xyzzyqw"])


def test_what_wishes_move_is_there_to_be_moved(default_table):
    books = bibliography()
    for _, pole in POLES:
        assert pole.because.endswith(".")
        assert pole.adds or pole.votes or pole.length
        assert pole.evidence is None or pole.evidence[2] in books
        for name in pole.adds:
            assert default_table.decisions[name].kind == "number"
        for name, row in pole.votes.items():
            assert row.keys() <= {*default_table.decisions[name].choices}, name
    assert vocabulary().needs.keys() >= {name for _, pole in POLES for name in pole.adds}


def test_the_two_ends_of_a_line_move_the_same_numbers_apart():
    for axis in axes().values():
        one, other = axis.poles
        for name in one.adds.keys() & other.adds.keys():
            assert one.adds[name] * other.adds[name] < 0, (axis.name, name)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("2min", "2 min"),
        ("1:30", "1 min 30 s"),
        ("90 seconds", "1 min 30 s"),
        ("1.5 minutes", "1 min 30 s"),
        ("20s", "20 s"),
        ("48 bars", "48 bars"),
    ],
)
def test_lengths_as_people_write_them(typed, means):
    assert str(read_length(typed)) == means


@pytest.mark.parametrize(
    "typed", ["", "2", "two minutes", "19s", "5min", "3bars", "401bars", "-2min"]
)
def test_what_is_no_length_is_refused_with_examples(typed):
    with pytest.raises(UserError, match="As in 2min"):
        read_length(typed)


def test_phrases_of_a_text_stand_alone():
    assert said(["happier,slower", "softer and longer"]) == (
        "happier",
        "slower",
        "softer",
        "longer",
    )
