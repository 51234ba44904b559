"""The rows of table 1, from what the networks and PPM said of every note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural.evaluate import gate
from neural.evaluate.counted import Counted
from neural.evaluate.networks import Fold, validating
from neural.evaluate.sets import FOLDS, PUBLISHED, MelodySet
from neural.evaluate.store import kept
from neural.evaluate.tables import Line, Table
from neural.evaluate.tuning import Tuning
from neural.ppm import geometric

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


def notes_of(melodies: MelodySet) -> list[Notes]:
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
    evidence: Sequence[Evidence],
    seeds: int,
    about: Mapping[str, str],
    tuning: Tuning,
    folder: Path,
) -> Table:
    """All rows, from what was computed, but those that lack a set; gates are kept in the folder."""
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
        for number, rows in enumerate(_gated(evidence, seeds, uses, folder)):
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
        if all(rows)
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
    evidence: Sequence[Evidence], seeds: int, uses: tuple[bool, bool, tuple[int, ...]], folder: Path
) -> list[list[tuple[Evidence, list[Floats]]]]:
    """For each set and fold the mixtures of all seeds; a gate a fold and seed, learned on the
    validation folds of all sets."""
    found: list[list[tuple[Evidence, list[Floats]]]] = [[] for _ in evidence]
    name = "".join(str(int(used)) for used in (*uses[:2], *uses[2]))
    for fold in range(FOLDS):
        mixed = [
            kept(
                folder / f"gate-{name}-{fold}-{seed}.npz",
                partial(_mixtures, evidence, fold, seed, uses),
            )
            for seed in range(seeds)
        ]
        for number, each in enumerate(evidence):
            found[number].append((each, [one[each.melodies.name] for one in mixed]))
    return found


def _mixtures(
    evidence: Sequence[Evidence], fold: int, seed: int, uses: tuple[bool, bool, tuple[int, ...]]
) -> dict[str, Floats]:
    """What one gate says of the fold that is kept for testing, by set."""
    other = validating(fold, seed)
    parts = [_part(n, each, fold, other, seed, uses) for n, each in enumerate(evidence)]
    learned = gate.learn(parts, len(evidence))
    return {
        each.melodies.name: learned.mix(_part(number, each, fold, fold, seed, uses))
        for number, each in enumerate(evidence)
    }


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
