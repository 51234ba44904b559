"""What those who generate say of a row of voicings or of a melody: the rules it breaks, by name.

The optimiser's tables and the automaton's are asked; `theory.verify` reads the same rules anew.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from theory.chord import Chord
from theory.melody import Automaton, Event, HarmonicContext
from theory.melody.soft import SoftMemory
from theory.voices.motion import SINGLE, breaks, motions
from theory.voices.six_four import strays
from theory.voices.voicing import VOICING_RULES, Parts, Voicing, voicing_breaks


def voices_break(name: str, chords: Sequence[Chord], voicings: Sequence[Voicing]) -> bool:
    """Does a row break a rule of part-writing?"""
    if name in VOICING_RULES:
        return any(
            bool(voicing_breaks(Parts.of(voicing), chord)[name])
            for chord, voicing in zip(chords, voicings, strict=True)
        )
    if name == "six-four" and strays(chords):
        return True
    if name == "diminished-leap":
        return _leaps_and_stays_out(chords, voicings)
    return any(
        bool(breaks(name, motions(one, two), before, after))
        for (before, one), (after, two) in pairwise(zip(chords, voicings, strict=True))
    )


def _leaps_and_stays_out(chords: Sequence[Chord], voicings: Sequence[Voicing]) -> bool:
    """Does a voice make a diminished leap and not go back by step when it next moves?

    The optimiser, which sees two chords at a time, charges for every such leap.
    """
    leap = SINGLE["diminished-leap"]
    steps = [motions(one, two) for one, two in pairwise(voicings)]
    for number, (going, (before, after)) in enumerate(zip(steps, pairwise(chords), strict=True)):
        for voice, motion in enumerate(going):
            later = (step[voice] for step in steps[number + 1 :])
            back = next((step.steps for step in later if step.semitones or step.steps), 0)
            if leap(voice, motion, before, after) and back * (motion.steps > 0 or -1) != -1:
                return True
    return False


def melody_breaks(context: HarmonicContext, events: Sequence[Event]) -> frozenset[str]:
    """The hard rules that a melody breaks, as the automaton names them.

    Past a note that is not there to be sung, or that leaves a chord without its structural note,
    the automaton has no state to go on from.
    """
    automaton = Automaton(context)
    state, found = automaton.start(), set[str]()
    for event in events:
        broken = automaton.broken(state, event)
        found.update(broken)
        if {"compass", "scale", "structural-note"}.intersection(broken):
            return frozenset(found)
        state = automaton.follow(state, event)
    return frozenset({*found, *automaton.unfinished(state)})


def melody_pays(name: str, context: HarmonicContext, events: Sequence[Event]) -> bool:
    """Does the search for the best melody charge a melody for breaking a soft rule?"""
    automaton = Automaton(context)
    memory, number, place = (
        SoftMemory(automaton, {name: 1.0}),
        np.array(0),
        np.array(automaton.count),
    )
    for event in events:
        if event.pitch is not None:
            to = np.array(automaton.number[event.pitch])
            if memory.price(to, place, number) > 0:
                return True
            number, place = memory.next(to, place, number), to
    return False
