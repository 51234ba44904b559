"""Where players breathe: at phrases' ends, and often enough."""

import itertools
from dataclasses import replace

import pytest

from composer.music.arrange.players import breaths
from composer.music.orchestra import load_orchestra
from composer.values import Cause, Note
from tests.composer.music.arrange.example import arranged, plan
from theory.pitch import Pitch
from theory.tempo import lasting

CAUSE = Cause("melody", "chord tone", None, None, None, "", ())
INSTRUMENTS = load_orchestra().instruments
FLUTE = INSTRUMENTS["flute"]


def line(ticks, count, start=0):
    """So many notes of equal length without a rest."""
    pitch = Pitch.parse("C5")
    return tuple(Note(start + n * ticks, ticks, pitch, 64, CAUSE) for n in range(count))


def test_who_needs_no_breath_takes_none():
    assert breaths(line(24, 64), INSTRUMENTS["violin"], plan(phrases=4)) == ()


def test_a_line_without_a_rest_breathes_at_every_phrase_s_end_but_the_last():
    made = plan(phrases=4)
    assert breaths(line(24, 64), replace(FLUTE, breath=60), made) == (384, 768, 1152)


def test_within_a_long_phrase_at_a_slot_s_end_before_a_barline():
    """Sixteen crotchets at 96 last ten seconds; a flute's breath nine."""
    made = plan(phrases=1)
    assert breaths(line(24, 16), FLUTE, made) == (192,)
    short = replace(FLUTE, breath=4)
    assert breaths(line(24, 16), short, made) == (96, 192, 288)


def test_where_there_is_a_written_rest_there_is_a_breath_already():
    notes = (*line(24, 7), *line(24, 8, 192))
    assert breaths(notes, FLUTE, plan(phrases=1)) == ()


@pytest.mark.parametrize("name", [n for n, one in INSTRUMENTS.items() if one.breath])
def test_nobody_plays_on_when_the_air_is_out(name):
    player = INSTRUMENTS[name]
    made = {"counter_melody": "contrary", "bass_pattern": "walking", "chord_pattern": "block"}
    made |= dict.fromkeys(
        ("melody_instrument", "counter_instrument", "chord_instrument", "bass_instrument"), name
    )
    planned, _, parts = arranged("4/4", phrases=8, **made)
    slow = replace(planned, tempo=((0, 50.0),))
    for role in ("melody", "counter-melody", "bass"):
        notes = parts[role].notes
        pauses = {*breaths(notes, player, slow), 0}
        pauses |= {b.start for a, b in itertools.pairwise(notes) if b.start - a.end >= 12}
        places = sorted({*pauses, notes[-1].end})
        for one, two in itertools.pairwise(places):
            sung = [n for n in notes if one <= n.start < two]
            if len(sung) > 1:
                start, end = sung[0].start, max(n.end for n in sung)
                lasted = lasting(end - start, slow.metre.beat, 50)
                assert lasted <= player.breath, (role, one, two)
