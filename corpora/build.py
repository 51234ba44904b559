"""A dataset built of many files: in chunks, in parallel, and resumed where it was interrupted.

Each finished chunk is a small dataset of its own in a folder beside the output, named by what went
into it; a later run reads it instead of the files. When all are there they become one file, without
duplicates and without what is near to a folder of tunes that are kept for testing.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path

from corpora import dataset
from corpora.engines import Workers, check
from corpora.errors import CorpusError
from corpora.near import near
from corpora.progress import progress as bar
from corpora.progress import watched
from corpora.read.melodies import folder
from corpora.sources import Item, Sources, items, read_item
from corpora.tune import Tune

# A chunk is small enough that little is lost, and large enough that its file costs nothing.
CHUNK_FILES = 64
CHUNK_BYTES = 1_000_000
# Changes when readers give other tunes for the same files, so that old chunks are not used.
READERS = 3
ALONE = Workers()

Reasons = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: its tunes, and how many files and reasons there were by collection.

    `duplicates` and `near` count the tunes that were left out because another is the same, or
    because they are near to one that is kept apart.
    """

    tunes: tuple[Tune, ...]
    files: Mapping[str, int]
    left_out: Reasons
    duplicates: Mapping[str, int]
    near: Mapping[str, int]

    @property
    def about(self) -> dict[str, Mapping[str, object]]:
        """The counts as the dataset file keeps them."""
        return {
            "files": self.files,
            "left out": self.left_out,
            "duplicates": self.duplicates,
            "near": self.near,
        }


def build(
    sources: Sources,
    output: Path,
    *,
    workers: Workers = ALONE,
    apart_from: Path | None = None,
    progress: Callable[[int], None] = lambda files: None,
) -> Built:
    """Build the dataset file `output`; a build that was interrupted goes on.

    workers: who reads. apart_from: a folder of MIDI melodies; tunes near to any of them are left
    out. progress is told how many more files are done. Raises
    CorpusError, before any work, for an engine that is not installed, and for sources or an output
    that cannot be used.
    """
    check(workers.engine)
    kept = None if apart_from is None else _kept_apart(apart_from)
    if output.is_dir() or not output.parent.is_dir():
        raise CorpusError(f"{output} cannot be written: give a file in a folder that exists.")
    parts = output.with_name(f"{output.name}.parts")
    try:
        found = items(sources, parts / "unpacked")
        if not found:
            raise CorpusError("Say what to build from: --music21, --midi DIR or --musicxml DIR.")
        parts.mkdir(exist_ok=True)
    except OSError as error:
        where = error.filename or parts
        raise CorpusError(f"{where} cannot be used: {error.strerror}.") from None
    chunks = _chunks(found)
    files = [parts / f"{number:06}-{_digest(chunk)}.npz" for number, chunk in enumerate(chunks)]
    missing = [n for n, file in enumerate(watched(files, "looking")) if not _whole(file)]
    with (
        bar(len(found), "reading") as step,
        closing(workers.run(_read_chunk, [chunks[n] for n in missing])) as results,
    ):
        before = len(found) - sum(len(chunks[number]) for number in missing)
        progress(before)
        step(count=before)
        for place, data in results:
            dataset.save(files[missing[place]], data)
            progress(len(chunks[missing[place]]))
            step(count=len(chunks[missing[place]]))
    built = _joined(found, files, kept)
    dataset.write(output, built.tunes, built.about)
    shutil.rmtree(parts)
    return built


def _kept_apart(path: Path) -> list[list[int]]:
    if not path.is_dir():
        raise CorpusError(f"There is no folder {path}.")
    found = folder(path)
    if not found:
        raise CorpusError(f"There are no MIDI melodies in {path}.")
    return [[midi for _, _, midi in melody] for melody in found.values()]


def _chunks(found: Sequence[Item]) -> list[tuple[Item, ...]]:
    chunks: list[list[Item]] = []
    size = 0
    for item in found:
        if not chunks or len(chunks[-1]) == CHUNK_FILES or size + item.stamp[0] > CHUNK_BYTES:
            chunks.append([])
            size = 0
        chunks[-1].append(item)
        size += item.stamp[0]
    return [tuple(chunk) for chunk in chunks]


def _digest(chunk: Sequence[Item]) -> str:
    text = repr((READERS, dataset.VERSION, [astuple(item) for item in chunk]))
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def _whole(file: Path) -> bool:
    """Is the chunk's file there, and is it sound?"""
    try:
        dataset.read(file)
    except CorpusError:
        return False
    return True


def _read_chunk(chunk: Sequence[Item]) -> bytes:
    """A chunk's tunes as a dataset of their own, in whatever process this runs."""
    found = [(item.collection, *read_item(item)) for item in chunk]
    try:
        return _encoded(found)
    except Exception:  # a tune that no file can hold: it alone is left out
        return _encoded([_held(*each) for each in found])


Found = tuple[str, tuple[Tune, ...], tuple[str, ...]]


def _encoded(found: Sequence[Found]) -> bytes:
    reasons = Counter(f"{name}\n{reason}" for name, _, left in found for reason in left)
    tunes = [tune for _, each, _ in found for tune in each]
    return dataset.encoded(tunes, {"left out": dict(sorted(reasons.items()))})


def _held(name: str, tunes: tuple[Tune, ...], left: tuple[str, ...]) -> Found:
    try:
        dataset.encoded(tunes, {})
    except Exception as error:  # whatever a reader let through
        return name, (), (*left, f"the reader failed: {type(error).__name__}")
    return name, tunes, left


def _joined(
    found: Sequence[Item], files: Sequence[Path], kept: Sequence[Sequence[int]] | None
) -> Built:
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    tunes: list[Tune] = []
    for file in watched(files, "joining"):
        tunes += dataset.read(file)
        for text, count in dataset.read_about(file)["left out"].items():
            collection, _, reason = text.partition("\n")
            reasons[collection][reason] += count
    single = _without_duplicates(tunes)
    close = near(_melodies(single), kept) if kept is not None else set()
    return Built(
        tuple(tune for place, tune in enumerate(single) if place not in close),
        dict(Counter(item.collection for item in found)),
        {name: dict(sorted(each.items())) for name, each in sorted(reasons.items())},
        _minus(_by_collection(tunes), _by_collection(single)),
        _by_collection([single[place] for place in sorted(close)]),
    )


def _without_duplicates(tunes: Sequence[Tune]) -> list[Tune]:
    """Of tunes with the same content one, in its place: with chords that people wrote, if any has
    them, else the first."""
    best: dict[bytes, int] = {}
    for place, tune in enumerate(tunes):
        same = best.setdefault(dataset.content(tune), place)
        if _worth(tune) > _worth(tunes[same]):
            best[dataset.content(tune)] = place
    return [tunes[place] for place in sorted(best.values())]


def _worth(tune: Tune) -> int:
    return 0 if not tune.chords else 1 if "chords" in tune.inferred else 2


def _melodies(tunes: Sequence[Tune]) -> list[list[int]]:
    return [[note.pitch.midi for note in tune.notes] for tune in tunes]


def _by_collection(tunes: Sequence[Tune]) -> dict[str, int]:
    return dict(Counter(tune.collection for tune in tunes))


def _minus(all_of_them: Mapping[str, int], some: Mapping[str, int]) -> dict[str, int]:
    left = {name: count - some.get(name, 0) for name, count in all_of_them.items()}
    return {name: count for name, count in left.items() if count}
