"""A name for every picture's files, no two alike."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from composer.errors import UserError
from composer.render.audio import BUILT_IN, Sounding
from composer.render.outputs import plan_outputs
from composer.render.rendering import DEFAULT, SUFFIXES, check_needs
from corpora.whole import real

LONGEST = 255  # bytes of a file's name that file systems take


def _stem(path: PurePath) -> str:
    """A name without its suffix, and without the points that would hide its files."""
    return path.stem.lstrip(".") or "picture"


# What a picture's files may be called, the plainest first: beach; beach-jpg beside a beach.png;
# 2019-beach for one that lies in the folder 2019 beside another's beach.jpg.
WAYS: tuple[Callable[[PurePath], str], ...] = (
    _stem,
    lambda path: f"{_stem(path)}-{path.suffix[1:]}" if path.suffix else _stem(path),
    lambda path: f"{path.parent.name}-{_stem(path)}" if path.parent.name else _stem(path),
    lambda path: "-".join(filter(None, (path.parent.name, _stem(path), path.suffix[1:]))),
)


def unique(
    sources: Sequence[str], taken: Iterable[str] = (), suffixes: Iterable[str] = ()
) -> tuple[str, ...]:
    """One name for each source, in order; none is one of `taken`, or another but for its case.

    It is cut where it would be too long for a file with one of these suffixes.

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
    room = LONGEST - max((len(suffix) for suffix in suffixes), default=0)
    while True:
        # A picture x.voices.jpg must not take the place of another's x.voices.musicxml.
        names = [
            _cut(_plain(WAYS[way](path).lstrip(".")), room)
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
            return _numbered(names, reserved, room)
        for place in alike:
            ways[place] += 1


def _plain(name: str) -> str:
    """A name without what some kinds of file have before their suffix."""
    for kind in (".voices", ".story", ".poster"):
        name = name.replace(kind, kind.replace(".", "-"))
    return name


def _cut(name: str, room: int) -> str:
    """As much of a name as so many bytes hold, in whole letters."""
    while len(os.fsencode(name)) > room:
        name = name[:-1]
    return name


def _numbered(names: Sequence[str], reserved: set[str], room: int) -> tuple[str, ...]:
    """The same names, with a number behind those that are there already."""
    used = set(reserved)
    result = []
    for name in names:
        own, number = name, 1
        while _folded(own) in used:
            number += 1
            own = f"{_cut(name, room - len(str(number)) - 1)}-{number}"
        used.add(_folded(own))
        result.append(own)
    return tuple(result)


def _folded(name: str) -> str:
    """What file systems that know neither case nor composition take a name for."""
    return unicodedata.normalize("NFC", name).casefold()


# What in a folder is taken for a picture.
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp"})
PAGE = "index.html"
# What is written for each picture where no kind is named: the album's page leads to the reports.
USUAL = (*DEFAULT, ".html")
# What tells our own page, which may be replaced, from one that somebody else wrote.
MARK = b'<meta name="generator" content="Promenade album">'


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, which may not be there yet, and the suffixes of what is written for a picture."""

    folder: Path
    suffixes: tuple[str, ...]


def within(sources: Sequence[str]) -> tuple[str, ...]:
    """The sources, and of each folder the pictures in it, by name.

    Raises UserError for a folder that holds none.
    """
    found: list[str] = []
    for source in sources:
        if not os.path.isdir(source):
            found.append(source)
            continue
        inside = sorted(p for p in Path(source).iterdir() if p.suffix.lower() in PICTURES)
        if not inside:
            raise UserError(f"There is no picture in the folder {source}.", "Name another folder.")
        found += map(str, inside)
    return tuple(found)


def is_album(sources: Sequence[str], outputs: Sequence[str]) -> bool:
    """Are pieces asked for by the folder? So they are for several pictures, or where one is named.

    >>> is_album(["a.jpg"], ["a.mid"]), is_album(["a.jpg"], ["new/"])
    (False, True)
    """
    return len(sources) > 1 or any(_names_folder(text) for text in outputs)


def own_names(source: str, outputs: Sequence[str]) -> tuple[str, ...]:
    """The files of a single picture, where none is named, or a kind alone, after the picture.

    >>> own_names("holiday/beach.jpg", ["scores/.musicxml", "x.mid"])
    ('scores/beach.musicxml', 'x.mid')
    """
    return tuple(
        str(Path(text).with_name(f"{unique([source], suffixes=[kind])[0]}{Path(text).name}"))
        if (kind := _kind(text))
        else text
        for text in outputs or DEFAULT
    )


def spare(sources: Sequence[str], files: Iterable[Path]) -> None:
    """Raises UserError where a picture would be replaced by what is made of it."""
    own = [path for path in map(Path, sources) if os.path.exists(path)]
    for file in files:
        # By the file and not by the name: some systems know no case, and a link has two names.
        if os.path.exists(file) and any(file.samefile(path) for path in own):
            raise UserError(
                f"{file} is one of the pictures, which would be replaced.",
                "Choose another name or folder with -o.",
            )


def plan_place(
    sources: Sequence[str], outputs: Sequence[str], sounding: Sounding = BUILT_IN
) -> Place:
    """Where an album goes. Raises UserError, before any work, where it cannot be made."""
    if not outputs:
        raise UserError(
            f"{len(sources)} pictures need a folder to go to.", "Name one, as in -o OUT/."
        )
    folders: list[Path] = []
    suffixes: list[str] = []
    for text in outputs:
        kind = _kind(text)
        if kind is None and not _names_folder(text):
            raise UserError(
                f"{text} is one file, for {len(sources)} pictures.",
                "Name a folder, as in -o OUT/, or a kind of file in it, as in -o OUT/.musicxml.",
            )
        folders.append(Path(text) if kind is None else Path(text).parent)
        suffixes += USUAL if kind is None else [kind]
    if len({real(folder) for folder in folders}) > 1:
        raise UserError(
            f"The pieces cannot go to both {folders[0]} and {folders[-1]}.", "Name one folder."
        )
    place = Place(folders[0], tuple(dict.fromkeys(suffixes)))
    check_needs(place.suffixes, sounding)
    _check(place.folder)
    return place


def _check(folder: Path) -> None:
    """Raises UserError where the folder cannot be made or written, or the page is not ours."""
    if os.path.exists(folder):
        plan_outputs([str(folder / "x.mid")], SUFFIXES)
    elif not os.path.isdir(folder.parent):
        raise UserError(f"There is no folder {folder.parent}.", "Make it, or choose another.")
    elif not os.access(folder.parent, os.W_OK | os.X_OK):
        raise UserError(
            f"Nothing can be written in the folder {folder.parent}.", "Choose another with -o."
        )
    page = folder / PAGE
    if os.path.isfile(page) and MARK not in page.read_bytes()[:1000]:
        raise UserError(
            f"{page} is somebody else's page, which the album's would replace.",
            "Move it away, or choose another folder.",
        )


ENDS = (os.sep, os.altsep) if os.altsep else (os.sep,)  # by which a name names a folder


def _names_folder(text: str) -> bool:
    return text.endswith(ENDS) or os.path.isdir(text)


def _kind(text: str) -> str | None:
    """The suffix of a name that is nothing else."""
    name = Path(text).name.lower()
    return name if name in SUFFIXES and not text.endswith(ENDS) else None
