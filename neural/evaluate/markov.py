"""A small Markov model of melody whose legal melodies have an exact distribution.

It proposes the next event from the last pitch alone, so the automaton's state is all that its
future depends on: belief propagation over these states gives the model's distribution *given* that
the phrase is legal, and what plain masking makes of it. The sampler is held against both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neural.particles import Floats, Ints, log_sum
from neural.sung import Standing
from theory.melody import Automaton
from theory.melody.batch import BatchAutomaton, States
from theory.melody.grammar import Duty

# Measured on the 1,066,138 notes of the training tunes: moves in letters, degrees of the scale,
# notes outside the scale, lengths in ticks, and how many events are rests.
MOVES: Mapping[int, float] = {
    -7: 0.0027,
    -6: 0.0022,
    -5: 0.0082,
    -4: 0.0159,
    -3: 0.0293,
    -2: 0.1181,
    -1: 0.2589,
    0: 0.1736,
    1: 0.2167,
    2: 0.0927,
    3: 0.0421,
    4: 0.016,
    5: 0.0123,
    6: 0.0041,
    7: 0.0053,
}
FARTHER = 0.0002
DEGREES = (0.2097, 0.15, 0.1771, 0.0937, 0.1885, 0.1043, 0.0766)
CHROMATIC = 0.0163
LENGTHS: Mapping[int, float] = {
    6: 0.1907,
    8: 0.0149,
    12: 0.4951,
    18: 0.0424,
    24: 0.1743,
    36: 0.0245,
    48: 0.0268,
    72: 0.0047,
    96: 0.0021,
}
RESTS = 0.0376


class Markov:
    """The model as a proposer of particles: p(pitch | pitch before) · p(duration).

    table: log-probabilities, (pitches before + none, durations, pitches + rest), each row one
    distribution over the automaton's vocabulary.
    """

    def __init__(self, automaton: Automaton) -> None:
        key, pitches = automaton.context.key, automaton.pitches
        heights = np.array([pitch.height for pitch in pitches])
        tonic = key.tonic.at(4).height
        degrees = (heights - tonic) % 7
        own = np.array([key.degree(int(degree)) for degree in degrees], object)
        inside = np.array([p.note == note for p, note in zip(pitches, own, strict=True)])
        fits = np.array(DEGREES)[degrees] * np.where(inside, 1 - CHROMATIC, CHROMATIC)
        moves = heights[None, :] - heights[:, None]
        near = np.array([[MOVES.get(int(move), FARTHER) for move in row] for row in moves])
        sung = np.vstack([near * fits, fits])
        sung *= (1 - RESTS) / sung.sum(axis=1, keepdims=True)
        every = np.hstack([sung, np.full((len(sung), 1), RESTS)])
        lasts = np.array([LENGTHS[ticks] for ticks in automaton.durations])
        self.table: Floats = np.log(every[:, None, :] * (lasts / lasts.sum())[None, :, None])

    def propose(self, rows: Ints, standing: Standing) -> Floats:
        found: Floats = self.table[standing.places[rows]]
        return found

    def keep(self, rows: Ints) -> None:
        """It remembers nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """All states that a phrase can be in at one tick, and the events that lead on from them."""

    states: States
    source: Ints
    target: Ints
    goal: Ints  # the tick of the target
    pitch: Ints
    log: Floats
    left: Floats  # by source: the log of the mass that the constraints leave


