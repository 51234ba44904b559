"""`promenade hear`: a pair of examples, heard. No logic here."""

from __future__ import annotations

import click

from composer.commands.completion import lessons
from composer.commands.terminal import say, wrote


@click.command()
@click.argument("kind", type=click.Choice(["mode", "cadence", "progression", "rule"]))
@click.argument("name", required=False, shell_complete=lessons)
@click.option(
    "-o",
    "--output",
    "outputs",
    metavar="FILE",
    multiple=True,
    help="Write FILE; its suffix says what: .mid (the notes); .wav, .flac, .ogg or .mp3 (the "
    "sound); .musicxml (the score). May be given several times.  [default: the lesson's name with "
    ".mid and with .wav]",
)
def hear(kind: str, name: str | None, outputs: tuple[str, ...]) -> None:
    """Hear what a mode, a cadence, a progression or a rule does: a pair, with it and without it.

    KIND is mode, cadence, progression or rule; without NAME all names of the kind are listed.

    \b
    Examples:
      promenade hear mode dorian
      promenade hear rule parallel-fifths -o fifths.musicxml
      promenade hear cadence
    """
    from composer.lessons.lessons import lesson, names

    if name is None:
        if outputs:
            raise click.UsageError("Say which lesson is to be written: KIND and NAME.")
        say("\n".join(names(kind)))
        return
    from composer.lessons.files import SUFFIXES, default_outputs, write
    from composer.lessons.text import view
    from composer.render.outputs import plan_outputs
    from composer.render.rendering import check_needs
    from corpora.progress import progress

    pair = lesson(kind, name)
    files = plan_outputs(outputs or default_outputs(pair), SUFFIXES)
    check_needs([file.suffix for file in files])
    with progress(len(files), "writing") as step:
        write(pair, files, step)
    say(f"{view(pair)}\n\n{wrote(files)}")
