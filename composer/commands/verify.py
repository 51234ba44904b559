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
    from composer.commands.verdict import report
    from composer.render.outputs import plan_outputs, put
    from composer.verifier.keys import find_key, read_key
    from composer.verifier.score import judge_score
    from corpora.progress import progress
    from corpora.read.scores import parse, read

    given = None if key is None else (read_key(key), "as you say")
    files = () if output is None else plan_outputs((_named(output),), (".musicxml",))
    with progress(3 + len(files), "verifying") as step:
        stream = parse(score)
        step("opened")
        value = read(stream)
        found, how = given or find_key(value)
        step("read")
        verdict = judge_score(value, found, language, how)
        step("judged")
        text = report(verdict, everything=everything)
        for file in files:
            from composer.render.score.marked import marked

            put([(file, marked(stream, value, verdict.findings))])
            text += f"\nWrote {file.path.name}{' (replaced)' if file.replaces else ''}."
    say(text)
    if verdict.broken:
        ctx.exit(1)


def _named(output: str) -> str:
    from composer.errors import UserError

    if not output.lower().endswith(".musicxml"):
        raise UserError(f"{output} is no name for the coloured score.", "Let it end in .musicxml.")
    return output
