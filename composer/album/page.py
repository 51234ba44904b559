"""The album's page: every piece with its picture, mood, key and files, and where their moods lie.

It needs no network and no script. Thumbnails are in it; sound and scores are linked beside it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from composer.album.album import Entry

TEMPLATES = Path(__file__).parent / "templates"
# What a browser plays by itself, the smallest first.
PLAYABLE = (".mp3", ".ogg", ".flac", ".wav")


def page(entries: Sequence[Entry]) -> bytes:
    """The page: HTML, the same bytes for the same pieces and files."""
    pieces = [entry for entry in entries if entry.facts is not None]
    text = (
        _environment()
        .get_template("album.html")
        .render(
            pieces=pieces,
            failures=[entry for entry in entries if entry.facts is None],
            lasting=_lasting(sum(entry.facts.seconds for entry in pieces if entry.facts)),
            style=(TEMPLATES / "album.css").read_text(encoding="utf-8"),
        )
    )
    return text.encode()


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

    >>> _kind(Path("beach.voices.musicxml")), _kind(Path("beach.mid"))
    ('voices.musicxml', 'mid')
    """
    return "voices.musicxml" if file.name.endswith(".voices.musicxml") else file.suffix[1:]


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
        link=lambda file: quote(file.name),
        report=_report,
        sound=_sound,
    )
    return made
