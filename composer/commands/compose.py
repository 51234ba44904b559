"""`compose`: options in, files and text out.

No logic here. Libraries load when a command runs, so that help and mistakes answer at once.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from composer.commands.completion import files, pictures, settings, styles, tables, wishes
from composer.commands.completion import rules as rules_of_theory
from composer.commands.manners import EXIT_STATUS, HELP, Command
from composer.commands.mending import Mendable, mending
from composer.commands.progress import telling
from composer.commands.signals import status
from composer.commands.terminal import say, singer, tell_absent, wrote
from corpora.progress import progress

if TYPE_CHECKING:
    from composer.render.outputs import Output
    from composer.render.rendering import Rendering
    from composer.settings import Settings
    from composer.workbench.locks import Kept

PLAIN, DETAILS, ALL = "plain", "details", "all"


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
            # All at once old, or the collector would search the whole run's objects as its first.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


class Explaining(Command):
    """A command whose `--explain` takes a value only after an equals sign.

    An option with an optional value would swallow the picture in `compose --explain PICTURE`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        spelled = [f"{arg}={PLAIN}" if arg == "--explain" else arg for arg in args[:end]]
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


@click.command(cls=Explaining, epilog=EXIT_STATUS, context_settings=HELP)
@click.argument("pictures", nargs=-1, required=True, metavar="PICTURE...", shell_complete=pictures)
@click.option(
    "-o",
    "--output",
    "outputs",
    metavar="FILE",
    multiple=True,
    shell_complete=files,
    help="Write FILE; its suffix says what: .mid (the notes); .wav, .flac, .ogg or .mp3 (the "
    "sound); .musicxml, .pdf or .svg (the score); .voices.musicxml (the four voices); .png (the "
    "piano roll); .txt (the piece in words, bar by bar); .json (the explanation); .html (the "
    "report: a page with all of it); .mp4 (the film); .story.mp4 (the film upright, with reasons "
    "as captions); .poster.png or .poster.pdf (picture, three reasons and roll on one sheet). May "
    "be given several times. A suffix alone, as in -o scores/.musicxml, takes the picture's name; "
    "a folder, as in -o OUT/, gets what is written without -o, the report, and a page of all "
    "pieces.  [default: the picture's name with .mid and with .mp3]",
)
@click.option(
    "--explain",
    type=click.Choice([PLAIN, DETAILS, ALL]),
    metavar="[=details|all]",
    help="Print the reasons in plain words; with =details the figures, rules and studies, with "
    "=all every rule, every feature and every note.",
)
@click.option(
    "--rules",
    "table",
    metavar="TABLE",
    shell_complete=tables,
    help="Decide by this mapping table: a file, or a pack's name.",
)
@click.option(
    "--style",
    metavar="STYLE",
    shell_complete=styles,
    help="Lay a style over the table, as --style lullaby: one that `promenade styles` lists, or a "
    "file of your own.",
)
@click.option(
    "--set",
    "overrides",
    metavar="NAME=VALUE",
    multiple=True,
    callback=overrides,
    shell_complete=settings,
    help="Decide something yourself, as in --set mode=dorian. May be given several times; "
    "`promenade decisions` lists the names.",
)
@click.option(
    "--make",
    metavar="WISH",
    multiple=True,
    shell_complete=wishes,
    help="Wish for something in words, as in --make happier, --make 'much calmer, a little "
    "softer'. May be given several times; opposite wishes cancel out.",
)
@click.option(
    "--keep",
    type=click.Choice(["melody", "harmony", "rhythm", "players"]),
    multiple=True,
    help="Keep this of the piece of --from, note for note, and make the rest anew. May be given "
    "several times.",
)
@click.option(
    "--from",
    "origin",
    metavar="PIECE.json",
    shell_complete=files,
    help="The piece that --keep is of, as compose -o PIECE.json wrote it.",
)
@click.option(
    "--length",
    metavar="LENGTH",
    help="How long the piece is, as 2min, 90s or 48bars: the form grows or shrinks, and the tempo "
    "stays.",
)
@click.option(
    "--without",
    metavar="RULE",
    multiple=True,
    shell_complete=rules_of_theory,
    help="Switch off a rule of harmony or melody, hard or not, to hear what it forbids. May be "
    "given several times; `promenade hear rule` lists the names.",
)
@click.option(
    "--content",
    metavar="WORD[=P]",
    multiple=True,
    help="Say what the picture shows, in place of what is seen: --content wedding, --content "
    "weapon=0. May be given several times; --content off looks at pixels alone. `promenade "
    "features` lists the words.",
)
@click.option(
    "--captioner",
    metavar="DIR",
    shell_complete=files,
    help="Have a captioning model of your own say a sentence about the picture: a folder saved by "
    "transformers (pip install 'promenade-music[caption]'). It is shown as its own.",
)
@click.option(
    "--captioner-counts",
    is_flag=True,
    help="What that sentence names counts as seen.",
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
    "--takes",
    type=click.IntRange(min=1, max=100),
    metavar="N",
    default=1,
    show_default=True,
    help="Compose N pieces, with this seed and those that follow, and keep the best: the most "
    "memorable motif, the clearest climax, the freshest returns.",
)
@singer("Who proposes the melody's notes: weights written by hand, or a trained network.")
@click.option(
    "--weights",
    metavar="FILE",
    shell_complete=files,
    help="The network's weights, as promenade train writes them.  [default: the shipped ones]",
)
@click.option(
    "--timing",
    type=click.Choice(["played", "strict"]),
    default="played",
    show_default=True,
    help="How time is kept in MIDI, sound and film: as people do, a few milliseconds early or late "
    "of what is written, or exactly.",
)
@click.option(
    "--soundfont",
    metavar="FILE",
    shell_complete=files,
    help="Sound with the instruments of this SoundFont (.sf2, .sf3).  [default: the installed one]",
)
@click.option(
    "--synth",
    type=click.Choice(["built-in", "fluidsynth"]),
    default="built-in",
    show_default=True,
    help="Who plays: our own player of SoundFonts, or FluidSynth where it is installed.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Compose so many pictures at a time.  [default: one a processor]",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray", "dask"]),
    default="local",
    show_default=True,
    help="What composes many pictures: processes of this machine, or a cluster by Ray or Dask "
    "(pip install 'promenade-music[ray]' or 'promenade-music[dask]').",
)
@click.option(
    "--watch",
    "watching",
    is_flag=True,
    help="Compose again whenever the table of --rules is saved, until Ctrl-C; without -o the .mid.",
)
@click.option(
    "--draft",
    is_flag=True,
    help="Hear it at once: the rules sing, and without -o only the .mid is written.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what went wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Say on stderr what is being done.")
