"""Table 1: bits a note for the next pitch, on the eight sets that the published models told.

Ten folds by piece. Nothing of a fold's test pieces is used for what predicts them: where weights,
epochs, biases or a gate are chosen, it is by another fold, which the same models did not train on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from corpora import dataset
from corpora.errors import CorpusError
from corpora.near import near
from neural import weights
from neural.errors import NeuralError
from neural.evaluate import gate
from neural.evaluate.counted import Counted, counted
from neural.evaluate.networks import Fold, Read, fold_of, new_fold, validating
from neural.evaluate.scout import Scout, counted_scout
from neural.evaluate.sets import FOLDS, PUBLISHED, MelodySet, read_sets
from neural.evaluate.tables import Line, Table
from neural.evaluate.tuning import Tuning
from neural.ppm import geometric

INNER = 3  # folds after the one for testing that PPM reads for validation: so many seeds at most
NEW_SEEDS = 1  # of the networks that know a fold alone; they take most of the time
BIASES = (0.0, 0.5, 1.0, 2.0, 4.0)  # of the entropy weights, chosen by validation
Floats = NDArray[np.float32]
Bits = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Notes:
    """The notes of one fold of one set: places in the alphabet, and in their melodies."""

    symbols: NDArray[np.int64]
    places: NDArray[np.int64]
    rows: NDArray[np.int64]  # among all notes of the set

    def bits(self, chances: Floats | NDArray[np.float64]) -> Bits:
        return -np.log2(np.maximum(chances[np.arange(len(self.symbols)), self.symbols], 1e-12))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Everything that was computed of one set, by fold and seed."""

    melodies: MelodySet
    notes: Sequence[Notes]
    counted: Counted
    new: Mapping[tuple[int, int], Fold]
    frozen: Mapping[tuple[int, int], Fold]
    tuned: Mapping[tuple[int, int], Fold]


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
    return Evidence(melodies, _notes(melodies), ppm, {}, frozen, fine)


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


def _notes(melodies: MelodySet) -> list[Notes]:
    sizes = [len(piece.pitches) for piece in melodies.pieces]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    symbols = np.concatenate([melodies.symbols(piece) for piece in melodies.pieces])
    places = np.concatenate([np.arange(size) for size in sizes])
    found = []
    for fold in range(FOLDS):
        pieces = np.flatnonzero(melodies.folds == fold)
        rows = np.concatenate([np.arange(starts[n], starts[n + 1]) for n in pieces])
        found.append(Notes(symbols[rows], places[rows], rows))
    return found


def table(
    evidence: Sequence[Evidence], seeds: int, about: Mapping[str, str], tuning: Tuning
) -> Table:
    """All rows, from what was computed."""
    means: dict[str, list[list[float]]] = {}

    def put(name: str, number: int, folds: Sequence[Bits]) -> None:
        rows = means.setdefault(name, [[] for _ in evidence])
        rows[number].append(float(np.concatenate(folds).mean()))

    for number, each in enumerate(evidence):
        put("PPM, long-term", number, _entropy(each, long=True))
        put("PPM, long- and short-term", number, _entropy(each, long=False))
        for name, folds, told in (
            ("transformer, fold only", each.new, 0),
            ("transformer, pre-trained, frozen", each.frozen, 0),
            ("transformer, fine-tuned", each.tuned, 0),
            ("told the duration: frozen", each.frozen, 1),
            ("told the duration: fine-tuned", each.tuned, 1),
        ):
            for seed in sorted({seed for _, seed in folds})[: 1 if folds is each.frozen else seeds]:
                bits = [each.notes[f].bits(folds[f, seed].test[told]) for f in range(FOLDS)]
                put(name, number, bits)
        for name, told in (("fine-tuned, seeds together", 0), ("told: seeds together", 1)):
            mean = [
                np.mean([each.tuned[f, s].test[told] for s in range(seeds)], axis=0)
                for f in range(FOLDS)
            ]
            put(name, number, [each.notes[f].bits(mean[f]) for f in range(FOLDS)])
    for name, uses in GATED.items():
        for number, rows in enumerate(_gated(evidence, seeds, uses)):
            for seed in range(seeds):
                bits = [each.notes[f].bits(r[seed]) for f, (each, r) in enumerate(rows)]
                put(name, number, bits)
            together = [each.notes[f].bits(np.mean(r, axis=0)) for f, (each, r) in enumerate(rows)]
            put(f"{name}, seeds together", number, together)
    published = [
        Line(name, _with_mean([PUBLISHED[e.melodies.name][column] for e in evidence]), text)
        for column, (name, text) in enumerate(
            (
                ("published, long-term", "Pearce 2005, frozen"),
                ("published, combined", "Pearce 2005, the best of long- and short-term"),
            )
        )
    ]
    lines = [
        Line(name, _with_mean([float(np.mean(row)) for row in rows]), _about(name, rows, about))
        for name, rows in means.items()
    ]
    return Table(
        "Bits a note for the next chromatic pitch, its onset known and its duration not",
        (*(e.melodies.name for e in evidence), "mean"),
        (*published, *lines),
        (
            f"{sum(len(e.melodies.pieces) for e in evidence)} melodies; each set's own alphabet; "
            f"{FOLDS} folds by piece; all notes of a set count alike, the first of a melody too.",
            f"Fine-tuned: the last {tuning.top} blocks at a rate of {tuning.rate:g} for at most "
            f"{tuning.epochs} epochs, the best by another fold.",
            *([about["data"]] if "data" in about else []),
        ),
    )


