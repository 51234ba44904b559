"""What a dataset is built from: single files by kind, out of music21, folders and archives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from corpora.archives import MOST_BYTES, unpack
from corpora.errors import CorpusError, Unreadable
from corpora.folders import files
from corpora.needs import lacking
from corpora.read import musicxml
from corpora.read.abc import read_abc
from corpora.read.chorales import read_chorale
from corpora.read.leadsheets import read_sheet
from corpora.tune import Tune

# What each kind of file is called; beside a MIDI file, POP909 has text with its chords and beats.
MIDI = (".mid", ".midi", ".kar")
COMPANIONS = (".txt",)
ABC, CHORALE, SHEET, MIDI_FILE = "abc", "chorale", "sheet", "midi"
# What is not even tried: its `path` says why.
LEFT_OUT = "left out"
# A tune's: nobody plays longer, and nobody hears higher.
MOST_NOTES, MOST_TICKS, MOST_OCTAVES, MOST_ALTER = 200_000, 240_000, 20, 20


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
        for file in sorted(files(path, endings)):
            yield _item(kind, path.resolve().name, file, path)
        return
    if not path.is_file():
        raise CorpusError(f"There is no folder or archive {path}.")
    folder = unpacked / f"{kind} {name}"
    stamp = _stamp(path)
    left = unpack(path, folder, stamp, endings, also)
    # An archive's one folder at the top says nothing.
    inside = list(folder.iterdir())
    root = inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
    for item in _of_folder(kind, root, endings, also, unpacked):
        yield replace(item, collection=name, stamp=(item.stamp[0], stamp[1]))
    for member, reason in left.items():
        yield Item(LEFT_OUT, name, member, reason, (0, stamp[1]))


def _item(kind: str, collection: str, file: Path, root: Path) -> Item:
    name = file.relative_to(root).as_posix()
    try:
        if file.is_file():
            return Item(kind, collection, name, str(file), _stamp(file))
        return Item(LEFT_OUT, collection, name, "no regular file", (0, 0))
    except OSError:
        return Item(LEFT_OUT, collection, name, "a file that cannot be opened", (0, 0))


def _stamp(file: Path) -> tuple[int, int]:
    facts = file.stat()
    return facts.st_size, facts.st_mtime_ns


def read_item(item: Item) -> tuple[tuple[Tune, ...], tuple[str, ...]]:
    """The tunes of a file, and the reasons for what was left out of it.

    A file is never worth a whole build: whatever a reader stumbles over is a reason too.
    """
    left: list[str] = []
    try:
        found = tuple(_bounded(tune) for tune in _read(item, left))
    except Unreadable as error:
        return (), (*left, error.reason)
    except Exception as error:  # a reader's own fault, shown among the reasons
        return (), (*left, f"the reader failed: {type(error).__name__}")
    return found, tuple(left)


def _read(item: Item, left: list[str]) -> Iterable[Tune]:
    if item.kind == LEFT_OUT:
        raise Unreadable(item.path)
    file = Path(item.path)
    if item.stamp[0] > MOST_BYTES:
        raise Unreadable("too large")
    if item.kind == ABC:
        text = file.read_text(encoding="utf-8", errors="replace")
        by_lines = item.collection in BY_LINES
        return list(
            read_abc(text, item.name, item.collection, lines=by_lines, left_out=left.append)
        )
    if item.kind in (CHORALE, SHEET):
        reader = read_chorale if item.kind == CHORALE else read_sheet
        try:
            return [reader(item.name, file.read_bytes(), item.collection)]
        except (ValueError, ArithmeticError) as error:  # letters where a number must be
            raise Unreadable("broken MusicXML") from error
    from corpora.read import midi

    return [replace(midi.read(file, collection=item.collection), source=item.name)]


def _bounded(tune: Tune) -> Tune:
    """The same tune. Raises Unreadable for what nobody plays or hears."""
    times = [each.start for each in tune.notes] + [each.start for each in tune.chords]
    times += [each.end for each in tune.notes] + [each.end for each in tune.chords]
    pitches = [note.pitch for note in tune.notes] + [chord.bass for chord in tune.chords]
    tones = {tone for chord in {each.chord for each in tune.chords} for tone in chord.tones}
    alters = [each.alter for each in pitches] + [each.alter for each in tones]
    if len(pitches) > MOST_NOTES:
        raise Unreadable("too many notes")
    if any(abs(time) > MOST_TICKS for time in times):
        raise Unreadable("too long")
    if any(abs(each.octave) > MOST_OCTAVES for each in pitches) or any(
        abs(alter) > MOST_ALTER for alter in alters
    ):
        raise Unreadable("a pitch that nobody hears")
    return tune


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
