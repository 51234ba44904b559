"""What printed tunes leave unsaid: their mode, and where in the bar a section begins.

Essen's ABC files name a tonic and never a mode, and in a chorale the last bass note is the tonic
but the signature may be an old one: which of each degree's two forms is sung longer settles it.
Printed tunes leave bars incomplete where a section ends and the next begins, because the two are
played in other orders than they are read; here every section begins in its place in the bar,
repeats read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from theory.pitch import NoteName
from theory.scale import MODES, Key

# Places of the major scale's degrees on the line of fifths, counted from the tonic.
_MAJOR = (0, 2, 4, -1, 1, 3, 5)


def key_on(tonic: NoteName, notes: Iterable[tuple[NoteName, float]]) -> Key:
    """The key on `tonic` that fits (note, weight) pairs: a church mode, never locrian.

    The third decides between major and minor. A major mode is lydian where the raised fourth
    outweighs the fourth, mixolydian where the lowered seventh does; a minor one is phrygian by its
    second, dorian by its sixth, else aeolian: its seventh, raised or not, says nothing. A form
    that is not sung weighs nothing, and the plainer mode (ionian, aeolian) is taken on a tie.

    >>> key_on(NoteName.parse("E"), [(NoteName.parse(n), 1) for n in "E F G A B C D".split()]).name
    'E phrygian'
    """
    weights: dict[tuple[int, int], float] = {}
    for note, weight in notes:
        degree = (note.step - tonic.step) % 7
        alter = (note.fifths - tonic.fifths - _MAJOR[degree]) // 7
        weights[degree, alter] = weights.get((degree, alter), 0) + weight

    def has(degree: int, alter: int, rather_than: int) -> bool:
        return weights.get((degree, alter), 0) > weights.get((degree, rather_than), 0)

    if has(2, -1, 0):
        mode = "phrygian" if has(1, -1, 0) else "dorian" if has(5, 0, -1) else "aeolian"
    else:
        mode = "lydian" if has(3, 1, 0) else "mixolydian" if has(6, -1, 0) else "ionian"
    return Key(tonic, MODES[mode])


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
