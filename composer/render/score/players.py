"""Who reads what: how each instrument is written, and which parts share a player and his staves.

A score is written for those who play from it: a clarinet in B♭, a viola in the alto clef, a
pianist's two hands on two staves, whatever roles they play.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from composer.values import Part
from composer.vocabulary import SINGERS
from theory.metre import QUARTER
from theory.pitch import Interval, Pitch

Row = tuple[int, int, Pitch]  # start, end, sounding pitch

# Diatonic heights of the lowest and the highest line under each clef.
CLEFS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        name: (Pitch.parse(low).height, Pitch.parse(high).height)
        for name, low, high in (
            ("treble", "E4", "F5"),
            ("alto", "F3", "G4"),
            ("tenor", "D3", "E4"),
            ("bass", "G2", "A3"),
        )
    }
)
MIDDLE_C = 60
# Ledger steps a note that another clef must spare before it is taken.
SPARED = 2
# A staff from which notes lie further off than this on the average is too narrow for two hands.
LEDGER = 2
# Chords that lie no higher than this on the average are a left hand's.
WITHIN_REACH = 65
# Ticks of rest after which a hand has left off.
LEFT_OFF = 192
SECOND_UP, FIFTH_UP = Interval(1, 2), Interval(4, 7)

# What a part sounds when C4 is written that is written as it sounds.
WRITTEN = Pitch.parse("C4")
# Roles that one player has in turn.
JOINING = ("second-melody", "doubling")


@dataclass(frozen=True, slots=True)
class Staff:
    """What stands on one staff: lines of sounding notes, the first of which leads."""

    lines: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True)
class Player:
    """One player: a name, in full and short, the parts that he plays, and his staves."""

    name: str
    short: str
    parts: tuple[Part, ...]
    staves: tuple[Staff, ...]

    @property
    def part(self) -> Part:
        """The part that he plays first; it is the first line of his upper staff."""
        return self.parts[0]

    @property
    def up(self) -> Interval:
        """How much higher it is written than it sounds."""
        return self.part.instrument.sounds.to(WRITTEN)


def players(parts: Sequence[Part], bar: int = 4 * QUARTER) -> tuple[Player, ...]:
    """The players of the pitched parts in the score's order. What one keyboard or harp plays in
    several roles is one player's, and so is what is now a second melody and now its doubling. `bar`
    is ticks a bar."""
    pitched = [part for part in parts if part.role != "drums" and part.notes]
    groups: dict[str, list[Part]] = {}
    for part in pitched:
        name, two = part.instrument.name, part.instrument.staves == "two"
        joins = f"{name} joins" if part.role in JOINING else part.role
        groups.setdefault(name if two else joins, []).append(part)
    called = names([group[0] for group in groups.values()])
    return tuple(
        Player(name, short, tuple(group), _staves(group, group[0].instrument.staves, bar))
        for (name, short), group in zip(called, groups.values(), strict=True)
    )


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


def written(up: Interval, signature: int) -> Interval:
    """How much higher a part is written in a key of so many sharps (flats below nought): `up`, or
    the same key on the piano by another name where its signature would pass seven.

    >>> written(SECOND_UP, 0).name, written(SECOND_UP, 6).name
    ('M2', 'd3')
    """
    sharps = signature + fifths(up)
    if sharps > 7:
        return Interval(up.steps + 1, up.semitones)
    if sharps < -7:
        return Interval(up.steps - 1, up.semitones)
    return up


def fifths(up: Interval) -> int:
    """Sharps by which a key signature grows that is written so much higher.

    >>> fifths(SECOND_UP), fifths(FIFTH_UP)
    (2, 1)
    """
    return Pitch.parse("C4").up(up).note.fifths


def best_clef(heights: Sequence[int], clefs: Sequence[str]) -> str:
    """The clef in which these written heights are read: the first, unless another spares more than
    SPARED ledger steps a note.

    >>> best_clef([30, 32], ["bass", "treble"]), best_clef([24, 30], ["bass", "tenor"])
    ('treble', 'bass')
    """
    usual = clefs[0]
    best = min(clefs, key=lambda clef: (outside(heights, clef), clefs.index(clef)))
    spared = outside(heights, usual) - outside(heights, best)
    return best if spared > SPARED * len(heights) else usual


def outside(heights: Sequence[int], clef: str) -> int:
    """Steps by which notes of these written heights lie off the staff, in sum."""
    low, high = CLEFS[clef]
    return sum(max(0, low - height, height - high) for height in heights)


def _staves(group: Sequence[Part], wanted: str, bar: int) -> tuple[Staff, ...]:
    """One staff, or a right hand's and a left hand's, as the instrument's `staves` wants it."""
    rows = {part.role: _rows(part) for part in group}
    if len(group) == 1 or wanted != "two":
        line = _merged(rows.values())
        heights = [pitch.height for _, _, pitch in line]
        off = min(outside(heights, clef) for clef in ("treble", "bass"))
        both = len({pitch.midi >= MIDDLE_C for _, _, pitch in line}) > 1
        narrow = wanted == "wide" and off > LEDGER * len(line)
        if not both or not (narrow or wanted == "two"):
            return (Staff((line,)),)
        rows = {"chords": line}
    # Who doubles his own melody plays octaves.
    sung = _merged(rows.get(role, ()) for role in (*SINGERS, "doubling"))
    busy = _busy((*sung, *rows.get("counter-melody", ()), *rows.get("bass", ())))
    upper, lower = _parted(rows.get("chords", ()), busy, bar)
    counter = rows.get("counter-melody", ())
    right = (sung, counter, upper)
    if "second-melody" in rows and "melody" not in rows:
        # Who sings now and then plays chords meanwhile, in the same voice.
        line, beside = _in_turn(upper, sung, bar)
        right = (line, beside, counter)
    left = _in_turn(lower, rows.get("bass", ()), bar)
    return Staff(tuple(filter(None, right))), Staff(tuple(filter(None, left)))


