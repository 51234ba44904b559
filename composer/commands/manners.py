"""How every command ends and completes: exit status, an interrupt, a closed pipe, a TAB.

Exit status, for all commands: 0 done; 1 the answer is no; 2 something that was given has to be
mended, as a sentence on stderr says; 129, 130, 143 ended by HUP, Ctrl-C or TERM; 141 nobody reads
the output any more.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from errno import EINVAL
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from composer.commands.mending import Mendable, mending
from composer.commands.progress import bar
from composer.commands.signals import held_back, status, stoppable
from composer.errors import refused
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
  130  interrupted; files are whole or not there (129, 143: by HUP, TERM)
"""
UNREAD = 128 + 13  # as shells name the end by SIGPIPE


def unread(error: OSError) -> bool:
    """Does nobody read the output any more? Windows calls a closed pipe no argument."""
    closed = isinstance(error, BrokenPipeError)
    return closed or (os.name == "nt" and error.errno == EINVAL and error.filename is None)


def _prepare_streams() -> None:
    """Closed ones lead nowhere, so that no file takes their place; what a terminal's encoding
    cannot say is replaced."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # which takes the lowest number
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="replace")


def _ended(error: OSError) -> NoReturn:
    """Ends a command whose output goes nowhere: unread, or to a disk that is full."""
    sentence = refused(error)
    if not unread(error) and sentence is None:
        raise error
    _discard()
    if not unread(error):
        raise Mendable(str(sentence))
    raise click.exceptions.Exit(UNREAD)


def _discard() -> None:
    """What is still buffered and cannot be written goes nowhere, or the interpreter would complain
    of it at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


class Command(click.Command):
    """A command that ends as the house does, whatever happens under it."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run it. Only a shell that asks what may come next loads what knows."""
        if any(name.endswith("_COMPLETE") for name in os.environ):
            from composer.commands.completion import register

            register()
        _prepare_streams()
        try:
            return super().main(*args, **extra)
        finally:
            _discard()  # what a full disk refused must not change the exit status

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line, which may print its help."""
        try:
            return super().make_context(*args, **extra)
        except OSError as error:
            _ended(error)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it and answer what stops it."""
        try:
            with mending(), stoppable(), listening(bar), holding(held_back):
                return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            with suppress(OSError):  # of a terminal that is gone
                click.echo("\nInterrupted.", err=True)
            ctx.exit(status(stop))
        except click.Abort as stop:  # by a command that has said so itself
            ctx.exit(status(stop.__cause__))
        except Mendable:
            _discard()
            raise
        except OSError as error:
            _ended(error)


class Group(Command, click.Group):
    """A group of commands that end as the house does, wherever they are declared."""
