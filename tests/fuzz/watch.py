"""Watches a reader at its inputs: tracebacks, signals, time and memory; and how far it looked.

`look` tries inputs in this process. `watched` has it done by a child with bounded memory, kills
what takes too long, starts anew after a signal, and keeps every input that did harm as a file.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.target import ROOT, Swallowed, Target, executable, place

# Of the processor, which other work does not slow; so many times that of the clock.
SECONDS, ASLEEP = 20.0, 20
BYTES = 1_000_000_000
# Inputs of one seed of Hypothesis, and of how many one is followed line by line, which is slow.
BATCH, FOLLOWED = 100, 2


@dataclass
class Seen:
    """What was seen of a target. `findings` are by kind and place: the smallest input's digits."""

    tried: int = 0
    passed: int = 0
    lines: set[tuple[str, int]] = field(default_factory=set)
    findings: dict[str, bytes] = field(default_factory=dict)

    def found(self, what: str, data: bytes) -> None:
        before = self.findings.get(what)
        if before is None or len(data) < len(before):
            self.findings[what] = data

    def add(self, other: Seen) -> None:
        self.tried += other.tried
        self.passed += other.passed
        self.lines |= other.lines
        for what, data in other.findings.items():
            self.found(what, data)

    def share(self, target: Target) -> float:
        """Of the lines of the reader's functions those that ran."""
        every = {(str(path), line) for path in target.modules() for line in executable(path)}
        return len(every & self.lines) / max(len(every), 1)

    def missed(self, target: Target) -> list[str]:
        every = {(str(path), line) for path in target.modules() for line in executable(path)}
        return [
            f"{Path(path).relative_to(ROOT)}:{line}" for path, line in sorted(every - self.lines)
        ]

    def stored(self) -> str:
        rows = {**asdict(self), "lines": sorted(self.lines)}
        return json.dumps({**rows, "findings": {k: v.hex() for k, v in self.findings.items()}})

    @classmethod
    def read(cls, text: str) -> Seen:
        rows: dict[str, Any] = json.loads(text)
        lines = {(path, line) for path, line in rows["lines"]}
        findings = {k: bytes.fromhex(v) for k, v in rows["findings"].items()}
        return cls(rows["tried"], rows["passed"], lines, findings)


def attempt(target: Target, data: bytes, seen: Seen, *, follow: bool = False) -> None:
    """One input: read in a folder of its own, and what came of it noted in `seen`."""
    seen.tried += 1
    seen.passed += passes(target, data)
    folder = Path(tempfile.mkdtemp(prefix="fuzz"))
    here = Path.cwd()
    began, before = time.process_time(), sys.gettrace()
    try:
        os.chdir(folder)
        if follow:
            sys.settrace(_follower({str(path) for path in target.modules()}, seen.lines))
        target.read(data, folder)
    except (Exception, SystemExit) as error:  # whatever it is: that is what is looked for
        sys.settrace(before)
        if not told(error):
            seen.found(f"{type(error).__name__} at {ours(error)}", data)
    finally:
        sys.settrace(before)
        os.chdir(here)
        shutil.rmtree(folder, ignore_errors=True)
    if not follow and time.process_time() - began > SECONDS:
        seen.found(f"more than {SECONDS:.0f} s", data)


def passes(target: Target, data: bytes) -> bool:
    """Is the input of the target's kind at first sight?"""
    try:
        return target.header(data)
    except Exception:  # whatever a foreign reader raises: it is no such thing
        return False


def told(error: BaseException) -> bool:
    """Is it something that the user is told in a sentence?"""
    from composer.errors import mendable
    from corpora.errors import Unreadable

    if isinstance(error, SystemExit):
        return error.code in (None, 0, 1, 2)
    return isinstance(error, Unreadable) or (
        isinstance(error, Exception) and mendable(error) is not None
    )


def ours(error: BaseException) -> str:
    """Where it was raised, by the innermost line of ours; and what was said of one passed on."""
    said = f" ({str(error)[:80]})" if isinstance(error, Swallowed | AssertionError) else ""
    return place(error, inner=False) + said


