"""The order in which a score's bars sound: repeats, endings, da capo, dal segno, coda and fine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# More bars than this are no piece; repeats that never end are found by it.
MOST_BARS = 20_000
MOST_TIMES = 16


@dataclass(frozen=True, slots=True)
class BarSigns:
    """What stands at a bar: repeats, the passes on which an ending there is played, jumps.

    `backward` is how often the repeat that ends here is played in all, 0 for none. `ending` is
    empty outside endings. `jump` is "" or "capo" or the segno's name with "$" before it; `segno`
    and `coda` are names of places, `to_coda` the name of the one to go to.
    """

    forward: bool = False
    backward: int = 0
    ending: frozenset[int] = frozenset()
    segno: str | None = None
    coda: str | None = None
    jump: str = ""
    to_coda: str | None = None
    fine: bool = False


@dataclass(slots=True)
class _Reader:
    """Where a player is: the bar he repeats from, which pass it is, and whether he has jumped."""

    start: int = 0
    turn: int = 1
    jumped: bool = False


def order(bars: Sequence[BarSigns]) -> tuple[int, ...] | None:
    """The bars' indices as they sound; None where the signs lead nowhere or never end.

    After a jump repeats are not taken, and of endings the last.

    >>> signs = [BarSigns(forward=True), BarSigns(ending=frozenset({1}), backward=2),
    ...          BarSigns(ending=frozenset({2}))]
    >>> order(signs)
    (0, 1, 0, 2)
    """
    segni = {bar.segno: index for index, bar in enumerate(bars) if bar.segno is not None}
    codas = {bar.coda: index for index, bar in enumerate(bars) if bar.coda is not None}
    found: list[int] = []
    at, reader = 0, _Reader()
    taken: set[int] = set()  # repeats that have been played out
    while at < len(bars):
        if len(found) > MOST_BARS:
            return None
        bar = bars[at]
        if bar.forward and at != reader.start:
            reader.start, reader.turn = at, 1
        if bar.ending and not _played(bars, at, reader):
            at += 1
            continue
        if not bar.ending and at and bars[at - 1].ending and at != reader.start:
            reader.start, reader.turn = at, 1
        found.append(at)
        if reader.jumped and bar.fine:
            return tuple(found)
        if reader.jumped and bar.to_coda is not None:
            place = codas.get(bar.to_coda, next(iter(codas.values()), None))
            if place is None:
                return None
            if place > at:
                at = reader.start = place
                continue
        if bar.backward and not reader.jumped and at not in taken:
            if reader.turn < _times(bars, at):
                at, reader.turn = reader.start, reader.turn + 1
                continue
            if not bar.ending:
                taken.add(at)
                reader.start, reader.turn = at + 1, 1
        if bar.jump and not reader.jumped:
            place = 0 if bar.jump == "capo" else segni.get(bar.jump[1:], _first(segni))
            if place is None:
                return None
            at, reader = place, _Reader(start=place, jumped=True)
            continue
        at += 1
    return tuple(found) if found else None


def _first(places: Mapping[str, int]) -> int | None:
    return next(iter(places.values()), None)


def _played(bars: Sequence[BarSigns], at: int, reader: _Reader) -> bool:
    """Is a bar of an ending played on this pass?"""
    if not reader.jumped:
        return reader.turn in bars[at].ending
    own, last = bars[at].ending, at
    while last + 1 < len(bars) and bars[last + 1].ending == own:
        last += 1
    return last + 1 == len(bars) or not bars[last + 1].ending


def _times(bars: Sequence[BarSigns], at: int) -> int:
    """How often a repeat is played: as its endings say, or as it says itself."""
    if not bars[at].ending:
        return min(bars[at].backward, MOST_TIMES)
    first = last = at
    while first and bars[first - 1].ending:
        first -= 1
    while last + 1 < len(bars) and bars[last + 1].ending:
        last += 1
    return min(MOST_TIMES, max(2, *(max(bar.ending) for bar in bars[first : last + 1])))
