"""The counter-melody: a slower voice under the melody, in contrary motion, found exactly.

It moves where the melody rests or holds and holds where the melody moves. Every phrase is one
search over all its legal lines; a phrase that has none stays silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from composer.arrange.ground import Ground
from composer.arrange.upper import Set
from composer.values import ChordSpan, Note, Phrase
from theory.metre import Metre
from theory.pitch import Pitch

FLOOR, CEILING = 50, 72  # D3 to C5
CENTRE = 61
UNDER = 3  # semitones under the melody at least
SOFTER = -9
NEVER = 1e6
# What an interval of the line costs in semitones; what is wider than an octave never occurs.
LEAPS = (1.5, 0.0, 0.0, 0.6, 0.8, 1.5, NEVER, 2.0, 3.5, 4.0, NEVER, NEVER, 4.5)

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
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


def counter_notes(ground: Ground, voices: tuple[Set, ...]) -> tuple[Note, ...]:
    """The line phrase by phrase; silent in the first of several, and in thin sections
    but the last.

    `voices` are the accompanying chords, whose own notes the line would rather not double.
    """
    phrases = ground.plan.phrases
    chords = {
        span.start: frozenset(pitch.midi for pitch in upper)
        for span, upper in zip(ground.harmony.spans, voices, strict=True)
    }
    notes: list[Note] = []
    for number, phrase in enumerate(phrases):
        last = phrase.section == phrases[-1].section
        thin = ground.level(phrase.start) < 0 and not last
        if thin or (number == 0 and len(phrases) > 2):
            continue
        places = _places(ground, phrase)
        line = _line(ground, places, chords, notes[-1].pitch if notes else None)
        notes += [_note(ground, place, pitch) for place, pitch in zip(places, line, strict=False)]
    return tuple(notes)


def _note(ground: Ground, place: Place, pitch: Pitch) -> Note:
    label = "chord tone" if pitch.note in place.span.chord.tones else "passing"
    rules = ("counter_melody", "parallel-fifths", "parallel-octaves")
    cause = ground.cause(place.start, "counter-melody", label, rules)
    velocity = ground.velocity(place.start, SOFTER)
    return Note(place.start, place.end - place.start, pitch, velocity, cause)


def _places(ground: Ground, phrase: Phrase) -> list[Place]:
    """The line's rhythm: half bars, cut where chords change, halved where the melody is at rest."""
    metre = ground.plan.metre
    end = min(phrase.end, ground.plan.end)
    accents = [beat for beat, accent in enumerate(metre.accents) if accent >= 3]
    cuts = {phrase.start, end} | {s.start for s in ground.harmony.spans}
    for bar in range(phrase.start, end, metre.bar):
        cuts |= {bar + beat * metre.beat for beat in accents}
    if ground.final < end:
        cuts = {cut for cut in cuts if cut <= ground.final} | {end, ground.final}
    inside = sorted(cut for cut in cuts if phrase.start <= cut <= end)
    times: list[tuple[int, int]] = []
    for start, stop in pairwise(inside):
        moves = any(start < note.start < stop for note in ground.melody)
        middle = stop if moves or start >= ground.final else start + _long(stop - start, metre)
        times += [(start, middle), (middle, stop)] if middle < stop else [(start, stop)]
    # The line comes in after the melody, once it has begun its phrase.
    return [_place(ground, start, stop) for start, stop in times[1:]]


