"""What each note of a melody is to its harmony: the field's name for it."""

from __future__ import annotations

from collections.abc import Sequence

from theory.melody.automaton import Automaton
from theory.melody.context import Event
from theory.melody.grammar import Duty, Kind
from theory.melody.moves import STEPS, STEPS_UP, Move

REST = "rest"
CHORD_TONE = "chord tone"
# A sixth or ninth that popular language hears as one.
ADDED_TONE = "added tone"
SUSPENSION = "suspension"
APPOGGIATURA = "appoggiatura"
PASSING = "passing note"
NEIGHBOUR = "neighbour"
DOUBLE_NEIGHBOUR = "double neighbour"
CAMBIATA = "cambiata"
ESCAPE_TONE = "escape tone"
ANTICIPATION = "anticipation"
CHROMATIC = "chromatic approach"
# A dissonance that only a switched-off rule lets through.
FREE_DISSONANCE = "free dissonance"
LABELS = (
    REST,
    CHORD_TONE,
    ADDED_TONE,
    SUSPENSION,
    APPOGGIATURA,
    PASSING,
    NEIGHBOUR,
    DOUBLE_NEIGHBOUR,
    CAMBIATA,
    ESCAPE_TONE,
    ANTICIPATION,
    CHROMATIC,
    FREE_DISSONANCE,
)
_BY_KIND = {
    Kind.HELD: SUSPENSION,
    Kind.PUSHED: ANTICIPATION,
    Kind.RISING: PASSING,
    Kind.FALLING: PASSING,
    Kind.CHROMATIC: CHROMATIC,
    Kind.LEANING: CHROMATIC,
}


def labels(automaton: Automaton, events: Sequence[Event]) -> tuple[str, ...]:
    """One of `LABELS` for each event, from the phrase's start; a held chord tone that turns into a
    suspension is a suspension.

    Raises ValueError for a melody that the automaton does not allow.
    """
    state = automaton.start()
    walked: list[tuple[Event, Kind, Duty, Move]] = []
    added = set[int]()
    for event in events:
        kind = Kind.CHORD
        if event.pitch is not None and event.pitch in automaton.number:
            number = automaton.number[event.pitch]
            chord = automaton.context.chord_at(state.tick)
            kind = Kind(int(automaton.placements.at(state.tick, event.ticks).kinds[number]))
            if kind == Kind.CHORD and not automaton.placements.in_harmony(state.tick, event.pitch):
                kind = Kind.DRAGGED
            elif kind == Kind.CHORD and chord is not None and event.pitch.note not in chord.tones:
                added.add(len(walked))
        state = automaton.advance(state, event)
        walked.append((event, kind, state.duty, state.move))
    return tuple(
        ADDED_TONE
        if index in added
        else _label(event, kind, duty, walked[index + 1][1:] if index + 1 < len(walked) else None)
        for index, (event, kind, duty, _) in enumerate(walked)
    )


def _label(event: Event, kind: Kind, duty: Duty, following: tuple[Kind, Duty, Move] | None) -> str:
    if event.pitch is None:
        return REST
    if kind == Kind.CHORD:
        return CHORD_TONE
    if kind == Kind.DRAGGED:
        return FREE_DISSONANCE
    if kind == Kind.STRONG:
        return SUSPENSION if duty == Duty.SUSPENDED else APPOGGIATURA
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    if duty == Duty.SAME:
        return ANTICIPATION
    if duty in (Duty.DOUBLE_UP, Duty.DOUBLE_DOWN):
        return DOUBLE_NEIGHBOUR
    if duty in (Duty.PASS_UP, Duty.PASS_DOWN) or following is None:
        return PASSING
    return _by_leaving(duty, *following)


def _by_leaving(duty: Duty, kind: Kind, onward: Duty, move: Move) -> str:
    """A weak note reached by step is named by how it is left."""
    if move == Move.REPEAT:
        return ANTICIPATION
    if move in STEPS:
        return PASSING if (move in STEPS_UP) == (duty == Duty.NEAR_UP) else NEIGHBOUR
    if onward in (Duty.DOUBLE_UP, Duty.DOUBLE_DOWN) and kind == Kind.WEAK:
        return DOUBLE_NEIGHBOUR
    if onward in (Duty.BACK_UP, Duty.BACK_DOWN):
        return CAMBIATA
    return ESCAPE_TONE
