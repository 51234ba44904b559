"""The counter-melody: a slower voice under the melody, in contrary motion, found exactly.

It moves where the melody rests or holds and holds where the melody moves; what would begin with a
note of the melody begins after it, so that the two converse. Every phrase is sung through the
automaton that the melody is sung through, on the same chords over the same bass; what is due to the
melody above it (to stay below, no parallel perfects, contrary motion) are costs over it. A phrase
that has no such line stays silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from composer.music.arrange.chords import UpperVoices
from composer.music.arrange.leadsheet import LeadSheet
from composer.values import ChordSpan, Note, Phrase, cadence_notes
from theory.melody import (
    Automaton,
    HarmonicContext,
    NoMelody,
    PhraseEntry,
    Span,
    best_melody,
    labels,
)
from theory.metre import Metre
from theory.pitch import Pitch

LOWEST, HIGHEST = Pitch.parse("D3"), Pitch.parse("C5")
CENTRE = 61
UNDER = 3  # semitones under the melody at least
OVER = 3  # semitones over the bass at least
SOFTER = -9
# The frame's soprano is the melody's: its structural notes are no concern of a voice below it.
NOT_ITS_OWN = frozenset({"structural-note"})
# Points for an interval of the line, by semitones up to an octave.
LEAPS = np.array([1.5, 0.0, 0.0, 0.6, 0.8, 1.5, 8.0, 2.0, 3.5, 4.0, 9.0, 9.0, 4.5])
FAR = 0.15  # points a semitone from the centre
FOREIGN = 0.3  # points for a note outside the chord
CHROMATIC = 4.0  # points for one outside chord and key: the melody has those
DOUBLED = 0.7  # points for a note that the accompanying chord has
UNISON, HARSH = 1.2, 2.0  # points for the melody's own note, and for a second or seventh under it
LEADING = 8.0  # points for doubling the melody's leading note
SIMILAR, WITH_BASS = 0.8, 0.3  # points for moving as the melody or the bass does, off for against
AWAY = 0.2  # points a semitone from the last note of the phrase before

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CounterPlace:
    """A note of the line: its time, its chord and what the melody does then.

    `above` is the melody's pitch at the start (MIDI, or None in a rest), `last` its pitch just
    before, `lowest` its lowest while this note lasts.
    """

    start: int
    end: int
    span: ChordSpan
    above: int | None
    last: int | None
    lowest: int
    strong: bool


def counter_notes(sheet: LeadSheet, voices: tuple[UpperVoices, ...]) -> tuple[Note, ...]:
    """The line, phrase by phrase, in the sections that it joins; where there is only one section,
    from its second phrase on.

    `voices` are the accompanying chords, whose own notes the line would rather not double.
    """
    plan = sheet.plan
    chords = {
        span.start: frozenset(pitch.midi for pitch in upper)
        for span, upper in zip(sheet.harmony.spans, voices, strict=True)
    }
    notes: list[Note] = []
    for number, phrase in enumerate(plan.phrases):
        joined = "counter-melody" in plan.sections[sheet.section(phrase.start)].joined
        if phrase.sung and joined and (number or len(plan.phrases) == 1):
            notes += _phrase(sheet, phrase, chords, notes[-1].pitch if notes else None)
        elif number and plan.echoes(phrase):
            notes += _echo(sheet, phrase)
    return tuple(notes)


def _echo(sheet: LeadSheet, phrase: Phrase) -> list[Note]:
    """The melody's last bar again, an octave lower, over the chord that it closed on; nothing of
    what lies too low for that."""
    bar = sheet.plan.metre.bar
    found = []
    for note in sheet.melody:
        if not phrase.start - bar <= note.start < phrase.start or note.pitch is None:
            continue
        pitch = Pitch(note.pitch.step, note.pitch.alter, note.pitch.octave - 1)
        start = note.start + bar
        if pitch.midi < LOWEST.midi:
            continue
        cause = sheet.cause(
            start, "counter-melody", note.cause.label, ("counter_melody", "phrasing")
        )
        velocity = sheet.velocity(start, SOFTER, "counter-melody")
        found.append(Note(start, min(note.ticks, phrase.end - start), pitch, velocity, cause))
    return found


def _phrase(
    sheet: LeadSheet, phrase: Phrase, chords: Mapping[int, frozenset[int]], before: Pitch | None
) -> list[Note]:
    """The best legal line of a phrase, or nothing; `before` is the last note before it."""
    places = _places(sheet, phrase)
    if not places:
        return []
    automaton = Automaton(_context(sheet, phrase, places, before))
    pitches = automaton.pitches
    own = np.array([_own(place, pitches, chords[place.span.start]) for place in places])
    if before is not None:
        own[0] += AWAY * np.abs(_midi(pitches) - before.midi)
    steps = np.zeros((len(places), len(pitches), len(pitches)))
    for row, (old, new) in enumerate(pairwise(places), 1):
        steps[row] = _pair(old, new, pitches)
    rhythm: list[tuple[int, bool]] = []
    for place, after in zip(places, [*places[1:], None], strict=True):
        rhythm.append((place.end - place.start, True))
        if after is not None and place.end < after.start:
            rhythm.append((after.start - place.end, False))
    try:
        best = best_melody(automaton, rhythm, own, steps)
    except NoMelody:
        return []
    if not np.isfinite(best.total):
        return []
    kinds = labels(automaton, best.events)
    sung = [
        (event.pitch, kind)
        for event, kind in zip(best.events, kinds, strict=True)
        if event.pitch is not None
    ]
    return [
        _note(sheet, place, pitch, kind) for place, (pitch, kind) in zip(places, sung, strict=True)
    ]


def _note(sheet: LeadSheet, place: CounterPlace, pitch: Pitch, kind: str) -> Note:
    rules = ("counter_melody", "parallel-fifths", "parallel-octaves", "perfects-with-bass")
    cause = sheet.cause(place.start, "counter-melody", kind, rules)
    velocity = sheet.velocity(place.start, SOFTER, "counter-melody")
    return Note(place.start, place.end - place.start, pitch, velocity, cause)


def _context(
    sheet: LeadSheet, phrase: Phrase, places: list[CounterPlace], before: Pitch | None
) -> HarmonicContext:
    """What the line has to obey: the phrase's chords and bass from where it comes in, and its own
    last note `before`."""
    plan = sheet.plan
    start, end = places[0].start, places[-1].end
    held = sheet.span(start - 1)
    spans = tuple(
        Span(max(span.start, start), min(span.end, end), span.chord, span.voicing)
        for span in sheet.harmony.spans
        if span.start < end and span.end > start
    )
    return HarmonicContext(
        key=plan.key_of(phrase),
        metre=plan.metre,
        start=start,
        end=end,
        spans=spans,
        compass=(LOWEST, HIGHEST),
        scale=plan.key_of(phrase).notes,
        final=cadence_notes(spans[-1].chord),
        language=plan.language,
        durations=tuple(sorted({place.end - place.start for place in places})),
        off=plan.off | NOT_ITS_OWN,
        before=None if before is None else PhraseEntry(before, before, held.chord, (held.voicing,)),
    )


def _places(sheet: LeadSheet, phrase: Phrase) -> list[CounterPlace]:
    """The line's rhythm: half bars, cut where chords change, halved where the melody is at rest."""
    metre = sheet.plan.metre
    end = min(phrase.end, sheet.plan.end)
    accents = [beat for beat, accent in enumerate(metre.accents) if accent >= 3]
    cuts = {phrase.start, end} | {s.start for s in sheet.harmony.spans}
    for bar in range(phrase.start, end, metre.bar):
        cuts |= {bar + beat * metre.beat for beat in accents}
    if sheet.final < end:
        cuts = {cut for cut in cuts if cut <= sheet.final} | {end, sheet.final}
    inside = sorted(cut for cut in cuts if phrase.start <= cut <= end)
    times: list[tuple[int, int]] = []
    for start, stop in pairwise(inside):
        moves = any(start < note.start < stop for note in sheet.melody)
        middle = stop if moves or start >= sheet.final else start + _long(stop - start, metre)
        times += [(start, middle), (middle, stop)] if middle < stop else [(start, stop)]
    # The line comes in after the melody, once it has begun its phrase.
    return [_place(sheet, start, stop) for start, stop in _answering(sheet, times[1:])]


