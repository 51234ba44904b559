"""The full score as MusicXML: a player a part, chord symbols, Roman numerals, tempo, dynamics.

The rubato is left out, for it belongs to playing: the score has the tempo at the head, and the
slowing at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

from music21 import clef, dynamics, expressions, instrument, interval, layout, stream
from music21 import tempo as tempo21

from composer.explanation.layout import roman
from composer.render.heading import heading
from composer.render.score.engrave import (
    Struck,
    chord_symbol,
    encode_score,
    fill,
    new_bars,
    new_part,
)
from composer.render.score.kit import Kit, hide_rests, stems, strokes
from composer.render.score.marks import hang_line, hang_rolls, pedal
from composer.render.score.notation import bars, chords, part_voices
from composer.render.score.players import SPARED, Player, Staff, clefs_of, fifths, players, written
from composer.values import Part, Piece, Plan
from composer.vocabulary import SINGERS
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
# Families whose staves are bracketed, with barlines through them, where they stand together.
TOGETHER = ("strings", "winds", "brass", "voices")
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
    section: list[tuple[str, list[Any]]] = []
    for player in players(piece.parts, plan.metre.bar):
        up = written(player.up, plan.key.signature)
        both = [
            _staff(player, staff, hand, plan, len(staves) + hand + 1, up)
            for hand, staff in enumerate(player.staves)
        ]
        own = [staff for staff, _ in both]
        _dynamics(own[0], [struck for _, struck in both], plan, hairpins=_leads(player))
        for staff in own:
            score.insert(0, staff)
        if len(own) > 1:
            score.insert(0, layout.StaffGroup(own, symbol="brace", barTogether=True))
        staves += [(staff, up) for staff in own]
        section.append((player.part.instrument.family, own))
    for family, rows in groupby(section, key=lambda row: row[0]):
        of_family = [staff for _, own in rows for staff in own]
        if family in TOGETHER and len(of_family) > 1:
            score.insert(0, layout.StaffGroup(of_family, symbol="bracket", barTogether=True))
    if staves:
        _head(staves[0][0], piece, staves[0][1])
        _numerals(staves[-1][0], piece)
    drums = piece.part("drums")
    if drums is not None and drums.notes:
        kit = Kit(len(staves) + 1, {note.key_number for note in drums.notes})
        score.insert(0, _drums(drums, kit, plan, len(staves) + 1))
    return encode_score(score, heading(piece.title), _mood(piece))


def _leads(player: Player) -> bool:
    """Does he play the melody?"""
    return player.part.role in SINGERS


def _staff(
    player: Player, staff: Staff, hand: int, plan: Plan, number: int, up: Interval
) -> tuple[Any, list[Struck]]:
    """One staff of a player, with all that he reads there but the dynamics, and what each voice
    strikes; `hand` is 1 for the left hand's."""
    two = len(player.staves) > 1
    made = new_part(
        player.name, number, player.part.instrument.program, short=player.short, two_staves=two
    )
    made.atSoundingPitch = False
    if up.semitones:
        down = Interval(-up.steps, -up.semitones)
        made.getElementsByClass(instrument.Instrument)[0].transposition = interval.Interval(
            down.name
        )
    lines = [[(start, end, pitch.up(up)) for start, end, pitch in line] for line in staff.lines]
    signs = _clefs(player, lines, hand, up, plan)
    measures = new_bars(plan, CLEFS[signs[0]](), plan.key.signature + fifths(up))
    for measure, (before, sign) in zip(measures[1:], pairwise(signs), strict=True):
        if sign != before:
            measure.insert(0, CLEFS[sign]())
    parted = [part_voices(chords(line)) for line in lines]
    voices = [voice for line in parted for voice in line] or [()]
    rows = [bars(voice, plan.metre, plan.bars) for voice in voices]
    # Who sings now and then has other things to play meanwhile.
    first = player.part.role == "melody" and not hand
    struck = fill(measures, rows, plan, leads=first)
    made.append(measures)
    if hand:
        hide_rests(measures)
    if parted and (first or not two):
        for line in struck[: len(parted[0])]:
            for part in player.parts[: 1 if two else None]:
                for slur in hang_line(part, line, plan.metre):
                    made.insert(0, slur)
    hang_rolls(player.part, struck, plan.metre)
    if hand or not two:
        for tick, words in pedal(player.parts):
            _say(made, plan, tick, words, below=True)
    return made, struck