class Exact:
    """The exact distribution of a Markov model's legal melodies, and of masked ones.

    `log_mass` is the log of the model's mass on all legal phrases.
    """

    def __init__(self, many: BatchAutomaton, model: Markov) -> None:
        self.many, self.model = many, model
        self.end = many.automaton.context.end
        self.levels = self._forward()
        self.onward = self._backward()
        self.log_mass = float(self.onward[many.automaton.context.start][0])

    def _forward(self) -> dict[int, _Level]:
        """Every reachable state, tick by tick."""
        many = self.many
        codes = many.automaton.structure.codes
        waiting: dict[int, list[States]] = {many.automaton.context.start: [many.start(1)]}
        numbers: dict[int, Ints] = {}
        found: dict[int, _Level] = {}
        edges: dict[int, list[Ints]] = {}
        while waiting:
            tick = min(waiting)
            states = _joined(waiting.pop(tick))
            key = (states.places * len(Duty) + states.duties) * codes + states.codes
            numbers[tick], first = np.unique(key, return_index=True)
            states = states[first]
            if tick == self.end:
                edges[tick] = []
                continue
            allowed = many.allowed(states)
            logs = self.model.table[states.places]
            left = log_sum(np.where(allowed, logs, -np.inf))
            source, duration, pitch = np.nonzero(allowed)
            after = many.follow(states[source], duration, pitch)
            for goal in np.unique(after.ticks).tolist():
                waiting.setdefault(goal, []).append(after[after.ticks == goal])
            target = (after.places * len(Duty) + after.duties) * codes + after.codes
            found[tick] = _Level(
                states, source, target, after.ticks, pitch, logs[source, duration, pitch], left
            )
        return {tick: self._numbered(level, numbers) for tick, level in found.items()}

    def _numbered(self, level: _Level, numbers: Mapping[int, Ints]) -> _Level:
        """The same with targets as numbers within their tick."""
        target = level.target.copy()
        for goal in np.unique(level.goal).tolist():
            there = level.goal == goal
            target[there] = np.searchsorted(numbers[goal], target[there])
        return _Level(
            level.states, level.source, target, level.goal, level.pitch, level.log, level.left
        )

    def _backward(self) -> dict[int, Floats]:
        """For every state the log of the model's mass on legal ways to the end."""
        size = 1 + max(
            int(level.target[level.goal == self.end].max(initial=-1))
            for level in self.levels.values()
        )
        found: dict[int, Floats] = {self.end: np.zeros(size)}
        for tick in sorted(self.levels, reverse=True):
            level = self.levels[tick]
            logs = level.log + self._after(level, found)
            total = np.full(len(level.states.ticks), -np.inf)
            np.logaddexp.at(total, level.source, logs)
            found[tick] = total
        return found

    @staticmethod
    def _after(level: _Level, values: Mapping[int, Floats]) -> Floats:
        """A value of each edge's target."""
        found = np.zeros(len(level.target))
        for goal in np.unique(level.goal).tolist():
            there = level.goal == goal
            found[there] = values[goal][level.target[there]]
        return found

    def events(self, masked: bool = False) -> tuple[NDArray[np.float64], float]:
        """Probabilities of each pitch (or rest) sounding at each tick, (ticks, pitches + 1), in the
        exact conditional or, `masked`, where each event is drawn from what the mask leaves; and the
        Kullback-Leibler divergence of the one from the exact, in nats."""
        automaton = self.many.automaton
        start = automaton.context.start
        sounding = np.zeros((self.end - start, automaton.count + 1))
        mass: dict[int, Floats] = {
            tick: np.zeros(len(values)) for tick, values in self.onward.items()
        }
        mass[start][0] = 1.0
        divergence = self.log_mass if masked else 0.0
        for tick in sorted(self.levels):
            level = self.levels[tick]
            if masked:
                divergence -= float((mass[tick] * level.left).sum())
                step = level.log - level.left[level.source]
            else:
                step = level.log + self._after(level, self.onward) - self.onward[tick][level.source]
            share = mass[tick][level.source] * np.exp(step)
            for goal in np.unique(level.goal).tolist():
                there = level.goal == goal
                np.add.at(mass[goal], level.target[there], share[there])
                heard = np.bincount(level.pitch[there], share[there], automaton.count + 1)
                sounding[tick - start : goal - start] += heard
        return sounding, divergence


def _joined(many: list[States]) -> States:
    return States(
        np.concatenate([each.ticks for each in many]),
        np.concatenate([each.places for each in many]),
        np.concatenate([each.duties for each in many]),
        np.concatenate([each.codes for each in many]),
    )
