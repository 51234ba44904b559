"""Table 1: bits a note for the next pitch, on the eight sets that the published models told.

Ten folds by piece. Nothing of a fold's test pieces is used for what predicts them: where weights,
epochs, biases or a gate are chosen, it is by another fold, which the same models did not train on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from corpora import dataset
from corpora.errors import CorpusError
from corpora.near import near
from neural import weights
from neural.errors import NeuralError
from neural.evaluate.counted import counted
from neural.evaluate.networks import Fold, Read, fold_of, new_fold, validating
from neural.evaluate.rows import Evidence, notes_of, table
from neural.evaluate.scout import Scout, counted_scout
from neural.evaluate.sets import FOLDS, MelodySet, read_sets
from neural.evaluate.tables import Table
from neural.evaluate.tuning import Tuning

INNER = 3  # folds after the one for testing that PPM reads for validation: so many seeds at most
NEW_SEEDS = 1  # of the networks that know a fold alone; they take most of the time


def gather(
    melodies: MelodySet,
    scout: Scout,
    file: Path,
    folder: Path,
    seeds: int,
    tuning: Tuning,
    say: Callable[[str], None] = print,
) -> Evidence:
    """Compute what the table needs of one set, or read what was computed before."""
    model = weights.load(file)
    trained = folder / weights.fingerprint(file)[:12]
    pairs = [(fold, seed) for seed in range(seeds) for fold in range(FOLDS)]
    held: list[Read] = []

    def read() -> Read:
        if not held:
            held.append(Read(model, melodies, scout, tuning.top))
            say(f"{melodies.name}: {len(held[0].held.rows)} readings of {len(melodies.pieces)}")
        return held[0]

    name = melodies.name
    frozen: dict[tuple[int, int], Fold] = {}
    fine: dict[tuple[int, int], Fold] = {}
    ppm = counted(melodies, INNER, folder)
    for fold, seed in pairs:
        frozen[fold, seed] = fold_of(
            trained / f"frozen-{name}-{fold}-{seed}.npz",
            partial(_frozen, read, fold, seed),
        )
        fine[fold, seed] = fold_of(
            trained / f"tuned-{name}-{fold}-{seed}.npz",
            partial(_tuned, read, fold, seed, tuning),
        )
        if fold == FOLDS - 1:
            say(f"{name}: fine-tuned on ten folds with seed {seed}")
    return Evidence(melodies, notes_of(melodies), ppm, {}, frozen, fine)


def alone(melodies: MelodySet, folder: Path, seeds: int) -> dict[tuple[int, int], Fold]:
    """The networks that know a fold's training pieces alone, by fold and seed."""
    return {
        (fold, seed): fold_of(
            folder / f"new-{melodies.name}-{fold}-{seed}.npz",
            partial(new_fold, melodies, fold, seed),
        )
        for seed in range(seeds)
        for fold in range(FOLDS)
    }


def _frozen(read: Callable[[], Read], fold: int, seed: int) -> Fold:
    return read().frozen_fold(fold, validating(fold, seed))


def _tuned(read: Callable[[], Read], fold: int, seed: int, tuning: Tuning) -> Fold:
    return read().tuned_fold(fold, seed, tuning)


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
    try:
        found = evaluate(
            asked.folder, asked.weights, asked.dataset, asked.output, asked.seeds, asked.jobs
        )
    except (NeuralError, CorpusError) as error:
        parser.exit(2, f"{error}\n")
    print(found)


def evaluate(
    folder: Path, file: Path, data: Path, output: Path, seeds: int = 2, jobs: int = 2
) -> Table:
    """The table, written into the output folder too; what was computed there is not again."""
    sets = read_sets(folder)
    tunes = dataset.read(data)
    melodies = [[int(pitch) for pitch in p.pitches] for each in sets for p in each.pieces]
    close = len(near(([note.pitch.midi for note in t.notes] for t in tunes), melodies))
    training = [tune for tune in tunes if dataset.split(tune) == "train"]
    left = dataset.read_about(data).get("near", {})
    tuning = Tuning()
    tables = counted_scout(training)
    # The largest sets first, so that the processes end together.
    order = sorted(sets, key=lambda each: -sum(len(piece.pitches) for piece in each.pieces))
    with ProcessPoolExecutor(jobs, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        waiting = {
            each.name: pool.submit(gather, each, tables, file, output, seeds, tuning)
            for each in order
        }
        new = {each.name: pool.submit(alone, each, output, min(seeds, NEW_SEEDS)) for each in order}
        evidence = [
            replace(waiting[each.name].result(), new=new[each.name].result()) for each in sets
        ]
    name = f"{file.name} ({weights.fingerprint(file)[:12]})"
    about = {
        "transformer": f"weights {name}",
        "data": f"Dataset {data.name}: {len(training)} tunes for training. Left out of it as near "
        f"to a melody of the sets: {sum(left.values()) if left else 'it does not say how many'}; "
        f"by the same measure {close} of all its tunes are still near to one.",
    }
    found = table(evidence, seeds, about, tuning, output / weights.fingerprint(file)[:12])
    found.write(output, "published")
    return found


if __name__ == "__main__":
    main()
