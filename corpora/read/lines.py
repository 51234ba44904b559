"""The lines of a score as they sound: bars in the order in which they are played, voices parted.

A voice is what one part writes under one `<voice>`; where that strikes chords of always as many
notes, each of them is a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby, pairwise
from statistics import mean

from corpora.read.order import order
from corpora.read.sheet import MOST_NOTES, Sheet, WrittenBar, WrittenNote
from theory.metre import QUARTER, Metre
from theory.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Sung:
    """A note, tied ones joined: from `start` to `end` in quarter notes from the beginning.

    `numbers` are its places among the score's `<note>` elements, so that somebody can find the
    written notes again and mark them; `pause` says that a fermata stands on it.
    """

    start: Fraction
    end: Fraction
    pitch: Pitch
    numbers: tuple[int, ...]
    pause: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: where it begins, in quarter notes, its number as printed and its metre.

    `first_beat` is how far into a whole bar it begins: an upbeat's bar begins late.
    """

    start: Fraction
    number: int | str
    metre: Metre
    first_beat: Fraction


# A written note and when it begins, from the beginning.
Placed = tuple[Fraction, WrittenNote]


@dataclass(frozen=True, slots=True)
class Played:
    """A score as it is played: its bars, and where each stands among the written ones; `wrong`
    says that its signs of repetition cannot be followed, and all is read once."""

    bars: tuple[Bar, ...]
    written: tuple[int, ...]
    wrong: bool


def played(sheet: Sheet, *, once: bool = False) -> Played:
    """The bars as they sound, or once each as they are written."""
    row = tuple(range(len(sheet.numbers)))
    found = row if once else order(sheet.signs)
    wrong = found is None or _notes(sheet, found) > 2 * MOST_NOTES
    chosen = row if found is None or wrong else found
    bars: list[Bar] = []
    at = reached = Fraction(0)
    for index in chosen:
        metre = sheet.metres[index]
        whole = Fraction(metre.bar, QUARTER)
        filled = _filled(sheet, index) or whole
        first = Fraction(0)
        if filled < whole:
            late = whole - filled if not bars else reached
            first = late if late + filled <= whole else first
        printed = sheet.numbers[index]
        number = int(printed) if printed.isascii() and printed.isdigit() else printed
        bars.append(Bar(at, number, metre, first))
        at += filled
        reached = first + filled
    return Played(tuple(bars), chosen, wrong)


def _filled(sheet: Sheet, index: int) -> Fraction:
    return max((bar.filled for bar in _bars(sheet, index)), default=Fraction(0))


def _bars(sheet: Sheet, index: int) -> list[WrittenBar]:
    return [part.bars[index] for part in sheet.parts if index < len(part.bars)]


def _notes(sheet: Sheet, chosen: Sequence[int]) -> int:
    sizes = [sum(len(bar.notes) for bar in _bars(sheet, i)) for i in range(len(sheet.numbers))]
    return sum(sizes[index] for index in chosen)


@dataclass(slots=True)
class Stave:
    """What one part writes under one voice: its part's index, its staff, its name, its notes."""

    part: int
    staff: str
    voice: str
    notes: list[Placed] = field(default_factory=list)

    def chords(self) -> Iterator[list[Placed]]:
        """What is struck at once, the highest note first, in order of time."""
        row = sorted(self.notes, key=lambda each: (each[0], each[1].number))
        for _, struck in groupby(row, key=lambda each: each[0]):
            yield sorted(struck, key=lambda each: each[1].pitch.midi, reverse=True)

    def parted(self) -> tuple[list[list[Sung]], Fraction | None]:
        """Its lines, the highest first; and where it strikes more or fewer notes than before."""
        struck = list(self.chords())
        size = len(struck[0])
        odd = next((row[0][0] for row in struck if len(row) != size), None)
        if odd is not None:
            return [joined(self.notes)], odd
        return [joined([row[line] for row in struck]) for line in range(size)], None

    @property
    def height(self) -> float:
        return mean(note.pitch.midi for _, note in self.notes)


def staves(sheet: Sheet, play: Played) -> list[Stave]:
    """What every voice of every part sings, in the score's order: parts, staves, then voices by
    their numbers, or by their height where there are more than two."""
    found: list[Stave] = []
    for index, part in enumerate(sheet.parts):
        by_voice: dict[str, list[Placed]] = {}
        for bar, where in zip(play.bars, play.written, strict=True):
            for note in part.bars[where].notes if where < len(part.bars) else ():
                by_voice.setdefault(note.voice, []).append((bar.start + note.start, note))
        own: list[Stave] = []
        for voice, notes in by_voice.items():
            own += _by_staff(index, voice, notes)
        for _, group in groupby(sorted(own, key=_staff), key=_staff):
            row = list(group)
            found += sorted(row, key=_voice if len(row) < 3 else _depth)
    return found


def _by_staff(part: int, voice: str, notes: list[Placed]) -> list[Stave]:
    """A voice goes from staff to staff; where it is on two at once, they have one name for two."""
    counts = Counter(note.staff for _, note in notes)
    ordered = sorted(notes, key=lambda each: each[0])
    both = any(
        one.staff != two.staff and at + one.length > then
        for (at, one), (then, two) in pairwise(ordered)
    )
    if not both:
        return [Stave(part, counts.most_common(1)[0][0], voice, notes)]
    return [
        Stave(part, staff, voice, [each for each in notes if each[1].staff == staff])
        for staff in counts
    ]


def _staff(stave: Stave) -> tuple[int, str]:
    return _ordinal(stave.staff)


def _voice(stave: Stave) -> tuple[int, str]:
    return _ordinal(stave.voice)


def _depth(stave: Stave) -> float:
    return -stave.height


def _ordinal(text: str) -> tuple[int, str]:
    return (int(text), "") if text.isascii() and text.isdigit() else (0, text)


def joined(notes: Sequence[Placed]) -> list[Sung]:
    """The notes in order of time, those tied together made one."""
    found: list[Sung] = []
    held: dict[Pitch, int] = {}
    for start, note in sorted(notes, key=lambda each: (each[0], each[1].number)):
        end = start + note.length
        before = held.pop(note.pitch, None)
        if note.after and before is not None and found[before].end == start:
            old = found[before]
            found[before] = Sung(
                old.start, end, note.pitch, (*old.numbers, note.number), note.pause
            )
            index = before
        else:
            index = len(found)
            found.append(Sung(start, end, note.pitch, (note.number,), note.pause))
        if note.on:
            held[note.pitch] = index
    return found
