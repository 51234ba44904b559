"""A theme that comes back has other chords, that its tune belongs to."""

import pytest

from composer import compose
from composer.music.likings import returning
from composer.values import Plan
from tests.pictures import varied
from theory.chord import Chord
from theory.harmony.form import STATEMENT


@pytest.fixture(scope="module")
def pieces():
    wishes = {"form": "strophic", "middle_key": "home", "harmonic_rhythm": "1", "bars": "40"}
    return [
        compose(pixels, seed=index, melody="rules", overrides=wishes)
        for index, (_, pixels) in enumerate(varied(4))
    ]


def rows(piece, name):
    phrases = [phrase.name for phrase in piece.plan.phrases if phrase.section == name]
    return [span.chord.roman for span in piece.harmony.spans if span.phrase in phrases]


def test_the_first_statement_of_a_theme_is_no_return(pieces):
    plan: Plan = pieces[0].plan
    stated = [section for section in plan.sections if section.kind == STATEMENT]
    again = returning(plan)
    assert stated[0].name not in again
    assert all(
        (section.name in again) == any(other.letter == section.letter for other in stated[:index])
        for index, section in enumerate(stated)
    )
    assert again


def test_what_returns_has_other_chords(pieces):
    for piece in pieces:
        stated = [s for s in piece.plan.sections if s.kind == STATEMENT]
        first = rows(piece, stated[0].name)
        for section in stated[1:]:
            if section.name in returning(piece.plan):
                assert rows(piece, section.name) != first, section.name


def test_its_chords_share_notes_with_those_of_the_statement(pieces):
    """More of them than chance would have: most have two notes of the chord at the same place."""
    near = all_ = 0
    for piece in pieces:
        key = piece.plan.key
        stated = [s for s in piece.plan.sections if s.kind == STATEMENT]
        first = stated[0]
        heard = {s.start - first.start: s.chord for s in piece.harmony.spans if s.start < first.end}
        for section in stated[1:]:
            if section.name not in returning(piece.plan):
                continue
            for span in piece.harmony.spans:
                before = heard.get(span.start - section.start)
                if section.start <= span.start < section.end and before is not None:
                    all_ += 1
                    near += len({*Chord.parse(span.chord.roman, key).tones} & {*before.tones}) >= 2
    assert near / all_ > 0.5
