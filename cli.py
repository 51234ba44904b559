"""`compose` and `promenade`: each room declares its commands; here they are gathered."""

from __future__ import annotations

import atexit
import gc

import click

from composer import __version__
from composer.commands import compose, decisions, features
from composer.counting.commands import count
from composer.editing.commands import rules
from composer.evaluate.commands import evaluate
from composer.explain.commands import explain
from composer.hear.commands import hear
from composer.manners import EXIT_STATUS, HELP, Group
from composer.verifying.commands import verify
from corpora.commands import corpus
from neural.commands import train

# At the end the memory goes back as a whole; nothing in it needs to be looked through.
atexit.register(gc.freeze)


@click.group(cls=Group, epilog=EXIT_STATUS, context_settings=HELP)
@click.version_option(__version__, prog_name="promenade")
def promenade() -> None:
    """Music from a picture, and the reasons for every note.

    \b
    Examples:
      promenade compose holiday.jpg --explain
      promenade features holiday.jpg
      promenade decisions
    """


for command in (
    compose,
    explain,
    features,
    decisions,
    rules,
    hear,
    verify,
    count,
    evaluate,
    corpus,
    train,
):
    promenade.add_command(command)
