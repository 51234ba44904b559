"""A lesson as MusicXML: one example after the other, a part a voice, what is broken in red."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from music21 import clef, expressions, layout, stream
from music21 import tempo as tempo21

from composer.files.engrave import chord_symbol, encode_score, fill, new_bars, new_part
from composer.files.notation import Chord, bars
from composer.hear.lines import line, plan, voices
from composer.hear.midi import FLUTE, PIANO
from composer.hear.values import METRE, TEMPO, Example, Lesson
from composer.hear.verdict import TUNE
from theory.metre import QUARTER

RED = "#C00000"
CLEFS = {"tenor": clef.Treble8vbClef, "bass": clef.BassClef}


def encode(lesson: Lesson) -> bytes:
    """The bytes of the file."""
    score = stream.Score(id="score")
    parts: list[Any] = []
    for number, voice in enumerate(voices(lesson), 1):
        part = new_part(voice.capitalize(), number, FLUTE if voice == TUNE else PIANO)
        first, second = (
            _measures(lesson, example, voice, top=number == 1) for example in lesson.pair
        )
        _goes_on(second[0], same_key=len({example.key for example in lesson.pair}) == 1)
        part.append([*first, *second])
        for count, measure in enumerate(part.getElementsByClass(stream.Measure), 1):
            measure.number = count
        parts.append(part)
        score.insert(0, part)
    head = parts[0].getElementsByClass(stream.Measure)[0]
    head.insert(0, tempo21.MetronomeMark(number=TEMPO))
    score.insert(0, layout.StaffGroup(parts, symbol="bracket", barTogether=True))
    return encode_score(score, f"{lesson.kind.capitalize()}: {lesson.name}")


def _goes_on(measure: Any, *, same_key: bool) -> None:
    """Begin the second example on a line of its own, without repeating what still holds."""
    for sign in (measure.clef, measure.timeSignature, measure.keySignature if same_key else None):
        if sign is not None:
            measure.remove(sign)
    measure.insert(0, layout.SystemLayout(isNew=True))


def _measures(lesson: Lesson, example: Example, voice: str, *, top: bool) -> list[Any]:
    """One example's bars for one voice, titled above the top one, with numerals below the bass."""
    whole = plan(example, lesson.language, TEMPO)
    measures = new_bars(whole, CLEFS.get(voice, clef.TrebleClef)())
    sounds = line(example, voice)
    notes = [Chord(sound.start, sound.end, (sound.pitch,)) for sound in sounds]
    (struck,) = fill(measures, [bars(notes, METRE, whole.bars)], whole)
    for sound in sounds:
        if sound.marked:
            struck[sound.start][0].style.color = RED
    for span in example.spans:
        if top:
            bar, place = divmod(span.start, METRE.bar)
            measures[bar].insert(Fraction(place, QUARTER), chord_symbol(span.chord))
        elif voice == "bass":
            struck[span.start][0].lyric = span.chord.roman
    if top:
        for number, text in enumerate((example.title, *(one.rule for one in example.findings))):
            words = expressions.TextExpression(text)
            words.placement = "above"
            words.style.fontWeight = "normal" if number else "bold"
            if number:
                words.style.color = RED
            tick = example.findings[number - 1].tick if number else 0
            bar, place = divmod(tick, METRE.bar)
            measures[bar].insert(Fraction(place, QUARTER), words)
    return measures
