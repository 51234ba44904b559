"""Singing under constraints: nothing illegal, no dead end, the same notes from the same seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from neural.guide import Guide
from neural.model import MelodyModel, weights_of
from neural.sample import Past, SampledPhrase, Singer, Standing
from neural.weights import Config, Weights
from tests.theory.melody.contexts import random_context
from tests.theory.melody.oracle import violations
from theory.melody import Automaton, HarmonicContext
from theory.noise import Noise

SMALL = Config(width=64, layers=2, heads=4, inner=96)


@pytest.fixture(scope="module")
def weights() -> Weights:
    torch.manual_seed(0)
    model = MelodyModel(SMALL)
    for parameter in model.parameters():
        parameter.data += 0.2 * torch.randn_like(parameter)
    return weights_of(model)


@pytest.fixture(scope="module")
def singer(weights: Weights) -> Singer:
    return Singer(weights)


def guide_of(context: HarmonicContext) -> Guide:
    chords = tuple((span.start, span.end, span.chord) for span in context.spans)
    return Guide(context.key, context.metre, chords, ((context.start, context.end),))


def sung(
    singer: Singer, context: HarmonicContext, seed: int = 0, **wishes: object
) -> SampledPhrase:
    automaton = Automaton(context)
    return singer.sing(automaton, guide_of(context), (), Noise(seed), "test", **wishes)


@pytest.mark.parametrize("seed", range(30))
def test_every_phrase_is_legal_and_complete(singer: Singer, seed: int) -> None:
    context = random_context(seed)
    found = sung(singer, context, seed)
    assert violations(context, found.events) == set()
    automaton = Automaton(context)
    state = automaton.start()
    for event, proposal in zip(found.events, found.proposals, strict=True):
        assert (proposal.event, proposal.before) == (event, state)
        allowed = automaton.allowed(state)
        assert 0 < proposal.share <= proposal.wanted_share <= 1
        assert proposal.share <= proposal.allowed + 1e-9 <= 1 + 2e-9
        if proposal.runner_up is not None:
            row = automaton.durations.index(proposal.runner_up.ticks)
            pitch = proposal.runner_up.pitch
            assert allowed[row, automaton.count if pitch is None else automaton.number[pitch]]
            assert proposal.runner_up != event
        state = automaton.advance(state, event)
    assert automaton.can_end(state)
    assert state == found.end


@pytest.mark.parametrize("particles", [1, 3, 8, 20])
def test_any_number_of_particles_sings(weights: Weights, particles: int) -> None:
    context = random_context(7)
    found = sung(Singer(weights, particles), context)
    assert violations(context, found.events) == set()
    assert np.isfinite(found.log_weight)


def test_a_tilt_hates_what_may_be_sung_and_it_is_sung_all_the_same(singer: Singer) -> None:
    for seed in range(10):
        context = random_context(seed)
        automaton = Automaton(context)

        def hates(standing: Standing, automaton: Automaton = automaton) -> np.ndarray:
            shape = (len(standing.ticks), len(automaton.durations), automaton.count + 1)
            return np.full(shape, np.inf)

        found = sung(singer, context, seed, tilt=hates)
        assert violations(context, found.events) == set()


def rests(cost: float, automaton: Automaton) -> Callable[[Standing], np.ndarray]:
    """A tilt against rests, or for them."""

    def tilt(standing: Standing) -> np.ndarray:
        costs = np.zeros((len(standing.ticks), len(automaton.durations), automaton.count + 1))
        costs[..., -1] = cost
        return costs

    return tilt


def test_a_tilt_is_heard(singer: Singer) -> None:
    context = random_context(3)
    automaton = Automaton(context)
    for seed in range(5):
        none = sung(singer, context, seed, tilt=rests(30.0, automaton)).events
        some = sung(singer, context, seed, tilt=rests(-30.0, automaton)).events
        assert all(event.pitch is not None for event in none)
        assert any(event.pitch is None for event in some)


def test_the_same_seed_sings_the_same_and_another_another(singer: Singer) -> None:
    context = random_context(11)
    one, again, other = (sung(singer, context, seed) for seed in (1, 1, 2))
    assert one == again
    assert one.events != other.events


def test_only_where_the_phrase_lies_in_the_piece_is_told_by_the_offset(singer: Singer) -> None:
    context = random_context(12)
    automaton, bar = Automaton(context), context.metre.bar
    guide = guide_of(context)
    moved = Guide(
        guide.key,
        guide.metre,
        tuple((start + bar, end + bar, chord) for start, end, chord in guide.chords),
        tuple((start + bar, end + bar) for start, end in guide.phrases),
    )
    here = singer.sing(automaton, guide, (), Noise(0), "test")
    there = singer.sing(automaton, moved, (), Noise(0), "test", offset=bar)
    assert here.events == there.events


def test_a_phrase_sung_in_two_parts_is_legal_and_whole(singer: Singer) -> None:
    for seed in range(8):
        context = random_context(seed, bars=2)
        automaton, guide = Automaton(context), guide_of(context)
        middle = context.start + context.metre.bar
        one = singer.sing(automaton, guide, (), Noise(seed), "test", until=middle)
        before, tick = [], context.start
        for event in one.events:
            before.append(Past(tick, event.ticks, event.pitch))
            tick += event.ticks
        assert tick == one.end.tick >= middle
        assert tick - one.events[-1].ticks < middle
        if tick == context.end:
            continue
        two = singer.sing(automaton, guide, before, Noise(seed), "test", start=one.end)
        assert two.proposals[0].before == one.end
        assert automaton.can_end(two.end)
        assert violations(context, (*one.events, *two.events)) == set()


def test_what_was_sung_before_sways_what_follows(singer: Singer) -> None:
    context = random_context(13)
    automaton, guide = Automaton(context), guide_of(context)
    before = [
        Past(tick, 24, context.compass[0]) for tick in range(context.start - 960, context.start, 24)
    ]
    alone = singer.sing(automaton, guide, (), Noise(0), "test")
    after = singer.sing(automaton, guide, before, Noise(0), "test")
    assert alone.proposals[0].share != after.proposals[0].share
    plain = [tuple(each)[:3] for each in before]
    assert singer.sing(automaton, guide, plain, Noise(0), "test") == after
