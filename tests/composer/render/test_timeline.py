"""How notes are played: swing, articulation, and keys released before they are struck again."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.render.timeline import PULSES, play, swung
from composer.values import Cause, Instrument, Note, Part
from theory.metre import METRES
from theory.pitch import Pitch

CAUSE = Cause("melody", "chord tone", None, None, None, "all over", ())
FLUTE = Instrument("flute", 73, Pitch.parse("C4"), Pitch.parse("C7"), True)
FOUR = METRES["4/4"]


def part(*notes, articulation=1.0, octave=0):
    made = tuple(
        Note(start, ticks, Pitch.parse(name), velocity, CAUSE)
        for start, ticks, name, velocity in notes
    )
    return Part("melody", FLUTE, made, 64, 100, articulation, octave)


def test_full_swing_puts_the_off_beat_on_the_triplet():
    assert [swung(tick, 1.0) for tick in (0, 12, 24, 36)] == [0, 320, 480, 800]


def test_no_swing_moves_nothing():
    assert all(swung(tick, 0.0) == 20 * tick for tick in range(200))


def test_triplets_do_not_swing():
    assert [swung(tick, 1.0) for tick in (8, 16)] == [160, 320]


@given(st.floats(0, 1))
def test_swing_keeps_the_order_of_the_grid(swing):
    places = [swung(tick, swing) for tick in (0, 6, 12, 18, 24, 30, 36)]
    assert all(before < after for before, after in pairwise(places))


def test_a_swung_pair_fills_its_beat():
    first, second = play(part((0, 12, "G4", 80), (12, 12, "A4", 80)), FOUR, 1.0)
    assert (first.start, first.end, second.start, second.end) == (0, 320, 320, 480)


def test_compound_metres_do_not_swing():
    assert play(part((12, 12, "G4", 80)), METRES["6/8"], 1.0)[0].start == 240


def test_articulation_is_the_share_that_sounds():
    assert play(part((0, 24, "G4", 80), articulation=0.5), FOUR, 0.0)[0].end == PULSES // 2


def test_a_long_note_is_let_go_no_earlier_than_a_beat_would_be():
    (sound,) = play(part((0, 96, "G4", 80), articulation=0.5), FOUR, 0.0)
    assert sound.end == 4 * PULSES - PULSES // 2


def test_under_a_slur_notes_meet_and_the_last_is_let_go():
    made = part((0, 24, "G4", 80), (24, 24, "A4", 80), (48, 24, "B4", 80), articulation=0.8)
    ends = [sound.end for sound in play(replace(made, slurs=((0, 48),)), FOUR, 0.0)]
    assert ends == [480, 960 - 96, 1440 - 96]


def test_before_a_breath_a_note_is_a_quaver_shorter_and_a_short_one_by_half():
    made = part((0, 48, "G4", 80), (48, 12, "A4", 80), (60, 36, "B4", 80))
    held, short, last = play(replace(made, breaths=(48, 60)), FOUR, 0.0)
    assert (held.end, short.end) == (960 - 240, 1200 - 120)
    assert (short.start, last.start, last.end) == (960, 1200, 1920)


def test_a_plucked_chord_is_rolled_from_its_lowest_note_and_ends_together():
    chord = [(0, 48, name, 80) for name in ("E4", "C4", "G4")]
    sounds = play(replace(part(*chord), roll=10), FOUR, 0.0)
    assert [(s.start, s.key) for s in sounds] == [(0, 60), (10, 64), (20, 67)]
    assert {sound.end for sound in sounds} == {960}


def test_a_short_chord_is_rolled_within_a_quarter_of_its_length():
    chord = [(0, 6, name, 80) for name in ("C4", "E4", "G4")]
    starts = [sound.start for sound in play(replace(part(*chord), roll=60), FOUR, 0.0)]
    assert starts == [0, 15, 30]


def test_a_legato_note_is_released_before_it_is_struck_again():
    first, second = play(part((0, 24, "G4", 80), (24, 24, "G4", 80)), FOUR, 0.0)
    assert first.end < second.start


def test_a_note_struck_twice_at_once_sounds_once_the_longer_and_louder():
    (sound,) = play(part((0, 12, "G4", 90), (0, 24, "G4", 60)), FOUR, 0.0)
    assert (sound.end, sound.velocity) == (PULSES, 90)


def test_a_part_may_sound_an_octave_away():
    assert play(part((0, 24, "C4", 80), octave=-1), FOUR, 0.0)[0].key == 48


rows = st.tuples(
    st.integers(0, 64).map(lambda n: 6 * n),
    st.integers(1, 32).map(lambda n: 6 * n),
    st.sampled_from(("C4", "D4", "E4")),
    st.integers(1, 127),
)


@given(st.lists(rows, max_size=30), st.floats(0.05, 1), st.floats(0, 1))
def test_no_key_ever_sounds_twice_at_once(notes, articulation, swing):
    by_key = {}
    for sound in play(part(*notes, articulation=articulation), FOUR, swing):
        assert sound.end > sound.start
        by_key.setdefault(sound.key, []).append(sound)
    for sounds in by_key.values():
        assert all(before.end < after.start for before, after in pairwise(sounds))


@pytest.mark.parametrize("swing", [0.0, 0.6])
def test_every_note_is_struck_at_its_time(swing):
    notes = [(tick, 6, "C4", 80) for tick in range(0, 96, 6)]
    starts = [sound.start for sound in play(part(*notes), FOUR, swing)]
    assert starts == [swung(tick, swing) for tick in range(0, 96, 6)]
