"""Training: examples in, a run folder out, resumable at every epoch.

A run folder holds `config.json` (everything that shapes the run), `figures.json` (an entry an
epoch), `curves.png`, `checkpoint.pt` (to go on from) and `model.safetensors` (the best epoch by
validation). On a processor the default run takes under two hours on two cores; a GPU is used where
there is one, with mixed precision; `torchrun` spreads each batch over its processes.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, distributed, nn
from torch.nn import functional

from corpora import dataset
from corpora.engines import in_order
from corpora.progress import progress, watched
from corpora.tune import Tune
from neural.batches import IGNORED, batches, plain
from neural.errors import TrainingError
from neural.examples import MelodyExample, all_examples, renotated
from neural.folder import Figures, RunFolder
from neural.model import Events, MelodyModel, load, parameters
from neural.weights import Config

BITS = 1 / math.log(2)
GENTLER = 0.25  # of the learning rate, with which a run goes on from trained weights
STRETCH = 64  # tunes that a process prepares at once
# What validation tells the model: nothing but metre and mode, the chords too, everything.
ASKED = {
    "bare": ("chords", "phrases", "contour", "density", "slots"),
    "chords": ("phrases", "contour", "density", "slots"),
    "told": (),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train; the defaults are the shipped weights' own.

    events: about how many a step; epochs: at most, with the learning rate on a half cosine to
    nought over all of them; patience: epochs without a better validation before it stops.
    renotated: how often a tune is read in its other notation.
    """

    seed: int = 0
    epochs: int = 16
    events: int = 4096
    rate: float = 2e-3
    warmup: int = 200
    decay: float = 0.1
    patience: int = 4
    renotated: float = 0.2
    model: Config = field(default_factory=Config)


