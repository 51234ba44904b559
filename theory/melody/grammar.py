"""The grammar of melodic motion: what each note asks of the next, as one finite table.

A sung note has a *kind* (how it stands to the harmony while it sounds) and is reached by a *move*
(the class of the interval from the note before). The note before left a *duty*. `judge` says which
duty the three leave behind and which rules they break; `TABLE` is that function written out.
Sources: Aldwell & Schachter, Harmony and Voice Leading, ch. 20–21; Fux, Gradus ad Parnassum.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from itertools import product
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from theory.melody.moves import DIMINISHED, HALVES, STEPS, STEPS_DOWN, STEPS_UP, Move, mirrored

SCALE = "scale"
INTERVAL = "melodic-interval"
STRONG_RULE = "strong-beat-dissonance"
SUSPENSION_RULE = "melodic-suspension"
APPOGGIATURA_RULE = "appoggiatura"
WEAK_RULE = "dissonance-left-by-step"
PASSING_RULE = "passing-note"
NEIGHBOUR_RULE = "neighbour-note"
CAMBIATA_RULE = "cambiata"
ANTICIPATION_RULE = "anticipation"
ESCAPE_RULE = "escape-tone"
# Fault bits, in this order.
FAULTS = (
    SCALE,
    INTERVAL,
    STRONG_RULE,
    SUSPENSION_RULE,
    APPOGGIATURA_RULE,
    WEAK_RULE,
    PASSING_RULE,
    NEIGHBOUR_RULE,
    CAMBIATA_RULE,
    ANTICIPATION_RULE,
    ESCAPE_RULE,
)


class Kind(IntEnum):
    """How a note stands to the harmony from its onset to its end."""

    CHORD = 0  # a chord tone throughout
    HELD = 1  # a chord tone held into a chord that it is foreign to: it becomes a suspension
    PUSHED = 2  # foreign at a weak onset, and held into a chord that it belongs to: anticipation
    WEAK = 3  # foreign, on a weak place
    STRONG = 4  # foreign, on a strong place
    RISING = 5  # the raised sixth degree of minor, on a weak place
    FALLING = 6  # the natural seventh degree of minor, on a weak place
    DRAGGED = 7  # foreign, and held through a strong place as nothing that has a name
    CHROMATIC = 8  # outside the scale, on a weak place (popular language only)
    LEANING = 9  # outside the scale, on a strong place


class Duty(IntEnum):
    """What the last note asks of the next one."""

    REST = 0  # no note directly before
    FREE = 1
    TURN_UP = 2  # after a diminished leap: a step back
    TURN_DOWN = 3
    BACK_UP = 4  # after a cambiata's third: a step back
    BACK_DOWN = 5
    NEAR_UP = 6  # a weak non-chord tone, reached by a step up
    NEAR_DOWN = 7
    PASS_UP = 8  # the second passing note running
    PASS_DOWN = 9
    DOUBLE_UP = 10  # the second of two neighbours: step inwards
    DOUBLE_DOWN = 11
    SAME = 12  # an anticipation: the same pitch again, as a chord tone
    SUSPENDED = 13
    RESOLVE = 14  # an appoggiatura
    RESOLVE_UP = 15  # an appoggiatura reached by a diminished leap
    RESOLVE_DOWN = 16
    WHOLE_UP = 17  # the raised sixth: a whole step up
    WHOLE_DOWN = 18  # the natural seventh: a whole step down
    APPROACH = 19  # a chromatic note: a minor second up or down


# Duties that bind the next note to one direction: the same duty mirrored.
_PAIRS = (
    (Duty.TURN_UP, Duty.TURN_DOWN),
    (Duty.BACK_UP, Duty.BACK_DOWN),
    (Duty.NEAR_UP, Duty.NEAR_DOWN),
    (Duty.PASS_UP, Duty.PASS_DOWN),
    (Duty.DOUBLE_UP, Duty.DOUBLE_DOWN),
    (Duty.RESOLVE_UP, Duty.RESOLVE_DOWN),
    (Duty.WHOLE_UP, Duty.WHOLE_DOWN),
)
_DOWNWARD = frozenset(down for _, down in _PAIRS)
_MIRROR_DUTY = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}
_MIRROR_KIND = {Kind.RISING: Kind.FALLING, Kind.FALLING: Kind.RISING}
# The rule that a duty belongs to: what is broken where no note follows to meet it.
OWED: Mapping[Duty, str] = MappingProxyType(
    {
        Duty.TURN_UP: INTERVAL,
        Duty.TURN_DOWN: INTERVAL,
        Duty.BACK_UP: CAMBIATA_RULE,
        Duty.BACK_DOWN: CAMBIATA_RULE,
        Duty.NEAR_UP: WEAK_RULE,
        Duty.NEAR_DOWN: WEAK_RULE,
        Duty.PASS_UP: PASSING_RULE,
        Duty.PASS_DOWN: PASSING_RULE,
        Duty.DOUBLE_UP: NEIGHBOUR_RULE,
        Duty.DOUBLE_DOWN: NEIGHBOUR_RULE,
        Duty.SAME: ANTICIPATION_RULE,
        Duty.SUSPENDED: SUSPENSION_RULE,
        Duty.RESOLVE: APPOGGIATURA_RULE,
        Duty.RESOLVE_UP: APPOGGIATURA_RULE,
        Duty.RESOLVE_DOWN: APPOGGIATURA_RULE,
        Duty.WHOLE_UP: PASSING_RULE,
        Duty.WHOLE_DOWN: PASSING_RULE,
        Duty.APPROACH: SCALE,
    }
)


def judge(
    kind: Kind, duty: Duty, move: Move, off: frozenset[str] = frozenset()
) -> tuple[Duty, frozenset[str]]:
    """The duty that a note leaves, and the rules it breaks.

    Of the rules in `off` none is broken, and none leaves a duty.
    """
    bound = INTERVAL not in off
    faults = {_unmet(kind, duty, move)}
    if move == Move.REFUSED:
        faults.add(INTERVAL)
    left, fault = _left(kind, duty, move, bound)
    faults.add(fault)
    if OWED.get(left) in off:
        left = Duty.FREE
    return left, frozenset(rule for rule in faults if rule is not None and rule not in off)


def _unmet(kind: Kind, duty: Duty, move: Move) -> str | None:
    """The rule that is broken because the last note's duty is not met."""
    if duty in (Duty.REST, Duty.FREE):
        return None
    if duty in _DOWNWARD:
        return _unmet(_MIRROR_KIND.get(kind, kind), _MIRROR_DUTY[duty], mirrored(move))
    consonant = kind in (Kind.CHORD, Kind.HELD)
    if duty == Duty.TURN_UP:
        return None if move in STEPS_UP else INTERVAL
    if duty == Duty.BACK_UP:
        return None if move in STEPS_UP else CAMBIATA_RULE
    if duty == Duty.SUSPENDED:
        falls = move in STEPS_DOWN or move == Move.HALF_UP
        return None if consonant and falls else SUSPENSION_RULE
    if duty == Duty.APPROACH:
        return None if consonant and move in HALVES else SCALE
    if duty == Duty.RESOLVE:
        return None if consonant and move in STEPS else APPOGGIATURA_RULE
    if duty == Duty.RESOLVE_UP:
        return None if consonant and move in STEPS_UP else APPOGGIATURA_RULE
    if _carried_on(kind, duty, move, consonant):
        return None
    return _missed(move) if duty == Duty.NEAR_UP else OWED[duty]


