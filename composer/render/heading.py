"""A piece's title as it stands over a score or in an audio file."""

from __future__ import annotations

from pathlib import PurePath


def heading(title: str) -> str:
    """The picture's name, without what only a file needs.

    >>> heading("sample:china"), heading("holiday by the sea.jpg")
    ('China', 'Holiday by the sea')
    """
    name = PurePath(title.removeprefix("sample:")).stem
    return name[:1].upper() + name[1:]
