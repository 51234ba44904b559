"""`compose`, `promenade features` and `promenade decisions`: options in, files and text out.

No logic here. Libraries load when a command runs, so that help and mistakes answer at once.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from composer.mending import mending
from composer.terminal import say

SHORT, ALL = "short", "all"


@contextmanager
def uncollected() -> Iterator[None]:
    """Keeps the garbage collector from searching, over and over, what all lives to the run's end.

    Libraries and tables are so many lasting objects that the search takes a seventh of the time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Explaining(click.Command):
    """A command whose `--explain` takes a value only after an equals sign.

    An option with an optional value would swallow the picture in `compose --explain PICTURE`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        spelled = [f"{arg}={SHORT}" if arg == "--explain" else arg for arg in args[:end]]
        return super().parse_args(ctx, spelled + args[end:])


def overrides(ctx: click.Context, option: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    """`NAME=VALUE`, several times, as a mapping; blanks around either are left out."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise click.BadParameter(f"{text!r} is not NAME=VALUE, as in mode=dorian.")
        if name in found:
            raise click.BadParameter(f"{name} is set twice.")
        found[name] = value
    return found


@click.command(cls=Explaining, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("picture")
@click.option(
    "-o",
    "--output",
    "outputs",
    metavar="FILE",
    multiple=True,
    help="Write FILE; its suffix says what: .mid (the notes); .wav, .flac, .ogg or .mp3 (the "
    "sound); .musicxml, .pdf or .svg (the score); .voices.musicxml (the four voices); .png (the "
    "piano roll); .json (the explanation); .html (the report: a page with all of it). May be given "
    "several times.  [default: the picture's name with .mid and with .wav]",
)
@click.option(
    "--explain",
    type=click.Choice([SHORT, ALL]),
    metavar="[=all]",
    help="Print the reasons; with =all every rule and every feature.",
)
@click.option("--rules", metavar="FILE", help="Decide by this mapping table.")
@click.option(
    "--set",
    "overrides",
    metavar="NAME=VALUE",
    multiple=True,
    callback=overrides,
    help="Decide something yourself, as in --set mode=dorian. May be given several times; "
    "`promenade decisions` lists the names.",
)
@click.option(
    "--without",
    metavar="RULE",
    multiple=True,
    help="Switch off a rule of harmony or melody, hard or not, to hear what it forbids. May be "
    "given several times; `promenade hear rule` lists the names.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="N",
    default=0,
    show_default=True,
    help="Draw another melody over the same plan.",
)
@click.option(
    "--melody",
    type=click.Choice(["rules", "neural"]),
    default="neural",
    show_default=True,
    help="Who proposes the melody's notes: weights written by hand, or a trained network.",
)
@click.option(
    "--weights",
    metavar="FILE",
    help="The network's weights, as promenade train writes them.  [default: the shipped ones]",
)
@click.option(
    "--soundfont",
    metavar="FILE",
    help="Sound with the instruments of this SoundFont (.sf2, .sf3).  [default: the installed one]",
)
@click.option(
    "--synth",
    type=click.Choice(["built-in", "fluidsynth"]),
    default="built-in",
    show_default=True,
    help="Who plays: our own player of SoundFonts, or FluidSynth where it is installed.",
)
@uncollected()
def compose(
    picture: str,
    outputs: tuple[str, ...],
    explain: str | None,
    rules: str | None,
    overrides: dict[str, str],
    without: tuple[str, ...],
    seed: int,
    melody: str,
    weights: str | None,
    soundfont: str | None,
    synth: str,
) -> None:
    """Compose a piece of music from PICTURE, and say why it is as it is.

    PICTURE is a file, or one of the photographs sample:china and sample:flower.

    \b
    Examples:
      compose holiday.jpg
      compose holiday.jpg --explain -o holiday.mid -o holiday.mp3
      compose sample:china --set mode=dorian --set tempo=80 --seed 3
      compose sample:flower --without parallel-fifths --explain
    """
    own = [f"--set {name}={value}" for name, value in overrides.items()]
    if rules is not None:
        own.append(f"--rules {rules}")
    own += [f"--without {rule}" for rule in without]
    if weights is not None and melody == "rules":
        raise click.UsageError("--weights is for --melody neural: rules need none.")
    with mending(own):
        from composer.audio import Sounding
        from composer.files.outputs import plan_outputs, write

        sounding = Sounding(synth, soundfont)
        files = plan_outputs(outputs or default_outputs(picture), sounding=sounding)

        from composer.compose import compose as compose_piece

        piece = compose_piece(
            picture,
            rules=rules,
            overrides=overrides,
            seed=seed,
            without=without,
            melody=melody,
            weights=weights,
        )
        write(piece, files, sounding)
    if explain is None:
        from composer.explain.summary import summary

        say(summary(piece, files))
        return
    from composer.explain.document import explanation
    from composer.explain.summary import written
    from composer.explain.text import view

    say(f"{view(explanation(piece), everything=explain == ALL)}\n\n{written(files)}")


def default_outputs(picture: str) -> tuple[str, str]:
    """The files that are written where none is named: the notes and their sound.

    >>> default_outputs("holiday/beach.jpg"), default_outputs("sample:china")
    (('beach.mid', 'beach.wav'), ('china.mid', 'china.wav'))
    """
    stem = Path(picture.removeprefix("sample:")).stem
    return f"{stem}.mid", f"{stem}.wav"


@click.command()
@click.argument("picture")
def features(picture: str) -> None:
    """Print what is measured on PICTURE: each feature's value, unit, range and meaning."""
    from analysis.analyse import analyse
    from analysis.picture import load
    from composer.explain.tables import feature_table

    say(feature_table(analyse(load(picture))))


@click.command()
@click.option("--rules", metavar="FILE", help="Read this mapping table, not the default one.")
def decisions(rules: str | None) -> None:
    """Print everything there is to decide, with its range or its choices.

    Each can be set by hand: compose PICTURE --set NAME=VALUE.
    """
    from composer.explain.tables import decision_table
    from composer.mapping import load_table
    from composer.vocabulary import vocabulary

    say(decision_table(load_table(rules, vocabulary())))