def _missed(move: Move) -> str:
    """The figure that a weak note, reached by a step up, comes nearest to by the way it is left."""
    if move == Move.REPEAT:
        return ANTICIPATION_RULE
    if move in STEPS_DOWN:
        return NEIGHBOUR_RULE
    if move == Move.THIRD_UP:
        return CAMBIATA_RULE
    down = Move.HALF_UP <= move <= Move.DIMINISHED_DOWN and move % 2 == 0
    return ESCAPE_RULE if down else PASSING_RULE


def _carried_on(kind: Kind, duty: Duty, move: Move, consonant: bool) -> bool:
    """Is a weak non-chord tone left as its name asks? Downward duties come here mirrored."""
    if duty == Duty.SAME:
        return consonant and move == Move.REPEAT
    if duty == Duty.DOUBLE_UP:
        return consonant and move in STEPS_UP
    onward = kind in (Kind.CHORD, Kind.HELD, Kind.PUSHED, Kind.WEAK)
    if duty == Duty.WHOLE_UP:
        return onward and move == Move.WHOLE_UP
    if kind == Kind.RISING:
        return move == Move.WHOLE_UP
    if move in STEPS_UP and onward:
        return True
    if duty == Duty.PASS_UP:
        return False
    # NEAR_UP: a neighbour goes back, an anticipation stays, an escape tone leaps back, a cambiata
    # leaps on by a third, a double neighbour leaps a third over the note between.
    if kind == Kind.WEAK:
        return move == Move.THIRD_DOWN
    return consonant and (
        move in (*STEPS_DOWN, Move.REPEAT, Move.THIRD_DOWN, Move.FOURTH_DOWN)
        or (move == Move.THIRD_UP and kind == Kind.CHORD)
    )


