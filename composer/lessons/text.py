"""A lesson for a person at a terminal: two sentences, both examples, the verifier's verdict."""

from __future__ import annotations

from collections.abc import Sequence

from composer.explanation.layout import (
    BOLD,
    RED,
    dim,
    heading,
    music,
    padded,
    roman,
    style,
    unstyle,
    value,
    wrapped,
)
from composer.lessons.lines import line, voices
from composer.lessons.values import Lesson, LessonExample

LABEL = 10  # columns for a voice's name


def view(lesson: Lesson) -> str:
    """The text."""
    rows = [heading(f"{lesson.kind}: {music(lesson.name)}")]
    for sentence in lesson.says:
        rows += wrapped(sentence, 2)
    if lesson.source:
        rows += [dim(row) for row in wrapped(lesson.source, 2)]
    for number, example in enumerate(lesson.pair, 1):
        rows += ["", *_example(lesson, number, example)]
    if lesson.lore:
        rows += ["", *(dim(row) for row in wrapped(lesson.lore, 2))]
    return "\n".join(rows)


def _example(lesson: Lesson, number: int, example: LessonExample) -> list[str]:
    columns = [_column(lesson, example, index) for index in range(len(example.spans))]
    rows = [f"  {number}  {value(music(example.title))}"]
    if example.title != example.key.name:
        rows[0] += f", {music(example.key.name)}"
    for place, label in enumerate(("", *voices(lesson))):
        cells = [padded(column[place], _width(column)) for column in columns]
        rows.append(f"     {label:<{LABEL}}{'  '.join(cells)}".rstrip())
    return rows + verdict(lesson, example)


def _column(lesson: Lesson, example: LessonExample, index: int) -> list[str]:
    """A chord's numeral and, for every voice, the notes that begin in it; what is broken in red."""
    span = example.spans[index]
    column = [roman(span.chord.roman)]
    for voice in voices(lesson):
        names = [
            style(music(sound.pitch.name), RED, BOLD) + "*"
            if sound.marked
            else music(sound.pitch.name)
            for sound in line(example, voice)
            if span.start <= sound.start < span.end
        ]
        column.append(" ".join(names) or "–")
    return column


def _width(column: Sequence[str]) -> int:
    return max(len(unstyle(cell)) for cell in column)


def verdict(lesson: Lesson, example: LessonExample) -> list[str]:
    """What the verifier says of an example."""
    if not example.findings:
        return wrapped(f"The verifier finds no rule of the {lesson.language} language broken.", 5)
    rows = []
    for one in example.findings:
        where = f"bar {one.bar} beat {int(one.beat)}"
        rows += wrapped(f"Broken: {one.rule}, in {where}: {one.sentence}.", 5)
    return rows
