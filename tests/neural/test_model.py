"""The network: what it may see, and how its two heads make one distribution."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from corpora.read.abc import read_abc
from neural import vocabulary as words
from neural.batches import DROPPED, GROUPS, IGNORED, batches, plain
from neural.examples import MelodyExample, examples_of
from neural.guide import COLUMNS
from neural.model import Events, MelodyModel, parameters
from neural.vocabulary import LENGTH_WORDS, PITCH_WORDS
from neural.weights import Config

SMALL = Config(width=32, layers=2, heads=4, inner=48)
TUNES = """X:1
M:2/4
L:1/8
K:D
A|d2 f2|a2 fd|e2 c2|d3 A|d2 f2|a2 fd|e2 c2|d3|
X:2
M:6/8
L:1/8
K:Am
A2B c2d|e2a e3|f2e d2c|B2^G E3|A2B c2d|e2a e3|fed cB^G|A3 A3|
"""


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def model() -> MelodyModel:
    torch.manual_seed(3)
    return MelodyModel(SMALL).eval()


def tunes() -> list[MelodyExample]:
    return [example for tune in read_abc(TUNES) for example in examples_of(tune)]


def rows(events: Events, count: int) -> Events:
    """The same melodies, cut after so many events."""
    cut = [getattr(events, name)[:, :count] for name in ("pitches", "lengths", "ticks")]
    return Events(*cut, events.whole[:, :count], events.real[:, :count], events.beat, events.bar)


@torch.inference_mode()
def test_nothing_is_seen_of_what_comes_later(model: MelodyModel) -> None:
    events, _, _ = plain(tunes())
    whole = model(events)
    for count in (1, 7, 20):
        assert torch.allclose(model(rows(events, count)), whole[:, :count], atol=1e-5)


@torch.inference_mode()
def test_the_joint_distribution_sums_to_one(model: MelodyModel) -> None:
    events, _, _ = plain(tunes())
    state = model(events)[0, 5]
    pitch = model.pitch_logits(state).softmax(-1)
    every = torch.arange(PITCH_WORDS)
    length = model.length_logits(state.expand(PITCH_WORDS, -1), every).softmax(-1)
    joint = pitch[:, None] * length
    assert joint.shape == (PITCH_WORDS, LENGTH_WORDS)
    assert joint.sum().item() == pytest.approx(1.0, abs=1e-5)


def test_the_default_network_has_two_to_eight_million_numbers() -> None:
    assert 2_000_000 < parameters(MelodyModel(Config())) < 8_000_000


def test_a_batch_is_what_came_before_and_what_is_to_come() -> None:
    events, pitches, lengths = plain(tunes())
    assert events.pitches[:, 0].tolist() == [words.START] * 2
    kept = pitches[:, 1:] != IGNORED
    assert (events.pitches[:, 1:][kept] == pitches[:, :-1][kept]).all()
    assert (lengths != IGNORED).sum() == sum(len(example.ticks) for example in tunes())


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_what_is_left_out_is_not_told(group: str) -> None:
    told, _, _ = plain(tunes())
    events, _, _ = plain(tunes(), group)
    names, numbers = GROUPS[group]
    for number, name in enumerate(COLUMNS):
        gone = bool((events.whole[..., number] == -1).all())
        same = torch.equal(events.whole[..., number], told.whole[..., number])
        assert gone if name in names else same
    assert not events.real[..., list(numbers)].any()


def test_every_condition_is_left_out_at_times_and_told_at_times() -> None:
    assert set(DROPPED) == set(GROUPS)
    generator = np.random.default_rng(1)
    column = list(COLUMNS).index("mode")
    seen = {
        bool((events.whole[..., column] >= 0).any())
        for _ in range(40)
        for events, _, _ in batches(tunes(), 10, generator)
    }
    assert seen == {True, False}


def test_an_octave_up_is_the_same_tune_an_octave_up() -> None:
    generator = np.random.default_rng(2)
    example = tunes()[0]
    moved = {
        int(pitches[0, 0] - example.pitches[0]) // words.ALTERS
        for _ in range(60)
        for _, pitches, _ in batches([example], 1000, generator)
    }
    assert moved == {-7, 0, 7}
