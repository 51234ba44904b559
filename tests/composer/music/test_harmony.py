"""How phrases end: what the frame's soprano is wished to be, and what is sung."""

import pytest

from composer import compose
from composer.music.harmony import wanted_notes
from theory.chord import Chord
from theory.scale import Key

TONIC = Chord.parse("I", Key.of("C", "ionian"))


def names(notes):
    return {str(note) for note in notes}


@pytest.mark.parametrize("cadence", ["plagal", "modal", "half", "open"])
def test_only_a_full_close_or_the_last_one_asks_for_the_root(cadence):
    assert names(wanted_notes(cadence, TONIC, final=False)) == {"C", "E", "G"}
    assert names(wanted_notes(cadence, TONIC, final=True)) == {"C"}


def test_a_full_close_asks_for_the_root_wherever_it_is():
    assert names(wanted_notes("authentic", TONIC, final=False)) == {"C"}


@pytest.mark.parametrize("cadence", ["authentic", "plagal", "modal"])
def test_a_piece_ends_on_its_tonic(cadence):
    piece = compose("sample:china", overrides={"mode": "dorian", "cadence": cadence})
    melody = next(part for part in piece.parts if part.role == "melody")
    last = [note for note in melody.notes if note.pitch is not None][-1]
    assert last.pitch.note == piece.plan.key.tonic


def test_every_chord_is_among_what_the_grammar_offered():
    """Where a phrase begins, within it, and in its cadence."""
    from composer import compose
    from tests.pictures import varied

    for index, (_, picture) in enumerate(varied(3)):
        piece = compose(picture, seed=index, melody="rules")
        given = {phrase.name for phrase in piece.plan.phrases if phrase.given}
        for span in piece.harmony.spans:
            # A chord that the form asks for had no others beside it.
            offered = (
                span.alternatives or {span.chord.roman}
                if span.phrase in given
                else span.alternatives
            )
            assert span.chord.roman in offered, (index, span.start)
