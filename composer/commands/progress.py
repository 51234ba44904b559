"""How far a long command is: a bar on stderr, for somebody who sits at a terminal and waits; where
there is no terminal, a line for each step that took long.

The rooms say what they are about (`corpora.progress`), and draw nothing; a command listens. Of a
bar within a bar only the outer one is drawn, and worker processes draw none.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from click.termui import progressbar

from composer.errors import visible
from corpora.progress import Step, silent

AFTER = 2.0  # seconds before a bar is worth drawing
SLOW = 2.0  # seconds that a step takes before a line is worth writing
EVERY = 0.1  # seconds from one drawing to the next, so that a step costs next to nothing
WORDS = 32  # signs that are shown of what is done now: a long path would fill the line
WIPED = "\r\x1b[2K\x1b[?25h"  # the line emptied, the cursor seen again


@contextmanager
def bar(length: int | None, label: str) -> Iterator[Step]:
    """A bar of so many steps; what is yielded goes on, and says a word about it.

    It is drawn once two seconds have passed, and wiped away at the end. Without a length it only
    counts. Where stderr is no terminal, a step of more than two seconds is a line of its own.
    """
    if _Shown.outer or sys.stderr is None or _worker():
        yield silent
        return
    _Shown.outer = True
    try:
        if not sys.stderr.isatty():
            yield _Lines(length, label).step
            return
        drawn = _Bar(length, label)
        try:
            yield drawn.step
        finally:
            drawn.end()
    finally:
        _Shown.outer = False


def drawing() -> bool:
    """Is a bar being drawn?"""
    return _Bar.drawing


class _Shown:
    """Is something shown already, within which nothing else is?"""

    outer = False


class _Lines:
    """What a log keeps: a line for each slow step, with its seconds and how far that is."""

    def __init__(self, length: int | None, label: str) -> None:
        self.length, self.label = length, label
        self.done, self.last = 0, time.perf_counter()

    def step(self, name: str = "", count: int = 1) -> None:
        self.done += count
        took, self.last = time.perf_counter() - self.last, time.perf_counter()
        if took <= SLOW:
            return
        far = f"{self.done}" if self.length is None else f"{self.done} of {self.length}"
        what = f"{self.label}: {name}" if name else self.label
        click.echo(visible(f"{what} ({far}, {took:.0f} s)").replace("\n", " "), err=True)


def _worker() -> bool:
    """Is this a process that another one started for a part of its work?"""
    from multiprocessing import parent_process

    return parent_process() is not None


@contextmanager
def telling() -> Iterator[Step]:
    """For `--verbose`: a line on stderr for every step, with the seconds that it took."""
    began = last = time.perf_counter()

    def step(name: str = "", count: int = 1) -> None:
        nonlocal last
        now = time.perf_counter()
        click.echo(visible(f"{now - last:7.2f} s  {name}"), err=True)
        last = now

    yield step
    click.echo(f"{time.perf_counter() - began:7.2f} s  in all", err=True)


class _Bar:
    """A bar that a thread of its own draws, whatever the command is busy with meanwhile."""

    drawing = False  # is there one already?

    def __init__(self, length: int | None, label: str) -> None:
        _Bar.drawing = True
        self.bar: Any = progressbar(
            () if length is None else None,
            length=length,
            label=label,
            file=sys.stderr,
            item_show_func=lambda name: name,
            show_pos=True,
        )
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.drawer = threading.Thread(target=self.draw, daemon=True)
        self.drawer.start()

    def draw(self) -> None:
        if self.over.wait(AFTER):
            return
        while not self.over.is_set():
            with self.lock:
                self.bar.render_progress()
            self.over.wait(EVERY)
        click.echo(WIPED, nl=False, file=self.bar.file, color=True)

    def step(self, name: str = "", count: int = 1) -> None:
        with self.lock:
            self.bar.make_step(count)
            word = name if len(name) <= WORDS else f"…{name[1 - WORDS :]}"
            self.bar.current_item = visible(word).replace("\n", " ")

    def end(self) -> None:
        self.over.set()
        self.drawer.join()
        _Bar.drawing = False
