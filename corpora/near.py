"""Which tunes are nearly the same as others, whatever their key, rhythm and small differences.

Two melodies are near if they share more than half of the shorter one's runs of eight notes, each
run taken as its seven steps in semitones. So a variant with another ending, another upbeat or
other note values is near, and a tune that quotes a bar of another is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpora.progress import watched

RUN = 8
SHARE = 0.5


def runs(midi: Sequence[int]) -> frozenset[bytes]:
    """The different runs of eight notes in a melody given as MIDI numbers; of fewer notes, all.

    A step is a byte, so that wider ones than 127 semitones count as that.

    >>> len(runs([60, 62, 64, 65, 67, 69, 71, 72, 74])), runs([60]) == frozenset()
    (2, True)
    """
    steps = bytes(min(max(b - a, -127), 127) + 128 for a, b in pairwise(midi))
    if not steps:
        return frozenset()
    size = RUN - 1
    return frozenset(steps[n : n + size] for n in range(max(1, len(steps) - size + 1)))


def near(tunes: Iterable[Sequence[int]], others: Iterable[Sequence[int]]) -> set[int]:
    """The places of the tunes that are near any of the others; melodies as MIDI numbers."""
    index: dict[bytes, list[int]] = {}
    sizes: list[int] = []
    for number, other in enumerate(watched(others, "learning what is apart")):
        found = runs(other)
        sizes.append(len(found))
        for run in found:
            index.setdefault(run, []).append(number)
    every = enumerate(watched(tunes, "comparing"))
    return {place for place, tune in every if _is_near(runs(tune), index, sizes)}


def _is_near(found: frozenset[bytes], index: dict[bytes, list[int]], sizes: list[int]) -> bool:
    shared = Counter(number for run in found for number in index.get(run, ()))
    return any(count > SHARE * min(len(found), sizes[number]) for number, count in shared.items())
