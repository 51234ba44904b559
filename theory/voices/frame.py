"""The frame: four voices under a row of chords, led exactly.

Over all voicings of every chord, dynamic programming finds the sequence of least cost that breaks
no hard rule. Nothing is hidden from `voicing.admissible_voicing` and `transitions.broken`:
a row of voicings is feasible here if, and only if, each passes the one and each pair the other,
and the chords leave no six-four astray (`six_four`), which no voicing could mend.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from theory.chord import Chord
from theory.pitch import NoteName, Pitch
from theory.rules import RULES, check_language, check_rules
from theory.voices.conflict import smallest_conflict
from theory.voices.motion import MOTION_RULES
from theory.voices.six_four import strays
from theory.voices.transitions import BANNED, motion_costs, transitions
from theory.voices.voicing import (
    BASS,
    POINT,
    SOPRANO,
    SOPRANO_RANGE,
    VOICING_RULES,
    Candidates,
    Parts,
    Voicing,
    candidates,
    hard_rules,
    price,
)

Array: TypeAlias = np.ndarray[Any, Any]
Range: TypeAlias = tuple[Pitch, Pitch]

SIX_FOUR = "six-four"
# The cost of what cannot be reached; more than any row of allowed voicings.
UNREACHABLE = 10**12


@dataclass(frozen=True, slots=True)
class Rival:
    """The next best voicing of one chord: by how many points the best row with it is dearer."""

    voicing: Voicing
    margin: float


@dataclass(frozen=True, slots=True)
class Frame:
    """Chords led in four voices. `costs` has, for each chord, the points of arriving at it by rule
    or criterion; `total` is their sum. `runner_up` is the second best row's total, if there is one.
    `rivals`, if they were asked for, are the next best voicing of each chord, None where there is
    no other.
    """

    chords: tuple[Chord, ...]
    voicings: tuple[Voicing, ...]
    costs: tuple[Mapping[str, float], ...]
    total: float
    runner_up: float | None
    rivals: tuple[Rival | None, ...] = ()


class NoVoicing(ValueError):  # noqa: N818 (it is what it says)
    """No row of voicings is legal. `chords` are the numbers, from 0, of the shortest passage that
    cannot be set; `rules` the fewest hard rules that no setting of it keeps together."""

    def __init__(self, chords: tuple[int, ...], rules: tuple[str, ...], sentence: str) -> None:
        super().__init__(sentence)
        self.chords = chords
        self.rules = rules


class _Stuck(Exception):  # noqa: N818 (it never leaves this module)
    """The chord, from 0, that no legal way reaches."""

    def __init__(self, chord: int) -> None:
        super().__init__(chord)
        self.chord = chord


def lead(
    chords: Sequence[Chord],
    *,
    language: str = "strict",
    soprano: Sequence[Collection[Pitch] | None] | None = None,
    bass: Sequence[Pitch | None] | None = None,
    soprano_range: Range = SOPRANO_RANGE,
    targets: Sequence[float | None] | None = None,
    target_weight: float | Sequence[float] = 0.5,
    within: Sequence[tuple[float, float] | None] | None = None,
    within_weight: float = 3.0,
    wanted: Sequence[Collection[NoteName] | None] | None = None,
    wanted_weight: float = 15.0,
    off: frozenset[str] = frozenset(),
    rivals: bool = False,
) -> Frame:
    """Lead four voices through chords at least cost under the language's hard rules.

    `soprano` gives, for each chord, the pitches its soprano may sing, and `bass` the bass's pitch
    (None: any). Three wishes cost points where they are not met: `targets`, soprano heights in MIDI
    numbers, `target_weight` for each semitone away
    (one for all chords, or one each); `within`, lowest and highest MIDI number for
    the soprano, `within_weight` for each semitone outside; `wanted`, notes on one of which the
    soprano should be (a cadence's root), `wanted_weight` if it is not. Rules named in `off` are
    neither kept nor counted. `rivals` asks for the next best voicing of each chord. Ties go to the
    voicing that comes first, so the same chords always give the same frame.

    Raises NoVoicing where no row of voicings is legal, ValueError for an empty row, for lists
    whose lengths differ, for an empty range and for an unknown language or rule.
    """
    chords = tuple(chords)
    if not chords:
        raise ValueError("chords: there are no chords to lead voices through")
    wrong = [chord for chord in chords if not isinstance(chord, Chord)]
    if wrong:
        raise ValueError(f"chords: {wrong[0]!r} is no chord; read one with Chord.parse")
    check_language(language)
    check_rules("off", off)
    if soprano_range[0].midi > soprano_range[1].midi:
        raise ValueError(f"soprano_range: {soprano_range[0]} is above {soprano_range[1]}")
    if isinstance(target_weight, float | int):
        target_weight = [target_weight] * len(chords)
    lists = {
        "soprano": soprano, "bass": bass, "targets": targets, "within": within, "wanted": wanted
    }  # fmt: skip
    for name, given in lists.items():
        if given is not None and len(given) != len(chords):
            raise ValueError(
                f"{name}: {len(given)} constraints were given for {len(chords)} chords"
            )
    stray = _stray(chords, language, off)
    found = [candidates(chord, language, off, soprano_range) for chord in chords]
    chosen = [
        _allowed(row, soprano[k] if soprano else None, bass[k] if bass else None)
        for k, row in enumerate(found)
    ]
    wishes = [
        _wish(row, targets[k] if targets else None, target_weight[k])
        + _outside(row, within[k] if within else None, within_weight)
        + _unwanted(row, wanted[k] if wanted else None, wanted_weight)
        for k, row in enumerate(found)
    ]
    try:
        path, runner_up = _search(chords, found, chosen, wishes, language, off, soprano_range)
    except _Stuck as stuck:
        failed = chords[: stuck.chord + 1]
        raise _refusal(failed, soprano, bass, language, off, soprano_range) from None
    voicings = tuple(row.voicing(number) for row, number in zip(found, path, strict=True))
    costs = [_costs(chords, voicings, k, language, off, soprano_range) for k in range(len(chords))]
    for k, number in enumerate(path):
        if wish := int(wishes[k][number]):
            costs[k]["wish"] = wish
        if extra := stray.get(k, 0):
            costs[k][SIX_FOUR] = costs[k].get(SIX_FOUR, 0) + extra
    total = sum(sum(row.values()) for row in costs)
    # Whichever way they are led, these chords cost that much.
    always = sum(stray.values())
    beside: tuple[Rival | None, ...] = ()
    if rivals:
        own = [
            row.costs[few] + wish[few] for row, few, wish in zip(found, chosen, wishes, strict=True)
        ]
        steps = [
            transitions(one, other, language, off, soprano_range)[np.ix_(chosen[k], chosen[k + 1])]
            for k, (one, other) in enumerate(pairwise(chords))
        ]
        beside = _rivals(own, steps, found, chosen, path)
    return Frame(
        chords,
        voicings,
        tuple({name: cost / POINT for name, cost in row.items() if cost} for row in costs),
        total / POINT,
        None if runner_up is None else (runner_up + always) / POINT,
        beside,
    )


def _rivals(
    own: list[Array],
    steps: list[Array],
    found: list[Candidates],
    chosen: list[Array],
    path: list[int],
) -> tuple[Rival | None, ...]:
    """For each chord the voicing, other than the path's, whose best row is the cheapest.

    The least cost of a row through a voicing is that of reaching it and that of going on from it.
    """
    reached = [own[0]]
    for cost, step in zip(own[1:], steps, strict=True):
        reached.append((reached[-1][:, None] + step).min(axis=0) + cost)
    onward = [np.zeros(len(own[-1]), dtype=np.int64)]
    for cost, step in zip(reversed(own[1:]), reversed(steps), strict=True):
        onward.append((step + (cost + onward[-1])[None, :]).min(axis=1))
    rivals: list[Rival | None] = []
    for k, (there, after) in enumerate(zip(reached, reversed(onward), strict=True)):
        rows = there + after
        mine = int(np.flatnonzero(chosen[k] == path[k])[0])
        least = int(rows[mine])
        rows[mine] = UNREACHABLE
        next_best = int(rows.argmin())
        if rows[next_best] >= BANNED:
            rivals.append(None)
            continue
        voicing = found[k].voicing(int(chosen[k][next_best]))
        rivals.append(Rival(voicing, (int(rows[next_best]) - least) / POINT))
    return tuple(rivals)


def _stray(chords: tuple[Chord, ...], language: str, off: frozenset[str]) -> dict[int, int]:
    """What each chord costs, in hundredths of a point, that leaves a stray six-four behind it.

    Raises NoVoicing where the rule is hard: no voices can mend what the chords are.
    """
    if SIX_FOUR in off:
        return {}
    found = strays(chords)
    if found and RULES[SIX_FOUR].binds(language):
        k = found[0]
        romans = " ".join(chord.roman for chord in chords[k - 2 : k + 1])
        sentence = (
            f"chord {k} of {romans} is a six-four that neither passes nor stays on a pedal nor "
            f"goes to a chord on its bass; a hard rule of {language} forbids it: {SIX_FOUR}"
        )
        raise NoVoicing((k - 2, k - 1, k), (SIX_FOUR,), sentence)
    return dict.fromkeys(found, round(POINT * RULES[SIX_FOUR].weight))


def _allowed(row: Candidates, soprano: Collection[Pitch] | None, bass: Pitch | None) -> Array:
    """The numbers of the candidates that a constraint leaves."""
    keep = np.ones(len(row), dtype=bool)
    if soprano is not None:
        wanted = np.array([pitch in soprano for pitch in row.pitches[SOPRANO]], dtype=bool)
        keep &= wanted[row.index[:, SOPRANO]]
    if bass is not None:
        wanted = np.array([pitch == bass for pitch in row.pitches[BASS]], dtype=bool)
        keep &= wanted[row.index[:, BASS]]
    return np.flatnonzero(keep)


def _wish(row: Candidates, target: float | None, weight: float) -> Array:
    if target is None:
        return np.zeros(len(row), dtype=np.int64)
    away: Array = np.abs(row.parts.midi[SOPRANO] - target)
    points: Array = np.rint(away * weight * POINT).astype(np.int64)
    return points


def _outside(row: Candidates, bounds: tuple[float, float] | None, weight: float) -> Array:
    if bounds is None:
        return np.zeros(len(row), dtype=np.int64)
    sung = row.parts.midi[SOPRANO]
    away: Array = np.maximum(bounds[0] - sung, 0) + np.maximum(sung - bounds[1], 0)
    points: Array = np.rint(away * weight * POINT).astype(np.int64)
    return points


def _unwanted(row: Candidates, notes: Collection[NoteName] | None, weight: float) -> Array:
    if notes is None:
        return np.zeros(len(row), dtype=np.int64)
    price = [0 if pitch.note in notes else round(weight * POINT) for pitch in row.pitches[SOPRANO]]
    points: Array = np.array(price, dtype=np.int64)[row.index[:, SOPRANO]]
    return points


def _search(
    chords: tuple[Chord, ...],
    found: list[Candidates],
    chosen: list[Array],
    wishes: list[Array],
    language: str,
    off: frozenset[str],
    soprano_range: Range,
) -> tuple[list[int], int | None]:
    """The best row of candidates' numbers, and the second best row's cost.

    Two messages a candidate: the least cost of reaching it, and the second least.
    """
    if not len(chosen[0]):
        raise _Stuck(0)
    first = found[0].costs[chosen[0]] + wishes[0][chosen[0]]
    second = np.full(len(first), UNREACHABLE, dtype=np.int64)
    back: list[Array] = []
    for k in range(1, len(chords)):
        rows, columns = chosen[k - 1], chosen[k]
        if not len(columns):
            raise _Stuck(k)
        table = transitions(chords[k - 1], chords[k], language, off, soprano_range)
        if len(rows) < len(found[k - 1]) or len(columns) < len(found[k]):
            table = table[np.ix_(rows, columns)]
        through = table + first[:, None]
        best = through.argmin(axis=0)
        every = np.arange(len(columns))
        own = found[k].costs[columns] + wishes[k][columns]
        reached = through[best, every]
        # The second best way comes through another voicing, or through the best one's second.
        again = second[best] + table[best, every]
        through[best, every] = UNREACHABLE
        runner = np.minimum(through.min(axis=0), again)
        alive = reached < BANNED
        if not alive.any():
            raise _Stuck(k)
        first = np.where(alive, reached + own, UNREACHABLE)
        second = np.where(runner < BANNED, runner + own, UNREACHABLE)
        back.append(best)
    last = int(first.argmin())
    others = np.delete(first, last)
    runner_up = min(int(second[last]), int(others.min()) if len(others) else UNREACHABLE)
    path = [last]
    for best in reversed(back):
        path.append(int(best[path[-1]]))
    path.reverse()
    numbers = [int(chosen[k][number]) for k, number in enumerate(path)]
    return numbers, None if runner_up >= UNREACHABLE else runner_up


def _costs(
    chords: tuple[Chord, ...],
    voicings: tuple[Voicing, ...],
    k: int,
    language: str,
    off: frozenset[str],
    soprano_range: Range,
) -> dict[str, int]:
    own = price(Parts.of(voicings[k]), chords[k], language, off, soprano_range)
    costs = {name: int(cost) for name, cost in own.items()}
    if k:
        going = motion_costs(voicings[k - 1], chords[k - 1], voicings[k], chords[k], language, off)
        for name, cost in going.items():
            costs[name] = costs.get(name, 0) + cost
    return costs


def _refusal(
    chords: tuple[Chord, ...],
    soprano: Sequence[Collection[Pitch] | None] | None,
    bass: Sequence[Pitch | None] | None,
    language: str,
    off: frozenset[str],
    soprano_range: Range,
) -> NoVoicing:
    """Say which rules stop the way to the last of some chords."""

    def chosen(number: int, row: Candidates) -> Array:
        return _allowed(row, soprano[number] if soprano else None, bass[number] if bass else None)

    k = len(chords) - 1
    first, rules = smallest_conflict(chords, chosen, language, off, soprano_range) or (
        0,
        hard_rules((*VOICING_RULES, *MOTION_RULES), language, off),
    )
    if first == k:
        asked = " under the soprano and bass that were asked for" if soprano or bass else ""
        where = f"chord {k + 1} ({chords[k].roman}) has no legal voicing{asked}"
    elif first == k - 1:
        where = (
            f"chord {k} ({chords[k - 1].roman}) cannot go on to chord {k + 1} ({chords[k].roman})"
        )
    else:
        romans = " ".join(chord.roman for chord in chords[first:])
        where = f"chords {first + 1} to {k + 1} ({romans}) cannot be led"
    together = " together" if len(rules) > 1 else ""
    why = (
        f"no way keeps the hard rules of {language}{together}: {', '.join(rules)}"
        if rules
        else "a pitch that was asked for is none of its notes"
    )
    return NoVoicing(tuple(range(first, k + 1)), rules, f"{where}; {why}")
