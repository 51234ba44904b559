"""Motifs: a rhythm and a diatonic contour that a listener can hold on to.

The contour is drawn against the shape that the skyline has over the motif's place, with the
intervals that tunes are made of: mostly steps, one leap that is its mark, a turn after the leap.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from composer.melody.rhythm import Wanted, draw
from composer.values import Motif
from theory.noise import Noise

CANDIDATES = 32
# How often tunes move by so many letters (unison, step, third, fourth, fifth, sixth, octave).
MOVES = {0: 1.2, 1: 5.0, 2: 2.4, 3: 1.0, 4: 0.7, 5: 0.25, 7: 0.12}
WIDEST = 7  # letters between the lowest and the highest note of a motif
LEAP = 3  # letters: a fourth or more is a leap

FOLLOW_WEIGHT = 0.25
MARK_WEIGHT = 2.0
STATIC_WEIGHT = 1.0
TURN_WEIGHT = 1.0


def make_motif(
    name: str, wanted: Wanted, shape: Sequence[float], noise: Noise, *place: object
) -> Motif:
    """Draw a motif. `shape` is the wished contour over its bars, in semitones, evenly sampled."""
    rhythm = draw(wanted, noise, "rhythm", name, *place)
    places = _places(rhythm, len(shape))
    wish = [(shape[at] - shape[places[0]]) * 7 / 12 for at in places]
    candidates = [_steps(len(rhythm), wish, noise, (name, *place, i)) for i in range(CANDIDATES)]
    steps = min(candidates, key=lambda candidate: _cost(candidate, wish))
    return Motif(name, rhythm, steps)


def _places(rhythm: Sequence[int], samples: int) -> list[int]:
    total = sum(rhythm)
    onset, places = 0, []
    for ticks in rhythm:
        places.append(min(samples - 1, onset * samples // total))
        onset += ticks
    return places


def _steps(
    count: int, wish: Sequence[float], noise: Noise, place: tuple[object, ...]
) -> tuple[int, ...]:
    steps = [0]
    for index in range(1, count):
        weights: dict[int, float] = {}
        for size, weight in MOVES.items():
            for move in {size, -size}:
                now = steps[-1] + move
                if max(*steps, now) - min(*steps, now) > WIDEST:
                    continue
                last = steps[-1] - steps[-2] if index > 1 else 0
                if abs(last) >= LEAP and (abs(move) >= LEAP or move * last > 0):
                    continue  # a leap is followed by a turn or by rest
                distance = abs(now - wish[index])
                weights[move] = weight / (1.0 + FOLLOW_WEIGHT * distance**2)
        steps.append(steps[-1] + noise.pick(weights, "step", *place, index))
    return tuple(steps)


def _cost(steps: Sequence[int], wish: Sequence[float]) -> float:
    moves = [after - before for before, after in pairwise(steps)]
    cost = FOLLOW_WEIGHT * sum(abs(a - b) for a, b in zip(steps, wish, strict=True)) / len(steps)
    leaps = sum(abs(move) >= 2 for move in moves)
    cost += MARK_WEIGHT * abs(leaps - 1) if len(moves) < 6 else MARK_WEIGHT * abs(leaps - 2) / 2
    cost += STATIC_WEIGHT * sum(move == 0 for move in moves)
    # A line that turns at every note wanders; one that never turns is a scale.
    turns = sum(a * b < 0 for a, b in pairwise(moves))
    return cost + TURN_WEIGHT * abs(turns - max(1, len(moves) // 3))
