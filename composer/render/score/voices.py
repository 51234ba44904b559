"""The four voices as MusicXML: one part a voice, one chord a change, with numerals and symbols."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from music21 import clef, layout, stream

from composer.render.heading import heading
from composer.render.score.engrave import chord_symbol, encode_score, fill, new_bars, new_part
from composer.render.score.notation import Chord, bars
from composer.values import Piece
from theory.metre import QUARTER

CHOIR = 52  # General MIDI's "choir aahs", counted from 0


def encode(piece: Piece) -> bytes:
    """The bytes of the file. Part-writing is to be checked on it."""
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
            Chord(span.start, span.end, (pitch,))
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
    return encode_score(score, f"{heading(piece.title)}: the four voices")


def _numerals(piece: Piece) -> list[str]:
    """The chords' Roman numerals; where the key changes it stands before, as in `A aeolian: iv`."""
    key, texts = piece.plan.key, []
    for span in piece.harmony.spans:
        chord = span.chord
        texts.append(chord.roman if chord.key == key else f"{chord.key.name}: {chord.roman}")
        key = chord.key
    return texts
