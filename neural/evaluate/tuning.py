"""A melody model trained on the pieces of a fold: from the start, or from trained weights on."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from neural.batches import IGNORED
from neural.evaluate.score import Lower, Row, events_of, upper
from neural.model import Locked, MelodyModel
from neural.train import mixed_precision


@dataclass(frozen=True, slots=True)
class Tuning:
    """How to train on a fold. top: how many of the last blocks are trained, all of a new model's;
    events: about how many a step; length: how much durations count beside pitches; steps: about how
    many, whatever the epochs come to (0: by epochs).

    Nothing stops early, so that nothing of a set chooses how long: rates and epochs were settled on
    other tunes."""

    rate: float = 1e-3
    epochs: int = 3
    events: int = 1024
    dropout: float = 0.2
    decay: float = 0.05
    length: float = 0.3
    top: int = 3
    steps: int = 0

    def __str__(self) -> str:
        long = f"{self.steps} steps" if self.steps else f"{self.epochs} epochs"
        return f"{self.rate:g}, {long}"


NEW = Tuning(rate=5e-3, steps=250, events=512, dropout=0.0, top=3)


def tuned(
    model: MelodyModel, held: Lower, training: Sequence[int], tuning: Tuning, seed: int
) -> MelodyModel:
    """A copy of the model, its upper blocks and what comes after them trained on some rows; the
    rate falls to nought over all the epochs."""
    generator = np.random.default_rng(seed)
    torch.manual_seed(seed)
    model = copy.deepcopy(model)
    _set_dropout(model, tuning.dropout)
    rate = tuning.rate
    learned = _learned(model, tuning.top, len(model.blocks) == tuning.top)
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in learned if p.ndim == 2], "weight_decay": tuning.decay},
            {"params": [p for p in learned if p.ndim != 2], "weight_decay": 0.0},
        ],
        lr=rate,
        betas=(0.9, 0.98),
    )
    epochs = _epochs(held, training, tuning)
    for epoch in range(epochs):
        model.train()
        groups = _batches(held, training, tuning.events, generator)
        for number, group in enumerate(groups):
            done = (epoch + number / len(groups)) / epochs
            for each in optimiser.param_groups:
                each["lr"] = rate * min(1.0, (epoch * len(groups) + number + 1) / 5) * (1 - done)
            pitch, length, count = _losses(model, held, group, tuning)
            loss = (pitch + tuning.length * length) / count
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
    return model.eval()


def _epochs(held: Lower, training: Sequence[int], tuning: Tuning) -> int:
    if not tuning.steps:
        return tuning.epochs
    count = len(_batches(held, training, tuning.events, np.random.default_rng(0)))
    return max(1, round(tuning.steps / count))


def _learned(model: MelodyModel, top: int, whole: bool) -> list[torch.nn.Parameter]:
    parts: list[torch.nn.Module] = [
        *model.blocks[len(model.blocks) - top :],
        model.leave,
        model.pitch_out,
        model.length_state,
        model.length_pitch,
        model.length_out,
    ]
    if whole:
        return list(model.parameters())
    return [model.pitch_bias, *(p for part in parts for p in part.parameters())]


def _set_dropout(model: MelodyModel, share: float) -> None:
    for part in model.modules():
        if isinstance(part, Locked):
            part.share = share


def _batches(
    held: Lower, numbers: Sequence[int], events: int, generator: np.random.Generator
) -> list[list[int]]:
    """Rows of like length together, in random order."""
    sizes = {number: len(held.rows[number][0].ticks) for number in numbers}
    noise = generator.normal(0, 6, len(numbers))
    like = np.array([sizes[number] for number in numbers]) + noise
    order = [numbers[place] for place in np.argsort(like).tolist()]
    groups: list[list[int]] = [[]]
    for number in order:
        longest = max((sizes[each] for each in groups[-1]), default=0)
        if groups[-1] and max(longest, sizes[number]) * (len(groups[-1]) + 1) > events:
            groups.append([])
        groups[-1].append(number)
    return [groups[place] for place in generator.permutation(len(groups))]


def _losses(
    model: MelodyModel, held: Lower, group: Sequence[int], tuning: Tuning
) -> tuple[Tensor, Tensor, int]:
    """Nats of pitches and of lengths, summed over a group of rows, and how many events."""
    rows = [held.rows[number] for number in group]
    events, pitches = events_of(rows)
    lengths = torch.full_like(pitches, IGNORED)
    for row, (melody, _) in enumerate(rows):
        lengths[row, : len(melody.lengths)] = torch.from_numpy(melody.lengths)
    kept = lengths != IGNORED
    with mixed_precision(torch.device("cpu")):
        whole = len(model.blocks) == tuning.top
        states = model(events) if whole else upper(model, held, group, tuning.top)
        states, pitches, lengths = states[kept], pitches[kept], lengths[kept]
        pitch = functional.cross_entropy(
            model.pitch_logits(states).float(), pitches, reduction="sum"
        )
        length = functional.cross_entropy(
            model.length_logits(states, pitches).float(), lengths, reduction="sum"
        )
    return pitch, length, int(kept.sum())


def unread(rows: Sequence[Row]) -> Lower:
    """Rows for a model that is trained as a whole."""
    return Lower(tuple(rows), ())
