"""How far a long command is: a bar on stderr, for somebody who sits at a terminal and waits.

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
EVERY = 0.1  # seconds from one drawing to the next, so that a step costs next to nothing
WORDS = 32  # signs that are shown of what is done now: a long path would fill the line
WIPED = "\r\x1b[2K\x1b[?25h"  # the line emptied, the cursor seen again


@contextmanager
def bar(length: int | None, label: str) -> Iterator[Step]:
    """A bar of so many steps; what is yielded goes on, and says a word about it.

    It is drawn once two seconds have passed, never where stderr is no terminal, and wiped away at
    the end. Without a length it only counts.
    """
    if _Bar.drawing or sys.stderr is None or not sys.stderr.isatty() or _worker():
        yield silent
        return
    drawn = _Bar(length, label)
    try:
        yield drawn.step
    finally:
        drawn.end()


def drawing() -> bool:
    """Is a bar being drawn?"""
    return _Bar.drawing


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
