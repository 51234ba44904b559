"""What a kind of file or of singer needs beside the composer's own libraries, before any work."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from composer.errors import UserError
from corpora.needs import lacking

_AUDIO = ("symusic", "scipy", "pyloudnorm", "soundfile", "mido")
_SCORE = ("music21", "verovio", "fontTools", "matplotlib")
# By suffix, the names under which libraries are imported.
NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        ".mid": ("mido",),
        ".musicxml": ("music21",),
        ".voices.musicxml": ("music21",),
        ".svg": _SCORE,
        ".pdf": (*_SCORE, "reportlab"),
        ".png": ("matplotlib",),
        ".html": ("jinja2", *_AUDIO, *_SCORE),
        ".wav": _AUDIO,
        ".flac": _AUDIO,
        ".ogg": _AUDIO,
        ".mp3": _AUDIO,
        ".mp4": (*_AUDIO, "av", "matplotlib"),
        ".story.mp4": (*_AUDIO, "av", "matplotlib"),
        ".poster.png": ("matplotlib",),
        ".poster.pdf": ("matplotlib",),
    }
)


def check_installed(suffix: str) -> None:
    """Raises UserError, with the command that installs them, where libraries are missing."""
    need(f"A {suffix} file", *NEEDS.get(suffix, ()))


def need(what: str, *names: str, otherwise: str = "") -> None:
    """Raises UserError where `what` needs a library that is not installed.

    otherwise: what else can be done.
    """
    found = lacking(what, names)
    if found is not None:
        sentence, hint = found
        raise UserError(sentence, f"{hint} {otherwise}".rstrip())
