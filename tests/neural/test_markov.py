"""The exact conditional against enumeration, and the sampler against the exact conditional."""

from __future__ import annotations

import numpy as np
import pytest

from neural.evaluate import constraints
from neural.evaluate.markov import Exact, Markov
from neural.particles import Particles, PhraseWords
from tests.theory.melody.contexts import context
from theory.melody import Automaton, State
from theory.melody.automaton import Event
from theory.melody.batch import BatchAutomaton
from theory.noise import Noise
from theory.scale import Key

SMALL = [
    context("I V6", lengths=(48, 48), durations=(24,), compass="G4 E5", metre="2/4"),
    context("V7 I", lengths=(36, 36), durations=(12, 24, 36), compass="D4 G4", metre="6/8"),
    context(
        "V i",
        key=Key.of("A", "aeolian"),
        lengths=(36, 24),
        durations=(12, 24),
        compass="E4 A4",
        metre="2/4",
    ),
]


def enumerated(
    automaton: Automaton, model: Markov
) -> list[tuple[tuple[tuple[int, int], ...], float, float]]:
    """Every legal melody as (pitch, ticks): its log-probability, and what masking draws it with."""
    found = []
    stack: list[tuple[State, tuple[tuple[int, int], ...], float, float]] = [
        (automaton.start(), (), 0.0, 0.0)
    ]
    while stack:
        state, sung, log, masked = stack.pop()
        if automaton.can_end(state):
            found.append((sung, log, masked))
            continue
        place = automaton.count if state.pitch is None else automaton.number[state.pitch]
        allowed, table = automaton.allowed(state), model.table[place]
        left = np.log(np.exp(table)[allowed].sum())
        for row, column in np.argwhere(allowed).tolist():
            pitch = automaton.pitches[column] if column < automaton.count else None
            after = automaton.advance(state, Event(pitch, automaton.durations[row]))
            own = float(table[row, column])
            sung_ = (*sung, (column, automaton.durations[row]))
            stack.append((after, sung_, log + own, masked + own - left))
    return found


@pytest.mark.parametrize("number", range(len(SMALL)))
def test_belief_propagation_is_enumeration(number: int) -> None:
    automaton = Automaton(SMALL[number])
    many, model = BatchAutomaton(automaton), Markov(automaton)
    exact = Exact(many, model)
    melodies = enumerated(automaton, model)
    logs = np.array([log for _, log, _ in melodies])
    drawn = np.array([masked for *_, masked in melodies])
    mass = np.logaddexp.reduce(logs)
    assert exact.log_mass == pytest.approx(mass)
    assert np.exp(drawn).sum() == pytest.approx(1)
    divergence = float((np.exp(drawn) * (drawn - (logs - mass))).sum())
    for masked, chances in ((False, np.exp(logs - mass)), (True, np.exp(drawn))):
        wanted = np.zeros((SMALL[number].end, automaton.count + 1))
        for (sung, *_), chance in zip(melodies, chances.tolist(), strict=True):
            wanted[np.arange(len(wanted)), np.repeat(*np.array(sung).T)] += chance
        found, away = exact.events(masked)
        assert np.allclose(found, wanted)
        assert away == pytest.approx(divergence if masked else 0.0)


def test_the_model_is_a_distribution() -> None:
    model = Markov(Automaton(SMALL[1]))
    assert np.allclose(np.exp(model.table).sum(axis=(1, 2)), 1)


def test_the_sampler_estimates_the_mass_without_bias_and_nears_the_exact_conditional() -> None:
    automaton = Automaton(context("I V I", metre="2/4", compass="B3 D5", durations=(12, 24, 48)))
    many, model = BatchAutomaton(automaton), Markov(automaton)
    exact, names = Exact(many, model), PhraseWords(automaton, automaton.context.key)
    wanted, _ = exact.events()
    away, short = [], []
    for count in (1, 16):
        runs = 300
        crowds = [Particles(many, names, count, Noise(0), run).sing(model) for run in range(runs)]
        masses = np.exp([crowd.log_weight - exact.log_mass for crowd in crowds])
        error = masses.std() / np.sqrt(runs)
        assert abs(masses.mean() - 1) < 4 * error
        short.append(-np.log(masses).mean())
        heard = sum(constraints._heard(many, crowd) for crowd in crowds) / runs
        away.append(np.abs(heard - wanted).sum(axis=1).mean() / 2)
    assert short[1] < short[0] / 4
    assert away[1] < away[0] / 2


def test_the_table_holds_masking_against_more_particles() -> None:
    table = constraints.distances(runs=2, counts=(1, 4))
    names = [line.name for line in table.lines]
    assert names == ["masking, exactly", "1 particle", "4 particles", "2 exact draws"]
    divergence = table.lines[0].figures[0]
    assert divergence is not None
    assert divergence > 1
    assert "nats" in str(table)
