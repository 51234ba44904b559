"""What a signal does to a command: TERM and HUP end it as Ctrl-C does, within a second.

The first is answered by an exception, so that things are put in order; the later ones are not heard
any more. Python answers between two steps of its own: where a library's long step, or a mistake in
putting in order, keeps the answer waiting, a thread ends the process. Temporary files that are left
so are cleared by the next run, and workers end with the process that they work for.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from composer.commands.progress import WIPED, drawing

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
BASE = 128  # what shells add to a signal's number for a status
# Seconds until a signal is answered, and in which things are put in order after that.
UNANSWERED, UNTIDY = 0.7, 3.0
LOOK = 0.05  # seconds


class Stopped(KeyboardInterrupt):
    """A signal that ends the program."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def status(error: BaseException | None) -> int:
    """The exit status of whoever was stopped so."""
    return BASE + (error.number if isinstance(error, Stopped) else signal.SIGINT)


class _Guard(threading.Thread):
    """Ends the process where its main thread does not answer, or never comes to its end."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.came, self.told = os.pipe()
        os.set_blocking(self.told, False)
        self.answered, self.over = threading.Event(), threading.Event()
        self.busy = 0  # is the main thread about files that must be whole?

    def run(self) -> None:
        number = next((each for each in os.read(self.came, 1) if each in ENDING), None)
        since = time.monotonic()
        while number is not None and not self.over.wait(LOOK):
            waited = time.monotonic() - since
            if self.busy:
                since = time.monotonic()
            elif waited > (UNTIDY if self.answered.is_set() else UNANSWERED):
                _end(number)

    def end(self) -> None:
        self.over.set()
        with suppress(OSError):
            os.write(self.told, b"\0")
        self.join()
        os.close(self.came)
        os.close(self.told)


_guards: list[_Guard] = []  # of this process's main thread, one at most


def _end(number: int) -> None:
    if "multiprocessing" in sys.modules:
        from multiprocessing import active_children

        for worker in active_children():
            worker.kill()
    with suppress(OSError):
        os.write(2, f"{WIPED if drawing() else ''}\nInterrupted.\n".encode())
    os._exit(BASE + number)


@contextmanager
def stoppable() -> Iterator[None]:
    """Has a first signal raise Stopped within the block, and no second, which would break off how
    things are put in order.

    Where somebody else answers a signal, or it is not to be heard (as nohup has it), it stays so.
    """
    usual = (signal.SIG_DFL, signal.default_int_handler)
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: found for each in ENDING if (found := signal.getsignal(each)) in usual}
    if not before:
        yield
        return
    guard = _Guard()

    def answer(number: int, frame: FrameType | None) -> None:
        guard.answered.set()
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    guard.start()
    _guards.append(guard)
    woken = signal.set_wakeup_fd(guard.told, warn_on_full_buffer=False)
    try:
        for each in before:
            signal.signal(each, answer)
        yield
    finally:
        signal.set_wakeup_fd(woken)
        _guards.remove(guard)
        guard.end()
        for each, found in before.items():
            signal.signal(each, found)


@contextmanager
def held_back() -> Iterator[None]:
    """Has a signal wait until the block is done, and answers it then as it would have been.

    Only a program's main thread hears signals, so elsewhere there is nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, note) for number in ENDING}
    for guard in _guards:
        guard.busy += 1
    try:
        yield
    finally:
        for number, found in before.items():
            signal.signal(number, signal.SIG_DFL if found is None else found)
        for guard in _guards:
            guard.busy -= 1
        for each in came:
            signal.raise_signal(each)
