"""How every command ends and completes: exit status, an interrupt, a closed pipe, a TAB.

Exit status, for all commands: 0 done; 1 the answer is no; 2 something that was given has to be
mended, as a sentence on stderr says; 130 interrupted; 141 nobody reads the output any more.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL
from types import FrameType
from typing import Any

import click

from composer.commands.mending import mending
from composer.commands.progress import bar
from composer.render.outputs import holding
from corpora.progress import listening

HELP = {"help_option_names": ["-h", "--help"]}
EXIT_STATUS = """
\b
Exit status:
  0    done
  1    the answer is no: a score breaks a hard rule, part of a table is waste
  2    something that was given has to be mended, as stderr says; of many
       pictures those that can be read are composed all the same
  130  interrupted; files are whole or not there
"""
INTERRUPTED = 128 + 2  # as shells name the end by SIGINT
UNREAD = 128 + 13  # and by SIGPIPE


WAITING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held_back() -> Iterator[None]:
    """Has an interrupt wait until the block is done, and answers it then as it would have been.

    Only a program's main thread hears signals, so elsewhere there is nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, note) for number in WAITING}
    try:
        yield
    finally:
        for number, answer in before.items():
            signal.signal(number, signal.SIG_DFL if answer is None else answer)
        for each in came:
            signal.raise_signal(each)


@contextmanager
def heard_once() -> Iterator[None]:
    """Lets a first interrupt through and no second, which would break off how things are put in
    order and leave this process waiting for its workers for ever."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def answer(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # nobody hears it, or somebody else answers
        yield
        return
    signal.signal(signal.SIGINT, answer)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def unread(error: OSError) -> bool:
    """Does nobody read the output any more? Windows calls a closed pipe no argument."""
    closed = isinstance(error, BrokenPipeError)
    return closed or (os.name == "nt" and error.errno == EINVAL and error.filename is None)


class Command(click.Command):
    """A command that ends as the house does, whatever happens under it."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run it. Only a shell that asks what may come next loads what knows."""
        if any(name.endswith("_COMPLETE") for name in os.environ):
            from composer.commands.completion import register

            register()
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it and answer what stops it."""
        try:
            with heard_once(), mending(), listening(bar), holding(held_back):
                return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\nInterrupted.", err=True)
            ctx.exit(INTERRUPTED)
        except click.Abort:  # by a command that has said so itself
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if not unread(error):
                raise
            # What is still buffered goes nowhere, or the interpreter would complain at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(UNREAD)


class Group(Command, click.Group):
    """A group of commands that end as the house does, wherever they are declared."""
