"""Words for a terminal, and the options that several commands share."""

from __future__ import annotations

import os

import click

whose_rules = click.option(
    "--language",
    type=click.Choice(["strict", "modal", "popular"]),
    default="strict",
    show_default=True,
    help="Whose rules are hard.",
)


def say(text: str) -> None:
    """Print, in colours only at a terminal and where NO_COLOR is not set (no-color.org)."""
    click.echo(text, color=False if os.environ.get("NO_COLOR") else None)
