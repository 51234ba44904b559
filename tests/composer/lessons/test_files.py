"""A lesson's files, read back by others."""

import io

import mido
import pytest
import soundfile
from music21 import converter, voiceLeading

from composer.lessons.files import ENCODERS, SUFFIXES, default_outputs, write
from composer.lessons.lessons import lesson
from composer.lessons.values import METRE
from composer.render.outputs import plan_outputs


def read(made):
    return converter.parseData(ENCODERS[".musicxml"](made), format="musicxml")


def test_midi_has_both_examples_with_a_bar_between():
    made = lesson("rule", "parallel-fifths")
    file = mido.MidiFile(file=io.BytesIO(ENCODERS[".mid"](made)))
    markers = {}
    tick = 0
    for message in file.tracks[0]:
        tick += message.time
        if message.type == "marker":
            markers[message.text] = tick // (file.ticks_per_beat // 24)
    assert markers == {"with the rule": 0, "without it": made.pair[0].end + METRE.bar}
    assert [track.name for track in file.tracks[1:]] == ["Soprano", "Alto", "Tenor", "Bass"]
    struck = [[m.note for m in track if m.type == "note_on"] for track in file.tracks[1:]]
    for voice, notes in enumerate(struck):
        assert notes == [tuple(s.voicing)[voice].midi for e in made.pair for s in e.spans]


def test_the_voices_at_fault_are_louder():
    file = mido.MidiFile(file=io.BytesIO(ENCODERS[".mid"](lesson("rule", "parallel-fifths"))))
    loud = [
        track.name
        for track in file.tracks[1:]
        if all(m.velocity > 90 for m in track if m.type == "note_on")
    ]
    assert loud == ["Soprano", "Bass"]


def test_music21_hears_the_fifths_in_the_second_example_only():
    score = read(lesson("rule", "parallel-fifths"))
    soprano, bass = (list(score.parts[n].flatten().notes) for n in (0, 3))
    soprano = [note for note in soprano if note.isNote]
    found = []
    for at in range(len(soprano) - 1):
        quartet = voiceLeading.VoiceLeadingQuartet(
            soprano[at], soprano[at + 1], bass[at], bass[at + 1]
        )
        found.append(quartet.parallelFifth())
    assert found == [False] * 4 + [True, False, False]


def test_what_is_broken_is_red_and_nothing_else():
    score = read(lesson("rule", "completeness"))
    red = [
        (part.partName, note.measureNumber)
        for part in score.parts
        for note in part.flatten().notes
        if note.style.color == "#C00000"
    ]
    assert red == [(name, 4) for name in ("Soprano", "Alto", "Tenor", "Bass")]


def test_each_example_has_its_own_signature():
    score = read(lesson("mode", "dorian"))
    signatures = [k.sharps for k in score.parts[0].flatten().getElementsByClass("KeySignature")]
    assert signatures == [0, -1]
    assert [part.partName for part in score.parts] == ["Tune", "Alto", "Tenor", "Bass"]
    words = [w.content for w in score.flatten().getElementsByClass("TextExpression")]
    assert words == ["D dorian", "D aeolian"]


@pytest.mark.parametrize("suffix", ENCODERS)
def test_the_same_bytes_every_time(suffix):
    made = lesson("cadence", "phrygian half")
    assert ENCODERS[suffix](made) == ENCODERS[suffix](lesson("cadence", "phrygian half"))
    assert default_outputs(made) == ("phrygian-half.mid", "phrygian-half.wav")


def test_a_lesson_is_heard(tmp_path):
    """The pair, one after the other with a rest between, as loud as a piece."""
    made = lesson("rule", "parallel-fifths")
    files = plan_outputs([str(tmp_path / name) for name in ("x.wav", "x.mp3", "x.mid")], SUFFIXES)
    write(made, files)
    sound, rate = soundfile.read(tmp_path / "x.wav")
    lasts = mido.MidiFile(tmp_path / "x.mid").length
    assert lasts <= len(sound) / rate < lasts + 6
    assert 0.1 < abs(sound).max() < 1
    assert soundfile.info(tmp_path / "x.mp3").format == "MP3"
