"""The rows of table 1, from what the networks and PPM said of every note, and where their bits are:
in first notes, in what repeats the melody itself, in the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural.evaluate.evidence import Bits, SetEvidence
from neural.evaluate.gate import LONG, SHORT, Mixed, judged, mixtures
from neural.evaluate.networks import gating
from neural.evaluate.ppm import geometric
from neural.evaluate.sets import FOLDS, PUBLISHED, twins
from neural.evaluate.tables import FigureRow, FigureTable
from neural.evaluate.tuning import NEW, Tuning
from neural.network import Single

BIASES = (0.0, 0.5, 1.0, 2.0, 4.0)  # of the entropy weights, chosen by the gate's fold
COUNTED = "pitches counted"
PPM = "PPM, long- and short-term"
FROZEN = "transformer, pre-trained, frozen"
TUNED = "transformer, fine-tuned"
BEST = "gate: fine-tuned, frozen and PPM"
CONTROL = "control: the last gate, notes shuffled"
RUN = 4  # notes before that make a repeat
KINDS = ("first note", "repeats", "breaks a repeat", "the rest")
SHOWN = (COUNTED, PPM, FROZEN, TUNED, BEST)
GATES: Mapping[str, Mixed] = {
    "gate: PPM, not told onsets": Mixed(False, False, (0, 1, 3, 4)),
    "gate: PPM alone": Mixed(False, False, LONG + SHORT),
    "gate: frozen and short-term": Mixed(False, True, SHORT),
    "gate: fine-tuned and short-term": Mixed(True, False, SHORT),
    BEST: Mixed(True, True, LONG + SHORT),
    CONTROL: Mixed(True, True, LONG + SHORT, shuffled=True),
}
# What is behind each row, beside the seeds.
ABOUT: Mapping[str, str] = {
    COUNTED: "how often each pitch is in the other folds, whatever came before",
    "PPM, pitches alone": "the published design again: long-term, learning from the melody at hand "
    "too, and short-term, mixed by entropy; not told onsets. It checks the data and the folds",
    "PPM, long-term": "other folds and the melody at hand; three viewpoints, one of which is told "
    "onsets, mixed by entropy",
    PPM: "the same with models of the melody at hand alone",
    "gate: PPM, not told onsets": "pitches and intervals, long- and short-term: what the published "
    "models were told, mixed by a gate and not by entropy",
    "transformer, fold only": "a small network trained on the fold's own pieces in twelve "
    "transpositions, nothing else read",
    FROZEN: "nothing of the sets read; told onsets, not the key and metre, which it infers",
    TUNED: "the same trained on the fold's pieces",
    "gate: frozen and short-term": "nothing of the sets read but by the gate; PPM of the melody at "
    "hand",
    CONTROL: "the gate learned and judged on pitches dealt out anew; below the pitches counted "
    "something would be amiss",
}


@dataclass(frozen=True, slots=True, eq=False)
class PredictorBits:
    """A row: for each set, and each seed, the bits of every note, fold after fold."""

    name: str
    bits: Sequence[Sequence[Bits]]

    @property
    def figures(self) -> tuple[float, ...]:
        """Each set's mean, and theirs."""
        return self.among([np.ones(len(each[0]), np.bool_) for each in self.bits])

    def among(self, which: Sequence[NDArray[np.bool_]]) -> tuple[float, ...]:
        """The same over some of the notes of each set; nought where it has none of them."""
        means = [
            float(np.mean([bits[some].sum() / max(1, some.sum()) for bits in each]))
            for each, some in zip(self.bits, which, strict=True)
        ]
        return (*means, float(np.mean(means)))

    @property
    def seeds(self) -> tuple[float, ...]:
        """Each seed's mean over the sets."""
        return tuple(
            float(np.mean([bits.mean() for bits in every]))
            for every in zip(*self.bits, strict=True)
        )


