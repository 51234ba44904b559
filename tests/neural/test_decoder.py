"""The quick decoder reads as the model does: the same states, in any company."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from neural import vocabulary as words
from neural.decoder import CHUNK, WIDTH, Decoder, Read, settled
from neural.errors import WeightsError
from neural.guide import COLUMNS, REALS
from neural.histories import PLACES
from neural.model import LENGTH_WORDS, PITCH_WORDS, Config, Events, MelodyModel

SMALL = Config(width=64, layers=2, heads=4, inner=96)
BEAT, BAR = 24, 96
EVENTS = 12


def model(seed: int = 0) -> MelodyModel:
    torch.manual_seed(seed)
    made = MelodyModel(SMALL)
    for parameter in made.parameters():  # so that nothing is nearly nought or one
        parameter.data += 0.1 * torch.randn_like(parameter)
    return made.eval()


def melody(rng: np.random.Generator, events: int) -> Read:
    whole = np.stack([rng.integers(-1, size, events) for size in COLUMNS.values()], axis=1)
    return Read(
        np.concatenate([[words.START], rng.integers(0, words.PITCHES + 1, events - 1)]),
        np.concatenate([[LENGTH_WORDS], rng.integers(0, LENGTH_WORDS, events - 1)]),
        np.cumsum(rng.integers(1, 48, events)),
        whole,
        rng.random((events, REALS)).astype(np.float32),
    )


def uncached(made: MelodyModel, read: Read) -> torch.Tensor:
    arrays = (read.pitches, read.lengths, read.ticks, read.whole, read.real)
    tensors = [torch.from_numpy(each)[None] for each in arrays]
    clocks = torch.tensor([float(BEAT)]), torch.tensor([float(BAR)])
    with torch.no_grad():
        return made(Events(*tensors, *clocks))[0]


def part(read: Read, chosen: slice) -> Read:
    return Read(
        read.pitches[chosen],
        read.lengths[chosen],
        read.ticks[chosen],
        read.whole[chosen],
        read.real[chosen],
    )


def stepped(decoder: Decoder, melodies: list[Read], at: list[int]) -> torch.Tensor:
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
    return decoder.step(told, decoder.known(whole, real), ticks)


@pytest.mark.parametrize("past", [0, 5, CHUNK, 2 * CHUNK + 3])
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
        melodies.append(Read(*arrays))
    with settled():
        decoder = Decoder(made)
        decoder.past(part(shared, slice(0, past)), BEAT, BAR)
        decoder.begin(2 * WIDTH, EVENTS)
        at = np.full(2 * WIDTH, past)
        for _ in range(3 * EVENTS):  # rows advance unevenly, and change places
            states = stepped(decoder, melodies, at.tolist())
            for row, (read, now) in enumerate(zip(melodies, at.tolist(), strict=True)):
                wanted = uncached(made, part(read, slice(0, now + 1)))[-1]
                assert torch.allclose(states[row], wanted, atol=2e-4), (row, now)
                proposed = made.pitch_logits(wanted).log_softmax(-1).numpy()
                assert np.allclose(decoder.pitches(states)[row], proposed, atol=1e-3)
            moved = (rng.random(len(at)) < 0.5) & (at < past + EVENTS - 1)
            decoder.accept(moved)
            at = at + moved
            rows = rng.integers(0, len(at), len(at))
            decoder.keep(rows)
            at, melodies = at[rows], [melodies[row] for row in rows]


def test_durations_for_every_pitch_are_the_models_own() -> None:
    made, decoder = model(), Decoder(model())
    states = torch.randn(3, SMALL.width)
    pitches = np.array([0, 50, words.REST])
    with settled():
        found = decoder.lengths(states, pitches)
        for column, pitch in enumerate(pitches.tolist()):
            wanted = made.length_logits(states, torch.full((3,), pitch)).log_softmax(-1)
            assert np.allclose(found[:, column], wanted, atol=1e-4)
        assert decoder.pitches(states).shape == (3, PITCH_WORDS)
    assert found.shape == (3, 3, LENGTH_WORDS)


def test_a_row_is_the_same_to_the_last_bit_in_any_company() -> None:
    decoder, rng = Decoder(model()), np.random.default_rng(1)
    melodies = [melody(rng, 4) for _ in range(3 * WIDTH)]
    with settled():
        decoder.past(part(melodies[0], slice(0, 0)), BEAT, BAR)
        found = []
        for company in (melodies[:WIDTH], melodies[:1] + melodies[WIDTH + 1 :]):
            company = company[: len(company) // WIDTH * WIDTH]
            decoder.begin(len(company), 4)
            row = []
            for event in range(4):
                row.append(stepped(decoder, company, [event] * len(company))[0])
                decoder.accept(np.ones(len(company), np.bool_))
            found.append(torch.stack(row))
    assert torch.equal(*found)


def test_a_past_read_before_is_the_same_past() -> None:
    rng = np.random.default_rng(2)
    long = melody(rng, 3 * CHUNK)
    other = melody(rng, 3 * CHUNK)
    fresh, used = Decoder(model()), Decoder(model())
    melodies = [melody(rng, 1) for _ in range(WIDTH)]
    with settled():
        for read, events in ((long, 40), (other, 90), (long, 70), (long, 80)):
            used.past(part(read, slice(0, events)), BEAT, BAR)
        fresh.past(part(long, slice(0, 80)), BEAT, BAR)
        found = []
        for decoder in (fresh, used):
            decoder.begin(WIDTH, 1)
            found.append(stepped(decoder, melodies, [0] * WIDTH))
    assert torch.equal(*found)


def test_weights_that_are_no_numbers_are_refused() -> None:
    made = model()
    made.pitch_bias.data[3] = torch.nan
    with pytest.raises(WeightsError, match="damaged"):
        Decoder(made)