def _parted(
    line: tuple[Row, ...], busy: Sequence[tuple[int, int]], bar: int
) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The chords' notes for the right hand and for the left.

    Where the hands have another line to play, from and to the ticks of `busy`, the left takes the
    chords that lie within its reach.
    """
    inside = {row for row in line if any(start <= row[0] < end for start, end in busy)}
    upper, lower = shared([row for row in line if row not in inside], bar)
    mean = sum(pitch.midi for _, _, pitch in inside) / max(1, len(inside))
    high = {row for row in inside if mean > WITHIN_REACH and row[2].midi >= MIDDLE_C}
    return _merged((upper, high)), _merged((lower, inside - high))


def _busy(line: Sequence[Row]) -> list[tuple[int, int]]:
    """From and to which ticks a line goes on, but for short rests."""
    found: list[tuple[int, int]] = []
    for start, end, _ in sorted(line, key=_onset):
        before = found[-1][1] if found else 0
        if start - before <= LEFT_OFF:
            found[-1:] = [(found[-1][0] if found else 0, max(before, end))]
        else:
            found.append((start, end))
    return [(start, end + LEFT_OFF) for start, end in found]


def _merged(lines: Iterable[Iterable[Row]]) -> tuple[Row, ...]:
    return tuple(sorted((row for line in lines for row in line), key=_onset))


def _in_turn(
    chords: tuple[Row, ...], bass: tuple[Row, ...], bar: int
) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """A hand's chords and its other line; in bars in which it plays them by turns they are one."""
    line = sorted((*chords, *bass), key=_onset)
    together = {
        number
        for one, other in pairwise(line)
        if other[0] < one[1] and (one in bass) != (other in bass)
        for number in range(one[0] // bar, one[1] // bar + 1)
    }
    moved = {row for row in bass if chords and row[0] // bar not in together}
    return (
        tuple(sorted((*chords, *moved), key=_onset)),
        tuple(row for row in bass if row not in moved),
    )


def _onset(row: Row) -> tuple[int, int]:
    return row[0], row[2].midi


def _rows(part: Part) -> tuple[Row, ...]:
    return tuple(
        (
            note.start,
            note.end,
            Pitch(note.pitch.step, note.pitch.alter, note.pitch.octave + part.octave),
        )
        for note in part.notes
        if note.pitch is not None
    )


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


# A line for two hands: bar by bar one hand takes all, or both share at middle C, whichever is read
# and played most easily.
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
