"""Human notes under the mask: what is counted, on tunes whose faults are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from corpora.dataset import split, write
from corpora.tune import Tune
from neural.errors import NeuralError
from neural.evaluate import masks
from neural.model import MelodyModel, save
from neural.weights import Config
from theory.chord import Chord
from theory.metre import METRES
from theory.pitch import Pitch
from theory.scale import Key
from theory.timed import TimedChord, TimedNote

SCALE = "C4 D4 E4 F4 G4 F4 E4 D4 C4 D4 E4 F4 G4 F4 E4 D4 C4 E4 G4 E4 C4 E4 G4 C5"


def tune(names: str) -> Tune:
    """Crotchets over C major throughout, in the test split."""
    key, metre = Key.of("C", "ionian"), METRES["4/4"]
    notes = tuple(
        TimedNote(number * 24, number * 24 + 24, Pitch.parse(name))
        for number, name in enumerate(names.split())
    )
    chord = TimedChord(0, notes[-1].end, Chord.parse("I", key), Pitch.parse("C2"))
    made = Tune("made", "0", "", key, metre, notes, (chord,))
    number = 0
    while split(made) != "test":
        number += 1
        made = replace(made, source=str(number), title=str(number))
    return made


def measured(folder: Path, names: str) -> tuple[dict[str, float | None], dict[str, float]]:
    torch.manual_seed(0)
    save(MelodyModel(Config(width=32, layers=1, heads=4, inner=32)), folder / "w.safetensors")
    write(folder / "tunes.npz", [tune(names)])
    forbidden, bits = masks.human(folder / "tunes.npz", folder / "w.safetensors")
    assert forbidden.columns == ("made",)
    shares = {line.name.strip(): line.figures[0] for line in forbidden.lines}
    return shares, dict(zip(bits.columns, bits.lines[0].figures, strict=True))


def test_a_plain_tune_is_allowed_and_the_mask_saves_bits(tmp_path: Path) -> None:
    shares, bits = measured(tmp_path, SCALE)
    assert shares["forbidden in all"] == 0
    assert shares["outside grid and words"] == 0
    assert bits["events allowed"] == 1
    assert 0 < bits["bits masked"] < bits["bits unmasked"]
    assert 0 < bits["mass masked"] < 1


def test_a_seventh_is_forbidden_by_its_rule(tmp_path: Path) -> None:
    shares, bits = measured(tmp_path, SCALE.replace("C4 D4 E4 F4 G4", "C4 B4 C5 B4 G4"))
    forbidden, interval = shares["forbidden in all"], shares["melodic-interval"]
    assert forbidden is not None
    assert interval is not None
    assert 0 < interval <= forbidden < 0.3
    assert bits["events allowed"] < 1


def test_a_dataset_without_chords_is_refused(tmp_path: Path) -> None:
    save(MelodyModel(Config(width=32, layers=1, heads=4, inner=32)), tmp_path / "w.safetensors")
    write(tmp_path / "tunes.npz", [replace(tune(SCALE), chords=())])
    with pytest.raises(NeuralError, match="no held-out tunes with chords"):
        masks.human(tmp_path / "tunes.npz", tmp_path / "w.safetensors")
