"""What makes a triad in second inversion legal: the chords on both sides of it.

Whether its bass passes, stays or is a dominant's is said by the names of three bass notes, before
any voice has been led; that each of these moves really is one, and no seventh or ninth in its
place, `singles.six_four` sees to. So one rule is kept with both neighbours in view, and the
optimiser still looks at two chords at a time (Aldwell & Schachter, ch. 10 and 19).
"""

from __future__ import annotations

from collections.abc import Sequence

from theory.chord import Chord
from theory.pitch import NoteName


def is_six_four(chord: Chord) -> bool:
    """Is it a triad in second inversion, and not over a pedal point, which is its own reason?"""
    return chord.inversion == 2 and len(chord.tones) == 3 and chord.pedal is None


def strays(chords: Sequence[Chord]) -> tuple[int, ...]:
    """The chords, from 0, that leave a six-four behind them which is none of its kinds.

    >>> from theory.scale import Key
    >>> def row(text): return [Chord.parse(roman, Key.of("C", "ionian")) for roman in text.split()]
    >>> strays(row("ii6 I64 V I V64 I6 I IV64 I"))
    ()
    >>> strays(row("ii6 I64 IV I V64 I"))
    (2, 5)
    """
    return tuple(
        number for number in range(2, len(chords)) if stray(*chords[number - 2 : number + 1])
    )


def stray(before: Chord, chord: Chord, after: Chord) -> bool:
    """Is the middle one a six-four that neither passes, nor stands on a pedal, nor is cadential,
    nor an arpeggio?

    Passing, its bass goes by step and on the same way; on a pedal it stays throughout; a cadential
    one delays a chord on its own bass; an arpeggio has its root before it. One whose own root comes
    after it is to be reached by step, or over the same bass. Where the bass would have to leap out
    of it, or into one that is not the tonic's, two chords are enough to say so, and this does not.
    """
    if not is_six_four(chord) or before.root == chord.root:
        return False
    reached, left = _way(before.bass, chord.bass), _way(chord.bass, after.bass)
    if reached is None and chord.root != chord.key.tonic:
        return False
    if after.root == chord.root:
        return reached is None
    if left is None:
        return False
    if left == 0:
        return reached != 0 and after.root != chord.bass
    return left != reached


def _way(one: NoteName, other: NoteName) -> int | None:
    """1 or −1 for a step up or down, 0 for staying; None for anything else, octaves aside."""
    if one == other:
        return 0
    return {1: 1, 6: -1}.get((other.step - one.step) % 7)
