"""Sections without a tune: nobody sings in them, and what comes after them is sung as ever."""

from functools import lru_cache

import pytest

from composer import compose

KINDS = [("vamp", "plagal"), ("motif", "fragment"), ("pedal", "leaving"), ("build", "none")]


@lru_cache(maxsize=16)
def piece(introduction, coda, melody="rules", **given):
    wishes = {"introduction": introduction, "coda": coda, "form": "period", "bars": "16", **given}
    return compose("sample:china", melody=melody, **wishes)


def sung_in(one, phrase):
    return [note for note in one.melody if phrase.start <= note.start < phrase.end]


@pytest.mark.parametrize("melody", ["rules", "neural"])
@pytest.mark.parametrize(("introduction", "coda"), KINDS)
def test_nobody_sings_where_nobody_is_to_and_no_hard_rule_is_broken(introduction, coda, melody):
    one = piece(introduction, coda, melody)
    for index, phrase in enumerate(one.plan.phrases):
        line = sung_in(one, phrase)
        if phrase.sung:
            assert line
        else:
            following = one.plan.phrases[index + 1 : index + 2]
            upbeat = following[0].upbeat if following else 0
            assert all(note.start >= phrase.end - upbeat for note in line)
    assert [check.rule for check in one.checks if check.hard and check.count] == []


@pytest.mark.parametrize(("introduction", "coda"), KINDS)
def test_every_bar_sounds_and_every_note_has_a_region(introduction, coda):
    one = piece(introduction, coda)
    bar = one.plan.metre.bar
    notes = [note for part in one.parts for note in part.notes]
    for number in range(one.plan.bars):
        assert any(n.start < (number + 1) * bar and n.end > number * bar for n in notes)
    names = {region.name for region in one.analysis.regions}
    assert {note.cause.region for note in notes} <= names


def test_a_part_is_silent_in_the_bars_that_leave_it_out():
    one = piece("build", "leaving", bars="48")
    bar = one.plan.metre.bar
    for part in one.parts:
        if part.role in ("melody", "second-melody"):
            continue
        for note in part.notes:
            if note.start < one.plan.end - bar:
                assert one.plan.plays(part.role, note.start)
                assert one.plan.plays(part.role, note.end - 1)


def test_the_highest_note_is_sung_once_and_at_the_peak():
    one = piece("vamp", "plagal", bars="32")
    top = max(note.key_number for note in one.melody)
    bars = [n.start // one.plan.metre.bar for n in one.melody if n.key_number == top]
    assert bars == [one.plan.tension.index(1)]


def test_twelve_bars_have_the_chords_of_a_blues():
    one = piece("none", "none", form="twelve bars", bars="24", mode="mixolydian", phrasing="square")
    bar = one.plan.metre.bar
    first = [span for span in one.harmony.spans if span.start < 12 * bar]
    at = [next(s for s in first if s.start <= n * bar < s.end) for n in range(12)]
    degrees = [one.plan.key.notes.index(span.chord.root) + 1 for span in at]
    assert degrees == [1, 1, 1, 1, 4, 4, 1, 1, 5, 4, 1, 1]


def test_an_echo_is_the_melody_s_last_bar_an_octave_lower():
    one = piece("none", "none", phrasing="echoed", counter_melody="contrary")
    bar = one.plan.metre.bar
    (echo,) = [phrase for phrase in one.plan.phrases if one.plan.echoes(phrase)]
    before = [n for n in one.melody if echo.start - bar <= n.start < echo.start]
    answer = [n for n in one.part("counter-melody").notes if echo.start <= n.start < echo.end]
    assert answer
    assert [(n.start - bar, n.pitch.midi + 12) for n in answer] == [
        (n.start, n.pitch.midi) for n in before
    ]
