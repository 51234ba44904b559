"""Writes a lesson to files, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from composer.audio import BUILT_IN
from composer.audio.coding import FORMATS as AUDIO
from composer.files.outputs import Output, put
from composer.hear.values import Lesson

if TYPE_CHECKING:
    from composer.audio.values import Samples


def _midi(lesson: Lesson) -> bytes:
    from composer.hear.midi import encode

    return encode(lesson)


def _score(lesson: Lesson) -> bytes:
    from composer.hear.score import encode

    return encode(lesson)


# By suffix; each loads its library only when it is asked for.
ENCODERS: dict[str, Callable[[Lesson], bytes]] = {".musicxml": _score, ".mid": _midi}


SUFFIXES = (*ENCODERS, *AUDIO)
# What is written where nobody says: the notes and their sound.
DEFAULT = (".mid", ".wav")


def write(
    lesson: Lesson, outputs: Sequence[Output], stage: Callable[[str], None] = lambda name: None
) -> None:
    """Write the lesson to every file, or to none; it is played once.

    stage: told of each kind when it is made. Raises UserError where the system refuses.
    """
    made: list[tuple[Output, bytes]] = []
    sound: Samples | None = None
    for output in outputs:
        if output.suffix in AUDIO:
            from composer.audio import coding, perform

            sound = perform(_midi(lesson), BUILT_IN) if sound is None else sound
            data = coding.encode(sound, output.suffix, lesson.name)
        else:
            data = ENCODERS[output.suffix](lesson)
        made.append((output, data))
        stage(f"made the {output.suffix}")
    put(made)


def default_outputs(lesson: Lesson) -> tuple[str, ...]:
    """The files that are written where none is named, as `parallel-fifths.mid`."""
    return tuple(f"{lesson.name.replace(' ', '-')}{suffix}" for suffix in DEFAULT)
