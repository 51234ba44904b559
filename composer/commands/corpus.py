"""`promenade corpus`: datasets of tunes, built and counted. No logic, and nothing heavy at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from composer.commands.terminal import workers

if TYPE_CHECKING:
    from corpora.build import Built


@click.group()
def corpus() -> None:
    """Build a dataset of tunes from collections of music, and count what is in it.

    \b
    Examples:
      promenade corpus build --music21 -o tunes.npz
      promenade corpus stats tunes.npz
    """


def sources(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what is read, and how."""
    for option in (
        click.option(
            "--engine",
            type=click.Choice(["local", "ray", "dask"]),
            default="local",
            show_default=True,
            help="What runs the work: processes of this machine, or a cluster by Ray or Dask "
            "(pip install 'promenade-music[ray]' or 'promenade-music[dask]').",
        ),
        click.option(
            "--jobs",
            type=click.IntRange(min=1),
            metavar="N",
            help="Read in so many processes.  [default: one a processor]",
        ),
        click.option(
            "--apart-from",
            metavar="DIR",
            type=click.Path(path_type=Path),
            help="Leave out tunes that are near to any melody of DIR, a folder of MIDI files that "
            "are kept for testing.",
        ),
        click.option(
            "--musicxml",
            metavar="DIR",
            multiple=True,
            type=click.Path(path_type=Path),
            help="Read the lead sheets of DIR, a folder or tar archive of MusicXML with chord "
            "symbols. May be given several times.",
        ),
        click.option(
            "--midi",
            metavar="DIR",
            multiple=True,
            type=click.Path(path_type=Path),
            help="Read the melodies of DIR, a folder or tar archive of MIDI files of any kind. May "
            "be given several times.",
        ),
        click.option(
            "--music21",
            is_flag=True,
            help="Read the folk tunes and Bach's chorales of music21's corpus.",
        ),
    ):
        command = option(command)
    return command


@corpus.command()
@sources
@click.option("-o", "--output", metavar="FILE", required=True, help="Write the dataset FILE.")
def build(output: str, **given: Any) -> None:
    """Read every tune of the sources into one compact dataset file.

    What cannot be read is left out and counted with its reason; of tunes that are the same but for
    key and note values one is kept. An interrupted build goes on where it stopped.

    \b
    Examples:
      promenade corpus build --music21 -o tunes.npz
      promenade corpus build --midi songs.tar.xz -o songs.npz --jobs 2
    """
    from corpora.stats import stats

    built = _build(Path(output), **given)
    click.echo(f"{stats(built.tunes, built.about)}\n\nWritten: {output}")


@corpus.command(name="stats")
@click.argument("file", metavar="FILE", required=False)
@sources
def stats_(file: str | None, **given: Any) -> None:
    """Count the tunes of FILE, a dataset, or of sources that are only read.

    By collection, metre and mode, with what was left out and why.

    \b
    Examples:
      promenade corpus stats tunes.npz
      promenade corpus stats --midi songs
    """
    from tempfile import TemporaryDirectory

    from corpora import dataset
    from corpora.stats import stats

    named = [given["music21"], given["midi"], given["musicxml"]]
    if (file is not None) == any(named):
        raise click.UsageError("Give a dataset FILE, or sources: --music21, --midi, --musicxml.")
    if file is not None:
        click.echo(stats(dataset.read(file), dataset.read_about(file)))
        return
    with TemporaryDirectory() as folder:
        built = _build(Path(folder) / "tunes.npz", **given)
    click.echo(stats(built.tunes, built.about))


def _folder(name: str, what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    path = click.Path(path_type=Path, exists=True)
    return click.option(name, metavar="DIR", type=path, help=what)


@corpus.command()
@_folder("--pop909", "POP909's folder that holds 001 to 909.")
@_folder("--openewld", "OpenEWLD, its folder or tar archive.")
@_folder("--archive", "Any folder of MIDI files.")
def measure(pop909: Path | None, openewld: Path | None, archive: Path | None) -> None:
    """Print how well MIDI files are read: every estimate against what people wrote.

    On songs and files that no weight of the reader was fitted on.

    \b
    Example:
      promenade corpus measure --pop909 POP909 --archive midis
    """
    from corpora.measure import report

    if not (pop909 or openewld or archive):
        raise click.UsageError("Give at least one of --pop909, --openewld, --archive.")
    click.echo(report(pop909, openewld, archive))


def _build(
    output: Path,
    music21: bool,
    midi: tuple[Path, ...],
    musicxml: tuple[Path, ...],
    apart_from: Path | None,
    jobs: int | None,
    engine: str,
) -> Built:
    from corpora.build import build
    from corpora.sources import Sources

    try:
        return build(
            Sources(music21, midi, musicxml),
            output,
            workers=workers(jobs, engine),
            apart_from=apart_from,
        )
    except KeyboardInterrupt as stop:
        with suppress(OSError):  # of a terminal that is gone
            click.echo("\nInterrupted. The same command goes on from here.", err=True)
        raise click.Abort from stop
