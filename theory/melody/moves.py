"""Classes of melodic intervals: what the grammar of motion tells apart."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from theory.pitch import Interval, Pitch


class Move(IntEnum):
    """The class of a melodic interval."""

    NONE = 0  # there is no note before
    REPEAT = 1
    CHROMATIC = 2  # a semitone on one letter
    HALF_UP = 3
    HALF_DOWN = 4
    WHOLE_UP = 5
    WHOLE_DOWN = 6
    THIRD_UP = 7
    THIRD_DOWN = 8
    FOURTH_UP = 9
    FOURTH_DOWN = 10
    FAR_UP = 11  # a perfect fifth, a sixth, an octave
    FAR_DOWN = 12
    DIMINISHED_UP = 13  # a diminished third, fourth or fifth
    DIMINISHED_DOWN = 14
    REFUSED = 15  # a seventh, more than an octave, augmented, any other diminished interval


# Letters and semitones without sign → the move upward.
LEAPS = {
    (0, 0): Move.REPEAT,
    (0, 1): Move.CHROMATIC,
    (1, 1): Move.HALF_UP,
    (1, 2): Move.WHOLE_UP,
    (2, 2): Move.DIMINISHED_UP,
    (2, 3): Move.THIRD_UP,
    (2, 4): Move.THIRD_UP,
    (3, 4): Move.DIMINISHED_UP,
    (3, 5): Move.FOURTH_UP,
    (4, 6): Move.DIMINISHED_UP,
    (4, 7): Move.FAR_UP,
    (5, 8): Move.FAR_UP,
    (5, 9): Move.FAR_UP,
    (7, 12): Move.FAR_UP,
}
STEPS_UP = (Move.HALF_UP, Move.WHOLE_UP)
STEPS_DOWN = (Move.HALF_DOWN, Move.WHOLE_DOWN)
STEPS = (*STEPS_UP, *STEPS_DOWN)
HALVES = (Move.HALF_UP, Move.HALF_DOWN)
DIMINISHED = (Move.DIMINISHED_UP, Move.DIMINISHED_DOWN)


def mirrored(move: Move) -> Move:
    """The same move the other way; up is odd from HALF_UP to DIMINISHED_DOWN."""
    if Move.HALF_UP <= move <= Move.DIMINISHED_DOWN:
        return Move(move + 1 if move % 2 else move - 1)
    return move


@lru_cache(maxsize=4096)
def move_of(interval: Interval) -> Move:
    """The class of a melodic interval."""
    steps, semitones = interval.steps, interval.semitones
    if steps * semitones < 0:
        return Move.REFUSED
    move = LEAPS.get((abs(steps), abs(semitones)), Move.REFUSED)
    down = semitones < 0 and Move.HALF_UP <= move <= Move.DIMINISHED_UP
    return Move(move + 1) if down else move


def moves_between(pitches: tuple[Pitch, ...], entry: Pitch | None) -> NDArray[np.int8]:
    """Classes of the intervals to each pitch from each pitch and, last, from the entry."""
    found = np.full((len(pitches), len(pitches) + 1), Move.NONE, np.int8)
    for to, pitch in enumerate(pitches):
        for from_, other in enumerate(pitches):
            found[to, from_] = move_of(other.to(pitch))
        if entry is not None:
            found[to, -1] = move_of(entry.to(pitch))
    return found
