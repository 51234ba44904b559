"""Notes and chords in time, as those who judge, count and learn know them: ticks, 24 a quarter."""

from __future__ import annotations

from dataclasses import dataclass

from theory.chord import Chord
from theory.pitch import Pitch


@dataclass(frozen=True, slots=True)
class TimedNote:
    """A note from `start` to `end` in ticks from the first barline; an upbeat's are negative."""

    start: int
    end: int
    pitch: Pitch


@dataclass(frozen=True, slots=True)
class TimedChord:
    """A chord over its bass from `start` to `end` in ticks.

    `closes` are the names of the notes on one of which a phrase that ends with this chord may
    close; None within a phrase, and where nothing says it. `sung`: whether the melody owes it a
    note; where it rests, and others play alone, it owes none.
    """

    start: int
    end: int
    chord: Chord
    bass: Pitch
    closes: frozenset[str] | None = None
    sung: bool = True
