"""The fuzzers are seen to look: a fault that is planted is found, and harm of each kind."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.fuzz import run
from tests.fuzz.planted import PLANTED
from tests.fuzz.target import ROOT, executable
from tests.fuzz.watch import Seen, attempt, look, passes, watched

ROOMS = ("analysis", "theory", "corpora", "composer", "cli")
KEPT = Path(__file__).with_name("kept")
# By target: what is broken on purpose, and how many inputs are tried until it must be found.
FAULTS = {
    "pictures": ("analysis.picture.decode._orientation", 8),
    "scores": ("corpora.read.musicxml.fifths", 8),
    "midi": ("corpora.read.midi.melody.find", 8),
    "archives": ("corpora.archives._refused", 8),
    "tables": ("composer.table.load.read_terms", 8),
    "explanations": ("composer.explanation.reading.whole", 3),
    "names": ("composer.render.outputs.plan_outputs", 6),
    "options": ("composer.commands.signals.stoppable", 6),
}


class Planted(Exception):  # noqa: N818 - nobody's error
    """The fault."""


def fail(*given: object, **named: object) -> None:
    raise Planted


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> object:
    """Breaks a function wherever it was imported to."""

    def broken(path: str) -> None:
        module, _, name = path.rpartition(".")
        whole = getattr(__import__(module, fromlist=[name]), name)
        for called, each in list(sys.modules.items()):
            if called.partition(".")[0] in ROOMS and getattr(each, name, None) is whole:
                monkeypatch.setattr(each, name, fail)

    return broken


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_is_planted_is_found(name: str, plant: object) -> None:
    path, count = FAULTS[name]
    target = run.BY_NAME[name]
    look(target, 1, 1)
    plant(path)  # type: ignore[operator]
    found = look(target, 1, count, follow=sys.maxsize).findings
    assert any("Planted" in what for what in found), found


def test_every_target_is_tried() -> None:
    assert [*FAULTS] == [target.name for target in run.TARGETS]
    for target in run.TARGETS:
        assert sum(len(executable(path)) for path in target.modules()) > 50
        assert len(target.modules()) >= len(target.lines)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the watch reads /proc")
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (0, r"ZeroDivisionError at tests/fuzz/planted.py:\d+ _harms"),
        (1, "signal 11"),
        (2, "more than 1 s"),
        (3, "1 GB of memory"),
    ],
)
def test_harm_of_each_kind_is_found(kind: int, said: str) -> None:
    found = watched(PLANTED[kind], 1, 3, patience=1 if kind == 2 else 9).findings
    assert any(re.match(said, what) for what in found), found
    assert all(data[0] == kind for what, data in found.items() if re.match(said, what))


def test_the_same_seed_gives_the_same_inputs() -> None:
    def inputs(number: int) -> list[bytes]:
        found: list[bytes] = []
        look(run.MIDI, number, 12, each=lambda data: bool(found.append(data)))
        return found

    assert inputs(3) == inputs(3) != inputs(4)
    assert len(set(inputs(3))) > 6


def test_half_of_them_pass_the_header_and_some_do_not() -> None:
    for target in (run.PICTURES, run.MIDI, run.ARCHIVES, run.SCORES):
        found: list[bytes] = []
        look(target, 2, 120, each=lambda data, found=found: bool(found.append(data)))  # type: ignore[misc]
        passed = sum(passes(target, data) for data in found)
        assert 0.5 <= passed / len(found) < 1, target.name


@pytest.mark.parametrize(
    "file", sorted(KEPT.rglob("*.bin")), ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_what_was_found_stays_mended(file: Path) -> None:
    seen = Seen()
    attempt(run.BY_NAME[file.parent.name], file.read_bytes(), seen)
    assert seen.findings == {}


def test_the_makefile_runs_them() -> None:
    assert "tests.fuzz.run --seconds $(SECONDS)" in (ROOT / "Makefile").read_text(encoding="utf-8")
