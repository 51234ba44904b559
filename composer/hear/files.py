"""Writes a lesson to files, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from composer.audio import BUILT_IN
from composer.audio.coding import FORMATS as AUDIO
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


SUFFIXES = (*ENCODERS, *AUDIO)
# What is written where nobody says: the notes and their sound.
DEFAULT = (".mid", ".wav")


def write(lesson: Lesson, outputs: Sequence[Output]) -> None:
    """Write the lesson to every file, or to none. Raises UserError where the system refuses."""
    sounds = _sounds(lesson, [output.suffix for output in outputs if output.suffix in AUDIO])
    put(
        [
            (output, sounds.get(output.suffix) or ENCODERS[output.suffix](lesson))
            for output in outputs
        ]
    )


def _sounds(lesson: Lesson, suffixes: Sequence[str]) -> dict[str, bytes]:
    """The lesson's sound by suffix; it is played once."""
    if not suffixes:
        return {}
    from composer.audio import coding, perform

    sound = perform(_midi(lesson), BUILT_IN)
    return {suffix: coding.encode(sound, suffix, lesson.name) for suffix in suffixes}


def default_outputs(lesson: Lesson) -> tuple[str, ...]:
    """The files that are written where none is named, as `parallel-fifths.mid`."""
    return tuple(f"{lesson.name.replace(' ', '-')}{suffix}" for suffix in DEFAULT)
