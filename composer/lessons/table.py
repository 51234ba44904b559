"""A lesson from a rule's own two examples, for rules that have none written for the ear."""

from __future__ import annotations

from composer.lessons.judging import judge_tune, judge_voices
from composer.lessons.values import METRE, LessonExample
from composer.lessons.writing import Timed, chords, given, led
from theory.metre import QUARTER
from theory.pitch import NoteName, Pitch
from theory.rules import STRICT, Rule
from theory.rules import Example as Shown
from theory.scale import Key
from theory.timed import TimedNote

TITLES = ("with the rule", "without it")
BEATS = 2


def pair(rule: Rule) -> tuple[LessonExample, LessonExample]:
    """The rule's right example and its wrong one."""
    make = _voices if rule.kind == "voices" else _melody
    return make(rule, rule.right, TITLES[0]), make(rule, rule.wrong, TITLES[1])


def sentence(rule: Rule) -> str:
    """What the two examples show, in one sentence."""
    right, wrong = (shown.says.rstrip(".") for shown in (rule.right, rule.wrong))
    return f"First: {right}; then: {wrong}."


def _voices(rule: Rule, shown: Shown, title: str) -> LessonExample:
    key = key_of(shown.key)
    spans = given(chords(shown.chords, key, BEATS), shown.notes.split(" | "))
    return LessonExample(title, key, spans, (), judge_voices(spans, STRICT, {rule.name}))


def _melody(rule: Rule, shown: Shown, title: str) -> LessonExample:
    """The table's tune over its bass, with the voices between led as they can be."""
    key = key_of(shown.key)
    row = _timed(shown, key)
    tones = _tones(shown.notes)
    bass = [Pitch.parse(name) for name in shown.bass.split()] or None
    spans = led(row, STRICT, [None] * len(row), bass=bass)
    closes = [NoteName.parse(name) for name in shown.final.split()] or row[-1][0].tones
    return LessonExample(
        title, key, spans, tones, judge_tune(tones, spans, STRICT, closes, {rule.name})
    )


def _timed(shown: Shown, key: Key) -> tuple[Timed, ...]:
    """The table counts in ticks, lessons in beats."""
    beats = []
    for token in shown.chords.split():
        roman, _, ticks = token.partition(":")
        beats.append(f"{roman}:{int(ticks) / QUARTER:g}")
    return chords(" ".join(beats), key, BEATS)


def _tones(text: str) -> tuple[TimedNote, ...]:
    tones: list[TimedNote] = []
    tick = 0
    for token in text.split():
        name, _, ticks = token.partition(":")
        if name != "-":
            tones.append(TimedNote(tick, tick + int(ticks), Pitch.parse(name)))
        tick += int(ticks)
    if tones[-1].end == tick and tick % METRE.bar:
        last = tones.pop()
        tones.append(TimedNote(last.start, last.end + -tick % METRE.bar, last.pitch))
    return tuple(tones)


def key_of(text: str) -> Key:
    """A key from `A harmonic minor`. Raises ValueError for an unknown note or mode."""
    tonic, _, mode = text.partition(" ")
    return Key.of(tonic, mode)
