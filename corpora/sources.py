"""What a dataset is built from: single files by kind, out of music21, folders and archives."""

from __future__ import annotations

import lzma
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from corpora.errors import CorpusError, Unreadable
from corpora.needs import lacking
from corpora.progress import watched
from corpora.read import musicxml
from corpora.read.abc import read_abc
from corpora.read.chorales import read_chorale
from corpora.read.leadsheets import read_sheet
from corpora.tune import Tune

# What each kind of file is called; beside a MIDI file, POP909 has text with its chords and beats.
MIDI = (".mid", ".midi", ".kar")
COMPANIONS = (".txt",)
ABC, CHORALE, SHEET, MIDI_FILE = "abc", "chorale", "sheet", "midi"
# No tune is so long; such a file is no music, or a trap.
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """A file that may hold tunes: its kind, its collection, its name there, and where it is.

    `stamp` changes when the file does: its size and the time it was written (an archive's).
    """

    kind: str
    collection: str
    name: str
    path: str
    stamp: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sources:
    """What somebody wants to build from; folders or tar archives, in the order given."""

    music21: bool = False
    midi: tuple[Path, ...] = ()
    musicxml: tuple[Path, ...] = ()


def items(sources: Sources, unpacked: Path) -> tuple[Item, ...]:
    """Every file to be read, in a fixed order. Archives are unpacked below `unpacked`, once.

    Raises CorpusError for what is not there, is no archive, or holds no file of its kind, and where
    a library that reads them is not installed.
    """
    missing = lacking("Reading MIDI files", ["symusic"]) if sources.midi else None
    if missing is not None:
        raise CorpusError(" ".join(missing))
    found: list[Item] = []
    if sources.music21:
        found += _of_music21()
    for kind, endings, also, paths in (
        (SHEET, musicxml.ENDINGS, (), sources.musicxml),
        (MIDI_FILE, MIDI, COMPANIONS, sources.midi),
    ):
        for path in paths:
            here = list(_of_folder(kind, path, endings, also, unpacked))
            if not here:
                raise CorpusError(f"There are no {' or '.join(endings)} files in {path}.")
            found += here
    if len({(item.kind, item.collection, item.name) for item in found}) < len(found):
        raise CorpusError("Two folders or archives of one name are given; rename one of them.")
    return tuple(found)


def _of_music21() -> Iterator[Item]:
    root = corpus()
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.abc")):
            yield _item(ABC, folder, file, root / folder)
    for file in sorted((root / CHORALES).glob("*")):
        if file.name.endswith(musicxml.ENDINGS):
            yield _item(CHORALE, CHORALES, file, root / CHORALES)


def _of_folder(
    kind: str, path: Path, endings: Sequence[str], also: Sequence[str], unpacked: Path
) -> Iterator[Item]:
    name = path.name.partition(".")[0] or path.name
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.name.lower().endswith(tuple(endings)) and file.is_file():
                yield _item(kind, path.resolve().name, file, path)
        return
    if not path.is_file():
        raise CorpusError(f"There is no folder or archive {path}.")
    folder = unpacked / f"{kind} {name}"
    stamp = _stamp(path)
    _unpack(path, folder, stamp, (*endings, *also))
    # An archive's one folder at the top says nothing.
    inside = list(folder.iterdir())
    root = inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
    for item in _of_folder(kind, root, endings, also, unpacked):
        yield replace(item, collection=name, stamp=(item.stamp[0], stamp[1]))


def _item(kind: str, collection: str, file: Path, root: Path) -> Item:
    return Item(kind, collection, file.relative_to(root).as_posix(), str(file), _stamp(file))


def _stamp(file: Path) -> tuple[int, int]:
    facts = file.stat()
    return facts.st_size, facts.st_mtime_ns


def _unpack(path: Path, folder: Path, stamp: tuple[int, int], endings: Sequence[str]) -> None:
    """Unpack an archive's files with those endings, unless it has been unpacked already."""
    done = folder.with_name(f"{folder.name}.done")
    if done.exists() and done.read_text(encoding="utf-8") == str(stamp):
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with tarfile.open(path) as archive:
            for member in watched(archive, f"unpacking {path.name}"):
                name = PurePosixPath(member.name)
                if (
                    not member.isfile()
                    or member.size > MOST_BYTES
                    or not name.name.lower().endswith(tuple(endings))
                    or name.is_absolute()
                    or ".." in name.parts
                ):
                    continue
                data = archive.extractfile(member)
                assert data is not None
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data.read())
    except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError):
        raise CorpusError(
            f"{path} is no whole tar archive; give a folder, or a .tar, .tar.gz or .tar.xz."
        ) from None
    done.write_text(str(stamp), encoding="utf-8")


def read_item(item: Item) -> tuple[tuple[Tune, ...], tuple[str, ...]]:
    """The tunes of a file, and the reasons for what was left out of it.

    A file is never worth a whole build: whatever a reader stumbles over is a reason too.
    """
    left: list[str] = []
    try:
        found = tuple(_read(item, left))
    except Unreadable as error:
        return (), (*left, error.reason)
    except Exception as error:  # a reader's own fault, shown among the reasons
        return (), (*left, f"the reader failed: {type(error).__name__}")
    return found, tuple(left)


def _read(item: Item, left: list[str]) -> Iterable[Tune]:
    file = Path(item.path)
    if item.stamp[0] > MOST_BYTES:
        raise Unreadable("too large")
    if item.kind == ABC:
        text = file.read_text(encoding="utf-8", errors="replace")
        by_lines = item.collection in BY_LINES
        return list(
            read_abc(text, item.name, item.collection, lines=by_lines, left_out=left.append)
        )
    if item.kind == CHORALE:
        return [read_chorale(item.name, file.read_bytes(), item.collection)]
    if item.kind == SHEET:
        return [read_sheet(item.name, file.read_bytes(), item.collection)]
    from corpora.read import midi

    return [replace(midi.read(file, collection=item.collection), source=item.name)]


# --- music21's corpus -----------------------------------------------------------------------------

FOLDERS = (
    "airdsAirs",
    "essenFolksong",
    "miscFolk",
    "nottingham-dataset",
    "oneills1850",
    "ryansMammoth",
)
CHORALES = "bach"
# In these collections each line of music is a phrase, and no key names its mode.
BY_LINES = frozenset({"essenFolksong"})


def corpus() -> Path:
    """The folder of music21's corpus. Raises CorpusError where music21 is not installed."""
    missing = lacking("This", ["music21"])
    if missing is not None:
        raise CorpusError(" ".join(missing))
    found = find_spec("music21")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "corpus"


def folk_tunes(folder: Path | None = None) -> Iterator[Tune]:
    """Every tune of one voice in the ABC files of music21's corpus, or of another folder."""
    folders = [folder] if folder is not None else [corpus() / name for name in FOLDERS]
    for each in folders:
        for file in sorted(each.rglob("*.abc")):
            text = file.read_text(encoding="utf-8", errors="replace")
            yield from read_abc(text, file.name, each.name, lines=each.name in BY_LINES)