# Which predictors a gate mixes: the network of a fold, and rows of PPM (long-term, then short-term,
# three viewpoints each).
GATED: Mapping[str, tuple[bool, bool, tuple[int, ...]]] = {
    # fine-tuned, frozen, PPM
    "gate: PPM alone": (False, False, (0, 1, 2, 3, 4, 5)),
    "gate: frozen and short-term": (False, True, (3, 4, 5)),
    "gate: fine-tuned and short-term": (True, False, (3, 4, 5)),
    "gate: fine-tuned, frozen and PPM": (True, True, (0, 1, 2, 3, 4, 5)),
}


def _gated(
    evidence: Sequence[Evidence], seeds: int, uses: tuple[bool, bool, tuple[int, ...]]
) -> list[list[tuple[Evidence, list[Floats]]]]:
    """For each set and fold the mixtures of all seeds; a gate a fold and seed, learned on the
    validation folds of all sets."""
    found: list[list[tuple[Evidence, list[Floats]]]] = [[] for _ in evidence]
    for fold in range(FOLDS):
        mixed: list[list[Floats]] = [[] for _ in evidence]
        for seed in range(seeds):
            other = validating(fold, seed)
            parts = [_part(n, each, fold, other, seed, uses) for n, each in enumerate(evidence)]
            learned = gate.learn(parts, len(evidence))
            for number, each in enumerate(evidence):
                mixed[number].append(learned.mix(_part(number, each, fold, fold, seed, uses)))
        for number, each in enumerate(evidence):
            found[number].append((each, mixed[number]))
    return found


def _part(
    number: int,
    each: Evidence,
    fold: int,
    read: int,
    seed: int,
    uses: tuple[bool, bool, tuple[int, ...]],
) -> gate.Part:
    """What the predictors of a fold said of the fold that is read: itself or its validation."""
    fine, frozen, counts = uses
    networks = [f for f, used in ((each.tuned, fine), (each.frozen, frozen)) if used]
    said = [f[fold, seed].test[0] if read == fold else f[fold, seed].valid for f in networks]
    rows = _counts(each, fold, read)[list(counts)]
    notes = each.notes[read]
    chances = np.concatenate([np.array(said).reshape(len(said), *rows.shape[1:]), rows])
    return gate.Part(number, chances.astype(np.float32), notes.symbols, notes.places)


def _counts(each: Evidence, fold: int, read: int) -> Floats:
    """(2 · viewpoints, notes, alphabet): long-term, then short-term."""
    short = each.counted.short[:, each.notes[read].rows]
    return np.concatenate([each.counted.long[fold, read], short])


def _entropy(each: Evidence, long: bool) -> list[Bits]:
    """Our PPM mixed by entropy, its bias chosen by the next fold."""
    found = []
    for fold in range(FOLDS):
        other = validating(fold, 0)

        def mixed(read: int, bias: float, fold: int = fold) -> Bits:
            rows = _counts(each, fold, read)[: 3 if long else 6].astype(np.float64)
            return each.notes[read].bits(geometric(list(rows), bias))

        best = min(BIASES, key=lambda bias: float(mixed(other, bias).mean()))
        found.append(mixed(fold, best))
    return found


def _with_mean(figures: Sequence[float]) -> tuple[float, ...]:
    return (*figures, float(np.mean(figures)))


def _about(name: str, rows: Sequence[Sequence[float]], about: Mapping[str, str]) -> str:
    spread = np.array(list(rows)).mean(axis=0)
    text = about.get(name.partition(":")[0].partition(",")[0], "")
    if len(spread) > 1:
        seeds = f"{len(spread)} seeds, their means {', '.join(f'{mean:.3f}' for mean in spread)}"
        text = f"{text}; {seeds}" if text else seeds
    return text


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
    found = table(evidence, seeds, about, tuning)
    found.write(output, "published")
    return found


if __name__ == "__main__":
    main()
