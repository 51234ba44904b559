"""The piece in words, bar by bar, for somebody who listens to it or reads it with the fingers.

Signs that a screen reader swallows are spoken: F sharp, E flat. Every note of melody,
counter-melody and bass is there, with its length as written; of chords and drums how they are
struck.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import wrap

from composer.explanation.format import Explanation
from composer.explanation.layout import LENGTHS, unstyle
from composer.explanation.plain import sentences
from composer.values import Note, Part, Piece
from theory.chord import Chord
from theory.pitch import NoteName, Pitch

WIDTH = 80
LINES = ("melody", "second-melody", "doubling", "counter-melody", "bass")
STRUCK = ("chords", "drums")
SAID = {"": "", "b": " flat", "#": " sharp", "bb": " double flat", "##": " double sharp"}


def encode(piece: Piece, document: Explanation) -> bytes:
    """The text as UTF-8, lines of at most WIDTH signs, each with its end."""
    rows = [row for text in _texts(piece, document) for row in (wrap(text, WIDTH) or [""])]
    return ("\n".join(rows) + "\n").encode()


def _texts(piece: Piece, document: Explanation) -> Iterator[str]:
    yield piece.title
    yield ""
    for sentence in sentences(document):
        yield unstyle(sentence.text).replace("♭", " flat").replace("♯", " sharp")
    plan = piece.plan
    yield ""
    key = f"{said(plan.key.tonic)} {plan.key.mode.name}"
    yield f"It is in {key}, {plan.metre.name}, {plan.bars} bars."
    for part in piece.parts:
        notes = f"{len(part.notes)} notes"
        who = part.role if part.role == "drums" else f"{part.role}, {part.instrument.name}"
        yield f"{who[:1].upper()}{who[1:]}: {notes}{_sounding(part)}."
    yield "C 4 is the C in the middle of the piano. A note goes on where it is tied over a barline."
    for section in plan.sections:
        first, last = section.start // plan.metre.bar + 1, -(-section.end // plan.metre.bar)
        yield ""
        yield f"{section.name}, bars {first} to {last}."
        for number in range(first, last + 1):
            yield from _bar(piece, number)


def _sounding(part: Part) -> str:
    if not part.octave:
        return ""
    count = abs(part.octave)
    way = "higher" if part.octave > 0 else "lower"
    return f", sounding {'an octave' if count == 1 else f'{count} octaves'} {way} than said here"


def _bar(piece: Piece, number: int) -> Iterator[str]:
    """A bar: its chords, then each part."""
    start = (number - 1) * piece.plan.metre.bar
    end = start + piece.plan.metre.bar
    spans = [span for span in piece.harmony.spans if span.start < end and span.end > start]
    chords = "; ".join(chord_said(span.chord) for span in spans)
    yield f"Bar {number}. {chords or 'No chord'}."
    for part in piece.parts:
        if part.role in LINES and (notes := _within(part.notes, start, end)):
            yield f"{_who(part)}: {', '.join(_line(notes, start, end))}."
        elif part.role in STRUCK and (notes := _within(part.notes, start, end)):
            strikes = len({note.start for note in notes if note.start >= start})
            labels = (note.cause.label.rpartition(": ")[2] for note in notes)
            yield f"{_who(part)}: {_times(strikes)} ({', '.join(dict.fromkeys(labels))})."


def _who(part: Part) -> str:
    return "Drums" if part.role == "drums" else f"{part.role[:1].upper()}{part.role[1:]}"


def _times(count: int) -> str:
    return {0: "held over", 1: "struck once"}.get(count, f"struck {count} times")


def _within(notes: Iterable[Note], start: int, end: int) -> list[Note]:
    return [note for note in notes if note.start < end and note.end > start]


def _line(notes: list[Note], start: int, end: int) -> Iterator[str]:
    """The notes of one part in a bar, with its rests; what is tied over goes by what is in it."""
    now = start
    for at, struck in groupby(notes, key=lambda note: max(start, note.start)):
        together = list(struck)
        if at > now:
            yield f"{length(at - now)} rest"
        until = min(end, max(note.end for note in together))
        names = " and ".join(said(note.pitch) for note in together if note.pitch is not None)
        tied = " goes on" if together[0].start < start else ""
        on = ", tied over" if max(note.end for note in together) > end else ""
        yield f"{names}{tied} {length(until - at)}{on}"
        now = max(now, until)
    if now < end:
        yield f"{length(end - now)} rest"


def length(ticks: int) -> str:
    """How long, in the names of notes: several where no one note is so long.

    >>> length(24), length(30)
    ('crotchet', 'crotchet and semiquaver')
    """
    if ticks in LENGTHS or ticks <= 0:
        return LENGTHS.get(ticks, "no time")
    for longest in sorted(LENGTHS, reverse=True):
        if longest < ticks and (ticks - longest in LENGTHS or longest == max(LENGTHS)):
            return f"{LENGTHS[longest]} and {length(ticks - longest)}"
    return f"{ticks} twenty-fourths of a crotchet"


def said(name: NoteName | Pitch) -> str:
    """A note's name as it is spoken.

    >>> said(Pitch.parse("F#4")), said(NoteName.parse("Bb"))
    ('F sharp 4', 'B flat')
    """
    text = str(name)
    letter, rest = text[0], text[1:]
    sign = rest.rstrip("-0123456789")
    octave = rest[len(sign) :]
    return f"{letter}{SAID[sign]}{f' {octave}' if octave else ''}"


def chord_said(chord: Chord) -> str:
    """A chord's name as it is spoken, with its bass where that is another note.

    >>> from theory.scale import Key
    >>> chord_said(Chord.parse("V65", Key.of("G", "ionian")))
    'D dominant seventh over F sharp'
    """
    root = chord.symbol_root
    over = "" if chord.bass == root else f" over {said(chord.bass)}"
    return f"{said(root)} {chord.quality.name}{over}"