def _long(ticks: int, metre: Metre) -> int:
    """The longer half of so many ticks, in beats; a compound beat is a crotchet and a quaver."""
    if ticks == metre.beat:
        return ticks - metre.pulse if metre.compound else ticks
    return -(-ticks // metre.beat // 2) * metre.beat


def _place(ground: Ground, start: int, end: int) -> Place:
    sounding = [n for n in ground.melody if n.start < end and n.end > start]
    above = next((n.key_number for n in sounding if n.start <= start), None)
    before = [n for n in ground.melody if n.start < start]
    return Place(
        start,
        end,
        ground.span(start),
        above,
        before[-1].key_number if before else None,
        min((n.key_number for n in sounding), default=ground.span(start).voicing.soprano.midi),
        ground.plan.metre.strength(start) >= 3 or ground.span(start).start == start,
    )


def _line(
    ground: Ground,
    places: list[Place],
    chords: Mapping[int, frozenset[int]],
    before: Pitch | None,
) -> list[Pitch]:
    """The least costly legal line, by dynamic programming over pairs of successive notes.

    `before` is the last note of the phrase before, from which the line does not start far.
    """
    if not places:
        return []
    options = [_options(ground, place) for place in places]
    if not all(options):
        return []
    own = [
        _own(place, pitches, chords[place.span.start])
        for place, pitches in zip(places, options, strict=True)
    ]
    if before is not None:
        own[0] = own[0] + 0.2 * np.abs(_midi(options[0]) - before.midi)
    if len(places) == 1:
        return [options[0][int(np.argmin(own[0]))]]
    total: Numbers = (
        own[0][:, None] + own[1][None, :] + _pair(places[0], places[1], options[0], options[1])
    )
    total += NEVER * _foreign(places[0], options[0])[:, None]
    came: list[NDArray[np.intp]] = []
    for number in range(2, len(places)):
        a, b, c = options[number - 2 : number + 1]
        cost = (
            total[:, :, None]
            + _pair(places[number - 1], places[number], b, c)[None, :, :]
            + own[number][None, None, :]
            + _triple(places[number - 1], a, b, c)
        )
        came.append(np.argmin(cost, axis=0))
        total = np.min(cost, axis=0)
    total = total + NEVER * _foreign(places[-1], options[-1])[None, :]
    if float(total.min()) >= NEVER:
        return []
    left, right = (int(i) for i in np.unravel_index(int(np.argmin(total)), total.shape))
    path = [right, left]
    for back in reversed(came):
        path.append(int(back[path[-1], path[-2]]))
    return [options[n][index] for n, index in enumerate(reversed(path))]


def _options(ground: Ground, place: Place) -> list[Pitch]:
    tones = place.span.chord.tones
    letters = {tone.step for tone in tones}
    scale = [] if place.strong else [n for n in place.span.chord.key.notes if n.step not in letters]
    low = max(FLOOR, place.span.voicing.bass.midi + 3)
    high = min(CEILING, place.lowest - UNDER)
    found = [
        pitch
        for octave in range(2, 6)
        for note in (*tones, *scale)
        if low <= (pitch := note.at(octave)).midi <= high
    ]
    return sorted(found, key=lambda pitch: (pitch.midi, pitch.height))


def _foreign(place: Place, pitches: list[Pitch]) -> Numbers:
    return np.array([pitch.note not in place.span.chord.tones for pitch in pitches], dtype=float)


def _own(place: Place, pitches: list[Pitch], chords: frozenset[int]) -> Numbers:
    """Tessitura, doubling of the chords and the melody, dissonance against the melody."""
    midi = _midi(pitches)
    cost: Numbers = 0.15 * np.abs(midi - CENTRE) + 0.3 * _foreign(place, pitches)
    cost = cost + 0.7 * np.isin(midi, list(chords))
    leading = place.span.chord.leading
    if place.above is not None:
        against = (place.above - midi) % 12
        cost = cost + 1.2 * (against == 0) + 2.0 * np.isin(against, (1, 2, 10, 11))
    sung = place.last if place.above is None else place.above
    if leading is not None and sung is not None and sung % 12 == leading.chroma:
        cost = cost + 8.0 * (midi % 12 == leading.chroma)
    return cost


def _pair(old: Place, new: Place, before: list[Pitch], here: list[Pitch]) -> Numbers:
    """The interval of the line, and its motion against the melody and the bass."""
    a, b = _midi(before)[:, None], _midi(here)[None, :]
    move = b - a
    size = np.abs(move).astype(int)
    cost: Numbers = np.where(size < len(LEAPS), np.array(LEAPS)[np.minimum(size, 12)], NEVER)
    steps = np.abs(_heights(here)[None, :] - _heights(before)[:, None])
    cost = cost + NEVER * ((steps == 1) & (size == 3)) + NEVER * ((steps != 0) & (size == 0))
    cost = cost + NEVER * ((steps == 0) & (size == 1))
    for first, second in ((old.above, new.above), (new.last, new.above)):
        if first is not None and second is not None:
            cost = cost + NEVER * _parallel(first - a, second - b, move != 0)
    if old.above is not None and new.above is not None:
        cost = cost + 0.8 * np.sign(move) * np.sign(new.above - old.above)
    first_bass, second_bass = old.span.voicing.bass.midi, new.span.voicing.bass.midi
    if first_bass != second_bass:
        cost = cost + NEVER * _parallel(a - first_bass, b - second_bass, move != 0)
        cost = cost + 0.3 * np.sign(move) * np.sign(second_bass - first_bass)
    return cost


def _parallel(first: Numbers, second: Numbers, moved: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Do two voices move from a fifth or an octave to another of the same kind?"""
    perfect = np.isin(first % 12, (0, 7)) & (first % 12 == second % 12)
    found: NDArray[np.bool_] = perfect & moved
    return found


def _triple(middle: Place, a: list[Pitch], b: list[Pitch], c: list[Pitch]) -> Numbers:
    """A note that is not the chord's is reached and left by step; leaps are not piled up."""
    into = _midi(b)[None, :] - _midi(a)[:, None]
    out = _midi(c)[None, :] - _midi(b)[:, None]
    stepwise = ((np.abs(into) <= 2) & (into != 0))[:, :, None] & ((np.abs(out) <= 2) & (out != 0))[
        None, :, :
    ]
    foreign = _foreign(middle, b)[None, :, None].astype(bool)
    same = np.sign(into)[:, :, None] == np.sign(out)[None, :, :]
    piled = (np.abs(into)[:, :, None] >= 4) & (np.abs(out)[None, :, :] >= 4) & same
    still = (into == 0)[:, :, None] & (out == 0)[None, :, :]
    cost: Numbers = NEVER * (foreign & ~stepwise) + 3.0 * piled + 3.0 * still
    return cost


def _midi(pitches: list[Pitch]) -> Numbers:
    return np.array([pitch.midi for pitch in pitches], dtype=float)


def _heights(pitches: list[Pitch]) -> Numbers:
    return np.array([pitch.height for pitch in pitches], dtype=float)
