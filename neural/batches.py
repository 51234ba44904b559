"""Batches for training: examples of like length together, each told only a part of what is known.

Every example is a fresh draw: with or without each condition, an octave up or down, in another
notation. So one model answers with chords and without, with a plan and without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch

from neural import vocabulary as words
from neural.examples import MelodyExample
from neural.guide import COLUMNS, UNKNOWN
from neural.model import Events
from neural.vocabulary import LENGTH_WORDS

IGNORED = -100
# What is left out together: columns of whole numbers, columns of real ones.
GROUPS: Mapping[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "chords": (("root", "next", "until"), (*range(24), 27, 28)),
    "phrases": (("bar", "left"), ()),
    "metre": (("place", "strength", "metre"), ()),
    "mode": (("mode",), ()),
    "tonic": (("tonic",), ()),
    "contour": ((), (24, 25, 29, 30)),
    "density": ((), (26, 31)),
    "slots": (("role", "motif", "onset", "length", "after"), ()),
}
# How often each is left out, if not everything but metre and mode is.
DROPPED = {
    "chords": 0.2,
    "phrases": 0.3,
    "metre": 0.05,
    "mode": 0.1,
    "tonic": 0.3,
    "contour": 0.5,
    "density": 0.5,
    "slots": 0.4,
}
BARE = 0.35  # how often a melody is told nothing but its metre, mode and tonic
INFERRED = 0.5  # how often inferred chords are left out
OCTAVE = 0.1  # how often it is sung an octave up, and as often down
CONTOUR_NOISE, DENSITY_NOISE = 1.5 / 12, 0.15
PLACES = {name: number for number, name in enumerate(COLUMNS)}
MOTIFS = [PLACES["motif"], PLACES["after"]]


def batches(
    examples: Sequence[MelodyExample], events: int, generator: np.random.Generator
) -> Iterator[tuple[Events, torch.Tensor, torch.Tensor]]:
    """One pass over examples in random order, about `events` events a batch.

    Each is the model's input and the pitch and length words that it should propose, (batch,
    events), IGNORED past an example's end. Infinite patience is not needed: one pass ends.
    """
    jitter = generator.normal(0, 4, len(examples))
    order = np.argsort([len(e.ticks) + j for e, j in zip(examples, jitter, strict=True)])
    groups: list[list[int]] = []
    held: list[int] = []
    for number in order.tolist():
        longest = max(len(examples[each].ticks) for each in (*held, number))
        if held and longest * (len(held) + 1) > events:
            groups.append(held)
            held = []
        held.append(number)
    groups.append(held)
    for group in generator.permutation(len(groups)).tolist():
        chosen = [examples[number] for number in groups[group]]
        yield collate(chosen, [_told(example, generator) for example in chosen])


def plain(
    examples: Sequence[MelodyExample], *without: str
) -> tuple[Events, torch.Tensor, torch.Tensor]:
    """A batch of examples as they are, not told of the groups named."""
    return collate(examples, [_left_out(example, without) for example in examples])


def _told(example: MelodyExample, generator: np.random.Generator) -> Arrays:
    if generator.random() < BARE:
        gone = [name for name in GROUPS if name not in ("metre", "mode", "tonic")]
        gone += [n for n in ("metre", "mode", "tonic") if generator.random() < DROPPED[n]]
    else:
        gone = [name for name, share in DROPPED.items() if generator.random() < share]
        if not example.given and generator.random() < INFERRED:
            gone.append("chords")
    pitches, whole, real = _left_out(example, gone)
    real[:, 24:26] += real[:, 29:31] * generator.normal(0, CONTOUR_NOISE)
    real[:, 26] *= 1 + generator.normal(0, DENSITY_NOISE)
    turn = generator.random()
    if turn < 2 * OCTAVE:
        letters = 7 if turn < OCTAVE else -7
        moved = words.shifted(pitches, letters)
        if ((moved == pitches) <= (pitches == words.REST)).all():
            pitches = moved
            known = whole[:, MOTIFS]
            whole[:, MOTIFS] = np.where(known >= 0, words.shifted(known, letters), known)
            real[:, 24:26] += real[:, 29:31] * letters / 7
            whole[:, PLACES["tonic"]] = UNKNOWN
    return pitches, whole, real


Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


def _left_out(example: MelodyExample, names: Sequence[str]) -> Arrays:
    whole, real = example.columns.whole.copy(), example.columns.real.copy()
    for name in names:
        columns, numbers = GROUPS[name]
        whole[:, [PLACES[column] for column in columns]] = UNKNOWN
        real[:, list(numbers)] = 0.0
    return example.pitches, whole, real


def collate(
    examples: Sequence[MelodyExample], told: Sequence[Arrays]
) -> tuple[Events, torch.Tensor, torch.Tensor]:
    """Pad to the longest; the input is the events before."""
    rows, longest = len(examples), max(len(example.ticks) for example in examples)
    longest = -(-longest // 16) * 16  # few shapes, so that kernels are found again
    pitches = np.full((rows, longest), IGNORED)
    lengths = np.full((rows, longest), IGNORED)
    before = np.full((rows, longest), words.START)
    lasted = np.full((rows, longest), LENGTH_WORDS)
    ticks = np.zeros((rows, longest), np.int64)
    whole = np.full((rows, longest, len(COLUMNS)), UNKNOWN)
    real = np.zeros((rows, longest, told[0][2].shape[1]), np.float32)
    for row, (example, (sung, numbers, reals)) in enumerate(zip(examples, told, strict=True)):
        count = len(sung)
        pitches[row, :count], lengths[row, :count] = sung, example.lengths
        before[row, 1:count], lasted[row, 1:count] = sung[:-1], example.lengths[:-1]
        ticks[row, :count] = example.ticks
        whole[row, :count], real[row, :count] = numbers, reals
    metres = [example.tune.metre for example in examples]
    return (
        Events(
            _tensor(before),
            _tensor(lasted),
            _tensor(ticks),
            _tensor(whole),
            _tensor(real),
            torch.tensor([float(metre.beat) for metre in metres]),
            torch.tensor([float(metre.bar) for metre in metres]),
        ),
        _tensor(pitches),
        _tensor(lengths),
    )


def _tensor(array: np.ndarray) -> torch.Tensor:
    """A copy in memory of torch's own: sums over NumPy's differ in the last bit by where it lies,
    and the same recipe would not give the same weights."""
    return torch.from_numpy(array).clone()
