"""An album for somebody at a terminal: how far it is, what became of it, which pictures failed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import click

from composer.album.album import Album, Entry, make
from composer.album.places import plan_place
from composer.commands.progress import telling
from composer.commands.terminal import say, tell_absent, workers
from composer.errors import UserError, visible
from composer.needs import need
from composer.render.audio import Sounding
from composer.settings import Settings
from corpora.engines import check
from corpora.progress import progress


def run(
    sources: Sequence[str],
    outputs: Sequence[str],
    settings: Settings,
    jobs: int | None,
    engine: str,
    *,
    quiet: bool,
    verbose: bool,
) -> None:
    """Compose all; raises UserError at the end where some picture gave no piece."""
    check(engine)
    place = plan_place(sources, outputs, Sounding(settings.synth, settings.soundfont))
    need("The page of an album", "jinja2")
    finished = 0
    with telling() if verbose else progress(len(sources), "composing", quiet=quiet) as step:

        def done(entry: Entry) -> None:
            nonlocal finished
            finished += entry.facts is not None
            step(entry.source)

        try:
            album = make(
                sources,
                place,
                settings,
                workers=workers(jobs, engine),
                done=done,
            )
        except KeyboardInterrupt:
            with suppress(OSError):  # of a terminal that is gone
                click.echo(f"\nWhole in {place.folder}: {_number(finished, 'piece')}.", err=True)
            raise
    tell_absent(entry.facts.absent for entry in album.pieces if entry.facts is not None)
    if album.pieces and not quiet:
        say(written(album))
    if album.failures:
        raise UserError(failed(album))


def written(album: Album) -> str:
    """The line that says what there is now."""
    pieces = len(album.pieces)
    files = sum(len(entry.files) for entry in album.pieces)
    return visible(
        f"Wrote {_number(files, 'file')} of {_number(pieces, 'piece')} to {album.page.parent}; "
        f"{album.page} shows {'them' if pieces > 1 else 'it'}."
    )


def failed(album: Album) -> str:
    """A line for every picture that gave no piece."""
    lines = [f"  {entry.sentence}" for entry in album.failures]
    first = f"{_number(len(lines), 'picture')} of {len(album.entries)} gave no piece:"
    return "\n".join([first, *lines])


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
