"""Table 1: sets and folds, networks on a fold, and the table from what was computed."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import mido
import numpy as np
import pytest
import torch

from neural.evaluate import gate, networks, score, tuning
from neural.evaluate.evidence import SetEvidence, notes_of
from neural.evaluate.networks import Fold, SetReader, gating, new_fold
from neural.evaluate.ppm import counted
from neural.evaluate.published import INNER, main
from neural.evaluate.rows import BEST, CONTROL, COUNTED, GATES, TUNED, rows, table
from neural.evaluate.scout import counted_scout
from neural.evaluate.sets import FOLDS, PUBLISHED, EvaluationError, MelodySet, read_sets
from neural.evaluate.tables import ending
from neural.evaluate.tuning import Tuning
from neural.model import MelodyModel
from neural.weights import Config

TINY = Config(width=32, layers=2, heads=4, inner=32)
QUICK = Tuning(epochs=1, top=1)


def write(path: Path, pitches: list[int]) -> None:
    file = mido.MidiFile(ticks_per_beat=24)
    track = mido.MidiTrack()
    for pitch in pitches:
        track.append(mido.Message("note_on", note=pitch, velocity=64, time=0))
        track.append(mido.Message("note_off", note=pitch, velocity=0, time=24))
    file.tracks.append(track)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight sets of ten short melodies."""
    root = tmp_path_factory.mktemp("sets")
    noise = np.random.default_rng(0)
    for name in PUBLISHED:
        for number in range(FOLDS):
            steps = noise.choice([-2, -1, 1, 2], 9).cumsum()
            scale = np.array([60, 62, 64, 65, 67, 69, 71, 72, 74])
            write(root / name / f"{number}.mid", scale[np.clip(4 + steps, 0, 8)].tolist())
    return root


@pytest.fixture(scope="module")
def sets(folder: Path) -> tuple[MelodySet, ...]:
    return read_sets(folder)


def test_sets_are_read_in_the_published_order(sets: tuple[MelodySet, ...]) -> None:
    assert [each.name for each in sets] == list(PUBLISHED)
    one = sets[0]
    assert sorted(one.folds) == list(range(FOLDS))
    assert one.alphabet == tuple(sorted({int(p) for piece in one.pieces for p in piece.pitches}))
    assert one.pieces[0].starts[:3].tolist() == [0, 24, 48]
    piece = one.pieces[0]
    np.testing.assert_array_equal(np.array(one.alphabet)[one.symbols(piece)], piece.pitches)


def test_the_published_means() -> None:
    """Pearce's own means over the sets."""
    assert np.mean([long for long, _ in PUBLISHED.values()]) == pytest.approx(2.878, abs=5e-4)
    assert np.mean([both for _, both in PUBLISHED.values()]) == pytest.approx(2.479, abs=5e-4)


def test_a_folder_without_the_sets_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(EvaluationError, match="nova_scotia"):
        read_sets(tmp_path)
    with pytest.raises(SystemExit) as stop:
        ending(partial(main, [str(tmp_path), "--dataset", "none.npz"]))
    assert stop.value.code == 2
    assert "too few melodies" in capsys.readouterr().err


