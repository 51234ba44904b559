"""The full score as MusicXML: a player a part, chord symbols, Roman numerals, tempo, dynamics.

The rubato is left out, for it belongs to playing: the score has the tempo at the head, and the
slowing at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from music21 import clef, dynamics, expressions, instrument, interval, layout, stream
from music21 import tempo as tempo21

from composer.explain.style import roman
from composer.files.engrave import chord_symbol, encode_score, fill, new_bars, new_part
from composer.files.heading import heading
from composer.files.kit import Kit, hide_rests, strokes
from composer.files.notation import bars, chords, part_voices
from composer.files.players import Player, Staff, best_clef, fifths, players, written
from composer.values import Part, Piece, Plan
from theory.metre import QUARTER
from theory.pitch import Interval, Pitch

CLEFS = {
    "treble": clef.TrebleClef,
    "alto": clef.AltoClef,
    "tenor": clef.TenorClef,
    "bass": clef.BassClef,
}
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
    # Written already: music21 is not to transpose it.
    score.atSoundingPitch = False
    staves: list[tuple[Any, Interval]] = []
    for player in players(piece.parts):
        up = written(player.up, plan.key.signature)
        own = [
            _staff(player, staff, hand, plan, len(staves) + hand + 1, up)
            for hand, staff in enumerate(player.staves)
        ]
        for staff in own:
            score.insert(0, staff)
        if len(own) > 1:
            score.insert(0, layout.StaffGroup(own, symbol="brace", barTogether=True))
        staves += [(staff, up) for staff in own]
    if staves:
        _head(staves[0][0], piece, staves[0][1])
        _numerals(staves[-1][0], piece)
    drums = piece.part("drums")
    if drums is not None and drums.notes:
        score.insert(0, _drums(drums, plan, len(staves) + 1))
    return encode_score(score, heading(piece.title))


def _staff(player: Player, staff: Staff, hand: int, plan: Plan, number: int, up: Interval) -> Any:
    """One staff of a player, with its dynamics; `hand` is 1 for the left hand's."""
    two = len(player.staves) > 1
    made = new_part(player.name, number, player.part.instrument.program, two_staves=two)
    made.atSoundingPitch = False
    if up.semitones:
        down = Interval(-up.steps, -up.semitones)
        made.getElementsByClass(instrument.Instrument)[0].transposition = interval.Interval(
            down.name
        )
    lines = [[(start, end, pitch.up(up)) for start, end, pitch in line] for line in staff.lines]
    sign = CLEFS[_clef(player, lines, hand, up)]()
    measures = new_bars(plan, sign, plan.key.signature + fifths(up))
    voices = [voice for line in lines for voice in part_voices(chords(line))] or [()]
    rows = [bars(voice, plan.metre, plan.bars) for voice in voices]
    struck = fill(measures, rows, plan, leads=player.part.role == "melody" and not hand)
    made.append(measures)
    if struck:
        _dynamics(made, measures, struck, plan, hairpins=player.part.role == "melody" and not hand)
    return made


def _clef(
    player: Player, lines: Sequence[Sequence[tuple[int, int, Pitch]]], hand: int, up: Interval
) -> str:
    """The name of a staff's clef."""
    heights = [pitch.height for line in lines for _, _, pitch in line]
    known = player.part.instrument.clefs
    if len(player.staves) > 1:
        known = ("bass", "treble") if hand else ("treble", "bass")
    if not known:
        ends = (player.part.instrument.low.up(up), player.part.instrument.high.up(up))
        high = sum(end.midi for end in ends) >= 2 * Pitch.parse("C4").midi
        known = ("treble", "bass") if high else ("bass", "treble")
    return best_clef(heights, known)


def _drums(part: Part, plan: Plan, number: int) -> Any:
    """The kit's staff."""
    staff = stream.Part(id=f"P{number}")
    staff.partName = "Drums"
    kit = Kit(number, {note.key_number for note in part.notes})
    for drum in kit.instruments.values():
        staff.insert(0, drum)
    measures = new_bars(plan, clef.PercussionClef(), 0)
    rows = [bars(line, plan.metre, plan.bars) for line in strokes(part.notes, plan.metre)]
    fill(measures, rows, plan, strike=kit.strike)
    hide_rests(measures)
    staff.append(measures)
    return staff


def _head(staff: Any, piece: Piece, up: Interval) -> None:
    """Tempo, section names and chord symbols above the top staff."""
    plan = piece.plan
    words = piece.decisions.choice("mood").capitalize()
    if piece.swing >= SWUNG and not plan.metre.compound:
        words += ", swung quavers"
    mood = expressions.TextExpression(words)
    mood.placement = "above"
    mood.style.fontWeight = "bold"
    _put(staff, plan, 0, mood)
    beat = Fraction(plan.metre.beat, QUARTER)
    mark = tempo21.MetronomeMark(number=round(plan.tempo[0][1]), referent=beat)
    mark.placement = "above"
    _put(staff, plan, 0, mark)
    slowing = _slowing(plan)
    if slowing is not None:
        slower = expressions.TextExpression("rit.")
        slower.placement = "above"
        _put(staff, plan, slowing, slower)
        for tick, rate in plan.tempo:
            if tick >= slowing:
                heard = tempo21.MetronomeMark(number=rate, referent=beat)
                heard.numberImplicit = True  # it is played, and not printed
                _put(staff, plan, tick, heard)
    for section in plan.sections:
        _put(staff, plan, section.start, expressions.RehearsalMark(section.name))
    for span in piece.harmony.spans:
        _put(staff, plan, span.start, chord_symbol(span.chord, up))


def _numerals(staff: Any, piece: Piece) -> None:
    """Roman numerals below the bass; where the key changes it stands before, as `A aeolian: iv`."""
    key = piece.plan.key
    for span in piece.harmony.spans:
        text = roman(span.chord.roman)
        if span.chord.key != key:
            key = span.chord.key
            text = f"{key.name}: {text}"
        numeral = expressions.TextExpression(text)
        numeral.placement = "below"
        numeral.style.fontStyle = "normal"
        _put(staff, piece.plan, span.start, numeral)


def _put(staff: Any, plan: Plan, tick: int, element: Any) -> None:
    """Hang something on the staff at a tick of the piece."""
    index, place = divmod(tick, plan.metre.bar)
    staff.getElementsByClass(stream.Measure)[index].insert(Fraction(place, QUARTER), element)


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
