"""A lesson: two short examples that differ in one thing, and what the verifier says of each."""

from __future__ import annotations

from dataclasses import dataclass

from composer.verifier import Finding
from theory.melody import Span
from theory.metre import METRES, Metre
from theory.scale import Key
from theory.timed import TimedNote

METRE: Metre = METRES["4/4"]
TEMPO = 84  # quarter notes a minute


@dataclass(frozen=True, slots=True)
class LessonExample:
    """One version of a lesson. Where there is a `tune`, it is sung instead of the soprano.

    `findings` are all the rules that it breaks: hard ones of its language, and the lesson's own.
    """

    title: str
    key: Key
    spans: tuple[Span, ...]
    tune: tuple[TimedNote, ...]
    findings: tuple[Finding, ...]

    @property
    def end(self) -> int:
        return self.spans[-1].end

    @property
    def bars(self) -> int:
        return self.end // METRE.bar


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is heard, in two sentences, and the pair: with it and without it."""

    kind: str  # mode, cadence, progression or rule
    name: str
    language: str
    says: tuple[str, str]
    source: str  # who says so; "" where nobody needs to
    pair: tuple[LessonExample, LessonExample]

    @property
    def lore(self) -> str:
        """What another library calls the scale and the chords of the first example; "" of a rule,
        which is about the voices."""
        from composer.lessons.lore import lore  # which asks that library

        if self.kind == "rule":
            return ""
        example = self.pair[0]
        key = example.key if self.kind == "mode" else None
        return lore(key, (span.chord for span in example.spans))