def run(
    path: Path,
    folder: Path,
    without: Sequence[str],
    epochs: int | None,
    seed: int | None,
    start: Path | None,
    threads: int | None,
    say: Callable[[str], None],
) -> None:
    """Train on a dataset file; `None` is the default recipe's own.

    Raises CorpusError for a faulty dataset, TrainingError for a collection that it has not, and
    WeightsError for faulty weights to start from.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    model = load(start) if start is not None else None
    training, validation = parted(dataset.read(path), without)
    recipe = Recipe()
    recipe = replace(
        recipe,
        epochs=epochs or recipe.epochs,
        seed=recipe.seed if seed is None else seed,
        rate=recipe.rate * (GENTLER if model is not None else 1.0),
        model=recipe.model if model is None else model.config,
    )
    first = os.environ.get("RANK", "0") == "0"
    if first:
        say(f"{len(training):,} tunes to learn from, {len(validation):,} to judge by.")
    jobs = 1 if "RANK" in os.environ else os.cpu_count() or 1
    found = train(
        training,
        validation,
        folder,
        recipe,
        jobs=jobs,
        say=say if first else lambda _: None,
        start=model,
    )
    if first:
        weights = folder / "model.safetensors"
        say(f"{parameters(found):,} parameters, {weights.stat().st_size / 1e6:.1f} MB: {weights}")


def parted(tunes: Sequence[Tune], without: Sequence[str]) -> tuple[list[Tune], list[Tune]]:
    """Tunes for training and for validation, without some collections; no test tune is in either.

    Raises TrainingError for a collection that there is not.
    """
    names = Counter(tune.collection for tune in tunes)
    for name in without:
        if name not in names:
            known = ", ".join(sorted(names)) or "none"
            raise TrainingError(
                f"The dataset has no collection {name!r}.", f"Its collections are {known}."
            )
    parts: dict[str, list[Tune]] = {"train": [], "valid": [], "test": []}
    for tune in tunes:
        if tune.collection not in without:
            parts[dataset.split(tune)].append(tune)
    return parts["train"], parts["valid"]


class Losses(nn.Module):
    """The model with its two losses, summed over a batch, in nats: what DDP wraps."""

    def __init__(self, model: MelodyModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, events: Events, pitches: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        states = self.model(events)
        kept = pitches != IGNORED
        states, pitches, lengths = states[kept], pitches[kept], lengths[kept]
        pitch = self.model.pitch_logits(states).float()
        length = self.model.length_logits(states, pitches).float()
        return (
            functional.cross_entropy(pitch, pitches, reduction="sum"),
            functional.cross_entropy(length, lengths, reduction="sum"),
        )


def prepared(tunes: Sequence[Tune], jobs: int = 1) -> list[tuple[MelodyExample, ...]]:
    """The examples of each tune, in order; a stretch of tunes in each of so many processes."""
    stretches = [tunes[start : start + STRETCH] for start in range(0, len(tunes), STRETCH)]
    found: list[tuple[MelodyExample, ...]] = []
    with progress(len(tunes), "preparing tunes") as step:
        for each in in_order(all_examples, stretches, jobs):
            found += each
            step(count=len(each))
    return found


def train(
    training: Sequence[Tune],
    validation: Sequence[Tune],
    folder: Path,
    recipe: Recipe,
    *,
    jobs: int = 1,
    say: Callable[[str], None] = print,
    start: MelodyModel | None = None,
) -> MelodyModel:
    """Train, or go on with what was begun in this folder; the best epoch's model.

    start: a trained model to go on from, for fine-tuning. Raises TrainingError where there is
    nothing to learn from, or the folder holds another recipe's run.
    """
    shared = "RANK" in os.environ
    if shared and not distributed.is_initialized():
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    rank, world = (distributed.get_rank(), distributed.get_world_size()) if shared else (0, 1)
    device = _device(rank)
    examples = prepared(training, jobs)
    others = [o for tune in training if (o := renotated(tune)) is not None]
    twins = dict(zip((o.source for o in others), prepared(others, jobs), strict=True))
    held = [example for each in prepared(validation, jobs) for example in each]
    if not any(examples) or not held:
        raise TrainingError(
            "There is nothing to learn from: the dataset has no tune for training or none for "
            "validation.",
            "Build a larger one with promenade corpus build.",
        )
    torch.manual_seed(recipe.seed)
    model = start if start is not None else MelodyModel(recipe.model)
    model.to(device)
    begun = RunFolder(folder, asdict(recipe), rank)
    optimiser = _optimiser(model, recipe, device)
    done = begun.resume(model, optimiser, device)
    losses: nn.Module = Losses(model).to(device)
    if shared:
        losses = nn.parallel.DistributedDataParallel(losses)
    dealt = batches(_flat(examples), recipe.events, _noise(recipe, 0))
    steps = sum(1 for _ in watched(dealt, "counting steps"))
    for epoch in range(done, recipe.epochs):
        if begun.stale(recipe.patience):
            break
        noise = _noise(recipe, epoch)
        # What is dropped depends on the epoch alone, so that a run can go on where it stopped.
        torch.manual_seed(int(noise.integers(2**62)) + rank)
        chosen = _flat(
            twins[tune.source] if noise.random() < recipe.renotated and tune.source in twins else e
            for tune, e in zip(training, examples, strict=True)
        )
        model.train()
        total = count = 0.0
        with progress(steps, f"epoch {epoch + 1} of {recipe.epochs}", quiet=rank > 0) as step:
            for number, batch in enumerate(batches(chosen, recipe.events, noise)):
                rate = _rate(recipe, epoch * steps + number, steps * recipe.epochs)
                for group in optimiser.param_groups:
                    group["lr"] = rate
                nats, events = _step(losses, _part(batch, rank, world), device, world)
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimiser.step()
                optimiser.zero_grad(set_to_none=True)
                total, count = total + nats, count + events
                step(f"{total / count * BITS:.3f} bits an event")
        if rank == 0:
            figures = Figures(epoch, rate, total / count * BITS, judge(model, held))
            begun.keep(model, optimiser, figures)
            say(_line(figures, recipe))
        if shared:
            distributed.barrier()
    return begun.best(device)


def judge(model: MelodyModel, examples: Sequence[MelodyExample]) -> dict[str, tuple[float, float]]:
    """Bits an event for pitch and for length, by what the model is told (see `ASKED`)."""
    model.eval()
    device = next(model.parameters()).device
    losses = Losses(model)
    found = {}
    with torch.no_grad():
        for name, without in ASKED.items():
            sums = np.zeros(3)
            for begin in watched(range(0, len(examples), 32), f"judging, {name}"):
                batch = plain(examples[begin : begin + 32], *without)
                events, pitches, lengths = _moved(batch, device)
                with mixed_precision(device):
                    pitch, length = losses(events, pitches, lengths)
                sums += (pitch.item(), length.item(), int((pitches != IGNORED).sum()))
            found[name] = (sums[0] / sums[2] * BITS, sums[1] / sums[2] * BITS)
    return found


Batch = tuple[Events, Tensor, Tensor]


def _flat(examples: Iterable[tuple[MelodyExample, ...]]) -> list[MelodyExample]:
    return [example for each in examples for example in each]


def _noise(recipe: Recipe, epoch: int) -> np.random.Generator:
    return np.random.default_rng([recipe.seed, epoch])


def _device(rank: int) -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda", rank % torch.cuda.device_count())
    return torch.device("cpu")


def mixed_precision(device: torch.device) -> AbstractContextManager[Any]:
    """Half precision where the machine is quicker with it."""
    quicker = device.type == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=quicker)


def _optimiser(model: MelodyModel, recipe: Recipe, device: torch.device) -> torch.optim.Optimizer:
    """AdamW; what is added or scaled does not decay."""
    matrices = [p for p in model.parameters() if p.ndim == 2]
    vectors = [p for p in model.parameters() if p.ndim != 2]
    groups: list[dict[str, Any]] = [
        {"params": matrices, "weight_decay": recipe.decay},
        {"params": vectors},
    ]
    return torch.optim.AdamW(
        groups,
        lr=recipe.rate,
        betas=(0.9, 0.98),
        weight_decay=0.0,
        fused=device.type == "cuda",
    )


def _rate(recipe: Recipe, step: int, steps: int) -> float:
    """A straight rise, then a half cosine to a fiftieth."""
    if step < recipe.warmup:
        return recipe.rate * (step + 1) / recipe.warmup
    share = min(1.0, (step - recipe.warmup) / max(1, steps - recipe.warmup))
    return recipe.rate * (0.02 + 0.98 * (1 + math.cos(math.pi * share)) / 2)


def _part(batch: Batch, rank: int, world: int) -> Batch:
    """This process's melodies of a batch; one at least, whose loss is nought if it has none."""
    if world == 1:
        return batch
    events, pitches, lengths = batch
    rows = torch.arange(rank, len(pitches), world)
    if not len(rows):
        nothing = torch.full_like(pitches[:1], IGNORED)
        return _rows(events, slice(0, 1)), nothing, nothing
    return _rows(events, rows), pitches[rows], lengths[rows]


