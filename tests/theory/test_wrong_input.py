"""Wrong input to theory's public functions: one clear sentence that names what is wrong."""

from dataclasses import replace

import numpy as np
import pytest

from tests.theory.examples import as_written, in_melody, in_voices
from theory.chord import Chord
from theory.harmony.family import families, read
from theory.harmony.forms import layout
from theory.harmony.phrase import alternatives, cadence_in, can_include, progression
from theory.melody import Automaton, Event, best_melody, labels, structural_notes
from theory.noise import Noise
from theory.pitch import Interval, NoteName, Pitch, interval
from theory.rules import RULES, check_language, check_rules, switched_off
from theory.scale import Key
from theory.timed import TimedNote
from theory.verify import verify_melody, verify_voices
from theory.voices.frame import lead
from theory.voices.transitions import broken, transitions
from theory.voices.voicing import admissible_voicing, candidates

C = Key.of("C", "ionian")
C5 = Pitch.parse("C5")
ROW = [Chord.parse(roman, C) for roman in ("I", "V")]
FOLK = families()["folk"]
GROUND, EVENTS = in_melody(RULES["scale"].right)
AUTOMATON = Automaton(GROUND)
CHORDS, VOICINGS = in_voices(RULES["parallel-fifths"].right)
WRITTEN = as_written(GROUND, EVENTS)
NONE = frozenset()
UPSIDE_DOWN = (Pitch.parse("A5"), Pitch.parse("C4"))


def drawn(**given):
    wanted = {"cadence": "authentic", "count": 4, "colour": "triads"} | given
    cadence, count = wanted.pop("cadence"), wanted.pop("count")
    return progression(FOLK, C, cadence, count, noise=Noise(1), place=("x",), **wanted)


def judged(**given):
    names = ("notes", "chords", "metre", "compass", "language")
    return verify_melody(**(dict(zip(names, WRITTEN, strict=True)) | given))


def sung(rhythm, shape=None, **given):
    count = sum(sounds for _, sounds in rhythm)
    return best_melody(AUTOMATON, rhythm, np.zeros(shape or (count, AUTOMATON.count)), **given)


