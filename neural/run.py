"""A training run as the command starts it: data read and parted, recipe made, result said."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from corpora import dataset
from corpora.tune import Tune
from neural.errors import TrainingError
from neural.model import load, parameters
from neural.training import Recipe, train

# How much of the learning rate a run that goes on from trained weights begins with.
GENTLER = 0.25


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
