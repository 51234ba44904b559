"""The examples of the table of rules as values: chords, voicings, contexts, melodies."""

from __future__ import annotations

from theory.chord import Chord
from theory.melody import Event, HarmonicContext, Span
from theory.metre import METRES
from theory.pitch import NoteName, Pitch
from theory.rules import Example
from theory.scale import Key
from theory.timed import TimedChord, TimedNote
from theory.voices.frame import lead
from theory.voices.voicing import Voicing

DURATIONS = (6, 8, 12, 18, 24, 36, 48, 60, 72, 96)


def key_of(example: Example) -> Key:
    tonic, _, mode = example.key.partition(" ")
    return Key.of(tonic, mode)


def in_voices(example: Example, key: Key | None = None):
    """Chords and voicings, in another key if one is given."""
    home = key_of(example)
    key = key or home
    up = Pitch(home.tonic.step, home.tonic.alter, 4).to(key.tonic.at(4))
    chords = tuple(Chord.parse(roman, key) for roman in example.chords.split())
    voicings = tuple(
        Voicing(*(Pitch.parse(name).up(up) for name in four.split()))
        for four in example.notes.split("|")
    )
    return chords, voicings


def in_melody(example: Example) -> tuple[HarmonicContext, tuple[Event, ...]]:
    """A melody and what it stands on."""
    key = key_of(example)
    words = [word.partition(":") for word in example.chords.split()]
    chords = tuple(Chord.parse(roman, key) for roman, _, _ in words)
    bass = [Pitch.parse(name) for name in example.bass.split()]
    frame = lead(chords, bass=bass)
    spans, tick = [], 0
    for chord, voicing, (_, _, ticks) in zip(chords, frame.voicings, words, strict=True):
        spans.append(Span(tick, tick + int(ticks), chord, voicing))
        tick += int(ticks)
    final = frozenset(map(NoteName.parse, example.final.split())) or frozenset(chords[-1].tones)
    context = HarmonicContext(
        key=key,
        metre=METRES[example.metre],
        start=0,
        end=tick,
        spans=tuple(spans),
        compass=(Pitch.parse("C4"), Pitch.parse("A5")),
        scale=key.notes,
        final=final,
        language="strict",
        durations=DURATIONS,
    )
    return context, events_of(example.notes)


def events_of(text: str) -> tuple[Event, ...]:
    pairs = [word.partition(":") for word in text.split()]
    return tuple(Event(None if n == "-" else Pitch.parse(n), int(t)) for n, _, t in pairs)


def as_written(context: HarmonicContext, events: tuple[Event, ...]):
    """The same as the verifier of melodies is given it."""
    notes, tick = [], context.start
    for event in events:
        if event.pitch is not None:
            notes.append(TimedNote(tick, tick + event.ticks, event.pitch))
        tick += event.ticks
    last = context.spans[-1]
    contexts = [
        TimedChord(
            span.start,
            span.end,
            span.chord,
            span.voicing.bass,
            frozenset(note.name for note in context.final) if span is last else None,
        )
        for span in context.spans
    ]
    return notes, contexts, context.metre, context.compass, context.language
