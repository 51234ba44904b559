"""What a player reads beside his notes: slurs, breath marks, dots, rolled chords and the pedal.

All of it is read off the part, as the MIDI writer does; nothing is added for looks.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from music21 import articulations, expressions, spanner

from composer.render.score.engrave import Struck
from composer.values import Part
from theory.metre import QUARTER, Metre

# Notes of up to a beat that sound for no more than so much of their length have a dot.
SHORT = 0.6
# A chord of so many notes that lasts for so many beats has a wavy line where it is rolled; that
# shorter ones on a harp or a guitar are rolled a little goes without saying.
ROLLED_NOTES, ROLLED_BEATS = 3, 2
# How an instrument is told to let its notes ring on: by its pedal, or in words.
PEDALS = frozenset({"piano", "electric piano", "vibraphone"})
RING: Mapping[str, str] = MappingProxyType({"harp": "l.v.", "nylon guitar": "let ring"})


def hang_line(part: Part, line: Struck, metre: Metre) -> list[Any]:
    """Hang breath marks and dots on a line that one player plays, or the first of a keyboard's;
    returns its slurs, which are the staff's."""
    begun = {note.start for note in part.notes}
    line = {start: chain for start, chain in line.items() if start in begun}
    ends = {start + _ticks(chain): start for start, chain in line.items()}
    for breath in part.breaths:
        if breath in ends:
            line[ends[breath]][-1].articulations.append(articulations.BreathMark())
    if part.articulation <= SHORT:
        for chain in line.values():
            if len(chain) == 1 and _ticks(chain) <= metre.beat:
                chain[0].articulations.append(articulations.Staccato())
    found = []
    for begin, end in part.slurs:
        cuts = [begin, *(breath for breath in part.breaths if begin < breath < end), end]
        for first, last in itertools.pairwise(cuts):
            if first in line and last in ends and ends[last] != first:
                found.append(spanner.Slur(line[first][0], line[ends[last]][-1]))
    return found


def hang_rolls(part: Part, lines: Sequence[Struck], metre: Metre) -> None:
    """Hang the wavy line of a rolled chord on those that are held."""
    for line in lines if part.roll else ():
        for chain in line.values():
            many = len(chain[0].pitches) >= ROLLED_NOTES
            if many and _ticks(chain) >= ROLLED_BEATS * metre.beat:
                chain[0].expressions.append(expressions.ArpeggioMark())


def pedal(parts: Sequence[Part]) -> list[tuple[int, str]]:
    """What is said of the pedal, by ticks: that it goes down (`pedal start`) with a chord and up
    (`pedal stop`) with the next, or once in words that all rings on."""
    spans = sorted(span for part in parts for span in part.pedal)
    name = parts[0].instrument.name
    if name not in PEDALS:
        return [(spans[0][0], RING[name])] if spans and name in RING else []
    # Not `change`, at which some programs keep it down throughout.
    return [row for start, end in spans for row in ((start, "pedal start"), (end, "pedal stop"))]


def _ticks(chain: Sequence[Any]) -> int:
    """How long a note lasts with all that is tied to it."""
    return round(QUARTER * float(sum(element.quarterLength for element in chain)))
