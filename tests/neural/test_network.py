"""The network in NumPy is the one that torch trained: the same logits, and the same notes sung."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from neural import network as in_numpy
from neural.decoder import BLOCK, EARLIEST, Decoder, ReadEvents
from neural.guide import COLUMNS, REALS, Guide
from neural.histories import PLACES
from neural.model import Events, MelodyModel, load
from neural.network import WIDTH, Network
from neural.particles import Particles, PhraseWords
from neural.sung import Past
from neural.vocabulary import PITCH_WORDS
from neural.voice import NetworkVoice
from neural.weights import read
from tests.neural.events import melody
from tests.theory.melody.contexts import random_context
from theory.melody import Automaton
from theory.melody.batch import BatchAutomaton
from theory.noise import Noise

NEAR = 3e-5  # nats
PARTICLES, PHRASES, ALL = 8, 20, 200
UNSPLIT, UNSPLIT_BY_VECTOR = 262_144, 9_216  # multiplications that OpenBLAS leaves to one thread


@pytest.fixture(scope="module")
def model() -> MelodyModel:
    return load()


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(read())


class TorchDecoder:
    """Stands in for the decoder and its network: torch reads every row anew at every step."""

    def __init__(self, model: MelodyModel) -> None:
        self.model, self.network, self.width = model, self, model.config.width

    def past(self, events: ReadEvents, beat: int, bar: int) -> None:
        told = np.stack([events.pitches, events.lengths], axis=1)
        told = np.concatenate([told, events.whole[:, PLACES]], axis=1)
        self.before = (told, self.known(events.whole, events.real), events.ticks)
        self.units = torch.tensor([float(beat)]), torch.tensor([float(bar)])

    def known(self, whole: np.ndarray, real: np.ndarray) -> np.ndarray:
        """What `step` needs of it, as numbers."""
        return np.concatenate([whole.astype(np.float32), real], axis=1)

    def begin(self, rows: int, room: int) -> None:
        self.read = [self.before] * rows

    def step(self, told: np.ndarray, known: np.ndarray, ticks: np.ndarray) -> np.ndarray:
        self.next = [
            tuple(np.concatenate([old, new[None]]) for old, new in zip(row, event, strict=True))
            for row, event in zip(self.read, zip(told, known, ticks, strict=True), strict=True)
        ]
        longest = max(len(ticks) for *_, ticks in self.next)
        filled = [
            np.stack([np.pad(a, [(0, longest - len(a))] + [(0, 0)] * (a.ndim - 1)) for a in each])
            for each in zip(*self.next, strict=True)
        ]
        words, columns, onsets = map(torch.from_numpy, filled)
        whole, real = columns[..., : len(COLUMNS)].long(), columns[..., len(COLUMNS) :]
        whole[..., PLACES] = words[..., 2:]
        clocks = (each.expand(len(words)) for each in self.units)
        with torch.inference_mode():
            events = Events(words[..., 0], words[..., 1], onsets, whole, real, *clocks)
            states = self.model(events)
        return np.stack([states[n, len(row[2]) - 1] for n, row in enumerate(self.next)])

    def accept(self, rows: np.ndarray) -> None:
        self.read = [self.next[n] if rows[n] else old for n, old in enumerate(self.read)]

    def keep(self, rows: np.ndarray) -> None:
        self.read = [self.read[row] for row in rows]

    @torch.inference_mode()
    def pitches(self, states: np.ndarray) -> np.ndarray:
        return self.model.pitch_logits(torch.from_numpy(states)).double().log_softmax(-1).numpy()

    @torch.inference_mode()
    def lengths(self, states: np.ndarray, pitches: np.ndarray) -> np.ndarray:
        held = torch.from_numpy(states)[:, None].expand(-1, len(pitches), -1)
        every = torch.from_numpy(pitches).expand(len(states), -1)
        return self.model.length_logits(held, every).double().log_softmax(-1).numpy()


@pytest.mark.parametrize("events", [1, WIDTH, 3 * WIDTH + 5, EARLIEST])
def test_what_is_proposed_is_what_torch_proposes(
    events: int, model: MelodyModel, network: Network
) -> None:
    rng, decoder, other = np.random.default_rng(events), Decoder(network), TorchDecoder(model)
    every = np.arange(PITCH_WORDS)
    shared, own = melody(rng, events), melody(rng, 3)
    found = []
    for each in (decoder, other):
        each.past(shared, 24, 96)
        each.begin(WIDTH, 3)
        steps = []
        for event in range(3):
            told = [own.pitches[event], own.lengths[event], *own.whole[event, PLACES]]
            known = each.network.known(own.whole[event : event + 1], own.real[event : event + 1])
            ticks = np.full(WIDTH, 48 * events + own.ticks[event])
            states = each.step(np.tile(told, (WIDTH, 1)), np.tile(known, (WIDTH, 1)), ticks)
            each.accept(np.ones(WIDTH, np.bool_))
            steps.append((each.network.pitches(states), each.network.lengths(states, every)))
        found.append(steps)
    for one, two in zip(*found, strict=True):
        for mine, torchs in zip(one, two, strict=True):
            likely = torchs > np.log(1e-6)
            assert likely.any()
            assert np.abs(mine - torchs)[likely].max() < NEAR


def sung(decoder: object, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every particle's phrase after a few notes of another one."""
    context = random_context(seed, bars=1 + seed % 2)
    automaton, low, high = Automaton(context), *context.compass
    chords = tuple((span.start, span.end, span.chord) for span in context.spans)
    guide = Guide(context.key, context.metre, chords, ((context.start, context.end),))
    past = [Past(context.start - 96, 48, low), Past(context.start - 36, 24, high)]
    names = PhraseWords(automaton, context.key)
    particles = Particles(BatchAutomaton(automaton), names, PARTICLES, Noise(seed), seed)
    voice = NetworkVoice(decoder, automaton, names, guide, past, 0, PARTICLES, 1.0)  # type: ignore[arg-type]
    standing = particles.sing(voice).standing
    return standing.counts, standing.durations, standing.pitches


