"""Every rule as those who generate read it: one predicate a name.

The optimiser's rules are those of `voicing`, `singles` and `pairs`, the
automaton's those of `theory.melody`; the verifier's readings of the same names are in
`theory.verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from theory.chord import Chord
from theory.melody.automaton import Automaton
from theory.melody.context import PERFECTS
from theory.melody.grammar import FAULTS
from theory.melody.ground import Event, Ground
from theory.melody.memory import LEAP, REPETITION, Memory
from theory.voices.motion import MOTION_RULES, breaks, moves
from theory.voices.singles import SINGLE
from theory.voices.six_four import strays
from theory.voices.voicing import VOICING_RULES, Parts, Voicing, voicing_breaks

SIX_FOUR = "six-four"

OfVoices: TypeAlias = Callable[[Sequence[Chord], Sequence[Voicing]], bool]
OfMelody: TypeAlias = Callable[[Ground, Sequence[Event]], bool]


def _set(name: str, chords: Sequence[Chord], voicings: Sequence[Voicing]) -> bool:
    """Does a voicing break a rule by itself?"""
    return any(
        bool(voicing_breaks(Parts.of(voicing), chord)[name])
        for chord, voicing in zip(chords, voicings, strict=True)
    )


def _led(name: str, chords: Sequence[Chord], voicings: Sequence[Voicing]) -> bool:
    """Does a step from one voicing to the next break a rule?"""
    if name == SIX_FOUR and strays(chords):
        return True
    row = zip(chords, voicings, strict=True)
    return any(
        bool(breaks(name, moves(one, two), before, after))
        for (before, one), (after, two) in pairwise(row)
    )


def _leapt(name: str, chords: Sequence[Chord], voicings: Sequence[Voicing]) -> bool:
    """Does a voice make a leap of a rule's kind and not go back by step when it next moves?

    The optimiser, which sees two chords at a time, charges for every such leap.
    """
    steps = [moves(one, two) for one, two in pairwise(voicings)]
    for number, (going, (before, after)) in enumerate(zip(steps, pairwise(chords), strict=True)):
        for voice, move in enumerate(going):
            later = (step[voice] for step in steps[number + 1 :])
            back = next((step.steps for step in later if step.semitones or step.steps), 0)
            if SINGLE[name](voice, move, before, after) and back * (move.steps > 0 or -1) != -1:
                return True
    return False


def _sung(name: str, ground: Ground, events: Sequence[Event]) -> bool:
    return name in melody_breaks(ground, events)


def _remembered(name: str, ground: Ground, events: Sequence[Event]) -> bool:
    """Does a melody break one of the soft rules that look back?"""
    automaton = Automaton(ground)
    memory, number, place = Memory(automaton, {name: 1.0}), 0, automaton.count
    for event in events:
        if event.pitch is None:
            continue
        to = automaton.number[event.pitch]
        if memory.broken(to, place, number)[name]:
            return True
        number, place = int(memory.next(np.array(to), np.array(place), np.array(number))), to
    return False


def melody_breaks(ground: Ground, events: Sequence[Event]) -> frozenset[str]:
    """The hard rules that a melody breaks, as the automaton names them.

    Past a note that is not there to be sung, or that leaves a chord without its structural note,
    the automaton has no state to go on from.
    """
    automaton = Automaton(ground)
    state, found = automaton.start(), set[str]()
    for event in events:
        broken = automaton.broken(state, event)
        found.update(broken)
        if {"compass", "scale", "structural-note"}.intersection(broken):
            return frozenset(found)
        state = automaton.follow(state, event)
    return frozenset({*found, *automaton.unfinished(state)})


OF_VOICES: Mapping[str, OfVoices] = MappingProxyType(
    {
        **{name: partial(_set, name) for name in VOICING_RULES},
        **{name: partial(_led, name) for name in MOTION_RULES},
        "diminished-leap": partial(_leapt, "diminished-leap"),
    }
)
OF_MELODY: Mapping[str, OfMelody] = MappingProxyType(
    {
        **{
            name: partial(_sung, name)
            for name in (
                "compass",
                *FAULTS,
                PERFECTS,
                "melodic-cadence",
                "structural-note",
            )
        },
        **{name: partial(_remembered, name) for name in (LEAP, REPETITION)},
    }
)
