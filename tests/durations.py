"""How long each file of tests takes, so that the longest start first.

`python -m tests.durations [FILE ...]` runs the tests, all but the slow ones, and writes down anew
what it ran: processor seconds, those of the processes it starts among them.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_name("durations.json")


def read() -> dict[str, float]:
    """Processor seconds by file, its path from the root."""
    found: dict[str, float] = json.loads(TABLE.read_text(encoding="utf-8"))
    return found


def longest_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The tests by their files, the longest file first; within a file as they stand there.

    A file that nobody has measured stands first: it may be long.
    """
    seconds = read()
    return sorted(items, key=lambda item: (-seconds.get(_file(item), 1e9), _file(item)))


class Clock:
    """A plugin of pytest that adds up what each file's tests take."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        before = _spent()
        done = yield
        self.seconds[_file(item)] += _spent() - before
        return done


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _spent() -> float:
    """Processor seconds of this process and of those it has waited for."""
    return sum(os.times()[:4])


def main() -> int:
    clock = Clock()
    given = sys.argv[1:]
    status = pytest.main(["-n", "0", "-m", "not slow", "--rootdir", str(ROOT), *given], [clock])
    kept = read() if given and TABLE.exists() else {}
    rows = {**kept, **{name: round(spent, 1) for name, spent in clock.seconds.items()}}
    here = {name: spent for name, spent in rows.items() if (ROOT / name).exists()}
    ordered = sorted(here.items(), key=lambda row: (-row[1], row[0]))
    TABLE.write_text(json.dumps(dict(ordered), indent=1) + "\n", encoding="utf-8")
    print(f"{sum(here.values()):.0f} processor seconds in {len(here)} files: {TABLE.name}")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
