"""`promenade library`: somebody's music, measured and kept. No logic here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from composer.commands.terminal import say, workers

if TYPE_CHECKING:
    from composer.recommender.library import Library
    from corpora.index.sync import Synced

SHOWN = 12  # reasons that are printed


def where() -> Path:
    """The library's file, where the system keeps a user's data."""
    from platformdirs import user_data_path

    return user_data_path("promenade", appauthor=False) / "library.sqlite"


which = click.option(
    "--library",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Use this library's file, not the usual one.",
)


def _reading(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option(
            "--engine",
            type=click.Choice(["local", "ray", "dask"]),
            default="local",
            show_default=True,
            help="What runs the work: processes of this machine, or a cluster by Ray or Dask.",
        ),
        click.option(
            "--jobs",
            type=click.IntRange(min=1),
            metavar="N",
            help="Read in so many processes.  [default: one a processor]",
        ),
        which,
    ):
        command = option(command)
    return command


@click.group()
def library() -> None:
    """Keep folders of your music measured, so that pieces can be found for pictures.

    What is measured lies in one file; the music stays where it is, and is only read.

    \b
    Examples:
      promenade library add ~/Music
      promenade library sync
      promenade recommend holiday.jpg
    """


@library.command()
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True)
@_reading
def add(folders: tuple[str, ...], file: Path | None, jobs: int | None, engine: str) -> None:
    """Measure the music in each FOLDER and those below it: MIDI, MusicXML, ABC, sound.

    Only what is new or changed is read. What cannot be read is counted with its reason. An
    interrupted command goes on where it stopped.

    \b
    Examples:
      promenade library add ~/Music
      promenade library add midis --library midis.sqlite --jobs 2
    """
    _run(file, jobs, engine, lambda shelf, by: shelf.add(*folders, workers=by))


@library.command()
@click.argument("folders", metavar="[FOLDER...]", nargs=-1)
@_reading
def sync(folders: tuple[str, ...], file: Path | None, jobs: int | None, engine: str) -> None:
    """Bring the library up to date: with these folders of it, or with all.

    Files that moved keep what is known of them; those that are gone are taken out.

    \b
    Examples:
      promenade library sync
      promenade library sync ~/Music
    """
    done = _run(file, jobs, engine, lambda shelf, by: shelf.sync(*folders, workers=by))
    for folder in opened(file).folders():
        if folder not in done and not folders:
            say(f"{folder} is not there now, and was left as it was.")


@library.command()
@click.argument("folder", metavar="FOLDER")
@which
def remove(folder: str, file: Path | None) -> None:
    """Take FOLDER out of the library. Its files stay where they are.

    \b
    Example:
      promenade library remove ~/Music
    """
    opened(file).remove(folder)
    say(f"{folder} is no longer in the library.")


@library.command("list")
@which
def list_(file: Path | None) -> None:
    """List the pieces of the library: title, composer, file.

    \b
    Example:
      promenade library list
    """
    from composer.recommender.words import line

    for piece in opened(file).pieces():
        say(line(piece))


@library.command()
@which
def stats(file: Path | None) -> None:
    """Count what is in the library, and what was left out for which reason.

    \b
    Example:
      promenade library stats
    """
    found = opened(file).stats()
    say(f"{found.path}")
    for folder, (files, pieces) in found.folders.items():
        say(f"  {folder}: {pieces:,} pieces in {files:,} files")
    if not found.folders:
        say("  It is empty. Run: promenade library add FOLDER.")
    _left(found.left)


def opened(file: Path | None) -> Library:
    """The library of a file, or the usual one."""
    from composer.recommender.library import Library

    return Library(file or where())


def _run(
    file: Path | None,
    jobs: int | None,
    engine: str,
    work: Callable[[Library, Any], Mapping[str, Synced]],
) -> Mapping[str, Synced]:
    from corpora.engines import check

    check(engine)
    try:
        found = work(opened(file), workers(jobs, engine))
    except KeyboardInterrupt as stop:
        with suppress(OSError):  # of a terminal that is gone
            click.echo("\nInterrupted. The same command goes on from here.", err=True)
        raise click.Abort from stop
    for folder, done in found.items():
        say(
            f"{folder}: {done.pieces:,} pieces read in {done.read:,} files; {done.same:,} files as "
            f"they were, {done.moved:,} moved, {done.gone:,} gone."
        )
        _left(done.left)
    if not found:
        say("No folder was read. To add one, run: promenade library add FOLDER.")
    return found


def _left(left: Mapping[str, int]) -> None:
    """What was left out, the most frequent reasons first."""
    if left:
        say("Left out:")
        for reason, count in list(left.items())[:SHOWN]:
            say(f"  {count:>7,}  {reason}")
        if len(left) > SHOWN:
            say(f"  and {len(left) - SHOWN} more reasons")