WRONG = {
    "a note's name": (lambda: NoteName.parse("H"), "'H' is no note name: write a letter A to G"),
    "a pitch's name": (lambda: Pitch.parse("C"), "'C' is no pitch: write a note and an octave"),
    "a note's step": (lambda: NoteName(7), "step: 7 is no letter"),
    "a pitch's step": (lambda: Pitch(-1, 0, 4), "step: -1 is no letter"),
    "three sharps": (lambda: NoteName(0, 3).name, "alter: 3 cannot be written"),
    "a triple sharp": (lambda: Pitch(0, 3, 4).name, "alter: 3 cannot be written"),
    "an interval": (lambda: interval("x5"), "'x5' is no interval: write a quality"),
    "a major fifth": (lambda: interval("M5"), "a 5 cannot be M"),
    "a mode": (lambda: Key.of("C", "bluesy"), "'bluesy' is no mode: choose from lydian"),
    "a tonic": (lambda: Key.spelled("H", "dorian"), "'H' is no note name"),
    "a numeral": (lambda: Chord.parse("VIII", C), "'VIII' is no Roman numeral: write one like"),
    "a form": (lambda: layout("sonata", 32), "'sonata' is no form: choose from"),
    "no bars": (lambda: layout("binary", 0), "bars: a piece has at least one, not 0"),
    "a cadence": (lambda: cadence_in(FOLK, "weak"), "'weak' is no cadence: choose from"),
    "a cadence drawn": (lambda: drawn(cadence="weak"), "'weak' is no cadence: choose from"),
    "no chords drawn": (lambda: drawn(count=0), "at least one chord, not 0"),
    "a colour": (lambda: drawn(colour="loud"), "'loud' is no harmonic colour: choose from"),
    "a colour offered": (lambda: alternatives(FOLK, None, "loud"), "'loud' is no harmonic colour"),
    "a colour asked": (
        lambda: can_include(FOLK, "half", 3, "loud", NONE),
        "'loud' is no harmonic colour",
    ),
    "a family": (lambda: read("- x"), "a file of families is a table"),
    "no weights": (lambda: Noise(1).pick({"a": 0.0}, "x"), "positive weight|nothing to"),
    "no chords": (lambda: lead([]), "chords: there are no chords"),
    "no chord": (lambda: lead(["I"]), "chords: 'I' is no chord; read one with Chord.parse"),
    "a language": (lambda: lead(ROW, language="jazz"), "language: there is no 'jazz'"),
    "a rule": (
        lambda: lead(ROW, off=frozenset({"fifths"})),
        "off: there is no 'fifths'; did you mean '[a-z]+-fifths'",
    ),
    "a soprano": (lambda: lead(ROW, soprano=[None]), "soprano: 1 constraints .* for 2 chords"),
    "a bass": (lambda: lead(ROW, bass=[None]), "bass: 1 constraints"),
    "targets": (lambda: lead(ROW, targets=[60.0]), "targets: 1 constraints"),
    "bounds": (lambda: lead(ROW, within=[None]), "within: 1 constraints"),
    "wishes": (lambda: lead(ROW, wanted=[None]), "wanted: 1 constraints"),
    "a range": (lambda: lead(ROW, soprano_range=UPSIDE_DOWN), "soprano_range: A5 is above C4"),
    "candidates": (lambda: candidates(ROW[0], "jazz", NONE), "language: there is no 'jazz'"),
    "transitions": (lambda: transitions(*ROW, "jazz", NONE), "language: there is no 'jazz'"),
    "a voicing": (
        lambda: admissible_voicing(VOICINGS[0], CHORDS[0], "jazz"),
        "language: there is no 'jazz'",
    ),
    "a step": (
        lambda: broken(VOICINGS[0], CHORDS[0], VOICINGS[1], CHORDS[1], "jazz"),
        "language: there is no 'jazz'",
    ),
    "a language by name": (lambda: check_language("stric"), "did you mean 'strict'"),
    "a rule by name": (lambda: switched_off(["ranges"]), "off: .* did you mean 'range'"),
    "one rule": (lambda: check_rules("rules", "range"), "rules takes several names"),
    "voices": (lambda: verify_voices(CHORDS, VOICINGS[:1], "strict"), "one voicing of four"),
    "voices' language": (lambda: verify_voices(CHORDS, VOICINGS, "jazz"), "language: there is no"),
    "voices' rules": (
        lambda: verify_voices(CHORDS, VOICINGS, "strict", rules=["compass"]),
        "rules: there is no 'compass'",
    ),
    "voices' off": (
        lambda: verify_voices(CHORDS, VOICINGS, "strict", off=["crosing"]),
        "off: there is no 'crosing'; did you mean 'crossing'",
    ),
    "melody's language": (lambda: judged(language="jazz"), "language: there is no 'jazz'"),
    "melody's rules": (lambda: judged(rules=["range"]), "rules: there is no 'range'"),
    "melody's off": (lambda: judged(off=["scales"]), "off: .* did you mean 'scale'"),
    "melody's compass": (lambda: judged(compass=UPSIDE_DOWN), "compass: A5 is above C4"),
    "notes of no length": (
        lambda: judged(notes=[TimedNote(5, 5, C5)]),
        "notes: one at tick 5 ends at 5",
    ),
    "notes at once": (
        lambda: judged(notes=[TimedNote(0, 9, C5), TimedNote(5, 9, C5)]),
        "notes: two of them overlap at tick 5",
    ),
    "a context's spans": (lambda: replace(GROUND, end=50), "spans: they must end with the phrase"),
    "a gap": (
        lambda: replace(GROUND, spans=(replace(GROUND.spans[0], end=60), GROUND.spans[1])),
        "spans: they leave a gap or overlap at tick 60",
    ),
    "durations": (lambda: replace(GROUND, durations=(0,)), "durations: they must be positive"),
    "a context's compass": (lambda: replace(GROUND, compass=UPSIDE_DOWN), "compass: A5 is above"),
    "a context's language": (lambda: replace(GROUND, language="jazz"), "language: there is no"),
    "a context's off": (
        lambda: replace(GROUND, off=frozenset({"cambiatta"})),
        "off: there is no 'cambiatta'; did you mean 'cambiata'",
    ),
    "an event": (
        lambda: AUTOMATON.advance(AUTOMATON.start(), Event(None, 1000)),
        "1000 ticks at tick 0 do not fit",
    ),
    "a forbidden event": (
        lambda: AUTOMATON.advance(AUTOMATON.start(), Event(Pitch.parse("F#5"), 24)),
        r"F#5 at tick 0 breaks scale",
    ),
    "an unfinished phrase": (lambda: AUTOMATON.leave(AUTOMATON.start()), "not finished at tick 0"),
    "a melody to label": (lambda: labels(AUTOMATON, [Event(None, 1000)]), "do not fit"),
    "a melody with no chord tone": (
        lambda: structural_notes(GROUND, [Event(None, 192)]),
        "the chord at tick 0 hears no note of its own",
    ),
    "a rhythm": (lambda: sung([(24, True)]), "rhythm: it ends at tick 24, the phrase at 192"),
    "no ticks": (lambda: sung([(0, True), (192, True)]), "rhythm: every event lasts"),
    "costs": (lambda: sung([(192, True)], (2, 3)), r"pitch_cost has shape \(2, 3\)"),
    "a soft rule": (lambda: sung([(192, True)], soft={"x": 1.0}), "soft: no soft rule .* is x"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_input_is_refused_in_a_sentence(what):
    call, sentence = WRONG[what]
    with pytest.raises(ValueError, match=sentence):
        call()


def test_an_interval_takes_any_numbers_and_names_them():
    assert Interval(1, 0).name == "d2"
    assert Interval(1, 5).name == "AAA2"
