"""What a user can mend is a sentence on stderr, with exit status 2; other errors are bugs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from composer.errors import mendable, nothing_legal

OURS = ("analysis", "cli", "composer", "corpora", "neural", "theory")


class Mendable(click.ClickException):
    """Something that the user can mend: a sentence on stderr, and exit status 2."""

    exit_code = 2


@contextmanager
def mending(own: Sequence[str] = ()) -> Iterator[None]:
    """Turns the errors that a user can mend into `Mendable`; others keep their traceback.

    own: the options by which the user has changed the rules; if these leave no legal music, that
    is the user's to mend too.
    """
    try:
        yield
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except Exception as error:
        if (sentence := mendable(error)) is not None:
            raise Mendable(sentence) from None
        if own and nothing_legal(error):
            blame = f"This comes of {' and '.join(own)}: change or leave out one of them."
            raise Mendable(f"{error} {blame}") from None
        if isinstance(error, ImportError) and (sentence := _broken(error)):
            raise Mendable(sentence) from error
        raise


def _broken(error: ImportError) -> str:
    """What to do about a library that is missing or cannot be loaded; "" where it is our own."""
    from corpora.needs import NAMES, install

    name = (error.name or "").partition(".")[0]
    if name in OURS or not name or name in sys.stdlib_module_names:
        return ""
    if isinstance(error, ModuleNotFoundError):
        return f"{NAMES.get(name, name)} is not installed. Run: {install([name])}."
    return (
        f"{NAMES.get(name, name)} cannot be loaded: {error}. "
        f"Run: pip install --force-reinstall {NAMES.get(name, name)}."
    )
