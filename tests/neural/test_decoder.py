"""The quick decoder reads as the model does: the same states, in any company."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from neural import vocabulary as words
from neural.decoder import BLOCK, EARLIEST, Decoder, ReadEvents
from neural.histories import PLACES
from neural.model import Events, MelodyModel, weights_of
from neural.network import WIDTH, Network
from neural.vocabulary import LENGTH_WORDS, PITCH_WORDS
from neural.weights import Config
from tests.neural.events import melody

SMALL = Config(width=64, layers=2, heads=4, inner=96)
BEAT, BAR = 24, 96
EVENTS = 12


def model(seed: int = 0) -> MelodyModel:
    torch.manual_seed(seed)
    made = MelodyModel(SMALL)
    for parameter in made.parameters():  # so that nothing is nearly nought or one
        parameter.data += 0.1 * torch.randn_like(parameter)
    return made.eval()


def uncached(made: MelodyModel, read: ReadEvents) -> torch.Tensor:
    arrays = (read.pitches, read.lengths, read.ticks, read.whole, read.real)
    tensors = [torch.from_numpy(each)[None] for each in arrays]
    clocks = torch.tensor([float(BEAT)]), torch.tensor([float(BAR)])
    with torch.no_grad():
        return made(Events(*tensors, *clocks))[0]


def part(read: ReadEvents, chosen: slice) -> ReadEvents:
    return ReadEvents(
        read.pitches[chosen],
        read.lengths[chosen],
        read.ticks[chosen],
        read.whole[chosen],
        read.real[chosen],
    )


def stepped(decoder: Decoder, melodies: list[ReadEvents], at: list[int]) -> np.ndarray:
    """One step: row r reads event at[r] of its melody."""
    told = np.array(
        [
            [m.pitches[i], m.lengths[i], *m.whole[i, PLACES]]
            for m, i in zip(melodies, at, strict=True)
        ]
    )
    whole = np.stack([m.whole[i] for m, i in zip(melodies, at, strict=True)])
    real = np.stack([m.real[i] for m, i in zip(melodies, at, strict=True)])
    ticks = np.array([m.ticks[i] for m, i in zip(melodies, at, strict=True)])
    return decoder.step(told, decoder.network.known(whole, real), ticks)


def decoder_of(made: MelodyModel) -> Decoder:
    return Decoder(Network(weights_of(made)))


@pytest.mark.parametrize("past", [0, 5, WIDTH, 3 * WIDTH + 3])
def test_steps_in_batches_are_the_models_own_forward_pass(past: int) -> None:
    made, rng = model(), np.random.default_rng(past)
    shared = melody(rng, past + 1)
    melodies = []
    for _ in range(2 * WIDTH):
        own = melody(rng, past + EVENTS)
        arrays = [
            np.concatenate([getattr(shared, name)[:past], getattr(own, name)[past:]])
            for name in ("pitches", "lengths", "ticks", "whole", "real")
        ]
        if not past:
            arrays[0][0], arrays[1][0] = words.START, LENGTH_WORDS
        melodies.append(ReadEvents(*arrays))
    decoder = decoder_of(made)
    decoder.past(part(shared, slice(0, past)), BEAT, BAR)
    decoder.begin(2 * WIDTH, EVENTS)
    at = np.full(2 * WIDTH, past)
    for _ in range(3 * EVENTS):  # rows advance unevenly, and change places
        states = stepped(decoder, melodies, at.tolist())
        for row, (read, now) in enumerate(zip(melodies, at.tolist(), strict=True)):
            wanted = uncached(made, part(read, slice(0, now + 1)))[-1]
            assert np.allclose(states[row], wanted.numpy(), atol=1e-5), (row, now)
            with torch.no_grad():
                proposed = made.pitch_logits(wanted).log_softmax(-1).numpy()
            assert np.allclose(decoder.network.pitches(states)[row], proposed, atol=1e-4)
        moved = (rng.random(len(at)) < 0.5) & (at < past + EVENTS - 1)
        decoder.accept(moved)
        at = at + moved
        rows = rng.integers(0, len(at), len(at))
        decoder.keep(rows)
        at, melodies = at[rows], [melodies[row] for row in rows]


def test_durations_for_every_pitch_are_the_models_own() -> None:
    made, rng = model(), np.random.default_rng(0)
    network = Network(weights_of(made))
    states = rng.standard_normal((3, SMALL.width)).astype(np.float32)
    pitches = np.array([0, 50, words.REST])
    found = network.lengths(states, pitches)
    for column, pitch in enumerate(pitches.tolist()):
        with torch.no_grad():
            logits = made.length_logits(torch.from_numpy(states), torch.full((3,), pitch))
        assert np.allclose(found[:, column], logits.log_softmax(-1).numpy(), atol=2e-5)
    assert network.pitches(states).shape == (3, PITCH_WORDS)
    assert found.shape == (3, 3, LENGTH_WORDS)


def alone(decoder: Decoder, company: list[ReadEvents], row: int, events: int) -> list[np.ndarray]:
    """One row's states, event by event, in a company."""
    decoder.begin(len(company), events)
    found = []
    for event in range(events):
        found.append(stepped(decoder, company, [event] * len(company))[row])
        decoder.accept(np.ones(len(company), np.bool_))
    return found


