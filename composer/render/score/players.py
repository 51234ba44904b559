"""Who reads what: how each instrument is written, and which parts share a player and his staves.

A score is written for those who play from it: a clarinet in B♭, a viola in the alto clef, a
pianist's two hands on two staves, whatever roles they play.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from composer.render.score.hands import MIDDLE_C, WRITTEN, Row, names, shared
from composer.values import Part
from composer.vocabulary import SINGERS
from theory.metre import QUARTER
from theory.pitch import Interval, Pitch

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
# Ledger steps a note that another clef must spare before it is taken.
SPARED = 2
# A staff from which notes lie further off than this on the average is too narrow for two hands.
LEDGER = 2
# Chords that lie no higher than this on the average are a left hand's.
WITHIN_REACH = 65
# Ticks of rest after which a hand has left off.
LEFT_OFF = 192
SECOND_UP, FIFTH_UP = Interval(1, 2), Interval(4, 7)

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
