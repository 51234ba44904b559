"""How to train on a fold, settled once, on tunes that are in none of the eight sets.

Four volumes of Essen's collection, of which the shipped weights have read nothing, stand in for the
sets: so many tunes of each, a tenth kept for judging, in the keys and metres that their files name.
Whichever rate and length of fine-tuning is best over all four is written into
`neural.evaluate.tuning`; nothing that the published table judges has a say. Of networks that are
trained on a fold alone it says what a longer training brings.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from corpora import dataset
from corpora.progress import progress
from corpora.tune import Tune
from neural import weights
from neural.evaluate.ending import ending
from neural.evaluate.keys import METRE_NAMES, MODE_NAMES, Hypothesis, sung
from neural.evaluate.networks import SMALL, alone
from neural.evaluate.score import Lower, Row, lower
from neural.evaluate.sets import Piece
from neural.evaluate.tables import Line, Table
from neural.evaluate.tuning import NEW, Tuning, judge, tuned, unread
from neural.model import MelodyModel

VOLUMES = ("han2", "lux", "ballad40", "altdeu10")
TUNES = 150
TENTH = 10
# Each row of the tables: what is tried.
FINE = tuple(
    Tuning(rate=rate, epochs=epochs) for rate in (2.5e-4, 5e-4, 1e-3) for epochs in (3, 6, 12)
)
FRESH = tuple(replace(NEW, steps=steps) for steps in (NEW.steps, 4 * NEW.steps))


def volume(tunes: Sequence[Tune], name: str) -> list[Row]:
    """So many tunes of a volume, drawn once, in their own keys and metres."""
    mine = [
        tune
        for tune in tunes
        if tune.source.startswith(f"{name}.")
        and tune.key.mode.name in MODE_NAMES
        and tune.metre.name in METRE_NAMES
    ]
    order = np.random.default_rng(0).permutation(len(mine))[:TUNES]
    return [_row(mine[place]) for place in order]


def _row(tune: Tune) -> Row:
    starts, ends, pitches = np.array([(n.start, n.end, n.pitch.midi) for n in tune.notes]).T
    melody = sung(Piece(tune.source, starts, ends, pitches))
    return melody, Hypothesis(tune.key.tonic.chroma, tune.key.mode.name, tune.metre.name)


def settle(tunes: Sequence[Tune], model: MelodyModel) -> tuple[Table, Table]:
    """Bits a pitch on the tenths that are kept, for each way of fine-tuning and of training anew,
    beside the network as it is."""
    held = [volume(tunes, name) for name in VOLUMES]
    halves = [lower(model, rows, Tuning().top) for rows in held]
    fine = [
        Line("as it is", _with_mean([_bits(model, read, FINE[0]) for read in halves])),
        *_tried(FINE, lambda tuning, number: _fine(model, halves[number], tuning)),
    ]
    new = list(_tried(FRESH, lambda tuning, number: _new(held[number], tuning)))
    columns = (*VOLUMES, "mean")
    notes = (f"{TUNES} tunes a volume of Essen's collection, every tenth kept; seed 0.",)
    return (
        Table("Fine-tuning: bits a pitch, by rate and length", columns, tuple(fine), notes),
        Table("Trained on a fold alone: the same", columns, tuple(new), notes),
    )


def _tried(ways: Sequence[Tuning], bits: Callable[[Tuning, int], float]) -> Iterator[Line]:
    with progress(len(ways) * len(VOLUMES), "training") as step:
        for tuning in ways:
            found = []
            for number, name in enumerate(VOLUMES):
                found.append(bits(tuning, number))
                step(f"{name} at {tuning}: {found[-1]:.3f}")
            yield Line(str(tuning), _with_mean(found))


def _parts(count: int) -> tuple[list[int], list[int]]:
    kept = list(range(0, count, TENTH))
    return [n for n in range(count) if n % TENTH], kept


def _fine(model: MelodyModel, read: Lower, tuning: Tuning) -> float:
    training, _ = _parts(len(read.rows))
    return _bits(tuned(model, read, training, tuning, 0), read, tuning)


def _new(rows: Sequence[Row], tuning: Tuning) -> float:
    training, kept = _parts(len(rows))
    read, plain = alone([melody for melody, _ in rows], training)
    torch.manual_seed(0)
    model = tuned(MelodyModel(SMALL), read, range(len(read.rows)), tuning, 0)
    judged = judge(model, unread([plain[n] for n in kept]), range(len(kept)), tuning)
    return judged / float(np.log(2))


def _bits(model: MelodyModel, read: Lower, tuning: Tuning) -> float:
    _, kept = _parts(len(read.rows))
    return judge(model, read, kept, tuning) / float(np.log(2))


def _with_mean(figures: Sequence[float]) -> tuple[float, ...]:
    return (*figures, float(np.mean(figures)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Compute and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path, help="with Essen's collection in it")
    parser.add_argument("--weights", type=Path, default=weights.SHIPPED)
    asked = parser.parse_args(arguments)
    torch.set_num_threads(1)
    for found in settle(dataset.read(asked.dataset), weights.load(asked.weights)):
        print(f"{found}\n")


if __name__ == "__main__":
    ending(main)
