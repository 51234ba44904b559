"""`compose --watch` driven for real: a process that composes whenever a file is saved."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.interrupts import heeding_interrupts

ROOT = Path(__file__).resolve().parents[1]


class Watching:
    """The command in a process of its own, its output in the file out.txt of the folder."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.out = (folder / "out.txt").open("w+", encoding="utf-8")
        args = ["sample:china", "--watch", "--melody", "rules", "-o", "x.mid", *more]
        self.process = subprocess.Popen(
            [sys.executable, "-c", "import cli; cli.compose()", *args],
            cwd=folder,
            stdout=self.out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            preexec_fn=heeding_interrupts,
        )

    def until(self, text: str, times: int = 1) -> str:
        """What was printed, once `text` is there so often."""
        for _ in range(1200):
            self.out.seek(0)
            said = self.out.read()
            if said.count(text) >= times:
                return said
            assert self.process.poll() is None, said
            time.sleep(0.05)
        raise AssertionError(said)
