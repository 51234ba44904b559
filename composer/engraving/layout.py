"""How a score is laid out: which bars share a system, and which systems a page.

Systems are filled evenly and begin with sections and phrases where they can; pages hold about the
same number of systems, so that no bar and no system stands alone at the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# What it costs to begin a system with a phrase that begins no section, with a part of a phrase, and
# elsewhere; as the square of the share of a system that is left empty.
PHRASE, SLOT, ELSEWHERE = 0.01, 0.02, 0.06
# What an overfull system costs for every part of it that is too much.
OVERFULL = 100.0

_MEASURE = re.compile(r'class="measure"')
_STAFF = re.compile(r'd="M(\d+) \d+ L(\d+) \d+"')
_TIME = re.compile(r'class="meterSig".*?translate\((\d+)', re.DOTALL)


def widths(row: str) -> tuple[tuple[int, ...], int, int]:
    """From verovio's SVG of a score in one row: the natural widths of the bars, the first one's
    with clef, key and time; where the first begins; and how wide clef and key are."""
    found = []
    for measure in _MEASURE.finditer(row):
        staff = _STAFF.search(row, measure.end())
        assert staff is not None
        found.append((int(staff[1]), int(staff[2])))
    begin = found[0][0]
    time = _TIME.search(row)
    assert time is not None
    return tuple(end - start for start, end in found), begin, int(time[1]) - begin


def systems(
    bars: Sequence[int], rooms: tuple[int, int], costs: Mapping[int, float]
) -> tuple[int, ...]:
    """The bars, from 0, with which systems begin.

    bars: their natural widths; rooms: of the first system and of the others; costs: of beginning a
    system with a bar, where it is not ELSEWHERE.

    >>> systems([10] * 8, (45, 45), {4: PHRASE})
    (0, 4)
    >>> systems([10] * 9, (45, 45), {})
    (0, 3, 6)
    """
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for end in range(1, len(bars) + 1):
        options = []
        for begin in range(end):
            cost, path = best[begin]
            full = sum(bars[begin:end]) / rooms[begin > 0]
            if full > 1:
                # A bar that is too wide for any system stands alone.
                cost += OVERFULL * full
            cost += (1 - full) ** 2 + costs.get(begin, ELSEWHERE)
            options.append((cost, (*path, begin)))
        best.append(min(options))
    return best[-1][1]


def evenly(counts: Sequence[int]) -> tuple[int, ...]:
    """The numbers of systems on the pages, from those that fill each but the last: the same pages,
    each about as full as the others, the first, with the title, not more than those after it.

    >>> evenly([4, 5, 1]), evenly([3]), evenly([2, 2, 2, 1])
    ((3, 3, 4), (3,), (1, 2, 2, 2))
    """
    total, pages = sum(counts), len(counts)
    return tuple((total + number) // pages for number in range(pages))
