"""Table 5 of `promenade evaluate melody`: how large the model is, and how fast it sings."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from corpora.progress import watched
from neural.decoder import Decoder, ReadEvents
from neural.evaluate.constraints import SETTINGS, context_of, guide_of
from neural.evaluate.tables import FigureRow, FigureTable
from neural.guide import COLUMNS, UNKNOWN, Guide, fixed_columns
from neural.histories import TOLD
from neural.network import WIDTH, Network
from neural.sample import PARTICLES, Singer
from neural.vocabulary import LENGTH_WORDS, START
from neural.weights import SHIPPED, Weights, read
from theory.melody import Automaton
from theory.metre import METRES
from theory.noise import Noise
from theory.scale import Key

RUNS = 5
EVENTS = 64
BARS = 32
TONIC = list(COLUMNS).index("tonic")


def speed(weights: Path = SHIPPED) -> FigureTable:
    """Sizes and times on this machine, the best of `RUNS` each, everything warm but the load."""
    held = read(weights)
    network = Network(held)
    asked: dict[str, Callable[[], float]] = {
        "parameters, millions": lambda: sum(each.size for each in held.arrays.values()) / 1e6,
        "file, megabytes": lambda: weights.stat().st_size / 1e6,
        "milliseconds an event, one melody read": lambda: _read(network),
        f"milliseconds a step, {PARTICLES} melodies sung": lambda: _stepped(network),
        f"seconds for {BARS} bars, constraints on": lambda: _sung(held, PARTICLES),
        "the same, one particle (plain masking)": lambda: _sung(held, 1),
        f"seconds for {BARS} bars, constraints off": lambda: _seconds(lambda: _free(network)),
        "seconds to load the weights": lambda: _seconds(lambda: Network(read(weights))),
        "seconds to import what sings, a process of its own": _imported,
    }
    lines = [FigureRow(name, (asked[name](),)) for name in watched(list(asked), "measuring")]
    notes = (
        f"Best of {RUNS} on one thread; singing: phrases of four bars in the metres and modes of "
        f"the table of constraints, seed 0, scaled to {BARS} bars.",
    )
    return FigureTable("Size and speed", ("figure",), tuple(lines), notes)


def _seconds(action: Callable[[], object]) -> float:
    found = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        action()
        found.append(time.perf_counter() - begun)
    return min(found)


def _read(network: Network) -> float:
    """A melody of `EVENTS` quavers in 4/4, a new one each time."""
    decoder, tonics = Decoder(network), iter(range(100))
    ticks = np.arange(EVENTS) * 12
    columns = fixed_columns(Guide(Key.of("C", "ionian"), METRES["4/4"]), ticks)

    def melody() -> None:
        columns.whole[:, TONIC] = next(tonics) % 12
        pitches, lengths = np.full(EVENTS, START), np.full(EVENTS, LENGTH_WORDS)
        decoder.past(ReadEvents(pitches, lengths, ticks, columns.whole, columns.real), 24, 96)

    return _seconds(melody) * 1e3 / EVENTS


def _stepped(network: Network) -> float:
    return _seconds(lambda: _free(network)) * 1e3 / (BARS * 8)


def _sung(weights: Weights, particles: int) -> float:
    singer = Singer(weights, particles)
    contexts = [context_of(setting) for setting in SETTINGS]

    def sing() -> None:
        for context in contexts:
            singer.sing(Automaton(context), guide_of(context), (), Noise(0), "speed")

    return _seconds(sing) * BARS / (4 * len(contexts))


def _free(network: Network) -> None:
    """Sing as many quavers in 4/4 as fill `BARS` bars, always the likeliest, with no automaton."""
    decoder, count = Decoder(network), BARS * 8
    ticks = np.arange(count) * 12
    columns = fixed_columns(Guide(Key.of("C", "ionian"), METRES["4/4"]), ticks)
    nothing = np.zeros(0, np.int64)
    decoder.past(ReadEvents(nothing, nothing, nothing, columns.whole[:0], columns.real[:0]), 24, 96)
    decoder.begin(WIDTH, count)
    known = network.known(columns.whole, columns.real)
    told = np.full((WIDTH, 2 + len(TOLD)), UNKNOWN, np.int64)
    told[:, :2] = START, LENGTH_WORDS
    for number, tick in enumerate(ticks):
        here = np.broadcast_to(known[number], (WIDTH, network.width))
        states = decoder.step(told, here, np.full(WIDTH, tick))
        decoder.accept(np.ones(WIDTH, np.bool_))
        told[:, 0] = network.pitches(states).argmax(axis=-1)
        told[:, 1] = network.lengths(states, told[:1, 0]).argmax(axis=-1)[:, 0]


def _imported() -> float:
    command = [sys.executable, "-c", "import neural.sample"]
    return _seconds(lambda: subprocess.run(command, check=True))
