"""The MIDI file, read again by mido."""

import io
from collections import Counter

import mido
import pytest

from composer.render.midi.mix import volumes
from composer.render.midi.writer import signature
from composer.render.rendering import Rendering
from tests.composer.example import piece
from theory.scale import MODES, Key


def read(made):
    return mido.MidiFile(file=io.BytesIO(Rendering(made).midi))


def absolute(track):
    now = 0
    for message in track:
        now += message.time
        yield now, message


@pytest.fixture(scope="module", params=["4/4", "3/4", "6/8", "5/4"])
def pair(request):
    made = piece(request.param, swing=0.5)
    return made, read(made)


def test_format_and_tracks(pair):
    made, file = pair
    assert (file.type, file.ticks_per_beat) == (1, 480)
    names = [track.name for track in file.tracks]
    assert names == ["sea", "Melody: flute", "Chords: piano", "Bass: cello", "Drums"]
    assert len(file.tracks) == len(made.parts) + 1


def test_every_note_on_has_its_note_off_before_the_key_is_struck_again(pair):
    for track in pair[1].tracks:
        sounding = Counter()
        for _, message in absolute(track):
            if message.type == "note_on":
                assert message.velocity > 0
                sounding[message.channel, message.note] += 1
                assert sounding[message.channel, message.note] == 1
            elif message.type == "note_off":
                sounding[message.channel, message.note] -= 1
        assert not +sounding


def test_every_part_has_a_channel_of_its_own_and_only_drums_have_the_tenth(pair):
    channels = {}
    for track in pair[1].tracks[1:]:
        used = {message.channel for message in track if not message.is_meta}
        assert len(used) == 1
        channels[track.name] = used.pop()
    assert len(set(channels.values())) == len(channels)
    assert [name for name, channel in channels.items() if channel == 9] == ["Drums"]


def test_conductor_has_time_key_and_tempo(pair):
    made, file = pair
    metas = {message.type: message for message in file.tracks[0]}
    metre = made.plan.metre
    time = metas["time_signature"]
    assert (time.numerator, time.denominator) == (metre.numerator, metre.denominator)
    assert metas["key_signature"].key == "C"
    assert [message.text for message in file.tracks[0] if message.type == "marker"] == [
        "A: the sea"
    ]


def test_tempo_counts_the_beat_of_the_metre():
    tempos = {
        metre: next(m.tempo for m in read(piece(metre)).tracks[0] if m.type == "set_tempo")
        for metre in ("4/4", "6/8")
    }
    # 96 beats a minute: quarter notes in 4/4, dotted ones in 6/8.
    assert tempos == {"4/4": 625_000, "6/8": round(625_000 / 1.5)}


def test_length_is_that_of_the_tempo_map():
    # Three bars at 96 and the last at 88; the legato end may ring on a little.
    seconds = 60 * (12 / 96 + 4 / 88)
    assert read(piece("4/4")).length == pytest.approx(seconds, abs=0.01)


def test_programs_volumes_and_places(pair):
    made, file = pair
    for part, track in zip(made.parts, file.tracks[1:], strict=True):
        program = next(m.program for m in track if m.type == "program_change")
        controls = {m.control: m.value for m in track if m.type == "control_change"}
        assert (program, controls) == (
            part.instrument.program,
            {7: volumes(made.parts)[part.role], 10: part.pan},
        )


@pytest.mark.parametrize(
    ("tonic", "mode", "name"),
    [
        ("D", "dorian", "Am"),
        ("G", "mixolydian", "C"),
        ("F", "lydian", "C"),
        ("A", "harmonic minor", "Am"),
        ("E", "phrygian", "Am"),
        ("Eb", "ionian", "Eb"),
        ("F#", "aeolian", "F#m"),
    ],
)
def test_key_signature_of_a_mode(tonic, mode, name):
    assert signature(Key.of(tonic, mode)) == name


def test_every_key_has_a_signature():
    for mode in MODES:
        for tonic in ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"):
            mido.MetaMessage("key_signature", key=signature(Key.spelled(tonic, mode)))
