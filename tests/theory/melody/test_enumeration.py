"""On small phrases the automaton admits exactly the melodies that a teacher passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
import pytest

from tests.theory.examples import as_written
from tests.theory.melody.grounds import ground
from tests.theory.melody.oracle import violations
from theory.melody import Automaton, Event, Ground
from theory.pitch import Note
from theory.scale import Key
from theory.verify import verify_melody

MINOR = Key.of("A", "aeolian")
HARMONIC = Key.of("A", "harmonic minor")
FIVE = tuple(map(Note.parse, "CDEGA"))
popular = partial(ground, language="popular")
SMALL = [
    # Dissonances and diminished leaps after a rest.
    ground("V7 I", lengths=(36, 24), durations=(12, 24), compass="B4 F5", metre="3/4"),
    ground("bII6 V", lengths=(36, 24), durations=(12, 24), compass="A4 F5", metre="3/4"),
    # Change of chord on the beat, quavers: figures on weak places.
    ground("I V", lengths=(36, 24), durations=(12, 24), compass="C5 F5", metre="2/4"),
    ground("I V6", lengths=(48, 48), durations=(24,), compass="G4 E5", metre="2/4"),
    ground("V7 I", lengths=(36, 36), durations=(12, 24, 36), compass="D4 G4", metre="6/8"),
    # Syncopation: suspensions and anticipations tied over the change.
    ground("IV I", lengths=(36, 36), durations=(12, 24, 36), compass="C5 F5", metre="3/4"),
    ground("I ii", lengths=(48, 48), durations=(24, 48, 72), compass="G4 F5", metre="4/4"),
    # Minor: the raised sixth and seventh, the natural seventh going down.
    ground("V i", key=MINOR, lengths=(36, 24), durations=(12, 24), compass="E4 A4", metre="2/4"),
    ground("i iv", key=HARMONIC, lengths=(36, 24), durations=(12,), compass="E4 A4", metre="2/4"),
    ground("V7/V V", lengths=(36, 36), durations=(12, 24), compass="F#4 B4", metre="9/8"),
    # An upbeat free of harmony; other languages; rules switched off.
    ground("I V", lengths=(24, 24), durations=(12, 24), compass="G4 C5", start=-24, metre="2/4"),
    ground("I bVII I", lengths=(24,) * 3, durations=(24,), language="popular", compass="G4 E5"),
    # Popular language: sixths and ninths are chord tones, chromatic notes lead on by a semitone.
    popular("I V7", lengths=(36, 24), durations=(12, 24), compass="C5 F5", metre="2/4"),
    popular("IV I", lengths=(24, 36), durations=(12, 36), compass="C5 E5", metre="3/4"),
    popular("V i", key=MINOR, lengths=(24, 24), durations=(12, 24), compass="E4 A4", metre="2/4"),
    popular("V7/V V", lengths=(24, 24), durations=(12, 24), compass="E5 A5", metre="2/4"),
    popular("I V", lengths=(24, 24), durations=(12, 24), scale=FIVE, compass="C5 F5", metre="2/4"),
    popular(
        "I V",
        lengths=(36, 24),
        durations=(12, 24),
        compass="C5 E5",
        metre="2/4",
        off=frozenset({"scale"}),
    ),
    *(
        ground(
            "I V",
            lengths=(36, 24),
            durations=(12, 24),
            compass="B4 F5",
            metre="3/4",
            off=frozenset({name}),
        )
        for name in (
            "perfects-with-bass",
            "structural-note",
            "melodic-cadence",
            "melodic-interval",
        )
    ),
]


def admitted(automaton: Automaton) -> Iterator[tuple[Event, ...]]:
    """Every melody that `allowed` leads to."""
    stack = [(automaton.start(), ())]
    while stack:
        state, events = stack.pop()
        if automaton.can_end(state):
            yield events
            continue
        choices = np.argwhere(automaton.allowed(state))
        assert len(choices), "a dead end"
        for row, column in choices:
            pitch = automaton.pitches[column] if column < automaton.count else None
            event = Event(pitch, automaton.durations[row])
            stack.append((automaton.advance(state, event), (*events, event)))


def rhythms(ground_: Ground, tick: int) -> Iterator[tuple[int, ...]]:
    if tick == ground_.end:
        yield ()
    for ticks in ground_.durations:
        if tick + ticks <= ground_.end:
            for rest in rhythms(ground_, tick + ticks):
                yield (ticks, *rest)


def everything(ground_: Ground) -> Iterator[tuple[Event, ...]]:
    """Every melody there is, legal or not."""
    pitches = (*Automaton(ground_).pitches, None)
    for rhythm in rhythms(ground_, ground_.start):
        for choice in product(pitches, repeat=len(rhythm)):
            yield tuple(map(Event, choice, rhythm))


@pytest.mark.parametrize("number", range(len(SMALL)))
def test_automaton_admits_what_the_rules_admit(number: int) -> None:
    small = SMALL[number]
    found = set(admitted(Automaton(small)))
    wanted = {events for events in everything(small) if not violations(small, events)}
    assert found == wanted
    assert len(found) > 5


@pytest.mark.parametrize("number", [n for n, small in enumerate(SMALL) if not small.off])
def test_automaton_admits_what_the_verifier_passes(number: int) -> None:
    # Whether the lower voices can be led is for the verifier of voices to say.
    small = replace(SMALL[number], off=frozenset({"structural-note"}))
    found = set(admitted(Automaton(small)))
    wanted = {
        events
        for events in everything(small)
        if not verify_melody(*as_written(small, events), off=["structural-note"])
    }
    assert found == wanted
