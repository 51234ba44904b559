"""Beams: quavers by half bars, shorter notes by beats; triplets under a beam need no bracket."""

import pytest
from music21 import duration, note

from composer.render.score.notation import Beaming, NoteValue, bracket
from theory.metre import METRES
from theory.pitch import Pitch

SIGNS = {"start": "[", "continue": "-", "stop": "]", "partial": "'"}
TONE = (Pitch.parse("C5"),)


def written(metre, *ticks):
    """The values of a bar (a rest where the ticks are below nought), with their music21 notes."""
    row, made, now = [], [], 0
    for number in ticks:
        length = abs(number)
        row.append(NoteValue(now, length, TONE if number > 0 else ()))
        made.append(note.Note("C5") if number > 0 else note.Rest())
        made[-1].duration = duration.Duration(length / 24 if length % 8 else length // 8 / 3)
        now += length
    assert now == METRES[metre].bar
    return row, made


def beams(metre, *ticks):
    row, made = written(metre, *ticks)
    Beaming(METRES[metre]).beam(row, made)
    lists = [() if one.isRest else one.beams.beamsList for one in made]
    return "".join(SIGNS[found[0].type] if found else "." for found in lists)


@pytest.mark.parametrize(
    ("metre", "ticks", "found"),
    [
        ("4/4", [12] * 8, "[--][--]"),
        ("4/4", [12, 12, 6, 6, 12, *[12] * 4], "[][-][--]"),
        ("4/4", [12, 24, 12, 24, 24], "....."),
        ("4/4", [12, -12, *[12] * 6], "..[][--]"),
        ("3/4", [12] * 6, "[----]"),
        ("3/4", [24, 12, 12, 12, 12], ".[--]"),
        ("3/4", [18, 6, 12, 12, 24], "[][]."),
        ("2/4", [12] * 4, "[--]"),
        ("5/4", [12] * 10, "[----][--]"),
        ("6/8", [12] * 6, "[-][-]"),
        ("12/8", [12] * 12, "[-][-][-][-]"),
    ],
)
def test_a_beam_shows_the_bar(metre, ticks, found):
    assert beams(metre, *ticks) == found


def test_triplets_are_bracketed_where_no_beam_holds_them():
    row, made = written("2/4", 8, 8, 8, 16, 8)
    bracket(row, made)
    found = [(one.duration.tuplets[0].type, one.duration.tuplets[0].bracket) for one in made]
    assert found == [
        ("start", False),
        (None, False),
        ("stop", False),
        ("start", True),
        ("stop", True),
    ]
