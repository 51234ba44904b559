"""The general pause, and what accompanies in the last bar of a phrase."""

from dataclasses import replace

from composer.music.arrange.breaks import general_pause, lifted, paused
from composer.music.arrange.leadsheet import LeadSheet
from composer.values import Cause, Note
from tests.composer.music.arrange import example
from tests.composer.music.arrange.example import arranged
from theory.noise import Noise
from theory.pitch import Pitch

BAR, BEAT = 96, 24
CAUSE = Cause("pattern", "block", None, None, None, "", ())


def sheet(language="popular", lengths=None, **changed):
    plan = replace(example.plan(language=language), **changed)
    harmony = example.harmony(plan, lengths=lengths)
    return LeadSheet(plan, harmony, example.melody(plan, harmony), Noise(0))


def test_all_are_silent_for_a_beat_before_the_last_section() -> None:
    assert general_pause(sheet()) == (8 * BAR - BEAT, 8 * BAR)
    for pattern in ("arpeggio wide", "block"):
        plan, _, parts = arranged(
            language="popular", chord_pattern=pattern, drum_pattern="rock", phrases=4
        )
        start = plan.sections[-1].start
        for part in parts.values():
            for note in part.notes:
                assert note.end <= start - BEAT or note.start >= start
            for down, up in part.pedal:
                assert up <= start - BEAT or down >= start
        assert any(note.end == start - BEAT for note in parts["bass"].notes)


def test_strict_music_and_a_melody_that_sings_through_have_no_break() -> None:
    assert general_pause(sheet("strict")) is None
    one = sheet()
    until = {phrase.end - BEAT: phrase.end for phrase in one.plan.phrases}
    through = tuple(
        replace(note, ticks=until.get(note.end, note.end) - note.start) for note in one.melody
    )
    assert general_pause(replace(one, melody=through)) is None


def test_no_chord_begins_unheard_and_another_place_is_taken() -> None:
    assert general_pause(sheet(lengths=(3, 1))) is None
    # The line of tension is highest in the second phrase's first bar.
    curve = tuple(1.0 if bar == 4 else 0.5 for bar in range(16))
    there = sheet(lengths=(4,) * 7 + (3, 1), tension=curve)
    assert general_pause(there) == (4 * BAR - BEAT, 4 * BAR)


def test_what_sounds_into_the_break_ends_there_and_what_begins_in_it_is_left_out() -> None:
    notes = tuple(Note(start, 48, Pitch.parse("C4"), 64, CAUSE) for start in (0, 48, 72, 96))
    left = [(note.start, note.ticks) for note in paused(notes, (72, 96))]
    assert left == [(0, 48), (48, 24), (96, 48)]
    assert lifted(((0, 96), (96, 192)), (72, 96)) == ((0, 72), (96, 192))


def labels(part, bar):
    return {note.cause.label for note in part.notes if note.start // BAR == bar}


def test_a_phrase_closes_thinner_and_a_section_fuller_where_nothing_else_is_meant() -> None:
    made = {"language": "popular", "chord_pattern": "strum", "densities": (1.0, 1.0)}
    _, _, parts = arranged(bass_pattern="walking", **made)
    assert "walking" not in labels(parts["bass"], 3) | labels(parts["chords"], 3)
    strict = arranged(chord_pattern="block", densities=(1.0, 1.0))[2]
    assert all(labels(strict["chords"], bar) == {"block"} for bar in range(8))
    popular = arranged(language="popular", chord_pattern="block", densities=(1.0, 1.0))[2]
    found = [labels(popular["chords"], bar) for bar in range(8)]
    assert found == [{"block"}] * 3 + [{"pad"}] + [{"block"}] * 3 + [{"pulse"}]
