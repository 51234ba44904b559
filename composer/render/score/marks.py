"""What a player reads beside his notes: slurs, breaths, dots, the pedal, tempo, words, dynamics.

All of it is read off the piece, as the MIDI writer does; nothing is added for looks. The rubato is
left out, for it belongs to playing: a score has the tempo at its head, and the slowing at its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from music21 import articulations, dynamics, expressions, spanner, stream
from music21 import tempo as tempo21

from composer.explanation.layout import roman
from composer.render.score.musicxml import Struck, chord_symbol
from composer.values import Part, Piece, Plan
from theory.metre import QUARTER, Metre
from theory.pitch import Interval
from theory.tempo import mean_rate

# Notes of up to a beat that sound for no more than so much of their length have a dot.
SHORT = 0.6
# A chord of so many notes that lasts for so many beats has a wavy line where it is rolled; that
# shorter ones on a harp or a guitar are rolled a little goes without saying.
ROLLED_NOTES, ROLLED_BEATS = 3, 2
# How an instrument is told to let its notes ring on: by its pedal, or in words.
PEDALS = frozenset({"piano", "electric piano", "vibraphone"})
RING: Mapping[str, str] = MappingProxyType({"harp": "l.v.", "nylon guitar": "let ring"})
# From this much swing on (of 1) the score asks for it.
SWUNG = 0.2
# Velocity in the middle of each dynamic mark.
MARKS = (("pp", 36), ("p", 50), ("mp", 63), ("mf", 76), ("f", 90), ("ff", 106))
# A swell smaller than this (velocity) gets no hairpin.
SWELL = 10


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
        for first, last in pairwise(cuts):
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


def mood(piece: Piece) -> str:
    """The words before the metronome's mark."""
    swung = piece.plan.performance.swing >= SWUNG and not piece.plan.metre.compound
    return piece.plan.mood.name.capitalize() + ", swung quavers" * swung


def hang_head(staff: Any, piece: Piece, up: Interval) -> None:
    """Tempo, section names and chord symbols above the top staff."""
    plan = piece.plan
    beat = Fraction(plan.metre.beat, QUARTER)
    mark = tempo21.MetronomeMark(number=round(plan.tempo[0][1]), referent=beat)
    mark.placement = "above"
    _put(staff, plan, 0, mark)
    slowing = _last_slowing(plan)
    if slowing is not None:
        say(staff, plan, slowing, "rit.")
        for tick, rate in _slower(plan, slowing, _places(staff, plan)):
            heard = tempo21.MetronomeMark(number=rate, referent=beat)
            heard.numberImplicit = True  # it is played, and not printed
            _put(staff, plan, tick, heard)
    for section in plan.sections:
        _put(staff, plan, section.start, expressions.RehearsalMark(section.name))
    for span in piece.harmony.spans:
        _put(staff, plan, span.start, chord_symbol(span.chord, up))


def hang_numerals(staff: Any, piece: Piece) -> None:
    """Roman numerals below the bass; where the key changes it stands before, as `A aeolian: iv`."""
    key = piece.plan.key
    for span in piece.harmony.spans:
        text = roman(span.chord.roman)
        if span.chord.key != key:
            key = span.chord.key
            text = f"{key.name}: {text}"
        say(staff, piece.plan, span.start, text, below=True, upright=True)


def hang_dynamics(
    staff: Any, hands: Sequence[Sequence[Struck]], plan: Plan, *, hairpins: bool
) -> None:
    """A mark where a phrase begins otherwise than the last, hairpins where the line swells; for two
    hands between their staves."""
    levels = dict(plan.dynamics)
    heard = sorted({tick for struck in hands for line in struck for tick in line})
    current = ""
    for phrase in plan.phrases:
        sung = [tick for tick in heard if phrase.start <= tick < phrase.end]
        mark = _mark(levels[phrase.start]) if phrase.start in levels else current
        if sung and mark != current:
            printed = dynamics.Dynamic(mark)
            printed.placement = "below"
            _put(staff, plan, sung[0], printed)
            current = mark
    if not hairpins:
        return
    line = {tick: chain[0] for line in reversed(hands[0]) for tick, chain in line.items()}
    for (begin, level), (end, goal) in pairwise(plan.dynamics):
        under = [line[at] for at in sorted(line) if begin <= at < end]
        if abs(goal - level) >= SWELL and len(under) > 1:
            wedge = dynamics.Crescendo if goal > level else dynamics.Diminuendo
            staff.insert(0, wedge(under[0], under[-1]))


def _mark(velocity: int) -> str:
    return min(MARKS, key=lambda row: abs(row[1] - velocity))[0]


def say(
    staff: Any, plan: Plan, tick: int, words: str, *, below: bool = False, upright: bool = False
) -> None:
    """Words above or below the staff."""
    said = expressions.TextExpression(words)
    said.placement = "below" if below else "above"
    said.style.fontStyle = "normal" if upright else "italic"
    _put(staff, plan, tick, said)


def _put(staff: Any, plan: Plan, tick: int, element: Any) -> None:
    """Hang something on the staff at a tick of the piece: in the voice that has a note or a rest
    there, for not every program moves what is written at the bar's beginning to its place."""
    index = min(tick // plan.metre.bar, plan.bars - 1)
    place = Fraction(tick - index * plan.metre.bar, QUARTER)
    measure = staff.getElementsByClass(stream.Measure)[index]
    homes = (voice for voice in measure.voices if voice.getElementsByOffset(place))
    next(homes, measure).insert(place, element)


def _last_slowing(plan: Plan) -> int | None:
    """Where the last slowing begins: the tick from which the tempo only falls, to the end."""
    last = None
    for (tick, rate), (_, before) in zip(plan.tempo[:0:-1], plan.tempo[-2::-1], strict=True):
        if rate >= before:
            break
        last = tick
    return last


def _slower(plan: Plan, slowing: int, places: Sequence[int]) -> list[tuple[int, float]]:
    """The tempo from tick `slowing` on: at every place what is heard up to the next, on average.

    A program that reads scores keeps a tempo only where something is written.
    """
    found: list[tuple[int, float]] = []
    starts = [place for place in places if place > slowing]
    for start, end in pairwise((slowing, *starts, plan.end)):
        rate = round(mean_rate(plan.tempo, start, end), 2)
        if not found or found[-1][1] != rate:
            found.append((start, rate))
    return found


def _places(staff: Any, plan: Plan) -> list[int]:
    """The ticks at which a note or a rest is written on a staff."""
    return sorted(
        {
            index * plan.metre.bar + round(QUARTER * float(element.getOffsetInHierarchy(measure)))
            for index, measure in enumerate(staff.getElementsByClass(stream.Measure))
            for element in measure.recurse().notesAndRests
        }
    )
