"""Words for a terminal, and the options that several commands share."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from composer.errors import visible

if TYPE_CHECKING:
    from composer.render.outputs import Output
    from corpora.engines import Workers

F = TypeVar("F", bound=Callable[..., Any])
_COLOUR = re.compile("(\x1b\\[[0-9;]*m)")

LANGUAGES = ("strict", "modal", "popular", "free")
whose_rules = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="strict",
    show_default=True,
    help="Whose rules are hard.",
)


def singer(says: str, usual: str = "neural") -> Callable[[F], F]:
    """The option of who sings, explained by `says`."""
    return click.option(
        "--melody",
        type=click.Choice(["rules", "neural"]),
        default=usual,
        show_default=True,
        help=says,
    )


def workers(jobs: int | None, engine: str) -> Workers:
    """Who works: one process a processor unless `jobs` says how many, or the cluster whose address
    the environment names."""
    from corpora.engines import ADDRESSES, Workers

    address = os.environ.get(ADDRESSES.get(engine, ""), "")
    return Workers(jobs or os.cpu_count() or 1, engine, address)


def say(text: str, *, paged: bool = False) -> None:
    """Print, in colours only at a terminal and where NO_COLOR is not set (no-color.org).

    paged: at a terminal, through the pager; what is longer than a screen is read from its top.

    Whatever the text quotes, a file's name or a line of it, commands the terminal nothing else.
    """
    color = False if os.environ.get("NO_COLOR") else None
    if paged and sys.stdout.isatty() and sys.stdin.isatty():
        click.echo_via_pager(f"{harmless(text)}\n", color=color)
    else:
        click.echo(harmless(text), color=color)


def tell_absent(reasons: Iterable[str]) -> None:
    """Say once, of one picture or of many, that nothing was seen in them, and why; "" where it
    was."""
    if why := next(filter(None, reasons), ""):
        click.echo(f"{why} Until then pixels alone decide.", err=True)


def harmless(text: str) -> str:
    """The text with nothing in it that commands a terminal but colours.

    >>> harmless("\\x1b[1mA\\x1b[0m\\x1b]0;b\\x07")
    '\\x1b[1mA\\x1b[0m␛]0;b␇'
    """
    parts = _COLOUR.split(text)  # between the colours, and every second one a colour
    parts[::2] = map(visible, parts[::2])
    return "".join(parts)


def wrote(files: Sequence[Output]) -> str:
    """The line that names the files, and those whose place they took."""
    from composer.explanation.layout import listed

    names = [f"{file.path} (replaced)" if file.replaces else str(file.path) for file in files]
    return visible(f"Wrote {listed(names)}.")
