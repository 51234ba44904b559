"""Who sings: what every singer of phrases is given, and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from composer.music.melody.slots import Heard, Stage
from composer.values import Motif, Note, Proposed, Slot, Trace, Weighed
from theory.melody import Automaton, Entry, Event, State
from theory.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Sung:
    """What has been sung so far: notes, structural notes, what each motif's first statement sang,
    the motifs, and what the next phrase enters on."""

    notes: tuple[Note, ...]
    sopranos: tuple[Pitch, ...]
    heard: Heard
    motifs: Mapping[str, Motif]
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Sounded:
    """One event of a phrase: the slot that it lies in, whether that held it to the slot's motif,
    and how it came to be."""

    event: Event
    slot: Slot
    held: bool
    trace: Trace


@dataclass(frozen=True, slots=True)
class Line:
    """A phrase as it was sung, up to its breath, and the automaton's state at its end."""

    sounded: tuple[Sounded, ...]
    end: State

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(one.event for one in self.sounded)


class Voice(Protocol):
    """Sings phrase by phrase, each through its automaton."""

    durations: tuple[int, ...]  # the lengths of notes, in ticks, that its automata know
    content: float  # by how much a period may miss its climax and not be sung again
    tries: int  # how many climaxes it tries at most

    def motifs(self) -> Mapping[str, Motif]:
        """The motifs that are drawn before anything is sung."""

    def sing(self, stage: Stage, automaton: Automaton, sung: Sung) -> Line:
        """Sing one phrase after what has been sung. Raises NoMelody where nothing is legal."""

    def stated(self, stage: Stage, slot: Slot, motif: Motif | None, notes: Sequence[Note]) -> Motif:
        """The motif of the first slot that stated it, from the phrase's notes as they were sung.

        motif: what `motifs` had for it, if anything.
        """


def trace_of(
    stage: Stage, automaton: Automaton, state: State, event: Event, by: Weighed | Proposed
) -> Trace:
    """The trace of an event sung in a state of its phrase's automaton."""
    struck = automaton.struck(state, event.ticks)
    return Trace(
        {rule: tuple(sorted(pitches)) for rule, pitches in struck.items()},
        stage.wished(stage.phrase.start + state.tick),
        by,
    )