@uncollected()
def compose(
    pictures: tuple[str, ...],
    outputs: tuple[str, ...],
    explain: str | None,
    keep: tuple[str, ...],
    origin: str | None,
    jobs: int | None,
    engine: str,
    watching: bool,
    draft: bool,
    quiet: bool,
    verbose: bool,
    **given: Any,
) -> None:
    """Compose a piece of music from PICTURE, and say why it is as it is.

    PICTURE is a file (JPEG, PNG, WebP, TIFF, GIF and others), or one of the photographs
    sample:china and sample:flower, or a folder of such files. Of several pictures each gives a
    piece of its own: -o names the folder, and its index.html shows them all. One that cannot be
    read is named at the end, and the others are composed all the same.

    \b
    Examples:
      compose holiday.jpg
      compose holiday.jpg --explain -o holiday.mid -o holiday.mp3
      compose sample:china --set mode=dorian --set tempo=80 --seed 3
      compose sample:china --make "much happier" --make slower --length 2min
      compose holiday.jpg --make jazzier --keep melody --from holiday.json
      compose sample:flower --without parallel-fifths --explain
      compose photos -o album/ --jobs 4
      compose photos/*.jpg -o album/.mid -o album/.musicxml --quiet
    """
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose cannot both be had.")
    if draft:
        given["melody"], outputs = "rules", outputs or (".mid",)
    if given["weights"] is not None and given["melody"] == "rules":
        raise click.UsageError("--weights is for --melody neural: rules need none.")
    if given["captioner_counts"] and given["captioner"] is None:
        raise click.UsageError("--captioner-counts is for --captioner DIR.")
    if watching and given["table"] is None:
        raise click.UsageError("--watch needs a table of your own: --rules FILE.")
    if bool(keep) != (origin is not None):
        raise click.UsageError(
            "--keep and --from belong together: --keep melody --from PIECE.json."
        )
    if keep and given["takes"] > 1:
        raise click.UsageError("--keep is of one piece: leave out --takes.")
    own = [f"--set {name}={value}" for name, value in given["overrides"].items()]
    if given["table"] is not None:
        own.append(f"--rules {given['table']}")
    own += [f"--style {given['style']}"] * (given["style"] is not None)
    own += [f"--make {wish!r}" for wish in given["make"]]
    own += [f"--length {given['length']}"] * (given["length"] is not None)
    own += [f"--without {rule}" for rule in given["without"]]
    own += [f"--content {said}" for said in given["content"]]
    with mending(own):
        from composer.album.places import is_album, within
        from composer.settings import read_settings

        asked = read_settings(given)
        pictures = within(pictures)
        if keep and (watching or is_album(pictures, outputs)):
            raise click.UsageError("--keep is for one picture, composed once.")
        if is_album(pictures, outputs):
            if explain is not None:
                raise click.UsageError("--explain is for one piece; of many, write -o OUT/.json.")
            if watching:
                raise click.UsageError("--watch is for one picture.")
            from composer.commands.album import run

            run(pictures, outputs, asked, jobs, engine, quiet=quiet, verbose=verbose)
            return
        if watching:
            _watch(pictures[0], outputs, asked, own, explain)
            return
        kept = _kept(asked, keep, origin)
        rendering, written = _one(pictures[0], outputs, asked, kept, quiet=quiet, verbose=verbose)
        tell_absent([rendering.piece.analysis.content.absent])
    if explain is not None or not quiet:
        say(_told(rendering, written, explain, quiet=quiet), paged=explain == ALL)


