"""How many melodies are legal, exactly; the n-th of them; and one drawn evenly from all.

The automaton, intersected with further constraints, is deterministic: a melody is one path, so
paths are counted, backwards from the phrase's end and once for each state. A constraint reads
events one by one; its states are hashable values of its own, and None is refusal.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from theory.melody.automaton import Automaton, State
from theory.melody.context import Event
from theory.melody.moves import STEPS_DOWN, STEPS_UP, move_of
from theory.melody.structure import Bools
from theory.noise import Noise


@dataclass(frozen=True, slots=True)
class Joint:
    """A state of the automaton and of each constraint."""

    state: State
    marks: tuple[Hashable, ...]


class _Key(NamedTuple):
    """All of a joint state that its future depends on."""

    tick: int
    pitch: int
    duty: int
    code: int
    marks: tuple[Hashable, ...]


class Census:
    """The legal melodies of a phrase that also satisfy some constraints.

    It has the automaton's verbs, which look ahead to the phrase's end through the constraints too,
    and counts. Melodies are ordered by their events: shorter before longer, low before high, a rest
    last. Counts are whole numbers of any size.
    """

    def __init__(self, automaton: Automaton, constraints: tuple[Constraint, ...] = ()) -> None:
        self.automaton = automaton
        self.constraints = constraints
        self._counts: dict[_Key, int] = {}
        self._ways: dict[_Key, tuple[tuple[int, int, Joint], ...]] = {}

    def start(self) -> Joint:
        """Before the first event."""
        return Joint(self.automaton.start(), tuple(each.start() for each in self.constraints))

    def allowed(self, joint: Joint) -> Bools:
        """What may come next, shape (durations, pitches + 1); the last column is a rest."""
        found = np.zeros((len(self.automaton.durations), self.automaton.count + 1), np.bool_)
        for row, column, after in self._onward(joint):
            found[row, column] = self.count(after) > 0
        return found

    def advance(self, joint: Joint, event: Event) -> Joint:
        """The state after an event; ValueError where a rule or a constraint refuses it."""
        marks = self._marked(joint, event)
        state = self.automaton.advance(joint.state, event)
        if marks is None:
            raise ValueError(f"{event} at tick {joint.state.tick} breaks a constraint")
        return Joint(state, marks)

    def can_end(self, joint: Joint) -> bool:
        """Is the phrase filled, its cadence sung, and every constraint satisfied?"""
        return self.automaton.can_end(joint.state) and all(
            each.final(mark) for each, mark in zip(self.constraints, joint.marks, strict=True)
        )

    def count(self, joint: Joint | None = None) -> int:
        """In how many ways can the phrase go on from a state (by default from its start)?"""
        joint = joint or self.start()
        key = self._key(joint)
        if key not in self._counts:
            if joint.state.tick == self.automaton.context.end:
                self._counts[key] = int(self.can_end(joint))
            else:
                self._counts[key] = sum(self.count(after) for _, _, after in self._onward(joint))
        return self._counts[key]

    def melody(self, number: int) -> tuple[Event, ...]:
        """The melody of this number, from 0 to `count()` − 1; IndexError for any other."""
        joint, events = self.start(), []
        if not 0 <= number < self.count(joint):
            raise IndexError(f"there is no melody {number}; there are {self.count(joint)}")
        while joint.state.tick < self.automaton.context.end:
            for row, column, after in self._onward(joint):
                if number < self.count(after):
                    events.append(self._event(row, column))
                    joint = after
                    break
                number -= self.count(after)
        return tuple(events)

    def sample(self, noise: Noise, *place: object) -> tuple[Event, ...]:
        """A melody drawn evenly from all; ValueError where there is none."""
        return self.melody(noise.below(self.count(), *place))

    def _onward(self, joint: Joint) -> tuple[tuple[int, int, Joint], ...]:
        """What can be sung next: the duration's and the pitch's numbers, and the state after."""
        key = self._key(joint)
        if key not in self._ways:
            found = []
            for row, column in np.argwhere(self.automaton.allowed(joint.state)).tolist():
                event = self._event(row, column)
                marks = self._marked(joint, event)
                if marks is not None:
                    state = self.automaton.follow(joint.state, event)
                    found.append((row, column, Joint(state, marks)))
            self._ways[key] = tuple(found)
        return self._ways[key]

    def _marked(self, joint: Joint, event: Event) -> tuple[Hashable, ...] | None:
        marks = []
        for each, mark in zip(self.constraints, joint.marks, strict=True):
            after = each.step(mark, joint.state.tick, event)
            if after is None:
                return None
            marks.append(after)
        return tuple(marks)

    def _event(self, row: int, column: int) -> Event:
        pitches = self.automaton.pitches
        return Event(
            pitches[column] if column < len(pitches) else None, self.automaton.durations[row]
        )

    def _key(self, joint: Joint) -> _Key:
        state = joint.state
        pitch = -1 if state.pitch is None else self.automaton.number[state.pitch]
        return _Key(state.tick, pitch, int(state.duty), state.code, joint.marks)


# --- further constraints --------------------------------------------------------------------------


class Constraint(Protocol):
    """A deterministic automaton over events. `step` gives the next state, None where refused."""

    def start(self) -> Hashable: ...

    def step(self, state: Hashable, tick: int, event: Event) -> Hashable | None: ...

    def final(self, state: Hashable) -> bool: ...


@dataclass(frozen=True, slots=True)
class NoRests:
    """No rests."""

    def start(self) -> Hashable:
        return ()

    def step(self, state: Hashable, tick: int, event: Event) -> Hashable | None:
        return None if event.pitch is None else state

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
