"""The mood in sound: what is measured on a MIDI file whose notes are known."""

import io

import pytest
from mido import Message, MetaMessage, MidiFile, MidiTrack

from composer.evaluate.heard_mood import HeardMood, MoodPair, compare_moods, hear


def midi(keys, beats=1.0, tempo=500_000, velocity=80, channel=0):
    """One key after the other, each so many quarters long, then the bass note of the first."""
    file = MidiFile(ticks_per_beat=480)
    track = MidiTrack([MetaMessage("set_tempo", tempo=tempo)])
    for key in keys:
        track.append(Message("note_on", note=key, velocity=velocity, channel=channel))
        track.append(Message("note_off", note=key, time=round(480 * beats), channel=channel))
    file.tracks.append(track)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def test_a_scale_is_measured_as_it_is():
    heard = hear(midi([60, 62, 64, 65, 67, 48]))
    assert heard.major == 1
    assert heard.note_length == pytest.approx(0.5)
    assert heard.mean_pitch == pytest.approx(61)
    assert heard.tempo == pytest.approx(120)
    assert heard.onset_rate == pytest.approx(2)
    assert (heard.pitch_range, heard.velocity) == (19, 80)


def test_minor_slower_softer():
    heard = hear(midi([60, 63, 67, 48], tempo=1_000_000, velocity=40))
    assert (heard.major, heard.velocity) == (0, 40)
    assert heard.tempo == pytest.approx(60)
    assert heard.mood("valence") < hear(midi([60, 64, 67, 48])).mood("valence")
    assert heard.mood("arousal") < hear(midi([60, 64, 67, 48])).mood("arousal")


def test_drums_alone_have_no_mood():
    with pytest.raises(ValueError, match="no note"):
        hear(midi([36, 38], channel=9))


def test_what_was_intended_is_correlated_with_what_is_heard():
    told = []
    for k in range(8):
        heard = HeardMood(k % 2, 0.5, 60.0, 100.0 + k, 2.0 + k, 30.0, 60.0 + k)
        told.append(MoodPair(f"{k}.png", {"valence": float(k), "arousal": float(k)}, heard))
    found = compare_moods(told, "rules")
    assert found.moods["arousal"].r == pytest.approx(1)
    assert 0 < found.moods["valence"].r < 1
    assert found.properties["arousal"]["pitch_range"] == 0
