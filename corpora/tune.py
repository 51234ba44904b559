"""A tune as everything here knows it: a melody in ticks, its key, metre, chords and phrases."""

from __future__ import annotations

from dataclasses import dataclass

from theory.metre import Metre
from theory.scale import Key
from theory.timed import TimedChord, TimedNote


@dataclass(frozen=True, slots=True)
class Tune:
    """A melody of one voice; times are ticks (24 a quarter note) from the first barline.

    `collection` names where it comes from (a folder of music21's corpus, an archive), `source` the
    file and the number in it; `phrases` are the ticks at which a phrase ends, as far as the source
    says; `inferred` names what was not read but estimated: "key", "mode", "metre", "chords".
    """

    collection: str
    source: str
    title: str
    key: Key
    metre: Metre
    notes: tuple[TimedNote, ...]
    chords: tuple[TimedChord, ...] = ()
    phrases: tuple[int, ...] = ()
    inferred: frozenset[str] = frozenset()

    @property
    def upbeat(self) -> int:
        """Ticks before the first barline."""
        return max(0, -self.notes[0].start) if self.notes else 0
