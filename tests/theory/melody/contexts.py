"""Phrases to sing on: made by hand, and drawn at random over modes, metres, families."""

from __future__ import annotations

import random
from collections.abc import Sequence

from theory.chord import Chord
from theory.harmony.family import COLOURS
from theory.harmony.phrase import families, progression
from theory.melody import Automaton, Event, HarmonicContext, PhraseEntry, Span
from theory.metre import METRES
from theory.noise import Noise
from theory.pitch import Pitch
from theory.rules import FREE, LANGUAGES
from theory.scale import Key
from theory.voices.frame import lead
from theory.voices.voicing import Voicing

DURATIONS = (6, 8, 12, 18, 24, 36, 48, 72, 96)


def context(
    romans: str,
    *,
    key: Key | None = None,
    metre: str = "4/4",
    lengths: Sequence[int] = (),
    compass: str = "C4 A5",
    durations: tuple[int, ...] = DURATIONS,
    language: str = "strict",
    start: int = 0,
    soprano: str = "",
    off: frozenset[str] = frozenset(),
    scale: tuple = (),
    before: PhraseEntry | None = None,
) -> HarmonicContext:
    """A phrase over chords led by the frame, `soprano` its soprano ("" as the frame likes)."""
    key = key or Key.of("C", "ionian")
    chords = tuple(Chord.parse(roman, key) for roman in romans.split())
    low, high = map(Pitch.parse, compass.split())
    tops = [frozenset({Pitch.parse(p)}) for p in soprano.split()] or None
    frame = lead(chords, language=language, soprano=tops, off=off)
    spans, tick = [], 0
    for index, chord in enumerate(chords):
        length = lengths[index] if lengths else METRES[metre].bar
        spans.append(Span(tick, tick + length, chord, frame.voicings[index]))
        tick += length
    return HarmonicContext(
        key=key,
        metre=METRES[metre],
        start=start,
        end=tick,
        spans=tuple(spans),
        compass=(low, high),
        scale=scale or key.notes,
        final=frozenset(chords[-1].tones),
        language=language,
        durations=durations,
        off=off,
        before=before,
    )


def melody(text: str) -> tuple[Event, ...]:
    """`C4:24 D4 -:12`: pitches (or a rest) with ticks; the last length goes on."""
    events, ticks = [], 24
    for word in text.split():
        name, _, length = word.partition(":")
        ticks = int(length) if length else ticks
        events.append(Event(None if name == "-" else Pitch.parse(name), ticks))
    return tuple(events)


def broken(ground_: HarmonicContext, text: str) -> str:
    """The rules that stop a melody, in the automaton's words; "" where it goes through."""
    automaton = Automaton(ground_)
    state = automaton.start()
    for event in melody(text):
        try:
            state = automaton.advance(state, event)
        except ValueError as error:
            return str(error).partition(" breaks ")[2]
    assert automaton.can_end(state)
    return ""


def random_context(seed: int, bars: int = 2) -> HarmonicContext:
    """A phrase of any family, mode, colour, cadence, metre and language that the family can be sung
    in, led by the frame."""
    rng = random.Random(seed)
    family = rng.choice(list(families().values()))
    tonic = rng.choice(("C", "G", "D", "A", "E", "F", "Bb", "Eb", "Ab", "F#"))
    key = Key.spelled(tonic, rng.choice(family.modes))
    metre = METRES[rng.choice(list(METRES))]
    a_bar = rng.choice((1, 2)) if metre.beats > 1 else 1
    count = bars * a_bar
    chords = progression(
        family,
        key,
        rng.choice(("authentic", "half", "plagal")),
        count,
        colour=rng.choice(COLOURS),
        noise=Noise(seed),
        place=("test",),
    )
    # What leaps from key to key is sung in the language of its own, and in no other.
    language = FREE if family.language == FREE else rng.choice(LANGUAGES)
    frame = lead(chords, language=language)
    half = metre.beat * (metre.beats - metre.beats // 2)
    lengths = [metre.bar] if a_bar == 1 else [half, metre.bar - half]
    spans, tick = [], 0
    for index, chord in enumerate(chords):
        length = lengths[index % a_bar]
        spans.append(Span(tick, tick + length, chord, frame.voicings[index]))
        tick += length
    tops = [voicing.soprano for voicing in frame.voicings]
    low, high = min(tops), max(tops)
    scale = key.notes
    if rng.random() < 0.3:
        degrees = (0, 2, 3, 4, 6) if key.mode.minor else (0, 1, 2, 4, 5)
        scale = tuple(key.degree(degree) for degree in degrees)
    return HarmonicContext(
        key=key,
        metre=metre,
        start=rng.choice((0, 0, -metre.beat, -12)),
        end=tick,
        spans=tuple(spans),
        compass=_widened(low, high, rng.choice((9, 12, 16))),
        scale=scale,
        final=frozenset({tops[-1].note, chords[-1].root}),
        language=language,
        durations=DURATIONS,
        before=_entry(rng, chords[0], frame.voicings[0]) if rng.random() < 0.5 else None,
    )


def _entry(rng: random.Random, chord: Chord, voicing: Voicing) -> PhraseEntry:
    """The first chord once more, as if the phrase before had ended on it."""
    return PhraseEntry(rng.choice((None, voicing.soprano)), voicing.soprano, chord, (voicing,))


def _widened(low: Pitch, high: Pitch, semitones: int) -> tuple[Pitch, Pitch]:
    """A compass of at least so many semitones round two pitches."""
    missing = max(0, semitones - (high.midi - low.midi))
    naturals = [Pitch(step, 0, octave) for octave in range(2, 8) for step in range(7)]
    below = max(p for p in naturals if p.midi <= low.midi - missing // 2)
    above = min(p for p in naturals if p.midi >= high.midi + missing - missing // 2)
    return below, above