def rows(evidence: Sequence[SetEvidence], seeds: int, folder: Path) -> Iterator[PredictorBits]:
    """All rows but the published ones; gates are kept in the folder."""
    yield PredictorBits(COUNTED, [[_unigram(each)] for each in evidence])
    yield PredictorBits("PPM, pitches alone", [[_entropy(each, (0, 3))] for each in evidence])
    yield PredictorBits("PPM, long-term", [[_entropy(each, LONG)] for each in evidence])
    yield PredictorBits(PPM, [[_entropy(each, LONG + SHORT)] for each in evidence])
    if all(each.new for each in evidence):
        yield PredictorBits(
            "transformer, fold only",
            [
                [_of(e, [e.new[fold, seed].test[0] for fold in range(FOLDS)]) for seed in _seeds(e)]
                for e in evidence
            ],
        )
    for name, told in ((FROZEN, 0), ("told the duration: frozen", 1)):
        yield PredictorBits(
            name,
            [[_of(e, [e.frozen[told][notes.rows] for notes in e.notes])] for e in evidence],
        )
    for name, told in ((TUNED, 0), ("told the duration: fine-tuned", 1)):
        said = [
            [[e.tuned[fold, seed].test[told] for fold in range(FOLDS)] for seed in range(seeds)]
            for e in evidence
        ]
        yield PredictorBits(
            name, [[_of(e, s) for s in one] for e, one in zip(evidence, said, strict=True)]
        )
    for name, mixed in GATES.items():
        heard = mixtures(evidence, seeds, mixed, folder)
        yield PredictorBits(
            name,
            [[judged(e, mixed, s) for s in one] for e, one in zip(evidence, heard, strict=True)],
        )
        if name == BEST and seeds > 1:
            mean = [[np.mean(fold, axis=0) for fold in zip(*one, strict=True)] for one in heard]
            yield PredictorBits(
                f"{name}, seeds together",
                [[_of(e, said)] for e, said in zip(evidence, mean, strict=True)],
            )


def table(
    found: Sequence[PredictorBits],
    evidence: Sequence[SetEvidence],
    about: Sequence[str],
    tuning: Tuning,
) -> FigureTable:
    """The rows beside the published ones, and some of them without what is doubled in a set."""
    published = [
        FigureRow(name, _with_mean([PUBLISHED[e.melodies.name][column] for e in evidence]), text)
        for column, (name, text) in enumerate(
            (
                ("published, long-term", "Pearce 2005, frozen"),
                ("published, combined", "Pearce 2005, the best of long- and short-term"),
            )
        )
    ]
    lines = [FigureRow(row.name, row.figures, _about(row)) for row in found]
    doubled = [twins(each.melodies) for each in evidence]
    single = [_notes(e, ~pieces) for e, pieces in zip(evidence, doubled, strict=True)]
    counts = ", ".join(
        f"{e.melodies.name} {int(pieces.sum())}"
        for e, pieces in zip(evidence, doubled, strict=True)
    )
    lines += [
        FigureRow(f"without near-duplicates: {row.name}", row.among(single))
        for row in found
        if row.name in (PPM, TUNED, BEST)
    ]
    notes = (
        f"{sum(len(e.melodies.pieces) for e in evidence)} melodies; each set's own alphabet; "
        f"{FOLDS} folds by piece, the same for all seeds; all notes of a set count alike, the "
        "first of a melody too.",
        f"Fine-tuned: the last {tuning.top} blocks at a rate of {tuning}, settled on tunes of "
        f"other collections; fold only: {NEW}, as long as was affordable "
        "and no more. A seed draws the training's random numbers and chooses the fold that the "
        "gate learns on, which no predictor reads.",
        f"Near-duplicates: pieces near to one of another fold of their set ({counts}).",
        *about,
    )
    return FigureTable(
        "Bits a note for the next chromatic pitch, its onset known and its duration not",
        (*(e.melodies.name for e in evidence), "mean"),
        (*published, *lines),
        notes,
    )


def _seeds(each: SetEvidence) -> list[int]:
    return sorted({seed for _, seed in each.new})


