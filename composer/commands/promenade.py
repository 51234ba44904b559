"""`promenade`: each room declares its commands; here they are gathered."""

from __future__ import annotations

import click

from composer import __version__
from composer.commands.compose import compose
from composer.commands.corpus import corpus
from composer.commands.count import count
from composer.commands.evaluating import evaluate
from composer.commands.explain import explain
from composer.commands.glossary import glossary
from composer.commands.hear import hear
from composer.commands.library import library
from composer.commands.listings import decisions, features
from composer.commands.manners import EXIT_STATUS, HELP, Group
from composer.commands.prove import prove
from composer.commands.recommend import recommend
from composer.commands.rules import rules
from composer.commands.styles import styles
from composer.commands.train import train
from composer.commands.verify import verify


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
    glossary,
    rules,
    styles,
    hear,
    verify,
    prove,
    count,
    evaluate,
    recommend,
    library,
    corpus,
    train,
):
    promenade.add_command(command)
