"""`promenade verify`: anybody's score, judged. No logic here."""

from __future__ import annotations

import click

from composer.commands.terminal import LANGUAGES, say


@click.command()
@click.argument("score", metavar="FILE")
@click.option(
    "--key",
    "key",
    metavar="KEY",
    help="Read the score in this key, as in --key 'D dorian'.  [default: the score's own]",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Whose rules are hard.  [default: the score's own, or strict]",
)
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
    language: str | None,
    output: str | None,
    everything: bool,
) -> None:
    """Judge the part-writing of FILE, a MusicXML score.

    FILE has two voices or more, each in a part or a voice of its own, or a melody with chord
    symbols. Repeats and jumps are followed. Exit status 1 where a hard rule is broken, 2 where
    nothing can be judged.

    \b
    Examples:
      promenade verify exercise.musicxml
      promenade verify exercise.musicxml --key 'D dorian' -o marked.musicxml
    """
    from composer.commands.verdict import report
    from composer.render.outputs import plan_outputs, put
    from composer.verifier import judged_score
    from composer.verifier.keys import read_key
    from corpora.progress import progress
    from corpora.read.scores import parse, read

    given = None if key is None else read_key(key)
    files = () if output is None else plan_outputs((_named(output),), (".musicxml",))
    with progress(3 + len(files), "verifying") as step:
        root = parse(score)
        step("opened")
        value = read(root)
        step("read")
        verdict = judged_score(value, given, language)
        step("judged")
        text = report(verdict, everything=everything)
        for file in files:
            from composer.render.score.marked import marked

            put([(file, marked(root, value, verdict.findings))])
            text += f"\nWrote {file.path.name}{' (replaced)' if file.replaces else ''}."
    say(text)
    if verdict.broken:
        ctx.exit(1)
    if verdict.alone:
        ctx.exit(2)


def _named(output: str) -> str:
    from composer.errors import UserError

    if not output.lower().endswith(".musicxml"):
        raise UserError(f"{output} is no name for the coloured score.", "Let it end in .musicxml.")
    return output
