"""`promenade explain`: questions to a stored explanation. No logic here."""

from __future__ import annotations

import click

from composer.commands.terminal import say
from corpora.progress import progress


@click.command()
@click.argument("piece", metavar="PIECE.json")
@click.option(
    "--decision",
    metavar="NAME",
    help="Why this decision, and what would turn it; NAME=CHOICE asks why not that choice.",
)
@click.option("--bar", type=int, metavar="N", help="The chord in this bar, and its notes.")
@click.option("--beat", type=float, metavar="B", help="With --bar: at this beat of it.")
@click.option("--note", type=int, metavar="N", help="Why this note is there; --bar numbers them.")
@click.option("--rule", metavar="ID", help="What this rule said, of the table or of music.")
@click.option("--details", is_flag=True, help="Print figures and rules, as --explain=details does.")
@click.option("--all", "everything", is_flag=True, help="Print all of it, as --explain=all does.")
def explain(
    piece: str,
    decision: str | None,
    bar: int | None,
    beat: float | None,
    note: int | None,
    rule: str | None,
    details: bool,
    everything: bool,
) -> None:
    """Ask a piece why it is as it is.

    PIECE.json is an explanation that compose PICTURE -o PIECE.json wrote; all that is answered is
    read from it, and what is a replay is said to be one.

    \b
    Examples:
      promenade explain holiday.json
      promenade explain holiday.json --decision mode
      promenade explain holiday.json --decision mode=lydian
      promenade explain holiday.json --bar 5 --beat 3
      promenade explain holiday.json --note 12 --rule arousal-notes
    """
    if beat is not None and bar is None:
        raise click.UsageError("--beat needs --bar.")
    from composer.explanation.answers import answer
    from composer.explanation.plain import plain_view
    from composer.explanation.reading import foreign, read

    document = read(piece)
    if not (details or everything) and (decision, bar, note, rule) == (None, None, None, None):
        with foreign():
            text = plain_view(document)
        say(text)
        return
    with foreign(), progress(None, "looking for changes") as step:
        text = answer(
            document,
            decision=decision,
            bar=bar,
            beat=beat,
            note=note,
            rule=rule,
            everything=everything,
            step=step,
        )
    say(text)
