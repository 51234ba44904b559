"""The bass makes room for the chords where the melody comes down to it, and nowhere else."""

from dataclasses import replace

import pytest

from composer.music.arrange.chords import LOWEST, deepened, upper_voices
from composer.values import Cause, ChordSpan, Harmony, Note
from theory.chord import Chord
from theory.pitch import Pitch
from theory.scale import Key
from theory.voices.voicing import Voicing

CAUSE = Cause("melody", "chord tone", None, None, None, "", ())


def over(bass, lowest, roman="V7"):
    """A chord of C major on this bass note, held for a bar under one note of melody."""
    chord = Chord.parse(roman, Key.of("C", "ionian"))
    voicing = Voicing(*map(Pitch.parse, ("F4", "D4", "B3", bass)))
    span = ChordSpan(0, 96, chord, voicing, "A.1", None, {}, {})
    return Harmony("test", (span,), 0.0, None), (Note(0, 96, Pitch.parse(lowest), 80, CAUSE),)


def test_a_bass_close_under_the_melody_takes_the_octave_below():
    harmony, melody = over("G3", "D4")
    found = deepened(harmony, melody)
    assert found.spans[0].voicing.bass == Pitch.parse("G2")
    assert replace(found.spans[0], voicing=harmony.spans[0].voicing) == harmony.spans[0]
    assert len(set(upper_voices(harmony.spans, melody)[0])) == 1
    assert len(set(upper_voices(found.spans, melody)[0])) > 1


@pytest.mark.parametrize(("bass", "lowest"), [("G3", "G4"), ("G2", "D4"), ("B3", "C5")])
def test_where_there_is_room_it_stays(bass, lowest):
    harmony, melody = over(bass, lowest)
    assert deepened(harmony, melody) == harmony


def test_it_never_leaves_its_register():
    harmony, melody = over("D3", "F3", "V43")
    assert harmony.spans[0].voicing.bass.midi - 12 < LOWEST.midi
    assert deepened(harmony, melody) == harmony
