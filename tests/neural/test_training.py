"""Training on a handful of tunes: it learns, goes on where it stopped, and stops in time."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from neural.errors import TrainingError
from neural.train import train
from tests.neural.tunes import SMALL, tunes


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def weights(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


def test_it_learns_and_writes_everything_down(tmp_path: Path) -> None:
    said: list[str] = []
    train(tunes(), tunes(3), tmp_path / "run", SMALL, say=said.append)
    figures = json.loads((tmp_path / "run" / "figures.json").read_text())
    assert figures[-1]["training"] < figures[0]["training"]
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {
        "config.json",
        "figures.json",
        "curves.png",
        "checkpoint.pt",
        "model.safetensors",
    }
    assert len(said) == 3
    assert said[0].startswith("epoch 1 of 3: training ")


def test_the_same_recipe_gives_the_same_weights(tmp_path: Path) -> None:
    for name in ("one", "two"):
        train(tunes(), tunes(3), tmp_path / name, SMALL, say=lambda _: None)
    assert weights(tmp_path / "one") == weights(tmp_path / "two")


def test_an_interrupted_run_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    class Stopped(Exception):  # noqa: N818
        pass

    def stop(line: str) -> None:
        if line.startswith("epoch 2"):
            raise Stopped

    train(tunes(), tunes(3), tmp_path / "whole", SMALL, say=lambda _: None)
    with pytest.raises(Stopped):
        train(tunes(), tunes(3), tmp_path / "cut", SMALL, say=stop)
    train(tunes(), tunes(3), tmp_path / "cut", SMALL, say=lambda _: None)
    assert weights(tmp_path / "cut") == weights(tmp_path / "whole")


def test_it_stops_when_validation_gets_no_better(tmp_path: Path) -> None:
    said: list[str] = []
    recipe = replace(SMALL, epochs=40, rate=0.5, warmup=1, patience=1)
    train(tunes(), tunes(3), tmp_path / "run", recipe, say=said.append)
    assert len(said) < 40


def test_what_cannot_be_trained_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="nothing to learn from"):
        train([], tunes(3), tmp_path / "run", SMALL)
    train(tunes(), tunes(3), tmp_path / "run", replace(SMALL, epochs=1), say=lambda _: None)
    with pytest.raises(TrainingError, match="another recipe"):
        train(tunes(), tunes(3), tmp_path / "run", SMALL)


@pytest.fixture(scope="module")
def half_way(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one epoch; whoever changes it copies it first."""
    folder = tmp_path_factory.mktemp("half") / "run"
    once = replace(SMALL, epochs=3)

    class Stopped(Exception):  # noqa: N818
        pass

    def stop(line: str) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        train(tunes(), tunes(3), folder, once, say=stop)
    return folder


@pytest.mark.parametrize("name", ["checkpoint.pt", "figures.json", "model.safetensors"])
@pytest.mark.parametrize("damage", [None, b"", b"[]", b"half", b"PK\3\4 half"])
def test_a_damaged_run_is_said_with_the_way_out(
    name: str, damage: bytes | None, half_way: Path, tmp_path: Path
) -> None:
    run = Path(shutil.copytree(half_way, tmp_path / "run"))
    (run / name).unlink()
    if damage is not None:
        (run / name).write_bytes(damage)
    elif name == "checkpoint.pt":
        return  # then it begins anew
    with pytest.raises(TrainingError, match=r"is damaged or missing\. Remove .*checkpoint\.pt"):
        train(tunes(), tunes(3), run, SMALL, say=lambda _: None)
    (run / "checkpoint.pt").unlink()
    said: list[str] = []
    train(tunes(), tunes(3), run, SMALL, say=said.append)
    assert len(said) == SMALL.epochs


def test_a_checkpoint_of_figures_that_are_others_is_said(half_way: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(half_way, tmp_path / "run"))
    rows = json.loads((run / "figures.json").read_bytes())
    for wrong in ([{**rows[0], "epoch": 7}], [{**rows[0], "validation": {"bare": [1]}}], [3]):
        (run / "figures.json").write_text(json.dumps(wrong))
        with pytest.raises(TrainingError, match=r"figures\.json is damaged"):
            train(tunes(), tunes(3), run, SMALL, say=lambda _: None)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TrainingError, match=r"file/run cannot be written: Not a directory\."):
        train(tunes(), tunes(3), tmp_path / "file" / "run", SMALL, say=lambda _: None)


def test_a_disk_that_is_full_is_said_and_the_run_goes_on(half_way: Path, tmp_path: Path) -> None:
    """A limit on a file's size stands for the disk's: weights fit, the checkpoint does not."""
    run = Path(shutil.copytree(half_way, tmp_path / "run"))
    before = (run / "checkpoint.pt").read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, hard))
    try:
        with pytest.raises(
            TrainingError, match=r"checkpoint\.pt cannot be written: File too large"
        ):
            train(tunes(), tunes(3), run, SMALL, say=lambda _: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (run / "checkpoint.pt").read_bytes() == before
    assert {path.name for path in run.iterdir()} == {path.name for path in half_way.iterdir()}
    train(tunes(), tunes(3), run, SMALL, say=lambda _: None)
    train(tunes(), tunes(3), tmp_path / "whole", SMALL, say=lambda _: None)
    assert weights(run) == weights(tmp_path / "whole")


def test_weights_may_be_read_by_whom_the_system_says(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        train(tunes(), tunes(3), tmp_path / "run", replace(SMALL, epochs=1), say=lambda _: None)
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "run").iterdir()}
    assert modes == {0o644}


SCRIPT = """
import sys
from pathlib import Path
import torch
torch.set_num_threads(1)
from dataclasses import replace
from tests.neural.tunes import SMALL, tunes
from neural.train import train
plain = replace(SMALL, model=replace(SMALL.model, dropout=0.0))
train(tunes(), tunes(3), Path(sys.argv[1]), plain, say=lambda line: print(line, flush=True))
"""


@pytest.mark.slow
def test_two_processes_learn_what_one_learns(tmp_path: Path) -> None:
    """The same figures to the third digit, dropout apart: sums are added up in another order."""
    script = tmp_path / "go.py"
    script.write_text(SCRIPT)
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    two = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone"]
    subprocess.run([*two, str(script), str(tmp_path / "two")], check=True, env=environment)
    plain = replace(SMALL, model=replace(SMALL.model, dropout=0.0))
    train(tunes(), tunes(3), tmp_path / "one", plain, say=lambda _: None)
    one, both = (
        json.loads((tmp_path / name / "figures.json").read_text()) for name in ("one", "two")
    )
    assert both[-1]["training"] == pytest.approx(one[-1]["training"], rel=2e-3)
    assert len(both) == 3
