"""What a user can mend is a sentence on stderr, with exit status 2; other errors are bugs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any

import click


class Mendable(click.ClickException):
    """Something that the user can mend: a sentence on stderr, and exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence, if there is a place for it."""
        with suppress(OSError):
            super().show(file)


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
        from composer.errors import mendable

        if (sentence := mendable(error, own)) is None:
            raise
        raise Mendable(sentence) from (error if isinstance(error, ImportError) else None)
