"""The mode of a tune whose tonic is known, from which of each degree's two forms it sings longer.

Essen's ABC files name a tonic and never a mode, and in a chorale the last bass note is the tonic
but the signature may be an old one; both are settled here.
"""

from __future__ import annotations

from collections.abc import Iterable

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
