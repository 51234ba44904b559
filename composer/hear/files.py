"""Writes a lesson to files, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from composer.files.outputs import Output, put
from composer.hear.values import Lesson


def _midi(lesson: Lesson) -> bytes:
    from composer.hear.midi import encode

    return encode(lesson)


def _score(lesson: Lesson) -> bytes:
    from composer.hear.score import encode

    return encode(lesson)


# By suffix; each loads its library only when it is asked for.
ENCODERS: dict[str, Callable[[Lesson], bytes]] = {".musicxml": _score, ".mid": _midi}


def write(lesson: Lesson, outputs: Sequence[Output]) -> None:
    """Write the lesson to every file, or to none. Raises UserError where the system refuses."""
    put([(output, ENCODERS[output.suffix](lesson)) for output in outputs])


def default_output(lesson: Lesson) -> str:
    """The file that is written where none is named, as `parallel-fifths.mid`."""
    return f"{lesson.name.replace(' ', '-')}.mid"