def _of(each: SetEvidence, said: Sequence[Single]) -> Bits:
    return np.concatenate([n.bits(fold) for n, fold in zip(each.notes, said, strict=True)])


def _notes(each: SetEvidence, pieces: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which notes, fold after fold, are of these pieces."""
    sizes = [len(piece.pitches) for piece in each.melodies.pieces]
    of = np.repeat(pieces, sizes)
    return np.concatenate([of[notes.rows] for notes in each.notes])


def _unigram(each: SetEvidence) -> Bits:
    size = len(each.melodies.alphabet)
    counts = np.array([np.bincount(notes.symbols, minlength=size) for notes in each.notes])
    found = []
    for fold, notes in enumerate(each.notes):
        others = counts.sum(axis=0) - counts[fold] + 1.0
        found.append(-np.log2(others / others.sum())[notes.symbols])
    return np.concatenate(found)


def _entropy(each: SetEvidence, which: tuple[int, ...]) -> Bits:
    """Rows of PPM mixed by entropy, the bias chosen by the gate's fold."""
    found = []
    for fold in range(FOLDS):

        def mixed(read: int, bias: float, fold: int = fold) -> Bits:
            said = each.counts(fold, read)[list(which)].astype(np.float64)
            return each.notes[read].bits(geometric(list(said), bias))

        other = gating(fold, 0)
        best = min(BIASES, key=lambda bias: float(mixed(other, bias).mean()))
        found.append(mixed(fold, best))
    return np.concatenate(found)


def _with_mean(figures: Sequence[float]) -> tuple[float, ...]:
    return (*figures, float(np.mean(figures)))


def _about(row: PredictorBits) -> str:
    text = ABOUT.get(row.name, "")
    seeds = row.seeds
    if len(seeds) == 1:
        return text
    said = f"{len(seeds)} seeds, their means {', '.join(f'{mean:.3f}' for mean in seeds)}"
    return f"{text}; {said}" if text else said


def kinds(pitches: Sequence[int]) -> NDArray[np.int64]:
    """For each note the place of its kind in KINDS.

    A note repeats if the `RUN` pitches before it have come before, and were last followed by the
    same pitch; it breaks a repeat if they were followed by another.
    """
    found = np.full(len(pitches), KINDS.index("the rest"))
    found[:1] = KINDS.index("first note")
    followed: dict[tuple[int, ...], int] = {}
    for number in range(RUN, len(pitches)):
        before = tuple(pitches[number - RUN : number])
        if before in followed:
            kept = followed[before] == pitches[number]
            found[number] = KINDS.index("repeats" if kept else "breaks a repeat")
        followed[before] = pitches[number]
    return found


def where(rows: Sequence[PredictorBits], evidence: Sequence[SetEvidence]) -> FigureTable:
    """Bits a note by kind, for some of the rows; the means of the sets' means."""
    which = []
    for each in evidence:
        every = np.concatenate([kinds(piece.pitches.tolist()) for piece in each.melodies.pieces])
        which.append(np.concatenate([every[notes.rows] for notes in each.notes]))
    shares = [float(np.mean([(k == n).mean() for k in which])) for n in range(len(KINDS))]
    lines = [FigureRow("share of the notes", (*shares, 1.0, None))]
    repeats = KINDS.index("repeats")
    for row in rows:
        if row.name in SHOWN:
            of = [row.among([k == n for k in which])[-1] for n in range(len(KINDS))]
            free = [
                float(np.mean([np.where(k == repeats, 0.0, bits).mean() for bits in seeds]))
                for k, seeds in zip(which, row.bits, strict=True)
            ]
            lines.append(FigureRow(row.name, (*of, row.figures[-1], float(np.mean(free)))))
    return FigureTable(
        "Where the bits are",
        (*KINDS, "all", "repeats free"),
        tuple(lines),
        (
            f"A note repeats if the {RUN} pitches before it came before in its melody and were "
            "last followed by the same one. Repeats free: an oracle that knew each of those.",
        ),
    )
