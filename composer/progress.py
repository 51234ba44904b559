"""How far a long command is: a bar on stderr, for somebody who sits at a terminal and waits."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from click.termui import progressbar

AFTER = 2.0  # seconds before a bar is worth drawing

Item = TypeVar("Item")
Step = Callable[[str], None]


def silent(name: str) -> None:
    """No progress shown."""


@contextmanager
def progress(length: int | None, label: str, *, quiet: bool = False) -> Iterator[Step]:
    """A bar of so many steps; what is yielded goes one step on, with a word about it.

    It is drawn once two seconds have passed, and never where stderr is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    bar = _Bar(length, label)
    try:
        yield bar.step
    finally:
        bar.end()


def watched(items: Iterable[Item], label: str, length: int | None = None) -> Iterator[Item]:
    """The same items, with a bar while they are gone through; without a length it only counts."""
    with progress(length, label) as step:
        for item in items:
            yield item
            step("")


@contextmanager
def telling() -> Iterator[Step]:
    """For `--verbose`: a line on stderr for every step, with the seconds that it took."""
    began = last = time.perf_counter()

    def step(name: str) -> None:
        nonlocal last
        now = time.perf_counter()
        click.echo(f"{now - last:7.2f} s  {name}", err=True)
        last = now

    yield step
    click.echo(f"{time.perf_counter() - began:7.2f} s  in all", err=True)


class _Bar:
    """A bar that a timer draws for the first time, whatever the command is busy with then."""

    def __init__(self, length: int | None, label: str) -> None:
        self.bar: Any = progressbar(
            () if length is None else None,
            length=length,
            label=label,
            file=sys.stderr,
            item_show_func=lambda name: name,
            show_pos=True,
        )
        self.shown = False
        self.lock = threading.Lock()
        self.timer = threading.Timer(AFTER, self.show)
        self.timer.daemon = True
        self.timer.start()

    def show(self) -> None:
        with self.lock:
            self.shown = True
            self.bar.render_progress()

    def step(self, name: str) -> None:
        with self.lock:
            self.bar.make_step(1)
            self.bar.current_item = name
            if self.shown:
                self.bar.render_progress()

    def end(self) -> None:
        self.timer.cancel()
        with self.lock:
            if self.shown:
                self.bar.render_finish()
