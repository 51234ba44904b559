"""What files of music are called."""

from __future__ import annotations

from pathlib import Path

MIDI, ABC = (".mid", ".midi", ".kar"), (".abc",)
SCORES = (".musicxml", ".mxl", ".xml")
SOUNDS = (
    ".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".m4a", ".aac", ".mp4",
)  # fmt: skip
ENDINGS = (*MIDI, *SCORES, *ABC, *SOUNDS)


def split(name: str) -> tuple[Path, str]:
    """The file that a name means, and the number of the tune in it after `#`, or "".

    >>> split("tunes.abc#3")[1], split("no. #3.mid")[1]
    ('3', '')
    """
    file, sign, number = name.rpartition("#")
    if sign and number.isdigit() and Path(file).suffix.lower() in ABC:
        return Path(file), number
    return Path(name), ""


def is_music(name: str) -> bool:
    """Is this a file of music, by its name?"""
    return split(name)[0].suffix.lower() in ENDINGS