def _follower(files: set[str], lines: set[tuple[str, int]]) -> Callable[..., Any]:
    def within(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            lines.add((frame.f_code.co_filename, frame.f_lineno))
        return within

    def called(frame: FrameType, event: str, _: object) -> Any:
        return within if frame.f_code.co_filename in files else None

    return called


def look(
    target: Target,
    number: int,
    count: int = BATCH,
    *,
    seen: Seen | None = None,
    each: Callable[[bytes], bool] = lambda data: True,
    follow: int = 1,
) -> Seen:
    """Try `count` inputs of one seed; the same number gives the same ones.

    each: told of each before it is read; where it says no, the rest are left. follow: of how many
    one is followed.
    """
    seen = Seen() if seen is None else seen

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def one(data: bytes) -> None:
        if each(data):
            attempt(target, data, seen, follow=seen.tried % follow == 0)

    one()
    return seen


def child(target: Target, number: int, seconds: float, folder: Path) -> None:
    """Look for so long, with bounded memory; what is seen is written down now and then."""
    seen, until = Seen(), time.monotonic() + seconds
    saved, limit = 0.0, sys.maxsize

    def each(data: bytes) -> bool:
        nonlocal saved
        if time.monotonic() > until:
            return False
        note_peak()
        if time.monotonic() - saved > 2:
            _put(folder / "seen", seen.stored().encode())
            saved = time.monotonic()
        _put(folder / "current", data)
        return True

    def note_peak() -> None:
        if _peak() > limit:
            seen.found(f"{BYTES / 1e9:g} GB of memory", (folder / "current").read_bytes())
            Path("/proc/self/clear_refs").write_text("5")

    # What is loaded at the first input is not its own.
    look(target, number, 1, seen=seen, each=each)
    limit = _peak() + BYTES
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + 2 * BYTES, size + 2 * BYTES))
    while time.monotonic() < until:
        number += 1
        look(target, number, seen=seen, each=each, follow=FOLLOWED)
    note_peak()
    _put(folder / "seen", seen.stored().encode())


def _put(file: Path, data: bytes) -> None:
    beside = file.with_name(f"{file.name}.new")
    beside.write_bytes(data)
    beside.replace(file)


def _peak() -> int:
    rows = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text().splitlines())
    return int(rows["VmHWM"].split()[0]) * 1024


def watched(target: Target, number: int, seconds: float, *, patience: float = SECONDS + 10) -> Seen:
    """Have children look for so long. Linux only: it reads /proc."""
    seen, until = Seen(), time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        with tempfile.TemporaryDirectory(prefix="fuzz") as name:
            folder = Path(name)
            ended = _one_child(target, number, left, folder, patience)
            if (folder / "seen").exists():
                seen.add(Seen.read((folder / "seen").read_text()))
            current = folder / "current"
            if ended:
                seen.found(ended, current.read_bytes() if current.exists() else b"")
        # A child that ended early has used few of its seeds; the next begins far from them.
        number += 10_000
    return seen


def _spent(process: int) -> float:
    """The processor seconds of a process; 0 of one that has ended."""
    try:
        rows = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(rows[11]) + int(rows[12])) / os.sysconf("SC_CLK_TCK")


def _one_child(target: Target, number: int, seconds: float, folder: Path, patience: float) -> str:
    """How a child ended: "", or what was wrong."""
    given = ["--child", target.name, "--seed", str(number), "--seconds", str(seconds)]
    with (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.run", *given, "--folder", str(folder)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        number, began, spent = 0, time.monotonic(), 0.0
        while process.poll() is None:
            time.sleep(0.1)
            current = folder / "current"
            if current.exists() and current.stat().st_mtime_ns != number:
                number = current.stat().st_mtime_ns
                began, spent = time.monotonic(), _spent(process.pid)
            loading = 0 if number else SECONDS
            if _spent(
                process.pid
            ) - spent > patience + loading or time.monotonic() - began > ASLEEP * (
                patience + loading
            ):
                process.kill()
                process.wait()
                return f"more than {patience:.0f} s"
    if process.returncode == 0:
        return ""
    if process.returncode < 0:
        return f"signal {-process.returncode}"
    last = (folder / "stderr").read_text(errors="replace").strip().splitlines()[-2:]
    return f"the fuzzer itself: {' '.join(last)}"
