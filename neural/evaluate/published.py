"""Table 1: bits a note for the next pitch, on the eight sets that the published models told.

Ten folds by piece. Nothing of a fold's test pieces is used for what predicts them, and nothing of
the sets for how it is trained: gates learn on another fold, which no predictor has read, and rates
and epochs were settled elsewhere.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from corpora import dataset
from corpora.engines import in_order
from corpora.near import near
from corpora.progress import watched
from corpora.tune import Tune
from neural import weights
from neural.evaluate.evidence import SetEvidence, notes_of
from neural.evaluate.networks import Fold, SetReader, fold_of, new_fold
from neural.evaluate.ppm import counted
from neural.evaluate.rows import rows, table, where
from neural.evaluate.scout import Scout, counted_scout
from neural.evaluate.sets import FOLDS, MelodySet, read_sets
from neural.evaluate.tables import FigureTable, ending, kept
from neural.evaluate.tuning import NEW, Tuning
from neural.model import load

INNER = 3  # folds after the one for testing that PPM reads for gates: so many seeds at most
NEW_SEEDS = 1  # of the networks that know a fold alone


def gather(
    melodies: MelodySet,
    scout: Scout,
    file: Path,
    folder: Path,
    seeds: int,
    tuning: Tuning,
) -> SetEvidence:
    """Compute what the table needs of one set, or read what was computed before; `folder` is that
    of these weights."""
    model = load(file)
    held: list[SetReader] = []
    name = melodies.name

    def read() -> SetReader:
        if not held:
            held.append(SetReader(model, melodies, scout, tuning.top))
        return held[0]

    ppm = counted(melodies, INNER, folder.parent)
    frozen = kept(folder / f"frozen-{name}.npz", lambda: {"said": read().untouched()})["said"]
    fine: dict[tuple[int, int], Fold] = {}
    for seed in range(seeds):
        for fold in range(FOLDS):
            file_ = folder / f"tuned-{_kind(tuning)}-{name}-{fold}-{seed}.npz"
            fine[fold, seed] = fold_of(file_, partial(_tuned, read, fold, seed, tuning))
    return SetEvidence(melodies, notes_of(melodies), ppm, {}, frozen, fine)


def fresh(melodies: MelodySet, folder: Path, seeds: int) -> dict[tuple[int, int], Fold]:
    """The networks that know a fold's training pieces alone, by fold and seed."""
    return {
        (fold, seed): fold_of(
            folder / f"new-{_kind(NEW)}-{melodies.name}-{fold}-{seed}.npz",
            partial(new_fold, melodies, fold, seed),
        )
        for seed in range(seeds)
        for fold in range(FOLDS)
    }


def _tuned(read: Callable[[], SetReader], fold: int, seed: int, tuning: Tuning) -> Fold:
    return read().tuned_fold(fold, seed, tuning)


def _kind(tuning: Tuning) -> str:
    return str(tuning).replace(", ", "-").replace(" ", "-")


def main(arguments: Sequence[str] | None = None) -> None:
    """Compute and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the eight sets")
    parser.add_argument("--weights", type=Path, default=weights.SHIPPED)
    parser.add_argument("--dataset", type=Path, required=True, help="what they were trained on")
    parser.add_argument("--output", "-o", type=Path, default=Path("published"))
    parser.add_argument("--seeds", type=int, choices=range(1, INNER + 1), default=2)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args(arguments)
    found = evaluate(
        asked.folder, asked.weights, asked.dataset, asked.output, asked.seeds, asked.jobs
    )
    for table_ in found:
        print(f"{table_}\n")


def evaluate(
    folder: Path, file: Path, data: Path, output: Path, seeds: int = 2, jobs: int = 2
) -> tuple[FigureTable, FigureTable]:
    """The table, and the one of where the bits are, written into the output folder too; what was
    computed there is not again."""
    sets = read_sets(folder)
    tunes = dataset.read(data)
    training = [tune for tune in tunes if dataset.split(tune) == "train"]
    tuning = Tuning()
    scout = counted_scout(training)
    print_ = weights.fingerprint(file)[:12]
    trained = output / print_
    # The largest sets first, so that the processes end together.
    order = sorted(sets, key=lambda each: -sum(len(piece.pitches) for piece in each.pieces))
    work: list[Callable[[], Any]] = [
        *(partial(gather, each, scout, file, trained, seeds, tuning) for each in order),
        *(partial(fresh, each, output, min(seeds, NEW_SEEDS)) for each in order),
    ]
    done = list(watched(in_order(_alone, work, jobs), "sets, twice each", len(work)))
    read, new = (
        dict(zip((each.name for each in order), part, strict=True))
        for part in (done[: len(order)], done[len(order) :])
    )
    evidence = [replace(read[each.name], new=new[each.name]) for each in sets]
    found = list(watched(rows(evidence, seeds, trained / _kind(tuning)), "mixing"))
    about = (f"Weights {file.name} ({print_}). {_near(sets, tunes, data, len(training))}",)
    tables = table(found, evidence, about, tuning), where(found, evidence)
    for each, name in zip(tables, ("published", "published-where"), strict=True):
        each.write(output, name)
    return tables


def _alone(work: Callable[[], Any]) -> Any:
    """What is computed on one thread, so that the figures do not hang on how many there are."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return work()
    finally:
        torch.set_num_threads(before)


def _near(sets: Sequence[MelodySet], tunes: Sequence[Tune], data: Path, training: int) -> str:
    """How clean the dataset is of the sets."""
    melodies = [piece.pitches.tolist() for each in sets for piece in each.pieces]
    close = len(near(([note.pitch.midi for note in t.notes] for t in tunes), melodies))
    left = dataset.read_about(data).get("near", {})
    count = sum(left.values()) if left else "it does not say how many"
    return (
        f"Dataset {data.name}: {training} tunes for training, of which the weights' card says what "
        f"was read. Left out of it as near to a melody of the sets: {count}; by the "
        f"same measure {close} of all its tunes are still near to one. Counts of "
        "its training tunes choose which keys and metres the network reads."
    )


if __name__ == "__main__":
    ending(main)
