"""An album: every picture composed, in parallel where that is asked, and none lost by another."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from composer.album.places import PAGE, Place, spare, unique
from composer.album.plane import places
from composer.album.work import Facts, Failed, Made, Task, work
from composer.errors import UserError, visible
from composer.music.vocabulary import vocabulary
from composer.render.outputs import NameTooLongError, Output, put
from composer.render.rendering import SUFFIXES
from composer.settings import Settings
from composer.table import NAMED, load_table
from corpora.engines import Workers

ALONE = Workers()


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture's place in the album: its files, or the sentence that says why there are none."""

    source: str
    facts: Facts | None
    files: tuple[Path, ...]
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Album:
    """What became of every picture, in the order in which they were given."""

    page: Path
    entries: tuple[Entry, ...]

    @property
    def pieces(self) -> tuple[Entry, ...]:
        """Those that gave a piece."""
        return tuple(entry for entry in self.entries if entry.facts is not None)

    @property
    def failures(self) -> tuple[Entry, ...]:
        """Those that gave none."""
        return tuple(entry for entry in self.entries if entry.facts is None)


def make(
    sources: Sequence[str],
    place: Place,
    settings: Settings,
    *,
    workers: Workers = ALONE,
    done: Callable[[Entry], None] = lambda entry: None,
) -> Album:
    """Compose every picture and write its files; then the page that shows them all.

    A picture that is given twice is composed once. `done` is told of each as it is finished, in
    whatever order that is; files, page and result do not depend on it, nor on who works.
    A piece's files are written as soon as it is composed, all or none, so that an interrupt
    leaves whole pieces.

    Raises UserError and the like for what would stop every picture: a table, a rule, weights.
    """
    load_table(settings.table, vocabulary(), settings.style)
    single = tuple(dict.fromkeys(sources))
    names = unique(single, [Path(PAGE).stem], place.suffixes)
    spare(single, (place.folder / f"{name}{s}" for name in names for s in place.suffixes))
    # Workers elsewhere run in folders of their own.
    own = single if workers.engine == "local" else [_absolute(source) for source in single]
    if workers.engine != "local":
        settings = settings.anywhere(NAMED)
    tasks = [Task(source, place.suffixes, settings) for source in own]
    entries: dict[int, Entry] = {}
    with closing(workers.run(work, tasks)) as results:
        for number, result in results:
            entry = _written(single[number], names[number], place, result)
            entries[number] = entry
            done(entry)
    album = Album(place.folder / PAGE, tuple(entries[number] for number in range(len(single))))
    if album.pieces:
        put([(Output(album.page, album.page.suffix, True), page(album.entries))])
    return album


def _written(source: str, name: str, place: Place, result: Made | Failed) -> Entry:
    if isinstance(result, Failed):
        return Entry(source, None, (), result.sentence.replace(_absolute(source), source))
    try:
        place.folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(
            f"The folder {place.folder} cannot be made: {error.strerror}.", "Choose another."
        ) from None
    paths = {suffix: place.folder / f"{name}{suffix}" for suffix in result.files}
    try:
        put([(Output(path, s, path.exists()), result.files[s]) for s, path in paths.items()])
    except NameTooLongError as error:  # which the others' names may well not be
        return Entry(source, None, (), f"{source}: {error.message}")
    return Entry(source, result.facts, tuple(paths.values()))


def _absolute(source: str) -> str:
    """The same picture from whatever folder a worker runs in."""
    return source if source.startswith("sample:") else str(Path(source).absolute())


TEMPLATES = Path(__file__).parent / "templates"
# What a browser plays by itself, the smallest first.
PLAYABLE = (".mp3", ".ogg", ".flac", ".wav")


def page(entries: Sequence[Entry]) -> bytes:
    """The page: HTML, the same bytes for the same pieces and files."""
    pieces = [entry for entry in entries if entry.facts is not None]
    facts = [entry.facts for entry in entries if entry.facts is not None]
    text = (
        _environment()
        .get_template("album.html")
        .render(
            pieces=pieces,
            failures=[entry for entry in entries if entry.facts is None],
            lasting=_lasting(sum(fact.seconds for fact in facts)),
            places=places([(fact.valence, fact.arousal) for fact in facts]),
            script=(TEMPLATES / "album.js").read_text(encoding="utf-8").strip(),
            style=(TEMPLATES / "album.css").read_text(encoding="utf-8"),
        )
    )
    return visible(text).encode()


def _data(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{b64encode(jpeg).decode()}"


def _lasting(seconds: float) -> str:
    """A length as a clock shows it.

    >>> _lasting(43.4), _lasting(754)
    ('0:43', '12:34')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _sound(files: Sequence[Path]) -> Path | None:
    """The file to be played in the page."""
    return next((file for kind in PLAYABLE for file in files if file.suffix == kind), None)


def _report(files: Sequence[Path]) -> Path | None:
    """The piece's own page."""
    return next((file for file in files if file.suffix == ".html"), None)


def _kind(file: Path) -> str:
    """What a link to a file says.

    >>> _kind(Path("beach.voices.musicxml")), _kind(Path("beach.story.mp4"))
    ('voices.musicxml', 'story.mp4')
    """
    return next((kind for kind in SUFFIXES if file.name.endswith(kind)), file.suffix)[1:]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        data=_data,
        kind=_kind,
        lasting=_lasting,
        link=lambda file: quote(os.fsencode(file.name)),
        report=_report,
        sound=_sound,
    )
    return made
