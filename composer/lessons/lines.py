"""A lesson's voices as lines of notes, for both kinds of file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from composer.lessons.values import METRE, Lesson, LessonExample
from composer.values import Plan
from composer.verifier.findings import MELODY
from theory.metre import QUARTER
from theory.pitch import Pitch
from theory.voices.voicing import VOICES

TUNE = "tune"  # what a lesson calls the melody


@dataclass(frozen=True, slots=True)
class Sound:
    """A note of one voice; `marked` where a broken rule is heard in it."""

    start: int
    end: int
    pitch: Pitch
    marked: bool


def voices(lesson: Lesson) -> tuple[str, ...]:
    """The names of the lesson's voices from above: where there is a tune, the soprano is silent."""
    return (TUNE, *VOICES[1:]) if lesson.pair[0].tune else VOICES


def line(example: LessonExample, voice: str) -> tuple[Sound, ...]:
    """One voice's notes in order of time."""
    marked = {tick for name, tick in _at_fault(example) if name == voice}
    if voice == TUNE:
        return tuple(
            Sound(tone.start, tone.end, tone.pitch, tone.start in marked) for tone in example.tune
        )
    number = VOICES.index(voice)
    return tuple(
        Sound(span.start, span.end, tuple(span.voicing)[number], span.start in marked)
        for span in example.spans
    )


def faulty(lesson: Lesson) -> frozenset[str]:
    """The voices in which a broken rule is heard: those to listen to in both examples."""
    return frozenset(voice for example in lesson.pair for voice, _ in _at_fault(example))


def _at_fault(example: LessonExample) -> Iterator[tuple[str, int]]:
    """The notes that break a rule, as (voice, tick at which it begins)."""
    for one in example.findings:
        for voice, moment in one.notes:
            yield TUNE if voice == MELODY else voice, int(moment * QUARTER)


def plan(example: LessonExample, language: str, tempo: float) -> Plan:
    """An example as the plan of a piece without a form, which is what writers of scores read."""
    return Plan(
        key=example.key,
        metre=METRE,
        form="",
        bars=example.bars,
        language=language,
        sections=(),
        phrases=(),
        tempo=((0, tempo),),
        dynamics=(),
        off=frozenset(),
    )
