"""How notes are played, strictly, and when they are heard: by hand, and by what MIDI says."""

import io
from dataclasses import replace
from itertools import pairwise

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer import compose
from composer.render.rendering import Rendering
from composer.render.timeline import PULSES, SCALE, Timeline, play, swung
from composer.values import Cause, Instrument, Note, Part
from tests.composer import example
from theory.metre import METRES
from theory.pitch import Pitch
from theory.tempo import Clock

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


def note(start, ticks, name="C5"):
    return Note(start, ticks, Pitch.parse(name), 80, CAUSE)


def slowing(swing):
    """Two bars of swung quavers at 120, the second slowing to 100 and, from its middle on, 60."""
    made = example.piece("4/4", swing=swing)
    quavers = tuple(note(tick, 12) for tick in range(0, 192, 12))
    melody = replace(made.parts[0], notes=quavers, articulation=1.0)
    plan = replace(made.plan, bars=2, tempo=((0, 120.0), (96, 100.0), (144, 60.0)))
    return Timeline(replace(made, plan=plan, parts=(melody,), timing="strict"))


def test_swing_and_a_ritardando_as_reckoned_by_hand():
    """A crotchet lasts .5 s, then .6 s, then 1 s; full swing puts its second quaver at two thirds.

    Bar 1: four crotchets of .5 s. Bar 2: two of .6 s from 2.0 s on, two of 1 s from 3.2 s on.
    """
    onsets = [one.start for one in slowing(1.0).heard]
    beats = [0.0, 0.5, 1.0, 1.5, 2.0, 2.6, 3.2, 4.2]
    lasts = [0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 1.0, 1.0]
    by_hand = [
        at for beat, last in zip(beats, lasts, strict=True) for at in (beat, beat + last * 2 / 3)
    ]
    assert onsets == pytest.approx(by_hand, abs=1e-6)
    ends = [one.end for one in slowing(1.0).heard]
    assert ends[-1] == pytest.approx(5.2, abs=1e-6)
    straight = [one.start for one in slowing(0.0).heard]
    assert straight[1::2] == pytest.approx(
        [beat + last / 2 for beat, last in zip(beats, lasts, strict=True)], abs=1e-6
    )


def test_a_note_across_a_change_of_tempo_is_held_for_parts_of_both():
    made = example.piece("4/4")
    held = replace(made.parts[0], notes=(note(0, 96),), articulation=1.0)
    plan = replace(made.plan, bars=1, tempo=((0, 120.0), (72, 60.0)))
    (one,) = Timeline(replace(made, plan=plan, parts=(held,), timing="strict")).heard
    assert (one.start, one.end) == pytest.approx((0.0, 3 * 0.5 + 1.0), abs=1e-6)


def test_the_beat_of_a_compound_metre_is_dotted():
    made = example.piece("6/8")
    line = Timeline(replace(made, plan=replace(made.plan, tempo=((0, 60.0),))))
    assert line.second_of_tick(36) == pytest.approx(1.0, abs=1e-6)
    assert line.second(36 * SCALE) == line.second_of_tick(36)


def read(midi):
    """By track, when each key is struck and let go, with mido's own reckoning of the tempo map."""
    file = mido.MidiFile(file=io.BytesIO(midi))
    changes, now = [], 0
    for message in file.tracks[0]:
        now += message.time
        if message.type == "set_tempo":
            changes.append((now, message.tempo))

    def second(tick):
        passed = 0.0
        for (start, tempo), (end, _) in pairwise([*changes, (10**9, 0)]):
            passed += mido.tick2second(max(0, min(tick, end) - start), file.ticks_per_beat, tempo)
        return passed

    tracks = []
    for track in file.tracks[1:]:
        now, held, found = 0, {}, []
        for message in track:
            now += message.time
            if message.type == "note_on":
                held[message.note] = now
            elif message.type == "note_off":
                found.append((second(held.pop(message.note)), second(now), message.note))
        tracks.append(sorted(found))
    return tracks, max(tempo for _, tempo in changes) / 1e6 / file.ticks_per_beat


PIECES = {
    "swung in 4/4": lambda: example.piece("4/4", swing=0.7),
    "in 6/8": lambda: example.piece("6/8", swing=0.7),
    "rubato, pedal and rolled chords": lambda: compose(
        "sample:china", melody="rules", overrides={"bars": "16", "rubato": "1"}
    ),
    "a swing band": lambda: compose(
        "sample:flower",
        melody="rules",
        overrides={"bars": "16", "metre": "4/4", "swing": "0.7", "ensemble": "jazz trio"},
    ),
}


@pytest.fixture(scope="module", params=PIECES)
def made(request):
    return PIECES[request.param]()


def test_the_midi_file_says_the_same_as_the_timeline(made):
    """Every stroke and every release, to within a tick of MIDI."""
    rendering = Rendering(made)
    tracks, tick = read(rendering.midi)
    octaves = [part.octave for part in rendering.piece.parts]
    for number, track in enumerate(tracks):
        heard = sorted(
            (one.start, one.end, one.note.key_number + 12 * octaves[number])
            for one in rendering.timeline.heard
            if one.part == number
        )
        assert len(track) == len(heard) > 0
        for read_again, one in zip(track, heard, strict=True):
            assert read_again == pytest.approx(one, abs=tick)


def test_a_piece_lasts_as_long_as_it_says(made):
    line = Timeline(made)
    clock = Clock.at_rates(made.plan.tempo, made.plan.metre.beat)
    # A MIDI file's tempo is in whole microseconds.
    assert line.second_of_tick(made.plan.end) == pytest.approx(clock.second(made.plan.end), 1e-5)
    if made.analysis.picture.name.startswith("sample:"):
        assert line.second_of_tick(made.plan.end) == pytest.approx(made.seconds, abs=0.02)
    assert [one.start for one in line.heard] == sorted(one.start for one in line.heard)
    assert all(one.start < one.end for one in line.heard)
