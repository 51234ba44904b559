"""How bright something is in every frame: it flares up as a note is struck, and fades."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from composer.film.heard import Heard
from composer.film.style import GLOW, RATE

Light = NDArray[np.float32]  # of shape (frames,), 0 dark to 1
HELD = 0.4  # what stays of the light while a note is held
OUT = 0.1  # seconds in which it halves once the note is over


def frame_of(second: float) -> int:
    """The frame whose beginning is nearest to this second."""
    return int(second * RATE + 0.5)


def light(notes: Sequence[Heard], numbers: Iterable[int], frames: int) -> Light:
    """The light of these notes: of several at once the brightest counts.

    It is there in the very frame in which a note begins.
    """
    found = np.zeros(frames, np.float32)
    for number in numbers:
        note = notes[number]
        first, last = frame_of(note.start), max(frame_of(note.end), frame_of(note.start) + 1)
        held = np.arange(first, min(last, frames))
        since = np.maximum(0.0, held / RATE - note.start)
        bright = HELD + (1 - HELD) * 2.0 ** (-since / GLOW)
        found[held] = np.maximum(found[held], bright)
        after = np.arange(min(last, frames), min(last + RATE, frames))
        if len(held):
            fading = bright[-1] * 2.0 ** (-(after - last + 1) / RATE / OUT)
            found[after] = np.maximum(found[after], fading)
    return found
