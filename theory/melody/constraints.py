"""Further constraints on a melody, each a small automaton: to be intersected with the rules.

A constraint reads events one by one. Its states are hashable values of its own; None is refusal.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

from theory.melody.ground import Event
from theory.melody.moves import STEPS_DOWN, STEPS_UP, move_of
from theory.pitch import Pitch


class Constraint(Protocol):
    """A deterministic automaton over events. `step` gives the next state, None where refused."""

    def start(self) -> Hashable: ...

    def step(self, state: Hashable, tick: int, event: Event) -> Hashable | None: ...

    def final(self, state: Hashable) -> bool: ...


@dataclass(frozen=True, slots=True)
class Sung:
    """No rests."""

    def start(self) -> Hashable:
        return ()

    def step(self, state: Hashable, tick: int, event: Event) -> Hashable | None:
        return None if event.pitch is None else state

    def final(self, state: Hashable) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Exactly these (ticks, sounding) in a row."""

    events: tuple[tuple[int, bool], ...]

    def start(self) -> Hashable:
        return 0

    def step(self, state: Hashable, tick: int, event: Event) -> Hashable | None:
        assert isinstance(state, int)
        here = (event.ticks, event.pitch is not None)
        return state + 1 if state < len(self.events) and self.events[state] == here else None

    def final(self, state: Hashable) -> bool:
        return state == len(self.events)


@dataclass(frozen=True, slots=True)
class Among:
    """Only these pitches; rests are free."""

    pitches: frozenset[Pitch]

    def start(self) -> Hashable:
        return ()

    def step(self, state: Hashable, tick: int, event: Event) -> Hashable | None:
        return state if event.pitch is None or event.pitch in self.pitches else None

    def final(self, state: Hashable) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class FewRepeats:
    """The soft rule "repetition" made hard: no pitch more than `most` times running.

    Rests do not part repeated notes, and the note before the phrase does not count.
    """

    most: int = 3

    def start(self) -> Hashable:
        return (None, 0)

    def step(self, state: Hashable, tick: int, event: Event) -> Hashable | None:
        assert isinstance(state, tuple)
        pitch, times = state
        if event.pitch is None:
            return state
        times = times + 1 if event.pitch == pitch else 1
        return (event.pitch, times) if times <= self.most else None

    def final(self, state: Hashable) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class LeapsAnswered:
    """The soft rule "leap-answered" made hard: after a fifth or more comes a step back.

    `letters` is the least interval that is a leap here, in letters less one. A phrase may end on
    a leap, which has no next note.
    """

    letters: int = 4

    def start(self) -> Hashable:
        return (None, 0)

    def step(self, state: Hashable, tick: int, event: Event) -> Hashable | None:
        assert isinstance(state, tuple)
        pitch, owed = state
        if event.pitch is None:
            return state
        if pitch is None:
            return (event.pitch, 0)
        if owed and move_of(pitch.to(event.pitch)) not in (STEPS_UP if owed > 0 else STEPS_DOWN):
            return None
        rise = event.pitch.height - pitch.height
        return (event.pitch, 0 if abs(rise) < self.letters else -1 if rise > 0 else 1)

    def final(self, state: Hashable) -> bool:
        return True


def rhythm(ticks: Sequence[int]) -> Rhythm:
    """A rhythm without rests."""
    return Rhythm(tuple((each, True) for each in ticks))
