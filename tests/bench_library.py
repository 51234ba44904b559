"""`python -m tests.bench_library`: how long a library takes to read, to open and to be asked.

The pieces are made up, of chance; what is timed does not depend on what they say.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis.music.catalogue import MUSIC
from analysis.music.sound import RATE, SampledSound, measure_sound
from composer.hearing.heard import HeardPiece, hear_file
from composer.hearing.mood import load_mood_table
from composer.recommender.aspects import ASPECTS
from composer.recommender.builtin import built_in
from composer.recommender.library import Library
from composer.recommender.pool import Pool
from corpora.index.file import IndexFile
from corpora.index.sync import sync

SMALL, LARGE = 14_000, 1_000_000
RUNS = 9
RANDOM = np.random.default_rng(0)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _library(Path(folder))
        _reading(Path(folder))
    _questions()


def _library(folder: Path) -> None:
    """Fourteen thousand files: made known, looked through again, opened."""
    music = folder / "music"
    for number in range(SMALL):
        path = music / f"{number % 100:02}" / f"{number}.mid"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(number.to_bytes(4))
    file = folder / "l.sqlite"
    with IndexFile(file, writing=True) as index:

        def bring() -> None:
            sync(index, str(music), (".mid",), _made_up, 1)

        _said(f"{SMALL:,} files made known, but for reading them", bring, 1)
        _said(f"sync of {SMALL:,} files with nothing new (aim 2 s)", bring)
    table = load_mood_table()

    def opened() -> None:
        with IndexFile(file) as index:
            index.vectors()

    _said(f"a library of {SMALL:,} opened (aim 50 ms)", opened)
    _said("the same, with the mood of every piece by the table", lambda: Library(file).pool(table))


def _made_up(path: Path) -> tuple[tuple[HeardPiece, ...], tuple[str, ...]]:
    features = {
        name: float(RANDOM.uniform(each.feature.low, each.feature.high))
        for name, each in MUSIC.items()
        if each.notes
    }
    return (HeardPiece(path.stem, "", "", "notes", features),), ()


def _reading(folder: Path) -> None:
    """A MIDI file of some hundred notes, and a minute of sound."""
    import composer

    composer.save(composer.compose("sample:china", melody="rules"), folder / "china.mid")
    _said(
        "a MIDI file of a composed piece read (aim 5 ms)", lambda: hear_file(folder / "china.mid")
    )
    noise = RANDOM.normal(0, 0.1, 60 * RATE).astype(np.float32)
    _said(
        "a minute of sound measured, once decoded (aim 100 ms)",
        lambda: measure_sound(SampledSound(noise, 60)),
    )


def _questions() -> None:
    target = RANDOM.uniform(-1, 1, len(ASPECTS)).astype(np.float32)
    table = load_mood_table()
    pool = built_in(table)
    _said("what is built in loaded, with its moods", lambda: built_in(table))
    _said(f"a question to {len(pool):,} pieces (aim 5 ms)", lambda: pool.nearest(target, 10))
    values = RANDOM.uniform(-1, 1, (LARGE, len(ASPECTS))).astype(np.float32)
    large = Pool(values, np.zeros(LARGE, bool), lambda numbers: [])
    _said(f"a question to {LARGE:,} pieces (aim 80 ms)", lambda: large.nearest(target, 10))


def _said(name: str, work: Callable[[], object], runs: int = RUNS) -> None:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    print(f"{name}: {1000 * statistics.median(times):.1f} ms", flush=True)


if __name__ == "__main__":
    main()