def compared(seeds: range, model: MelodyModel, network: Network) -> None:
    decoder, other = Decoder(network), TorchDecoder(model)
    for seed in seeds:
        for mine, torchs in zip(sung(decoder, seed), sung(other, seed), strict=True):
            assert np.array_equal(mine, torchs), seed


def test_phrases_are_torchs_note_for_note(model: MelodyModel, network: Network) -> None:
    compared(range(PHRASES), model, network)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(PHRASES, ALL, 45))
def test_two_hundred_phrases_are_torchs_note_for_note(
    first: int, model: MelodyModel, network: Network
) -> None:
    compared(range(first, first + 45), model, network)


@pytest.mark.slow
def test_twenty_thousand_events_are_proposed_as_torch_proposes_them(
    model: MelodyModel, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, read, states = np.random.default_rng(0), network.read, []
    monkeypatch.setattr(network, "read", lambda *given: states.append(read(*given)) or states[-1])
    for _ in range(-(-20_000 // EARLIEST)):
        events = melody(rng, EARLIEST)
        states.clear()
        Decoder(network).past(events, 24, 96)
        arrays = (events.pitches, events.lengths, events.ticks, events.whole, events.real)
        clocks = torch.tensor([24.0]), torch.tensor([96.0])
        with torch.inference_mode():
            wanted = model(Events(*(torch.from_numpy(each)[None] for each in arrays), *clocks))[0]
            pitches = model.pitch_logits(wanted).double().log_softmax(-1).numpy()
        away = np.abs(network.pitches(np.concatenate(states)) - pitches)
        assert away[pitches > np.log(1e-6)].max() < NEAR


def test_no_product_is_so_large_that_it_is_split(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []

    def multiplied(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        sizes.append((one.shape[-2], one.shape[-1], other.shape[-1]))
        return matmul(one, other)

    matmul = np.matmul
    monkeypatch.setattr(np, "matmul", multiplied)
    rng, made = np.random.default_rng(0), Decoder(Network(read()))
    made.past(melody(rng, EARLIEST + 3), 24, 96)
    made.begin(2 * WIDTH, 5 * BLOCK)
    made.used[:] = 4 * BLOCK + 5
    known = made.network.known(np.zeros((300, len(COLUMNS)), int), np.zeros((300, REALS), "f4"))
    told = np.zeros((2 * WIDTH, 2 + len(PLACES)), int)
    states = made.step(told, known[: 2 * WIDTH], np.zeros(2 * WIDTH, int))
    made.network.pitches(states)
    made.network.lengths(states, np.arange(PITCH_WORDS))
    assert len(sizes) > 100
    for rows, inner, columns in sizes:
        vector = 1 in (rows, columns)
        assert rows * inner * columns <= (UNSPLIT_BY_VECTOR if vector else UNSPLIT)


def test_the_functions_of_the_layers_are_torchs() -> None:
    x = np.linspace(-30, 30, 20_001, dtype=np.float32)
    wanted = torch.nn.functional.gelu(torch.from_numpy(x).double()).numpy()
    assert np.abs(in_numpy._gelu(x) - wanted).max() < 1e-6
    wanted = torch.nn.functional.silu(torch.from_numpy(x).double()).numpy()
    assert np.abs(in_numpy._silu(x) - wanted).max() < 3e-6


def test_what_may_overflow_warns_of_nothing(network: Network) -> None:
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(in_numpy._silu(np.array([-1e30, 1e30], np.float32))).all()
        assert np.isfinite(in_numpy._gelu(np.array([-1e18, 1e18], np.float32))).all()
