"""Nothing illegal and no dead end, whatever the weights want: trained, random, or hating the plan.

Every particle sings a whole phrase, so every particle's is judged, by the oracle of the automaton's
tests, which shares no code with it.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from neural import vocabulary as words
from neural.decoder import Decoder
from neural.guide import Guide
from neural.model import MelodyModel, weights_of
from neural.network import Network
from neural.particles import Particles, PhraseWords
from neural.sung import Past
from neural.voice import NetworkVoice
from neural.weights import Config, Weights, read
from tests.theory.melody.contexts import random_context
from tests.theory.melody.oracle import violations
from theory.melody import Automaton, Event
from theory.melody.batch import BatchAutomaton
from theory.noise import Noise

SMALL = Config(width=64, layers=2, heads=4, inner=96)
PARTICLES = 16


def random_weights() -> Weights:
    return weights_of(random_model())


def random_model(seed: int = 0, spread: float = 0.2) -> MelodyModel:
    torch.manual_seed(seed)
    model = MelodyModel(SMALL)
    for parameter in model.parameters():
        parameter.data += spread * torch.randn_like(parameter)
    return model


def hating_weights() -> Weights:
    """It wants chromatic notes far out, a semibreve and more of each, and is sure of it."""
    model = random_model(1, 0.5)
    number = torch.arange(words.PITCHES)
    altered = number % words.ALTERS != words.ALTERS // 2
    model.pitch_bias.data[: words.PITCHES] = torch.where(altered, 60.0, -60.0)
    model.length_out.bias.data[:] = torch.from_numpy(words.DURATIONS > 96).float() * 80
    return weights_of(model)


def sung(decoder: Decoder, automaton: Automaton, seed: int) -> set[tuple[Event, ...]]:
    """Every particle's phrase, after a few notes of another phrase."""
    context = automaton.context
    chords = tuple((span.start, span.end, span.chord) for span in context.spans)
    guide = Guide(context.key, context.metre, chords, ((context.start, context.end),))
    names = PhraseWords(automaton, context.key)
    low, high = context.compass
    past = [Past(context.start - 96, 48, low), Past(context.start - 48, 24, high)]
    pitches = (*automaton.pitches, None)
    particles = Particles(BatchAutomaton(automaton), names, PARTICLES, Noise(seed), seed)
    voice = NetworkVoice(decoder, automaton, names, guide, past, 0, PARTICLES, 1.0)
    standing = particles.sing(voice).standing
    return {
        tuple(
            Event(pitches[standing.pitches[row, at]], automaton.durations[duration])
            for at, duration in enumerate(standing.durations[row, : standing.counts[row]].tolist())
        )
        for row in range(PARTICLES)
    }


def prove(weights: Weights, phrases: int) -> None:
    """Sing so many different phrases; every one is legal and complete."""
    decoder, judged, seed = Decoder(Network(weights)), 0, 0
    while judged < phrases:
        context = random_context(seed, bars=random.Random(seed).choice((1, 2, 2, 3)))
        automaton = Automaton(context)
        for events in sung(decoder, automaton, seed):
            assert violations(context, events) == set(), (seed, events)
            assert sum(event.ticks for event in events) == context.end - context.start
            judged += 1
        seed += 1


@pytest.mark.parametrize("make", [random_weights, hating_weights, read])
def test_60_phrases_are_legal(make: object) -> None:
    prove(make(), 60)


@pytest.mark.slow
@pytest.mark.parametrize("make", [random_weights, hating_weights, read])
def test_10_000_phrases_are_legal(make: object) -> None:
    prove(make(), 10_000)


def test_what_hates_the_plan_has_little_left() -> None:
    context = random_context(5)
    automaton = Automaton(context)
    names = PhraseWords(automaton, context.key)
    decoder = Decoder(Network(hating_weights()))
    guide = Guide(context.key, context.metre)
    particles = Particles(BatchAutomaton(automaton), names, 1, Noise(0), 0)
    voice = NetworkVoice(decoder, automaton, names, guide, (), 0, 1, 1.0)
    crowd = particles.sing(voice)
    joint = voice.joint(0, int(crowd.standing.counts[0]))
    wanted = joint[:, names.pitches][:, :, names.durations]
    assert np.all(wanted.sum(axis=(1, 2)) < 1e-6)
