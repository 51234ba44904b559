"""Ctrl-C, sent to a whole group as a terminal does: status 130, a sentence, no half file."""

import json
import os
import signal
import subprocess
import time

import pytest

from tests.given import given_sheets, given_tunes
from tests.terminal import started, wait_for

torch = pytest.importorskip("torch")


def interrupted(folder, line, ready):
    """What a command leaves, and what it says, when it is interrupted once `ready` holds."""
    before = files(folder)
    process = started(
        *line.split(), folder=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for(lambda: ready() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, said
    wait_for(lambda: gone(process.pid), 10)
    return said, files(folder) - before - {".promenade.py"}


def gone(group):
    """Is no worker of a group left?"""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


SENTENCE = "\nInterrupted.\n"


def test_while_a_network_is_trained(tmp_path):
    given_tunes(tmp_path)
    figures = tmp_path / "run" / "figures.json"
    said, left = interrupted(tmp_path, "train tunes.npz -o run --epochs 500", figures.exists)
    assert said == SENTENCE
    assert left <= {f"run/{name}" for name in WHOLE}
    assert json.loads(figures.read_text())[0]["epoch"] == 0
    if "run/checkpoint.pt" in left:
        assert torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)["epochs"] >= 1


WHOLE = ("config.json", "figures.json", "curves.png", "checkpoint.pt", "model.safetensors")


def after(seconds):
    """Some time later, in which a command has begun its work and not ended it."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


@pytest.mark.parametrize("seconds", [1.5, 3.0])
def test_while_workers_compose_what_is_evaluated(tmp_path, seconds):
    """Their first moments too, when they do not yet heed what is said to them."""
    said, left = interrupted(tmp_path, "evaluate harmony --pieces 900", after(seconds))
    assert said == SENTENCE
    assert left == set()


def test_while_two_workers_read_what_a_dataset_is_built_from(tmp_path):
    given_sheets(tmp_path, 400)
    parts = tmp_path / "out.npz.parts"
    line = "corpus build --musicxml sheets -o out.npz --jobs 2"
    said, left = interrupted(tmp_path, line, parts.exists)
    assert said == "\nInterrupted. The same command goes on from here.\n"
    assert "out.npz" not in left
    assert not [name for name in left if "/." in name]


@pytest.mark.parametrize(
    "line", ["hear rule seventh -o x.musicxml -o x.mp3", "compose sample:china -o x.mp4 -o x.mid"]
)
def test_while_a_lesson_or_a_film_is_made(tmp_path, line):
    (tmp_path / "x.mid").write_text("before")
    said, left = interrupted(tmp_path, line, after(1.0 if "hear" in line else 6.0))
    assert said == SENTENCE
    assert left == set()
    assert (tmp_path / "x.mid").read_text() == "before"
