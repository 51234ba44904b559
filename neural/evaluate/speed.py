"""Table 5 of `promenade evaluate melody`: how large the model is, and how fast it sings."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from corpora.progress import watched
from neural.decoder import WIDTH, Decoder, Read
from neural.evaluate.constraints import SETTINGS, ground_of, guide_of
from neural.evaluate.tables import Line, Table
from neural.guide import UNKNOWN, Guide, fixed_columns
from neural.histories import TOLD
from neural.model import LENGTH_WORDS, MelodyModel, parameters, plain_events
from neural.sample import PARTICLES, Singer
from neural.vocabulary import START
from neural.weights import SHIPPED, load
from theory.melody import Automaton
from theory.metre import METRES
from theory.noise import Noise
from theory.scale import Key

RUNS = 5
EVENTS = 64
BARS = 32


def speed(weights: Path = SHIPPED) -> Table:
    """Sizes and times on this machine, the best of `RUNS` each, everything warm but the load."""
    model = load(weights)
    asked: dict[str, Callable[[], float]] = {
        "parameters, millions": lambda: parameters(model) / 1e6,
        "file, megabytes": lambda: weights.stat().st_size / 1e6,
        "milliseconds an event, one melody": lambda: (
            _seconds(lambda: _read(model, 1)) * 1e3 / EVENTS
        ),
        f"the same a melody, {PARTICLES} side by side": lambda: (
            _seconds(lambda: _read(model, PARTICLES)) * 1e3 / EVENTS / PARTICLES
        ),
        f"seconds for {BARS} bars, constraints on": lambda: _sung(model, PARTICLES),
        "the same, one particle (plain masking)": lambda: _sung(model, 1),
        f"seconds for {BARS} bars, constraints off": lambda: _free(model),
        "seconds to load the weights": lambda: _seconds(lambda: load(weights)),
        "seconds to import torch, a process of its own": _imported,
    }
    lines = [Line(name, (asked[name](),)) for name in watched(list(asked), "measuring")]
    notes = (
        f"Best of {RUNS} on {torch.get_num_threads()} threads; singing: phrases of four bars in "
        f"the metres and modes of the table of constraints, seed 0, scaled to {BARS} bars.",
    )
    return Table("Size and speed", ("figure",), tuple(lines), notes)


def _seconds(action: Callable[[], object]) -> float:
    found = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        action()
        found.append(time.perf_counter() - begun)
    return min(found)


@torch.inference_mode()
def _read(model: MelodyModel, rows: int) -> None:
    """Read and propose `EVENTS` events of so many melodies, without a cache."""
    states = model(plain_events(rows, EVENTS))
    model.pitch_logits(states)


def _sung(model: MelodyModel, particles: int) -> float:
    singer = Singer(model, particles)
    grounds = [ground_of(setting) for setting in SETTINGS]

    def sing() -> None:
        for ground in grounds:
            singer.sing(Automaton(ground), guide_of(ground), (), Noise(0), "speed")

    return _seconds(sing) * BARS / (4 * len(grounds))


@torch.inference_mode()
def _free(model: MelodyModel) -> float:
    """Sing as many quavers in 4/4 as fill `BARS` bars, always the likeliest, with no automaton."""
    decoder, count = Decoder(model), BARS * 8
    ticks = np.arange(count) * 12
    columns = fixed_columns(Guide(Key.of("C", "ionian"), METRES["4/4"]), ticks)
    nothing = np.zeros(0, np.int64)
    empty = Read(nothing, nothing, nothing, columns.whole[:0], columns.real[:0])

    def sing() -> None:
        decoder.past(empty, 24, 96)
        decoder.begin(WIDTH, count)
        known = decoder.known(columns.whole, columns.real)
        told = np.full((WIDTH, 2 + len(TOLD)), UNKNOWN, np.int64)
        told[:, :2] = START, LENGTH_WORDS
        for number, tick in enumerate(ticks):
            here = known[number].expand(WIDTH, -1)
            states = decoder.step(told, here, np.full(WIDTH, tick))
            decoder.accept(np.ones(WIDTH, np.bool_))
            told[:, 0] = decoder.pitches(states).argmax(axis=-1)
            told[:, 1] = decoder.lengths(states, told[:1, 0]).argmax(axis=-1)[:, 0]

    return _seconds(sing)


def _imported() -> float:
    command = [sys.executable, "-c", "import torch"]
    return _seconds(lambda: subprocess.run(command, check=True))
