"""`promenade evaluate`: what is said of a piece, and what is asked for in words. No logic here."""

from __future__ import annotations

import click

from composer.commands.terminal import singer


@click.command()
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--rules", metavar="FILE", help="Judge the explanations of this mapping table.")
def explanations(directory: str | None, rules: str | None) -> None:
    """Put every claim of the explanations to the test, on the pictures in DIR and some more.

    Do shares sum exactly? Does a decision fall without the rule that is said to have settled it,
    and stand without one that had no say? Does the changed picture turn it, and 99 % of the change
    not? Is what is printed what the JSON holds, and what a fresh run decides? Is what is said of
    motifs, of the highest note, of first choices and of who settled what true of the notes, and is
    the JSON proven? Exit status 1 where any claim fails. Takes some seconds a picture.

    \b
    Example:
      promenade evaluate explanations photographs
    """
    from composer.evaluate.explanations import evaluate_explanations
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table

    found = evaluate_explanations(load_table(rules, vocabulary()), directory)
    click.echo(str(found))
    if found.failures:
        raise SystemExit(1)


@click.command()
@click.argument("directory", metavar="DIR")
def reading(directory: str) -> None:
    """Measure how easily the plain reasons read, over the pictures in DIR.

    Flesch's reading ease (1948) of the sentences, lines and columns of the text; each sentence's
    facts are looked up in the explanation. Exit status 1 where the median ease is under 60, a text
    has more than 45 lines or 80 columns, or a fact is not there.

    \b
    Example:
      promenade evaluate reading photographs
    """
    from composer.evaluate.readable import evaluate_reading
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table

    found = evaluate_reading(load_table(None, vocabulary()), directory)
    click.echo(str(found))
    if found.failures:
        raise SystemExit(1)


@click.command()
@click.argument("directory", metavar="DIR")
@click.option(
    "--wish",
    "words",
    metavar="WISH",
    multiple=True,
    help="Only this wish; may be given several times.  [default: all, and some lengths]",
)
def wishes(directory: str, words: tuple[str, ...]) -> None:
    """Grant every wish to every picture in DIR, and measure on the MIDI what it moved.

    Lengths are asked for too: do they land, and does the tempo stay? Exit status 1 where any wish
    moves what it says on fewer than 95 % of the pictures. Takes half a minute a picture.

    \b
    Example:
      promenade evaluate wishes photographs
    """
    from composer.needs import need

    need("This evaluation", "mido")
    from composer.evaluate.wished import evaluate_wishes
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table

    found = evaluate_wishes(load_table(None, vocabulary()), directory, words)
    click.echo(str(found))
    if found.failures:
        raise SystemExit(1)


@click.command()
@click.argument("directory", metavar="DIR")
@click.option(
    "--style",
    "names",
    metavar="STYLE",
    multiple=True,
    help="Only this style; may be given several times.  [default: all]",
)
@singer("Who sings.")
def styles(directory: str, names: tuple[str, ...], melody: str) -> None:
    """Compose every picture in DIR in every style, and tell the styles by their marks on the MIDI.

    The marks are from what is written of each style; what they are told from are all the other
    styles. Exit status 1 where a style is known in fewer than 90 % of its pieces. Takes half a
    minute a picture.

    \b
    Example:
      promenade evaluate styles photographs
    """
    from composer.needs import need

    need("This evaluation", "mido")
    from composer.errors import UserError
    from composer.evaluate.styles.told import evaluate_styles
    from composer.table import STYLES

    if unknown := [name for name in names if name not in STYLES]:
        raise UserError(f"There is no style {unknown[0]}.", f"They are {', '.join(STYLES)}.")
    found = evaluate_styles([directory], names or STYLES, melody)
    click.echo(str(found))
    if found.failures:
        raise SystemExit(1)
