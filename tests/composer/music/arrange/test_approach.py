"""How the bass goes from chord to chord: passing notes, approaches, and where there is none."""

from dataclasses import replace

from composer.music.arrange.approach import approached
from composer.music.arrange.leadsheet import LeadSheet
from composer.values import Cause, ChordSpan, Note
from tests.composer.music.arrange import example
from theory.chord import Chord
from theory.noise import Noise
from theory.pitch import Pitch
from theory.voices.voicing import Voicing

BAR = 96
CAUSE = Cause("voicing", "root", None, None, None, "", ())
ROOM = (40, 64)


def span(start: int, roman: str, bass: str, sheet: LeadSheet) -> ChordSpan:
    chord = Chord.parse(roman, sheet.plan.key)
    rest = (Pitch.parse(name) for name in ("C4", "E4", "G4"))
    voicing = Voicing(*rest, Pitch.parse(bass))
    return ChordSpan(start, start + BAR, chord, voicing, "A.1", None, {}, {})


def led(first, second, *, start=BAR, language="popular", tune=(), lengths=(96,)):
    """The bass over the chord `first`, (roman, bass), in notes of `lengths`, before `second`."""
    plan = example.plan(language=language)
    melody = tuple(Note(at, ticks, Pitch.parse(name), 0, CAUSE) for at, ticks, name in tune)
    sheet = LeadSheet(plan, example.harmony(plan), melody, Noise(0))
    here, after = span(start, *first, sheet), span(start + BAR, *second, sheet)
    played, at = [], start
    for ticks in lengths:
        played.append(Note(at, ticks, here.voicing.bass, 64, CAUSE))
        at += ticks
    found = approached(sheet, played, here, after, ROOM)
    return [(note.start - start, note.ticks, note.pitch.name) for note in found], found


def test_over_a_third_the_bass_passes_by_step_in_every_language() -> None:
    for language in ("strict", "modal", "popular"):
        found, notes = led(("I", "C3"), ("vi", "A2"), language=language)
        assert found == [(0, 72, "C3"), (72, 24, "B2")]
        assert notes[-1].cause.label == "passing"
        assert notes[-1].cause.rules == ("bass_pattern",)


def test_a_leap_is_led_into_by_step_outside_strict_music_and_into_every_other_bar() -> None:
    fourth = (("I", "C3"), ("IV", "F3"))
    assert led(*fourth, language="strict")[0] == [(0, 96, "C3")]
    found, notes = led(*fourth, language="modal")
    assert found == [(0, 72, "C3"), (72, 24, "E3")]
    assert notes[-1].cause.label == "approach"
    assert led(*fourth, start=2 * BAR, language="modal")[0] == [(0, 96, "C3")]


def test_popular_music_leads_by_a_semitone_too() -> None:
    fifth = (("I", "C3"), ("V", "G3"))
    assert led(*fifth, language="modal")[0][-1] == (72, 24, "F3")
    clash = ((BAR + 72, 24, "B4"), (2 * BAR, 24, "D5"))
    assert led(*fifth, language="modal", tune=clash)[0][-1] == (72, 24, "A3")
    assert led(*fifth, tune=((BAR + 72, 24, "E5"), (2 * BAR, 24, "D5")))[0][-1] == (72, 24, "F#3")


def test_a_last_quaver_is_the_approach_s() -> None:
    found, _ = led(("I", "C3"), ("IV", "F3"), lengths=(84, 12))
    assert found == [(0, 84, "C3"), (84, 12, "E3")]
    # What does not sound until the change is no line to it.
    assert led(("I", "C3"), ("IV", "F3"), lengths=(48,))[0] == [(0, 48, "C3")]


def test_a_chord_of_a_quaver_keeps_its_bass() -> None:
    sheet = LeadSheet(
        example.plan(language="popular"), example.harmony(example.plan()), (), Noise(0)
    )
    here = replace(span(BAR, "I", "C3", sheet), start=2 * BAR - 12)
    played = [Note(here.start, 12, here.voicing.bass, 64, CAUSE)]
    assert approached(sheet, played, here, span(2 * BAR, "IV", "F3", sheet), ROOM) == played
    after = span(2 * BAR, "vi", "A2", sheet)
    assert approached(sheet, played, here, after, ROOM) == played


def test_the_step_is_not_taken_that_goes_in_parallels_with_the_melody() -> None:
    """B to A under F sharp to E would be fifths."""
    parallel = ((BAR, 96, "F#4"), (2 * BAR, 24, "E4"))
    assert led(("I", "C3"), ("vi", "A2"), tune=parallel, language="strict")[0] == [(0, 96, "C3")]
