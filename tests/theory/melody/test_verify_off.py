"""The verifier with a rule of dissonance switched off."""

from theory.chord import Chord
from theory.metre import METRES
from theory.pitch import Pitch
from theory.scale import Key
from theory.timed import TimedChord, TimedNote
from theory.verify import verify_melody

COMPASS = (Pitch.parse("C4"), Pitch.parse("A5"))


def broken(text, off=()):
    """The rules that a tune over a bar of C major breaks; notes as E4:24."""
    notes, tick = [], 0
    for token in text.split():
        name, _, ticks = token.partition(":")
        notes.append(TimedNote(tick, tick + int(ticks), Pitch.parse(name)))
        tick += int(ticks)
    chord = Chord.parse("I", Key.of("C", "ionian"))
    context = TimedChord(0, tick, chord, Pitch.parse("C3"))
    found = verify_melody(notes, [context], METRES["4/4"], COMPASS, "strict", off)
    return {fault.rule for fault in found}


def test_a_free_strong_dissonance_is_judged_by_nothing():
    assert broken("E4:48 F4:24 C4:24") == {"appoggiatura"}
    assert broken("E4:48 F4:24 C4:24", {"strong-beat-dissonance", "appoggiatura"}) == set()


def test_a_neighbour_may_go_on_to_a_strong_dissonance_that_is_free():
    tune = "G4:24 A4:24 B4:24 G4:24"
    assert broken(tune) >= {"appoggiatura"}
    assert broken(tune, {"strong-beat-dissonance", "melodic-suspension", "appoggiatura"}) == set()


def test_a_free_weak_dissonance_leaves_strong_ones_bound():
    assert broken("E4:24 F4:24 C4:24 E4:24") == set()  # an escape tone
    assert broken("E4:24 F4:24 C5:24 E4:24") == {"passing-note"}
    weak = {"dissonance-left-by-step", "passing-note"}
    assert broken("E4:24 F4:24 C5:24 E4:24", weak) == set()
    assert broken("E4:24 F4:24 A4:24 E4:24", weak) == {"appoggiatura"}