def _rows(events: Events, rows: Tensor | slice) -> Events:
    return Events(*(getattr(events, name)[rows] for name in Events.__slots__))


def _moved(batch: Batch, device: torch.device) -> Batch:
    events, pitches, lengths = batch
    return (
        Events(*(getattr(events, name).to(device) for name in Events.__slots__)),
        pitches.to(device),
        lengths.to(device),
    )


def _step(losses: nn.Module, batch: Batch, device: torch.device, world: int) -> tuple[float, int]:
    """Gradients of a batch, averaged over the events of all processes; nats and events."""
    events, pitches, lengths = _moved(batch, device)
    count = (pitches != IGNORED).sum()
    if world > 1:
        distributed.all_reduce(count)
    with mixed_precision(device):
        pitch, length = losses(events, pitches, lengths)
    loss = pitch + length
    # DDP averages over processes; the events of all of them are counted.
    (loss * world / count).backward()
    total = loss.detach()
    if world > 1:
        distributed.all_reduce(total)
    return float(total), int(count)


def _line(figures: Figures, recipe: Recipe) -> str:
    shown = ", ".join(
        f"{name} {pitch:.3f} + {length:.3f}" for name, (pitch, length) in figures.validation.items()
    )
    return (
        f"epoch {figures.epoch + 1} of {recipe.epochs}: training {figures.training:.3f} bits an "
        f"event; validation (pitch + length) {shown}"
    )
