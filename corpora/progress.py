"""How far a long command is: a bar on stderr, for somebody who sits at a terminal and waits.

It stands here because every room whose loops take long may import it. Of a bar within a bar only
the outer one is drawn, and worker processes draw none, so that a loop needs to know nothing of who
calls.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import click
from click.termui import progressbar

AFTER = 2.0  # seconds before a bar is worth drawing
EVERY = 0.1  # seconds from one drawing to the next, so that a step costs next to nothing
WORDS = 32  # signs that are shown of what is done now: a long path would fill the line
WIPED = "\r\x1b[2K\x1b[?25h"  # the line emptied, the cursor seen again

Item = TypeVar("Item")


class Step(Protocol):
    """Told of each step that is done: a word about it, and how many steps it makes up."""

    def __call__(self, name: str = "", count: int = 1) -> None: ...


def silent(name: str = "", count: int = 1) -> None:
    """No progress shown."""


@contextmanager
def progress(length: int | None, label: str, *, quiet: bool = False) -> Iterator[Step]:
    """A bar of so many steps; what is yielded goes on, and says a word about it.

    It is drawn once two seconds have passed, never where stderr is no terminal, and wiped away at
    the end. Without a length it only counts.
    """
    if quiet or _Bar.drawing or not sys.stderr.isatty() or multiprocessing.parent_process():
        yield silent
        return
    bar = _Bar(length, label)
    try:
        yield bar.step
    finally:
        bar.end()


def watched(items: Iterable[Item], label: str, length: int | None = None) -> Iterator[Item]:
    """The same items, with a bar while they are gone through.

    length: how many there are, where they do not know it themselves; without it the bar counts.
    """
    known = len(items) if length is None and isinstance(items, Sized) else length
    with progress(known, label) as step:
        for item in items:
            yield item
            step()


@contextmanager
def telling() -> Iterator[Step]:
    """For `--verbose`: a line on stderr for every step, with the seconds that it took."""
    began = last = time.perf_counter()

    def step(name: str = "", count: int = 1) -> None:
        nonlocal last
        now = time.perf_counter()
        click.echo(f"{now - last:7.2f} s  {name}", err=True)
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
            self.bar.current_item = name if len(name) <= WORDS else f"…{name[1 - WORDS :]}"

    def end(self) -> None:
        self.over.set()
        self.drawer.join()
        _Bar.drawing = False