def test_an_interrupt_is_said_with_its_own_exit_status(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as stop:
        ending(interrupted)
    assert (stop.value.code, capsys.readouterr().err) == (130, "\nInterrupted.\n")


def test_ppm_of_a_fold_has_not_read_it(sets: tuple[MelodySet, ...], tmp_path: Path) -> None:
    one = sets[0]
    found = counted(one, 1, tmp_path)
    notes = notes_of(one)
    assert found.short.shape[:2] == (3, sum(len(piece.pitches) for piece in one.pieces))
    for fold in range(FOLDS):
        assert found.long[fold, fold].shape[1] == len(notes[fold].rows)
        np.testing.assert_allclose(found.long[fold, fold].sum(axis=2), 1, rtol=1e-5)
    # Another melody in a fold changes nothing of what is said of that fold's first note.
    pieces = list(one.pieces)
    place = int(np.flatnonzero(one.folds == 3)[0])
    pieces[place] = replace(pieces[place], pitches=pieces[place].pitches[::-1].copy())
    changed = counted(replace(one, pieces=tuple(pieces)), 1, tmp_path / "other")
    np.testing.assert_array_equal(found.long[3, 3][:, 0], changed.long[3, 3][:, 0])
    np.testing.assert_array_equal(found.long[2, 3][:, 0], changed.long[2, 3][:, 0])


def test_networks_say_distributions(
    sets: tuple[MelodySet, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "SMALL", TINY)
    torch.manual_seed(0)
    one = sets[0]
    read = SetReader(MelodyModel(TINY).eval(), one, counted_scout([]), 1)
    notes = notes_of(one)
    frozen = read.untouched()
    assert frozen.shape == (2, sum(len(each.rows) for each in notes), len(one.alphabet))
    np.testing.assert_allclose(frozen.sum(axis=2), 1, rtol=1e-3)
    for found in (
        read.tuned_fold(0, 0, QUICK),
        new_fold(one, 0, 0, replace(QUICK, top=2, steps=2)),
    ):
        assert found.test.shape == (2, len(notes[0].rows), len(one.alphabet))
        assert found.gate.shape == (len(notes[1].rows), len(one.alphabet))
        np.testing.assert_allclose(found.test.sum(axis=2), 1, rtol=1e-3)
        np.testing.assert_allclose(found.gate.sum(axis=1), 1, rtol=1e-3)


def test_fine_tuning_is_repeated_by_its_seed(sets: tuple[MelodySet, ...]) -> None:
    torch.manual_seed(0)
    read = SetReader(MelodyModel(TINY).eval(), sets[0], counted_scout([]), 1)
    one, again = (read.tuned_fold(0, 0, QUICK) for _ in range(2))
    np.testing.assert_array_equal(one.test, again.test)


def test_the_gates_fold_is_never_the_one_for_testing() -> None:
    for fold in range(FOLDS):
        assert fold not in {gating(fold, seed) for seed in range(INNER)}


def changed(one: MelodySet, fold: int, keep: int) -> MelodySet:
    """Every piece of a fold with other pitches and other lengths from some note on."""
    pieces = list(one.pieces)
    for place in np.flatnonzero(one.folds == fold):
        piece = pieces[place]
        pitches, starts = piece.pitches.copy(), piece.starts.copy()
        pitches[keep:] = np.where(pitches[keep:] == 60, 62, 60)
        starts[keep + 1 :] += 12
        ends = np.append(starts[1:], starts[-1] + 24)
        pieces[place] = replace(piece, pitches=pitches, starts=starts, ends=ends)
    return replace(one, pieces=tuple(pieces))


def test_no_row_knows_the_future(
    sets: tuple[MelodySet, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other notes later in a melody change nothing of what any row says before them: the networks,
    PPM, and the gate over all, which has learned on another fold."""
    monkeypatch.setattr(score, "mixed_precision", lambda device: nullcontext())
    monkeypatch.setattr(tuning, "mixed_precision", lambda device: nullcontext())
    monkeypatch.setattr(networks, "SMALL", TINY)
    torch.manual_seed(0)
    model, keep, fold = MelodyModel(TINY).eval(), 5, 0
    said = []
    for name, one in (("as it is", sets[0]), ("changed", changed(sets[0], fold, keep))):
        read = SetReader(model, one, counted_scout([]), 1)
        fine = {(fold, 0): read.tuned_fold(fold, 0, QUICK)}
        new = {(fold, 0): new_fold(one, fold, 0, replace(QUICK, top=2, steps=2))}
        ppm = counted(one, 1, tmp_path / name)
        every = SetEvidence(one, notes_of(one), ppm, new, read.untouched(), fine)
        mixed = gate._said([every], fold, 0, GATES[BEST])[one.name]
        notes = every.notes[fold]
        rows_ = [
            *fine[fold, 0].test[:1],
            *new[fold, 0].test[:1],
            every.frozen[0][notes.rows],
            *every.counts(fold, fold),
            mixed,
        ]
        said.append((np.array(rows_), notes))
    (whole, notes), (other, _) = said
    # The note that is changed is told its onset, as the first was, and that is all.
    before = notes.places <= keep
    np.testing.assert_allclose(other[:, before], whole[:, before], rtol=2e-4)
    assert not np.allclose(other[:, ~before], whole[:, ~before], rtol=0.05)
    np.testing.assert_allclose(whole.sum(axis=2), 1, rtol=1e-4)


def knowing(one: MelodySet, sure: float) -> dict[tuple[int, int], Fold]:
    """Networks that give what is sung so much before the others are scaled."""
    notes = notes_of(one)

    def said(fold: int) -> np.ndarray:
        chances = np.full((len(notes[fold].rows), len(one.alphabet)), 1 - sure, np.float32)
        chances[np.arange(len(chances)), notes[fold].symbols] = sure
        return chances / chances.sum(axis=1, keepdims=True)

    return {(n, 0): Fold(np.stack([said(n)] * 2), said(gating(n, 0))) for n in range(FOLDS)}


def test_a_network_that_knows_everything_is_the_best_row(
    sets: tuple[MelodySet, ...], tmp_path: Path
) -> None:
    evidence = []
    for one in sets[:2]:
        notes = notes_of(one)
        order = np.argsort(np.concatenate([each.rows for each in notes]))
        half = knowing(one, 0.6)
        frozen = np.concatenate([half[fold, 0].test for fold in range(FOLDS)], axis=1)[:, order]
        evidence.append(
            SetEvidence(
                one,
                notes,
                counted(one, INNER, tmp_path),
                knowing(one, 0.5),
                frozen,
                knowing(one, 0.99),
            )
        )
    found = list(rows(evidence, 1, tmp_path))
    shown = table(found, evidence, ("Weights x.",), QUICK)
    figures = {line.name: line.figures[-1] or 0.0 for line in shown.lines}
    assert figures[TUNED] < 0.2
    assert figures[BEST] < figures[TUNED]
    assert figures["transformer, pre-trained, frozen"] > figures[TUNED]
    assert figures["published, long-term"] == pytest.approx((2.861 + 2.444) / 2)
    assert "Weights x." in str(shown)
    # Whoever knows all the notes knows nothing of others.
    assert figures[CONTROL] > figures[COUNTED] - 0.05
