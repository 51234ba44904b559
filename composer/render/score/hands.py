"""A line for two hands: which notes the right hand plays, and which the left.

Bar by bar one hand takes all, or both share at middle C, whichever is read and played most easily.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from composer.values import Part
from theory.pitch import Pitch

Row = tuple[int, int, Pitch]  # start, end, sounding pitch

MIDDLE_C = 60
LOWEST_RIGHT, HIGHEST_LEFT = Pitch.parse("C4").height, Pitch.parse("C4").height
# Semitones that a hand reaches, and what a chord costs that is wider.
REACH, STRETCH = 14, 12
# What it costs, in ledger steps, that a line goes from one hand to the other within a bar, and
# that hands change their tasks from one bar to the next.
HANDED, CHANGED = 3, 4
HANDS: Mapping[str, frozenset[bool]] = MappingProxyType(
    {"both": frozenset({True, False}), "right": frozenset({True}), "left": frozenset({False})}
)


def shared(line: Sequence[Row], bar: int) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The right hand's rows and the left hand's; `bar` is ticks a bar.

    >>> from theory.pitch import Pitch
    >>> low, middle = Pitch.parse("A3"), Pitch.parse("C4")
    >>> line = [(0, 12, low), (12, 24, middle), (24, 36, low)]
    >>> [len(hand) for hand in shared(line, 96)]
    [0, 3]
    """
    bars: dict[int, list[Row]] = {}
    for row in line:
        bars.setdefault(row[0] // bar, []).append(row)
    best: dict[str, tuple[float, tuple[str, ...]]] = dict.fromkeys(HANDS, (0, ()))
    for rows in bars.values():
        best = {
            task: min(
                (cost + CHANGED * (task != path[-1:][0] if path else False), path)
                for cost, path in best.values()
            )
            for task in HANDS
        }
        best = {
            task: (cost + _cost(rows, task), (*path, task)) for task, (cost, path) in best.items()
        }
    tasks = dict(zip(bars, min(best.values())[1], strict=True))
    upper, lower = list[Row](), list[Row]()
    for row in line:
        (upper if _right(row, tasks[row[0] // bar]) else lower).append(row)
    return tuple(upper), tuple(lower)


def _right(row: Row, task: str) -> bool:
    return row[2].midi >= MIDDLE_C if task == "both" else task == "right"


def _cost(rows: Sequence[Row], task: str) -> float:
    """Ledger lines beyond one, stretches, and where a line goes from hand to hand."""
    cost = 0.0
    struck: dict[int, dict[bool, list[Pitch]]] = {}
    for row in rows:
        right = _right(row, task)
        off = LOWEST_RIGHT - row[2].height if right else row[2].height - HIGHEST_LEFT
        cost += max(0, off)
        struck.setdefault(row[0], {}).setdefault(right, []).append(row[2])
    before = None
    for hands in (struck[start] for start in sorted(struck)):
        cost += sum(STRETCH for held in hands.values() if max(held).midi - min(held).midi > REACH)
        only = next(iter(hands)) if len(hands) == 1 else None
        cost += HANDED * (None not in (before, only) and before != only)
        before = only
    return cost


WRITTEN = Pitch.parse("C4")


def names(parts: Sequence[Part]) -> tuple[tuple[str, str], ...]:
    """The names of the players who play these parts first, in full and short: `3 French horns in F`
    and `Hn.`. Where several play one instrument they are numbered, with the role of each, as
    `Violas 2–4 (chords)` and `Vla. 2–4`."""
    all_of = Counter(part.instrument.name for part in parts)
    so_far: Counter[str] = Counter()
    found = []
    for part in parts:
        player, count = part.instrument.name, part.players
        full, short = player.capitalize(), part.instrument.short or player.capitalize()
        if count > 1:
            full += "es" if full.endswith("s") else "s"
        if all_of[player] > 1:
            first = so_far[player] + 1
            numbers = f" {first}" if count == 1 else f" {first}–{first + count - 1}"
            full, short = full + numbers, short + numbers
        elif count > 1:
            full = f"{count} {full}"
        so_far[player] += count
        sounds = part.instrument.sounds.note
        if sounds != WRITTEN.note:
            full += f" in {sounds.sign}"
        found.append((f"{full} ({part.role})" if all_of[player] > 1 else full, short))
    return tuple(found)
