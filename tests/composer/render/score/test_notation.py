"""Note values: bars filled exactly, beats shown, ties where a note goes on."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.render.score.notation import (
    VALUES,
    VOICES,
    WrittenChord,
    bars,
    chords,
    part_voices,
    split,
)
from theory.metre import METRES
from theory.pitch import Pitch

C, E, G = (Pitch.parse(name) for name in ("C4", "E4", "G4"))


def values(metre, start, end, rest=False):
    return [stop - begin for begin, stop in split(start, end, METRES[metre], rest=rest)]


@pytest.mark.parametrize(
    ("metre", "start", "end", "written"),
    [
        ("4/4", 0, 96, [96]),
        ("4/4", 0, 36, [36]),  # a dotted crotchet on the beat
        ("4/4", 12, 36, [24]),  # quaver, crotchet, quaver
        ("4/4", 36, 60, [12, 12]),  # but the middle of the bar is shown
        ("4/4", 24, 72, [48]),  # a minim on the second beat
        ("4/4", 24, 96, [24, 48]),
        ("4/4", 0, 60, [48, 12]),
        ("3/4", 0, 72, [72]),
        ("3/4", 24, 72, [48]),
        ("6/8", 0, 72, [72]),
        ("6/8", 0, 48, [36, 12]),
        ("6/8", 12, 36, [24]),
        ("6/8", 24, 48, [12, 12]),
        ("9/8", 0, 108, [72, 36]),
        ("12/8", 0, 144, [144]),
        ("5/4", 0, 120, [72, 48]),  # three and two
        ("4/4", 8, 24, [16]),  # triplets stay in their beat
        ("4/4", 16, 40, [8, 16]),
    ],
)
def test_values_show_the_beat(metre, start, end, written):
    assert values(metre, start, end) == written


def test_rests_are_not_syncopated():
    assert values("4/4", 12, 36, rest=True) == [12, 12]


def test_an_empty_bar_is_one_rest():
    assert [values(name, 0, METRES[name].bar, rest=True) for name in METRES] == [
        [metre.bar] for metre in METRES.values()
    ]


def test_a_note_over_the_barline_is_tied():
    first, second = bars([WrittenChord(72, 120, (C,))], METRES["4/4"], 2)
    assert [(v.ticks, bool(v.pitches), v.tied, v.ties) for v in first] == [
        (48, False, False, False),
        (24, False, False, False),
        (24, True, False, True),
    ]
    assert (second[0].ticks, second[0].tied, second[0].ties) == (24, True, False)


def test_notes_that_begin_and_end_together_are_a_chord():
    assert chords([(0, 24, G), (0, 24, C), (0, 24, C), (0, 12, E)]) == (
        WrittenChord(0, 12, (E,)),
        WrittenChord(0, 24, (C, G)),
    )


def test_a_held_note_and_a_moving_one_are_two_voices():
    line = [WrittenChord(0, 96, (C,)), WrittenChord(0, 48, (G,)), WrittenChord(48, 96, (E,))]
    assert part_voices(line) == ((line[1], line[2]), (line[0],))


grid = st.sampled_from([6 * n for n in range(1, 33)] + [8, 16])


@st.composite
def lines(draw):
    """A voice of chords with gaps, on a grid of semiquavers or triplets within the beat."""
    now, made = 0, []
    for _ in range(draw(st.integers(0, 12))):
        now += draw(st.sampled_from((0, 0, 6, 12, 24)))
        ticks = draw(grid)
        if ticks in (8, 16):
            now += -now % 24
            made += [
                WrittenChord(now, now + ticks, (C,)),
                WrittenChord(now + ticks, now + 24, (E,)),
            ]
            now += 24
        else:
            made.append(WrittenChord(now, now + ticks, (G,)))
            now += ticks
    return made


@given(lines(), st.sampled_from(sorted(METRES)))
def test_bars_are_full_and_say_the_same_notes(line, name):
    metre = METRES[name]
    if metre.compound:
        line = [c for c in line if c.start % 6 == 0 and c.end % 6 == 0]
    count = 1 + max((c.end for c in line), default=0) // metre.bar
    filled = bars(line, metre, count)
    heard = []
    for index, bar in enumerate(filled):
        now = 0
        for value in bar:
            assert value.start == now
            assert value.ticks in VALUES or (value.ticks == metre.bar and not value.pitches)
            now += value.ticks
            if not value.pitches:
                continue
            start = index * metre.bar + value.start
            if value.tied:
                before = heard.pop()
                assert before.end == start
                heard.append(WrittenChord(before.start, start + value.ticks, value.pitches))
            else:
                heard.append(WrittenChord(start, start + value.ticks, value.pitches))
        assert now == metre.bar
    assert heard == line


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 12), st.integers(0, 6)), max_size=25))
def test_voices_do_not_overlap(rows):
    line = chords((6 * s, 6 * (s + n), Pitch(step, 0, 4)) for s, n, step in rows)
    voices = part_voices(line)
    assert len(voices) <= VOICES
    for voice in voices:
        assert all(a.end <= b.start for a, b in pairwise(voice))
    if len(voices) < VOICES:
        assert sorted((c.start, c.end) for v in voices for c in v) == [
            (c.start, c.end) for c in line
        ]
