"""Clefs: in which one a bar is read best, and where another spares more than it costs to change."""

from __future__ import annotations

from collections.abc import Sequence

from composer.files.players import SPARED, outside

# Ledger steps that a change of clef must spare.
CHANGE = 40


def clefs_of(
    bars: Sequence[Sequence[int]], known: Sequence[str], spared: int = SPARED
) -> tuple[str, ...]:
    """The clef of every bar, of those that the player reads, the usual one first.

    bars: the written heights of each bar's notes. A clef other than the usual one must spare more
    than `spared` ledger steps a note, and every change CHANGE steps in all.

    >>> clefs_of([[22] * 8, [40] * 8, [40] * 8, []], ["bass", "treble"])
    ('bass', 'treble', 'treble', 'treble')
    >>> clefs_of([[22] * 8, [30, 22], [22] * 8], ["bass", "treble"])
    ('bass', 'bass', 'bass')
    """
    best: dict[str, tuple[float, tuple[str, ...]]] = dict.fromkeys(known, (0, ()))
    for heights in bars:
        found = {}
        for number, clef in enumerate(known):
            here = outside(heights, clef) + (spared * len(heights) if number else 0)
            cost, _, path = min(
                (before + CHANGE * (path[-1:] not in ((), (clef,))), path[-1:] != (clef,), path)
                for before, path in best.values()
            )
            found[clef] = (cost + here, (*path, clef))
        best = found
    return min(best.values(), key=lambda row: row[0])[1]
