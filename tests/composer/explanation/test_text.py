"""The explanation at a terminal: what it says, how wide and how long it is."""

import pytest
from click import unstyle

from composer import compose
from composer.explanation.answers import decision_table
from composer.explanation.document import explanation
from composer.explanation.features import MOST, feature_table, striking
from composer.explanation.layout import bar, music, plain, signed
from composer.explanation.text import MAIN, summary, view
from composer.music.vocabulary import vocabulary
from composer.table import load_table
from tests.composer.example import piece


@pytest.fixture(scope="module")
def documents(china_sung_document):
    return [
        china_sung_document,
        explanation(
            compose("sample:flower", overrides={"metre": "12/8", "mode": "harmonic minor"})
        ),
        explanation(piece("6/8", "Eb", "dorian")),
    ]


def lines(text):
    return unstyle(text).splitlines()


def test_nothing_is_wider_than_a_terminal(documents):
    for document in documents:
        for everything in (False, True):
            wide = [line for line in lines(view(document, everything=everything)) if len(line) > 80]
            assert wide == []


def test_the_short_view_is_two_screens_and_a_phrase_more_for_a_long_piece(documents):
    for document in documents:
        phrases = len(document["plan"]["phrases"])
        assert len(lines(view(document))) <= 100 + phrases


def test_every_decision_is_in_both_views(documents):
    document = documents[0]
    for everything in (False, True):
        text = unstyle(view(document, everything=everything))
        for name in document["decisions"]:
            assert name.replace("_", " ") in text


def test_the_whole_view_has_every_rule_that_spoke_and_every_feature(documents):
    document = documents[0]
    text = unstyle(view(document, everything=True))
    for made in document["decisions"].values():
        for share in made["shares"]:
            assert share["amount"] == 0 or share["rule"] in text
    assert all(name in text for name in document["features"])
    assert all(key in text for key in document["rules"]["table"]["sources"])


def test_main_decisions_have_their_strongest_reason_and_its_grade(documents):
    text = unstyle(view(documents[0]))
    flat = " ".join(text.split())
    for name in MAIN:
        moved = [
            share
            for share in documents[0]["decisions"][name]["shares"]
            if share["evidence"] and share["amount"]
        ]
        if not moved:
            continue
        strongest = max(moved, key=lambda share: abs(share["amount"]))
        assert signed(strongest["amount"]) in text
        assert strongest["because"].split()[0] in flat


def test_runner_up_and_margin(documents):
    made = documents[0]["decisions"]["mode"]
    assert f"before {made['runner_up']} by {plain(made['margin'])}" in unstyle(view(documents[0]))


def test_harmony_is_written_phrase_by_phrase(documents):
    text = unstyle(view(documents[2]))
    assert "1–2  │ i  │ iv │" in text
    assert "half" in text
    assert "authentic" in text


def test_your_own_decision_says_so(documents):
    text = lines(view(documents[1]))
    at = next(i for i, line in enumerate(text) if line.startswith("  mode  "))
    assert text[at + 1].strip() == "You said so"


def test_a_broken_rule_is_named(documents):
    text = unstyle(view(documents[2]))
    assert "leap-answered: once, in bar 2 beat 1" in text
    assert "1 hard rule: none broken; 1 soft one." in text


def test_striking_features_are_few_and_of_several_groups(documents):
    for document in documents[:2]:
        chosen = striking(document)
        assert len(chosen) == MOST
        assert len({name.partition(".")[0] for name in chosen}) >= 2


@pytest.mark.parametrize(
    ("number", "text"), [(0.123, "0.12"), (12.34, "12.3"), (123.4, "123"), (-2, "−2"), (20, "20")]
)
def test_numbers_are_short(number, text):
    assert plain(number) == text


def test_bars_grow_with_the_amount():
    lengths = [len(bar(amount / 100, 1.0).rstrip()) for amount in range(101)]
    assert lengths == sorted(lengths)
    assert (bar(0, 1.0).strip(), bar(0.001, 1.0).strip(), bar(1, 1)) == ("", "▏", "█" * 8)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Bb dorian", "B♭ dorian"), ("F#4", "F♯4"), ("bassoon", "bassoon"), ("Ebb", "Ebb")],
)
def test_names_of_notes_get_their_signs(name, shown):
    assert music(name) == shown


def test_a_line_says_what_the_piece_is():
    assert summary(piece("6/8", "Eb", "dorian")) == (
        "E♭ dorian, 6/8, ♩. = 96, 4 bars, 5 seconds, serene; flute, piano, cello, drums."
    )


def test_tables_are_as_wide_as_a_terminal(documents):
    table = load_table(None, vocabulary())
    text = decision_table(table)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert all(name in text for name in table.decisions)
    made = piece().analysis
    text = feature_table(made)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "openness" in text
    assert all(region.name in text for region in made.regions)
