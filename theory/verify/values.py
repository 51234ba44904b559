"""What the verifier of melodies is given and what it finds."""

from __future__ import annotations

from dataclasses import dataclass

from theory.chord import Chord
from theory.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Sung:
    """A note of the melody, in ticks from the first barline."""

    start: int
    end: int
    pitch: Pitch


@dataclass(frozen=True, slots=True)
class Ground:
    """A chord in time over its bass. `ends` are the pitch classes on which a phrase that ends here
    may close; None within a phrase."""

    start: int
    end: int
    chord: Chord
    bass: Pitch
    ends: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule and the tick at which it shows."""

    rule: str
    tick: int
    sentence: str
