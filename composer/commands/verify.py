"""`promenade verify`: anybody's score, judged. No logic here."""

from __future__ import annotations

import click

from composer.commands.terminal import say, whose_rules


@click.command()
@click.argument("score", metavar="FILE")
@click.option(
    "--key",
    "key",
    metavar="KEY",
    help="Read the score in this key, as in --key 'D dorian'.  [default: the score's own]",
)
@whose_rules
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write the score again as MusicXML with the offending notes in red (hard) and amber.",
)
@click.option("--all", "everything", is_flag=True, help="Name every place, not only the first.")
@click.pass_context
def verify(
    ctx: click.Context,
    score: str,
    key: str | None,
    language: str,
    output: str | None,
    everything: bool,
) -> None:
    """Judge the part-writing of FILE, a MusicXML score.

    FILE has four voices (four parts, or two staves with two voices each), or a melody with chord
    symbols. Exit status 1 where a hard rule is broken.

    \b
    Examples:
      promenade verify exercise.musicxml
      promenade verify exercise.musicxml --key 'D dorian' -o marked.musicxml
    """
    from composer.verifier.verify import verify as verify_score

    text, broken = verify_score(score, key, language, output, everything=everything)
    say(text)
    if broken:
        ctx.exit(1)
