"""How far long work is, for whoever listens; without a listener nobody is told.

It stands here because every room whose loops take long may import it. A room says what it is about
and goes through it; what becomes of that (a bar, a line, an event of a server) is its caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Step(Protocol):
    """Told of each step that is done: a word about it, and how many steps it makes up."""

    def __call__(self, name: str = "", count: int = 1) -> None: ...


def silent(name: str = "", count: int = 1) -> None:
    """Nobody is told."""


def _nobody(length: int | None, label: str) -> AbstractContextManager[Step]:
    return nullcontext(silent)


# Asked at the beginning of long work, with its number of steps, if that is known, and its name.
Listener = Callable[[int | None, str], AbstractContextManager[Step]]
# Of this thread and task alone, so that nothing of the process is changed.
_LISTENER: ContextVar[Listener] = ContextVar("listener", default=_nobody)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Has `listener` asked for all long work that begins within the block."""
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)


@contextmanager
def progress(length: int | None, label: str, *, quiet: bool = False) -> Iterator[Step]:
    """Long work of so many steps (None: nobody knows); what is yielded is told of each."""
    with nullcontext(silent) if quiet else _LISTENER.get()(length, label) as step:
        yield step


def watched(items: Iterable[Item], label: str, length: int | None = None) -> Iterator[Item]:
    """The same items, each a step of long work.

    length: how many there are, where they do not know it themselves.
    """
    known = len(items) if length is None and isinstance(items, Sized) else length
    with progress(known, label) as step:
        for item in items:
            yield item
            step()
