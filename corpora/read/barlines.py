"""Where a tune's notes lie against barlines as they are written, repeats read once.

Printed tunes leave bars incomplete where a section ends and the next begins, because the two are
played in other orders than they are read. Here every section begins in its place in the bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

Span = tuple[Fraction, Fraction]


def placed(lengths: Sequence[Fraction], bars: Sequence[tuple[int, bool]], bar: int) -> list[Span]:
    """(start, end) of each note or rest in ticks from the first barline.

    bars: for each barline how many notes are before it, and whether a section ends there. An
    incomplete first bar is an upbeat. Where a section's last bar and the next one's upbeat do not
    make whole bars together, the section's last note is shortened by what is too much, if that is
    at most half a bar and the note is longer, or else silence fills the bar up.

    >>> beat = Fraction(24)  # in 3/4 a section of five beats, and another without an upbeat
    >>> [int(a) for a, _ in placed([beat] * 8, [(3, False), (5, True)], 72)]
    [0, 24, 48, 72, 96, 144, 168, 192]
    """
    at = [Fraction(0), *accumulate(lengths)]
    marks = sorted({row for row, _ in bars if 0 < row < len(lengths)})
    ends = {row for row, section in bars if section}
    upbeat = at[marks[0]] if marks and at[marks[0]] < bar else Fraction(0)
    spans = [(start - upbeat, end - upbeat) for start, end in pairwise(at)]
    shift = Fraction(0)
    following = dict(pairwise([*marks, len(lengths)]))
    for row in range(len(spans)):
        if row in ends and row in following:
            start, end = spans[row - 1]
            coming = at[following[row]] - at[row]
            excess = (end + (coming if coming < bar else 0)) % bar
            if 2 * excess <= bar and end - start > excess:
                spans[row - 1] = (start, end - excess)
                shift -= excess
            elif excess:
                shift += bar - excess
        spans[row] = (spans[row][0] + shift, spans[row][1] + shift)
    return spans


def misplaced(spans: Sequence[Span], bars: Sequence[tuple[int, bool]], bar: int) -> float:
    """The share of the barlines within a section that lie off the metre."""
    inner = [spans[row][0] for row, section in bars if 0 < row < len(spans) and not section]
    return sum(start % bar != 0 for start in inner) / max(1, len(inner))
