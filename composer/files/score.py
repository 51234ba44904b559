"""The full score as MusicXML: a part a role, chord symbols, tempo, dynamics, sections.

Drums are left out: the score is of the pitched parts, and the MIDI file has the drums. So is the
rubato, which belongs to playing: the score has the tempo at the head, and the slowing at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from music21 import dynamics, expressions, layout, stream
from music21 import tempo as tempo21

from composer.files.engrave import (
    best_clef,
    chord_symbol,
    encode_score,
    fill,
    ledger,
    new_bars,
    new_part,
)
from composer.files.notation import bars, chords, part_voices
from composer.values import Part, Piece, Plan
from theory.metre import QUARTER
from theory.pitch import Pitch

# Instruments that are read from two staves where one would need more than `LEDGER` steps a note
# off the staff; their hands part at middle C.
TWO_STAVES = frozenset({"piano", "electric piano", "harp", "celesta", "church organ", "marimba"})
MIDDLE_C = 60
LEDGER = 2
# From this much swing on (of 1) the score asks for it.
SWUNG = 0.2
# Velocity in the middle of each dynamic mark.
MARKS = (("pp", 36), ("p", 50), ("mp", 63), ("mf", 76), ("f", 90), ("ff", 106))
# A swell smaller than this (velocity) gets no hairpin.
SWELL = 10


def encode(piece: Piece) -> bytes:
    """The bytes of the file."""
    plan = piece.plan
    score = stream.Score(id="score")
    names = _names(piece.parts)
    number = 0
    for part in piece.parts:
        if part.role == "drums" or not part.notes:
            continue
        staves: list[Any] = []
        notes = [(n.start, n.end, _sounding(n.pitch, part.octave)) for n in part.notes if n.pitch]
        hands = _hands(part, notes)
        for hand in hands:
            number += 1
            staff = _staff(names[part.role], part, plan, hand, number, two=len(hands) > 1)
            staves.append(staff)
            score.insert(0, staff)
        if len(staves) > 1:
            score.insert(0, layout.StaffGroup(staves, symbol="brace", barTogether=True))
    if number:
        _head(score.parts[0], piece)
    return encode_score(score, piece.title)


def _names(parts: Sequence[Part]) -> dict[str, str]:
    """By role, the instrument's name, with the role where several parts are played on one."""
    players = Counter(part.instrument.name for part in parts)
    return {
        part.role: part.instrument.name.capitalize()
        + (f" ({part.role})" if players[part.instrument.name] > 1 else "")
        for part in parts
    }


def _staff(
    name: str,
    part: Part,
    plan: Plan,
    notes: Sequence[tuple[int, int, Pitch]],
    number: int,
    *,
    two: bool,
) -> Any:
    """One staff of a part, engraved, with its dynamics."""
    staff = new_part(name, number, part.instrument.program, two_staves=two)
    pitches = [pitch for _, _, pitch in notes]
    player = part.instrument
    # A hand's staff goes by its own notes, any other by what its player is used to.
    compass = pitches if two else (player.low, player.high)
    measures = new_bars(plan, best_clef(pitches, compass, part.octave))
    voices = part_voices(chords(notes)) or ((),)
    struck = fill(measures, [bars(voice, plan.metre, plan.bars) for voice in voices], plan)
    staff.append(measures)
    if struck:
        _dynamics(staff, measures, struck, plan, hairpins=part.role == "melody")
    return staff


def _hands(
    part: Part, notes: Sequence[tuple[int, int, Pitch]]
) -> list[list[tuple[int, int, Pitch]]]:
    """The notes of one staff, or of the two hands of a keyboard or harp where one is too narrow."""
    if part.instrument.name in TWO_STAVES and ledger([row[2] for row in notes]) > LEDGER:
        upper = [row for row in notes if row[2].midi >= MIDDLE_C]
        lower = [row for row in notes if row[2].midi < MIDDLE_C]
        if upper and lower:
            return [upper, lower]
    return [list(notes)]


def _sounding(pitch: Pitch, octave: int) -> Pitch:
    """As it sounds: a clef with an 8 changes only how it looks."""
    return Pitch(pitch.step, pitch.alter, pitch.octave + octave)


def _head(staff: Any, piece: Piece) -> None:
    """Tempo, section names and chord symbols above the top staff."""
    plan = piece.plan
    measures = staff.getElementsByClass(stream.Measure)

    def put(tick: int, element: Any) -> None:
        index, place = divmod(tick, plan.metre.bar)
        measures[index].insert(Fraction(place, QUARTER), element)

    words = piece.decisions.choice("mood").capitalize()
    if piece.swing >= SWUNG and not plan.metre.compound:
        words += ", swung quavers"
    mood = expressions.TextExpression(words)
    mood.placement = "above"
    mood.style.fontWeight = "bold"
    put(0, mood)
    mark = tempo21.MetronomeMark(
        number=round(plan.tempo[0][1]),
        referent=Fraction(plan.metre.beat, QUARTER),
    )
    mark.placement = "above"
    put(0, mark)
    slowing = _slowing(plan)
    if slowing is not None:
        slower = expressions.TextExpression("rit.")
        slower.placement = "above"
        put(slowing, slower)
    for section in plan.sections:
        put(section.start, expressions.RehearsalMark(section.name))
    for span in piece.harmony.spans:
        put(span.start, chord_symbol(span.chord))


def _slowing(plan: Plan) -> int | None:
    """Where the last slowing begins: the tick from which the tempo only falls, to the end."""
    last = None
    for (tick, rate), (_, before) in zip(plan.tempo[:0:-1], plan.tempo[-2::-1], strict=True):
        if rate >= before:
            break
        last = tick
    return last


def _dynamics(
    staff: Any, measures: Sequence[Any], struck: dict[int, Any], plan: Plan, *, hairpins: bool
) -> None:
    """A mark where a phrase begins otherwise than the last, hairpins where the line swells."""
    levels = dict(plan.dynamics)
    current = ""
    for phrase in plan.phrases:
        sung = [tick for tick in struck if phrase.start <= tick < phrase.end]
        mark = _mark(levels[phrase.start]) if phrase.start in levels else current
        if sung and mark != current:
            index, place = divmod(min(sung), plan.metre.bar)
            measures[index].insert(Fraction(place, QUARTER), dynamics.Dynamic(mark))
            current = mark
    if not hairpins:
        return
    for (begin, level), (end, goal) in pairwise(plan.dynamics):
        under = [struck[at] for at in sorted(struck) if begin <= at < end]
        if abs(goal - level) >= SWELL and len(under) > 1:
            wedge = dynamics.Crescendo if goal > level else dynamics.Diminuendo
            staff.insert(0, wedge(under[0], under[-1]))


def _mark(velocity: int) -> str:
    return min(MARKS, key=lambda row: abs(row[1] - velocity))[0]