def _told(
    rendering: Rendering, files: Sequence[Output], explain: str | None, *, quiet: bool = False
) -> str:
    """What is printed of a piece: two lines, or with `explain` its reasons."""
    from composer.explanation.plain import plain_view
    from composer.explanation.text import summary, view

    if explain is None:
        return f"{wrote(files)}\n{summary(rendering.piece)}"
    if explain == PLAIN:
        reasons = plain_view(rendering.explanation)
    else:
        reasons = view(rendering.explanation, everything=explain == ALL)
    return reasons if quiet else f"{reasons}\n\n{wrote(files)}"


def _watch(
    picture: str,
    outputs: tuple[str, ...],
    asked: Settings,
    own: Sequence[str],
    explain: str | None,
) -> None:
    """Compose one picture again and again; without -o only what is written at once, the MIDI."""
    from composer.album.places import own_names, spare
    from composer.render.audio import Sounding
    from composer.render.rendering import plan_files

    sounding = Sounding(asked.synth, asked.soundfont)
    written = plan_files(own_names(picture, outputs or (".mid",)), sounding)
    spare([picture], [output.path for output in written])

    from composer.workbench.watch import Job, watch

    job = Job(picture, asked, written, sounding)
    try:
        watch(job, own, AtTerminal(lambda rendering: _told(rendering, written, explain)))
    except KeyboardInterrupt as stop:
        if status(stop) != status(None):
            raise
        say("Stopped.")  # as it was asked to be


@dataclass(frozen=True)
class AtTerminal:
    """Says what the watch does: its pieces as `compose` does, mistakes on stderr."""

    told: Callable[[Rendering], str]

    def say(self, line: str) -> None:
        say(line)

    def made(self, rendering: Rendering) -> None:
        say(self.told(rendering))

    def complain(self, sentence: str) -> None:
        Mendable(sentence).show()

    def rest(self) -> None:
        gc.collect()  # the collector rests while a command runs, and this one runs long


def _kept(asked: Settings, keep: Sequence[str], origin: str | None) -> Kept | None:
    """The piece that something is kept of, and the settings that keep it."""
    if origin is None:
        return None
    from composer.explanation.reading import foreign, read
    from composer.workbench.locks import Kept, locked

    document = read(origin)
    with foreign():
        return Kept(locked(asked, keep, document), tuple(keep), document)


def _one(
    picture: str,
    outputs: tuple[str, ...],
    asked: Settings,
    kept: Kept | None,
    *,
    quiet: bool,
    verbose: bool,
) -> tuple[Rendering, tuple[Output, ...]]:
    """Compose one picture and write its files."""
    from composer.album.places import own_names, spare
    from composer.render.audio import Sounding
    from composer.render.rendering import Rendering, plan_files, save, steps

    sounding = Sounding(asked.synth, asked.soundfont)
    written = plan_files(own_names(picture, outputs), sounding)
    spare([picture], [output.path for output in written])

    from composer.pipeline import STAGES
    from composer.pipeline import compose as compose_piece

    length = STAGES + steps(output.suffix for output in written)
    with telling() if verbose else progress(length, "composing", quiet=quiet) as step:
        piece = compose_piece(picture, asked if kept is None else kept.settings, step)
        if kept is not None:
            kept.check(piece)
        rendering = Rendering(piece, sounding)
        save(rendering, written, step)
    return rendering, written