def _left(kind: Kind, duty: Duty, move: Move, bound: bool) -> tuple[Duty, str | None]:
    """The duty that a note of this kind leaves, and the rule broken by the way it is reached."""
    # A figure that is not reached so has its own rule; that it turns back is the interval's.
    narrow = move in DIMINISHED
    rising = move % 2 == 1
    if kind == Kind.CHORD:
        if narrow and bound:
            return (Duty.TURN_DOWN if rising else Duty.TURN_UP), None
        if duty == Duty.NEAR_UP and move == Move.THIRD_UP:
            return Duty.BACK_DOWN, None
        if duty == Duty.NEAR_DOWN and move == Move.THIRD_DOWN:
            return Duty.BACK_UP, None
        return Duty.FREE, None
    if kind == Kind.HELD:
        return Duty.SUSPENDED, SUSPENSION_RULE if narrow else None
    if kind == Kind.DRAGGED:
        return Duty.FREE, STRONG_RULE
    if kind == Kind.STRONG:
        if duty == Duty.REST:
            return Duty.RESOLVE, STRONG_RULE
        if move == Move.REPEAT:
            return Duty.SUSPENDED, None
        if narrow:
            return (Duty.RESOLVE_DOWN if rising else Duty.RESOLVE_UP), None
        return Duty.RESOLVE, None
    if kind in (Kind.CHROMATIC, Kind.LEANING):
        if kind == Kind.LEANING and duty == Duty.REST:
            return Duty.APPROACH, STRONG_RULE
        return Duty.APPROACH, WEAK_RULE if narrow else None
    if kind == Kind.RISING:
        reached = move == Move.WHOLE_UP and duty != Duty.REST
        return Duty.WHOLE_UP, None if reached else PASSING_RULE
    if kind == Kind.FALLING:
        reached = move == Move.WHOLE_DOWN and duty != Duty.REST
        return Duty.WHOLE_DOWN, None if reached else PASSING_RULE
    if narrow or (move == Move.REPEAT and duty != Duty.REST):
        return Duty.SAME, WEAK_RULE
    if kind == Kind.PUSHED:
        return Duty.FREE, None
    return _weak(duty, move), None


def _weak(duty: Duty, move: Move) -> Duty:
    """The duty of a weak non-chord tone: by how it is reached."""
    if duty in (Duty.NEAR_UP, Duty.PASS_UP, Duty.WHOLE_UP) and move in STEPS_UP:
        return Duty.PASS_UP
    if duty in (Duty.NEAR_DOWN, Duty.PASS_DOWN, Duty.WHOLE_DOWN) and move in STEPS_DOWN:
        return Duty.PASS_DOWN
    if duty == Duty.NEAR_UP and move == Move.THIRD_DOWN:
        return Duty.DOUBLE_UP
    if duty == Duty.NEAR_DOWN and move == Move.THIRD_UP:
        return Duty.DOUBLE_DOWN
    if duty != Duty.REST and move in STEPS:
        return Duty.NEAR_UP if move in STEPS_UP else Duty.NEAR_DOWN
    return Duty.SAME


def table(off: frozenset[str]) -> tuple[NDArray[np.int8], NDArray[np.uint16]]:
    """`judge` written out: (next duty, fault bits), each of shape (kinds, duties, moves)."""
    return _table(off.intersection(FAULTS))


@lru_cache(maxsize=64)
def _table(off: frozenset[str]) -> tuple[NDArray[np.int8], NDArray[np.uint16]]:
    shape = (len(Kind), len(Duty), len(Move))
    judged = [judge(*each, off) for each in product(Kind, Duty, Move)]
    bits = {rule: 1 << number for number, rule in enumerate(FAULTS)}
    duties = np.array([int(left) for left, _ in judged], np.int8)
    faults = np.array([sum(map(bits.__getitem__, broken)) for _, broken in judged], np.uint16)
    return duties.reshape(shape), faults.reshape(shape)
