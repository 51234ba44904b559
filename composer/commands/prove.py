"""`promenade prove`: a piece's file, checked by what shares nothing with the composer. No logic."""

from __future__ import annotations

from pathlib import Path

import click

from composer.commands.terminal import say


@click.command()
@click.argument("piece", metavar="PIECE.json")
@click.pass_context
def prove(ctx: click.Context, piece: str) -> None:
    """Prove PIECE.json, as compose -o PIECE.json wrote it.

    Every decision is made again from the features and the table in the file, and what is said of
    chords, notes, players and rules is held against the notes, by a checker that shares no code
    with the composer. PIECE.mid and PIECE.musicxml are held against it where they lie beside it.
    Exit status 1 names the first thing that does not follow, 2 is a file that is no such piece.

    \b
    Examples:
      promenade prove holiday.json
    """
    from composer.errors import UserError, visible
    from composer.explanation.reading import AGAIN
    from composer.proof import NoPieceError, RefusedError, prove

    try:
        found = prove(Path(piece))
    except NoPieceError as error:
        raise UserError(f"{piece} cannot be proven: {visible(str(error))}.", AGAIN) from None
    except RefusedError as error:
        say(f"Refused: {visible(str(error))}.")
        ctx.exit(1)
    beside = f", and {' and '.join(found.files)} beside it" if found.files else ""
    say(f"Proven: {found.decisions} decisions, {found.chords} chords, {found.notes} notes{beside}.")
