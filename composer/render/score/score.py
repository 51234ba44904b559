"""Scores as MusicXML: the full one, a player a part, and the four voices, one chord a change."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

from music21 import clef, instrument, interval, layout, stream

from composer.render.score.drums import drum_staff, hide_rests
from composer.render.score.marks import (
    hang_dynamics,
    hang_head,
    hang_line,
    hang_numerals,
    hang_rolls,
    mood,
    pedal,
    say,
)
from composer.render.score.musicxml import (
    Struck,
    chord_symbol,
    encode_score,
    fill,
    new_bars,
    new_part,
)
from composer.render.score.notation import WrittenChord, bars, chords, part_voices
from composer.render.score.players import SPARED, Player, Staff, clefs_of, fifths, players, written
from composer.render.score.saying import with_fields
from composer.values import Piece, Plan
from composer.vocabulary import SINGERS
from theory.metre import QUARTER
from theory.pitch import Interval, Pitch

CLEFS21 = {
    "treble": clef.TrebleClef,
    "alto": clef.AltoClef,
    "tenor": clef.TenorClef,
    "bass": clef.BassClef,
}
# Families whose staves are bracketed, with barlines through them, where they stand together.
TOGETHER = ("strings", "winds", "brass", "voices")
CHOIR = 52  # General MIDI's "choir aahs", counted from 0


def full_score(piece: Piece) -> bytes:
    """The full score: chord symbols, Roman numerals, tempo and dynamics beside the notes."""
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
        hang_dynamics(own[0], [struck for _, struck in both], plan, hairpins=_leads(player))
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
        hang_head(staves[0][0], piece, staves[0][1])
        hang_numerals(staves[-1][0], piece)
    drums = piece.part("drums")
    if drums is not None and drums.notes:
        score.insert(0, drum_staff(drums, plan, len(staves) + 1))
    return with_fields(encode_score(score, piece.heading, mood(piece)), piece, sung=True)


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
    measures = new_bars(plan, CLEFS21[signs[0]](), plan.key.signature + fifths(up))
    for measure, (before, sign) in zip(measures[1:], pairwise(signs), strict=True):
        if sign != before:
            measure.insert(0, CLEFS21[sign]())
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
            say(made, plan, tick, words, below=True)
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


def four_voices(piece: Piece) -> bytes:
    """The four voices, with numerals and symbols. Part-writing is to be checked on it."""
    plan, spans = piece.plan, piece.harmony.spans
    voices = (
        ("Soprano", clef.TrebleClef(), [span.voicing.soprano for span in spans]),
        ("Alto", clef.TrebleClef(), [span.voicing.alto for span in spans]),
        ("Tenor", clef.Treble8vbClef(), [span.voicing.tenor for span in spans]),
        ("Bass", clef.BassClef(), [span.voicing.bass for span in spans]),
    )
    numerals = {span.start: text for span, text in zip(spans, _numerals(piece), strict=True)}
    score = stream.Score(id="score")
    parts: list[Any] = []
    for number, (name, sign, pitches) in enumerate(voices, 1):
        line = [
            WrittenChord(span.start, span.end, (pitch,))
            for span, pitch in zip(spans, pitches, strict=True)
        ]
        measures = new_bars(plan, sign)
        (struck,) = fill(measures, [bars(line, plan.metre, plan.bars)], plan)
        for span in spans:
            if name == "Soprano":
                bar, place = divmod(span.start, plan.metre.bar)
                measures[bar].insert(Fraction(place, QUARTER), chord_symbol(span.chord))
            elif name == "Bass":
                struck[span.start][0].lyric = numerals[span.start]
        part = new_part(name, number, CHOIR, short=f"{name[0]}.")
        part.append(measures)
        parts.append(part)
        score.insert(0, part)
    score.insert(0, layout.StaffGroup(parts, symbol="bracket", barTogether=True))
    data = encode_score(score, f"{piece.heading}: the four voices")
    return with_fields(data, piece, sung=False)


def _numerals(piece: Piece) -> list[str]:
    """The chords' Roman numerals; where the key changes it stands before, as in `A aeolian: iv`."""
    key, texts = piece.plan.key, []
    for span in piece.harmony.spans:
        chord = span.chord
        texts.append(chord.roman if chord.key == key else f"{chord.key.name}: {chord.roman}")
        key = chord.key
    return texts