def test_a_row_is_the_same_to_the_last_bit_in_any_company_and_place() -> None:
    decoder, rng, events = decoder_of(model()), np.random.default_rng(1), BLOCK + 3
    melodies = [melody(rng, events) for _ in range(3 * WIDTH)]
    nothing = ReadEvents(
        *(np.zeros_like(getattr(melodies[0], name)) for name in ReadEvents.__slots__)
    )
    decoder.past(part(melodies[0], slice(0, 9)), BEAT, BAR)
    one = alone(decoder, melodies[:WIDTH], 0, events)
    companies = (
        (melodies[:1] + melodies[WIDTH + 1 : 3 * WIDTH], 0),
        (melodies[:1] + [nothing] * (WIDTH - 1), 0),
        (melodies[WIDTH : 2 * WIDTH - 1] + melodies[:1], WIDTH - 1),
        (melodies[2 * WIDTH :] + melodies[2:5] + melodies[:1] + melodies[7:11], WIDTH + 3),
    )
    for company, row in companies:
        assert np.array_equal(one, alone(decoder, company, row, events))


def test_a_row_is_the_same_to_the_last_bit_beside_one_that_is_far_ahead() -> None:
    decoder, rng, events = decoder_of(model()), np.random.default_rng(4), 2 * BLOCK + 2
    melodies = [melody(rng, events) for _ in range(WIDTH)]
    decoder.past(part(melodies[1], slice(0, 5)), BEAT, BAR)
    one = alone(decoder, melodies, 0, 6)
    decoder.begin(WIDTH, events)
    ahead = np.arange(WIDTH) == 1
    for event in range(events - 1):
        stepped(decoder, melodies, [0, event] + [0] * (WIDTH - 2))
        decoder.accept(ahead)
    again = []
    for event in range(6):
        again.append(stepped(decoder, melodies, [event, events - 1] + [0] * (WIDTH - 2))[0])
        decoder.accept(np.arange(WIDTH) == 0)
    assert np.array_equal(one, again)


def test_a_past_read_before_is_the_same_past() -> None:
    rng = np.random.default_rng(2)
    long = melody(rng, EARLIEST + 40)
    other = melody(rng, 100)
    fresh, used = decoder_of(model()), decoder_of(model())
    melodies = [melody(rng, 1) for _ in range(WIDTH)]
    steps = ((long, 40), (other, 90), (long, 70), (long, 424), (long, 80))
    for read, events in steps:
        used.past(part(read, slice(0, events)), BEAT, BAR)
    fresh.past(part(long, slice(0, 80)), BEAT, BAR)
    found = []
    for decoder in (fresh, used):
        decoder.begin(WIDTH, 1)
        found.append(stepped(decoder, melodies, [0] * WIDTH))
    assert np.array_equal(*found)


def test_of_a_long_past_the_end_is_read() -> None:
    rng, made = np.random.default_rng(3), model()
    long, decoder = melody(rng, EARLIEST + 21), decoder_of(made)
    ends = part(long, slice(20, None))
    decoder.past(part(long, slice(0, -1)), BEAT, BAR)
    decoder.begin(WIDTH, 1)
    states = stepped(decoder, [long] * WIDTH, [EARLIEST + 20] * WIDTH)
    assert np.allclose(states[0], uncached(made, ends)[-1].numpy(), atol=1e-5)