def _clefs(
    player: Player,
    lines: Sequence[Sequence[tuple[int, int, Pitch]]],
    hand: int,
    up: Interval,
    plan: Plan,
) -> tuple[str, ...]:
    """The names of a staff's clefs, bar by bar."""
    known, spared = player.part.instrument.clefs, SPARED
    if len(player.staves) > 1:
        known = ("bass", "treble") if hand else ("treble", "bass")
    if not known:
        spared = 0  # one is as usual as the other
        ends = (player.part.instrument.low.up(up), player.part.instrument.high.up(up))
        high = sum(end.midi for end in ends) >= 2 * Pitch.parse("C4").midi
        known = ("treble", "bass") if high else ("bass", "treble")
    heights: list[list[int]] = [[] for _ in range(plan.bars)]
    for start, _, pitch in (row for line in lines for row in line):
        heights[start // plan.metre.bar].append(pitch.height)
    return clefs_of(heights, known, spared)


def _drums(part: Part, kit: Kit, plan: Plan, number: int) -> Any:
    """The kit's staff."""
    staff = stream.Part(id=f"P{number}")
    staff.partName, staff.partAbbreviation = "Drums", "Dr."
    for drum in kit.instruments.values():
        staff.insert(0, drum)
    measures = new_bars(plan, clef.PercussionClef(), 0)
    rows = [bars(line, plan.metre, plan.bars) for line in strokes(part.notes, plan.metre)]
    struck = fill(measures, rows, plan, strike=kit.strike)
    stems(chain for line in struck for chain in line.values())
    hide_rests(measures)
    staff.append(measures)
    return staff


def _mood(piece: Piece) -> str:
    """The words before the metronome's mark."""
    swung = piece.plan.performance.swing >= SWUNG and not piece.plan.metre.compound
    return piece.plan.mood.name.capitalize() + ", swung quavers" * swung


def _head(staff: Any, piece: Piece, up: Interval) -> None:
    """Tempo, section names and chord symbols above the top staff."""
    plan = piece.plan
    beat = Fraction(plan.metre.beat, QUARTER)
    mark = tempo21.MetronomeMark(number=round(plan.tempo[0][1]), referent=beat)
    mark.placement = "above"
    _put(staff, plan, 0, mark)
    slowing = _slowing(plan)
    if slowing is not None:
        _say(staff, plan, slowing, "rit.")
        for tick, rate in _slower(plan, slowing, _places(staff, plan)):
            heard = tempo21.MetronomeMark(number=rate, referent=beat)
            heard.numberImplicit = True  # it is played, and not printed
            _put(staff, plan, tick, heard)
    for section in plan.sections:
        _put(staff, plan, section.start, expressions.RehearsalMark(section.name))
    for span in piece.harmony.spans:
        _put(staff, plan, span.start, chord_symbol(span.chord, up))


def _places(staff: Any, plan: Plan) -> list[int]:
    """The ticks at which a note or a rest is written on a staff."""
    return sorted(
        {
            index * plan.metre.bar + round(QUARTER * float(element.getOffsetInHierarchy(measure)))
            for index, measure in enumerate(staff.getElementsByClass(stream.Measure))
            for element in measure.recurse().notesAndRests
        }
    )


def _slower(plan: Plan, slowing: int, places: Sequence[int]) -> list[tuple[int, float]]:
    """The tempo from tick `slowing` on: at every place what is heard up to the next, on average.

    A program that reads scores keeps a tempo only where something is written.
    """
    found: list[tuple[int, float]] = []
    starts = [place for place in places if place > slowing]
    for start, end in pairwise((slowing, *starts, plan.end)):
        cuts = [start, *(tick for tick, _ in plan.tempo if start < tick < end), end]
        passed = sum(
            (after - now) / next(rate for tick, rate in reversed(plan.tempo) if tick <= now)
            for now, after in pairwise(cuts)
        )
        rate = round((end - start) / passed, 2)
        if not found or found[-1][1] != rate:
            found.append((start, rate))
    return found


def _numerals(staff: Any, piece: Piece) -> None:
    """Roman numerals below the bass; where the key changes it stands before, as `A aeolian: iv`."""
    key = piece.plan.key
    for span in piece.harmony.spans:
        text = roman(span.chord.roman)
        if span.chord.key != key:
            key = span.chord.key
            text = f"{key.name}: {text}"
        _say(staff, piece.plan, span.start, text, below=True, upright=True)


def _say(
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


def _slowing(plan: Plan) -> int | None:
    """Where the last slowing begins: the tick from which the tempo only falls, to the end."""
    last = None
    for (tick, rate), (_, before) in zip(plan.tempo[:0:-1], plan.tempo[-2::-1], strict=True):
        if rate >= before:
            break
        last = tick
    return last


def _dynamics(staff: Any, hands: Sequence[Sequence[Struck]], plan: Plan, *, hairpins: bool) -> None:
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
