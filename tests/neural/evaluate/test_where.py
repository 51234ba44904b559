"""What repeats, what is doubled between folds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from neural.evaluate.evidence import SetEvidence, notes_of
from neural.evaluate.ppm import counted
from neural.evaluate.rows import COUNTED, KINDS, PPM, PredictorBits, kinds, where
from neural.evaluate.sets import FOLDS, MelodySet, SetPiece, twins


def melodies(count: int = FOLDS) -> MelodySet:
    noise = np.random.default_rng(1)
    pieces = []
    for number in range(count):
        half = noise.integers(60, 68, 9)
        pitches = np.concatenate([half, half])
        starts = 24 * np.arange(18)
        pieces.append(SetPiece(str(number), starts, starts + 24, pitches))
    return MelodySet("nova_scotia", tuple(pieces), tuple(range(60, 68)), np.arange(count) % FOLDS)


def test_repeats_by_hand() -> None:
    found = [KINDS[kind] for kind in kinds([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 6])]
    rest = ["the rest"] * 8
    assert found == ["first note", *rest, *["repeats"] * 5, "breaks a repeat"]
    assert kinds([]).size == 0


def test_a_piece_is_a_twin_of_one_in_another_fold_only() -> None:
    one = melodies(2 * FOLDS)
    assert not twins(one).any()
    pieces = list(one.pieces)
    higher = replace(pieces[3], pitches=pieces[3].pitches + 2)
    pieces[4], pieces[13] = higher, pieces[3]
    # Pieces 3 and 13 are of one fold, 4 of the next.
    assert np.flatnonzero(twins(replace(one, pieces=tuple(pieces)))).tolist() == [3, 4, 13]
    pieces[4] = one.pieces[4]
    assert not twins(replace(one, pieces=tuple(pieces))).any()


def test_an_oracle_of_repeats_saves_their_bits(tmp_path: Path) -> None:
    one = melodies()
    notes = notes_of(one)
    none = np.zeros((2, sum(len(each.rows) for each in notes), 8), np.float32)
    evidence = SetEvidence(one, notes, counted(one, 1, tmp_path), {}, none, {})
    even = [[np.full(18 * FOLDS, 3.0)]]
    found = where([PredictorBits(COUNTED, even), PredictorBits("not shown", even)], [evidence])
    shares, line = found.lines
    of = dict(zip(found.columns, shares.figures, strict=True))
    assert of["repeats"] is not None
    # Five of eighteen notes at least continue the second half; no more than nine can.
    assert 5 / 18 - 1e-9 <= of["repeats"] < 0.5
    assert line.name == COUNTED
    assert line.figures[-1] is not None
    assert np.isclose(line.figures[-1], 3 * (1 - of["repeats"]))
    assert PPM not in str(found)
