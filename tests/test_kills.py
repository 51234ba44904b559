"""Killed at any moment, the parent alone: no process is left, and the next run ends the same."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpora.whole import BEGINNING
from tests.given import given_sheets, given_tunes, pictures
from tests.interrupts import heeding_interrupts

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="/proc says who is alive"
)
ROOT = Path(__file__).resolve().parents[1]
KILLS = (signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
LEFT_ALONE = 3.0  # seconds in which workers have to see that nobody needs them


@dataclass(frozen=True)
class Case:
    """A command, and what it is given."""

    line: str
    given: Callable[[Path], None]


def given_photos(folder):
    pictures(folder / "photos", 4)


def given_a_table(folder):
    (folder / "mine.yaml").write_text("promenade: 2\nname: mine\nextends: default\n")


CASES = {
    "album": Case(
        "compose photos -o out/.mid -o out/.musicxml --melody rules --jobs 2 -q",
        given_photos,
    ),
    "corpus": Case(
        "corpus build --musicxml sheets -o out.npz --jobs 2",
        lambda folder: given_sheets(folder, 400),
    ),
    "train": Case("train tunes.npz -o run --epochs 3 --threads 1", given_tunes),
    "film": Case("compose sample:china -o x.mp4 -o x.mid --melody rules -q", lambda folder: None),
    "watch": Case(
        "compose sample:china --rules mine.yaml --watch -o x.mid --melody rules",
        given_a_table,
    ),
}


def begun(case, folder):
    """The command in a group of its own, with a folder of its own for what is temporary."""
    (folder / "tmp").mkdir(exist_ok=True)
    words = case.line.split()
    if "photos" in words:
        at = words.index("photos")
        words[at : at + 1] = sorted(str(path) for path in Path(folder, "photos").iterdir())
    with (folder / "said.txt").open("w") as said:
        return subprocess.Popen(
            [sys.executable, "-c", "import cli; cli.promenade(prog_name='promenade')", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")},
            start_new_session=True,
            preexec_fn=heeding_interrupts,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )


def living(group):
    """The processes of a group; the dead that nobody has asked after are none."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if int(words[2]) == group and words[0] not in "ZX":
            found.append(entry.name)
    return found


def killed(case, folder, number, moment):
    """Kill the parent alone; what is left of its processes after three seconds is a fault.

    False where the command was quicker.
    """
    process = begun(case, folder)
    try:
        process.wait(moment)
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(number)
        status = process.wait(LEFT_ALONE)
        # Before it answers signals the system ends it by itself.
        assert status in {-number, 128 + number, 0}, (folder / "said.txt").read_text()
    assert "Traceback" not in (folder / "said.txt").read_text()
    end = time.monotonic() + LEFT_ALONE
    while left := living(process.pid):
        if time.monotonic() > end:
            os.killpg(process.pid, signal.SIGKILL)
            raise AssertionError(f"{left} live on after {number!r} at {moment:.2f} s")
        time.sleep(0.05)
    return True


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "said.txt"
    }


def ended(case, folder):
    """What there is after an undisturbed run; of a watch, once its piece is there."""
    process = begun(case, folder)
    if "--watch" in case.line:
        end = time.monotonic() + 120
        while not (folder / "x.mid").exists() or list(folder.glob(f"{BEGINNING}*")):
            assert time.monotonic() < end
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
    assert process.wait(600) == 0, (folder / "said.txt").read_text()
    return files(folder)


def endures(case, tmp_path, moments):
    whole, hurt = tmp_path / "whole", tmp_path / "hurt"
    for folder in (whole, hurt):
        folder.mkdir()
        case.given(folder)
    began = time.monotonic()
    expected = ended(case, whole)
    lasts = time.monotonic() - began
    for number, share in moments:
        if not killed(case, hurt, number, share * lasts):
            shutil.rmtree(hurt)  # it went on from what was there, and is ready
            hurt.mkdir()
            case.given(hurt)
        for name, data in files(hurt).items():
            made = Path(name)
            if made.name.startswith(BEGINNING) or ".parts" in name or made.parts[0] == "run":
                continue
            assert data == expected[name], f"{name} is not whole"
    if (hurt / "x.mid").exists():
        (hurt / "x.mid").unlink()
    assert ended(case, hurt) == expected


def dealt(name, count):
    """So many moments, as shares of the time that the command takes, by each signal in turn."""
    noise = random.Random(name)
    return [(KILLS[n % len(KILLS)], noise.uniform(0.1, 0.95)) for n in range(count)]


@pytest.mark.parametrize("name", ["album", "corpus"])
def test_three_kills_leave_nobody_and_no_half_file(tmp_path, name):
    endures(CASES[name], tmp_path, dealt(name, 3))


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CASES))
def test_forty_kills_leave_nobody_and_no_half_file(tmp_path, name):
    """Eight of each of five commands."""
    if name == "train":
        pytest.importorskip("torch")
    if name == "film":
        pytest.importorskip("av")
    endures(CASES[name], tmp_path, dealt(f"{name}, long", 8))
