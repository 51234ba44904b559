"""The libraries that a kind of file needs beside the composer's own, looked for before any work."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from types import MappingProxyType

from composer.errors import UserError

_AUDIO = ("symusic", "scipy", "pyloudnorm", "soundfile")
# By suffix, the names under which libraries are imported.
NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        ".svg": ("verovio", "fontTools", "matplotlib"),
        ".pdf": ("verovio", "fontTools", "matplotlib", "reportlab"),
        ".png": ("matplotlib",),
        ".wav": _AUDIO,
        ".flac": _AUDIO,
        ".ogg": _AUDIO,
        ".mp3": _AUDIO,
        ".mp4": (*_AUDIO, "av", "matplotlib"),
    }
)


def check_installed(suffix: str) -> None:
    """Raises UserError, with the command that installs them, where libraries are missing."""
    missing = [name for name in NEEDS.get(suffix, ()) if find_spec(name) is None]
    if missing:
        names = " and ".join(missing)
        raise UserError(
            f"A {suffix} file needs {names}, which {'is' if len(missing) == 1 else 'are'} not "
            "installed.",
            f"Run: pip install {' '.join(missing)}.",
        )
