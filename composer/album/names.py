"""A name for every picture's files, no two alike."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath

# What a picture's files may be called, the plainest first: beach; beach-jpg beside a beach.png;
# 2019-beach for one that lies in the folder 2019 beside another's beach.jpg.
WAYS: tuple[Callable[[PurePath], str], ...] = (
    lambda path: path.stem,
    lambda path: f"{path.stem}-{path.suffix[1:]}" if path.suffix else path.stem,
    lambda path: f"{path.parent.name}-{path.stem}" if path.parent.name else path.stem,
    lambda path: "-".join(filter(None, (path.parent.name, path.stem, path.suffix[1:]))),
)


def unique(sources: Sequence[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """One name for each source, in order; none is one of `taken`, or another but for its case.

    Which names a source may get depends on the others alone, not on their order; only of those
    that no way tells apart does a number.

    >>> unique(["a.jpg", "a.png", "b.jpg"])
    ('a-jpg', 'a-png', 'b')
    >>> unique(["x/a.jpg", "y/A.jpg", "sample:china"])
    ('x-a', 'y-A', 'china')
    """
    paths = [PurePath(source.removeprefix("sample:")) for source in sources]
    ways = [0] * len(paths)
    reserved = {_folded(name) for name in taken}
    while True:
        # A picture x.voices.jpg must not take the place of another's x.voices.musicxml.
        names = [
            WAYS[way](path).replace(".voices", "-voices")
            for way, path in zip(ways, paths, strict=True)
        ]
        count = Counter(map(_folded, names))
        alike = [
            place
            for place, name in enumerate(names)
            if (count[_folded(name)] > 1 or _folded(name) in reserved)
            and ways[place] < len(WAYS) - 1
        ]
        if not alike:
            return _numbered(names, reserved)
        for place in alike:
            ways[place] += 1


def _numbered(names: Sequence[str], reserved: set[str]) -> tuple[str, ...]:
    """The same names, with a number behind those that are there already."""
    used = set(reserved)
    result = []
    for name in names:
        own, number = name, 1
        while _folded(own) in used:
            number += 1
            own = f"{name}-{number}"
        used.add(_folded(own))
        result.append(own)
    return tuple(result)


def _folded(name: str) -> str:
    """What file systems that know neither case nor composition take a name for."""
    return unicodedata.normalize("NFC", name).casefold()