def _answering(sheet: LeadSheet, times: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The times, those that begin with a note of the melody later by a beat or a quaver: where it
    begins none, and half of the time at least is left.

    The note before is held until then; over another chord it ends with its own, and the line rests.
    The last chord's note stays where it is.
    """
    metre = sheet.plan.metre
    onsets = {note.start for note in sheet.melody}
    found: list[tuple[int, int]] = []
    for start, stop in times:
        later = start
        if start in onsets and start < sheet.final:
            waits = (metre.beat, metre.pulse, metre.beat + metre.pulse)
            free = (start + wait for wait in waits if 2 * wait <= stop - start)
            later = next((tick for tick in free if tick not in onsets), start)
        if found and later > start and sheet.span(start).start < start:
            found[-1] = (found[-1][0], later)
        found.append((later, stop))
    return found


def _long(ticks: int, metre: Metre) -> int:
    """The longer half of so many ticks, in beats; a compound beat is a crotchet and a quaver."""
    if ticks == metre.beat:
        return ticks - metre.pulse if metre.compound else ticks
    return -(-ticks // metre.beat // 2) * metre.beat


def _place(sheet: LeadSheet, start: int, end: int) -> CounterPlace:
    sounding = [n for n in sheet.melody if n.start < end and n.end > start]
    above = next((n.key_number for n in sounding if n.start <= start), None)
    before = [n for n in sheet.melody if n.start < start]
    return CounterPlace(
        start,
        end,
        sheet.span(start),
        above,
        before[-1].key_number if before else None,
        min((n.key_number for n in sounding), default=sheet.span(start).voicing.soprano.midi),
        sheet.plan.metre.strength(start) >= 3 or sheet.span(start).start == start,
    )


def _own(place: CounterPlace, pitches: tuple[Pitch, ...], chords: frozenset[int]) -> Numbers:
    """Tessitura, doubling of the chords and the melody, dissonance against the melody; infinite
    where the line would not lie between melody and bass."""
    midi = _midi(pitches)
    span = place.span
    foreign = np.array([pitch.note not in span.chord.tones for pitch in pitches])
    strange = np.array([pitch.note not in span.chord.key.notes for pitch in pitches])
    cost: Numbers = (
        FAR * np.abs(midi - CENTRE) + FOREIGN * foreign + CHROMATIC * (foreign & strange)
    )
    cost = cost + DOUBLED * np.isin(midi, list(chords))
    leading = span.chord.leading
    if place.above is not None:
        against = (place.above - midi) % 12
        cost = cost + UNISON * (against == 0) + HARSH * np.isin(against, (1, 2, 10, 11))
    sung = place.last if place.above is None else place.above
    if leading is not None and sung is not None and sung % 12 == leading.chroma:
        cost = cost + LEADING * (midi % 12 == leading.chroma)
    outside = (midi > place.lowest - UNDER) | (midi < span.voicing.bass.midi + OVER)
    return np.where(outside, np.inf, cost)


def _pair(old: CounterPlace, new: CounterPlace, pitches: tuple[Pitch, ...]) -> Numbers:
    """The interval of the line, and its motion against the melody and the bass; (from, to)."""
    midi = _midi(pitches)
    a, b = midi[:, None], midi[None, :]
    move = b - a
    size = np.abs(move).astype(int)
    cost: Numbers = LEAPS[np.minimum(size, len(LEAPS) - 1)]
    forbidden = np.zeros(cost.shape, np.bool_)
    for first, second in ((old.above, new.above), (new.last, new.above)):
        if first is not None and second is not None:
            forbidden |= _parallel(first - a, second - b, move != 0)
    if old.above is not None and new.above is not None:
        cost = cost + SIMILAR * np.sign(move) * np.sign(new.above - old.above)
    first_bass, second_bass = old.span.voicing.bass.midi, new.span.voicing.bass.midi
    if first_bass != second_bass:
        forbidden |= _parallel(a - first_bass, b - second_bass, move != 0)
        cost = cost + WITH_BASS * np.sign(move) * np.sign(second_bass - first_bass)
    return np.where(forbidden, np.inf, cost)


def _parallel(first: Numbers, second: Numbers, moved: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Do two voices move from a fifth or an octave to another of the same kind?"""
    perfect = np.isin(first % 12, (0, 7)) & (first % 12 == second % 12)
    found: NDArray[np.bool_] = perfect & moved
    return found


def _midi(pitches: tuple[Pitch, ...]) -> Numbers:
    return np.array([pitch.midi for pitch in pitches], dtype=float)
