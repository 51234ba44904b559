"""`promenade glossary`: what a word means. No logic here."""

from __future__ import annotations

import click

from composer.commands.terminal import say


@click.command()
@click.argument("word", required=False)
def glossary(word: str | None) -> None:
    """Say what WORD means; without it, list the words that are known.

    \b
    Examples:
      promenade glossary dorian
      promenade glossary "deceptive cadence"
    """
    from composer.explanation.glossary import all_words, meaning

    say(all_words() if word is None else meaning(word))
