"""The melody's part: how loud each note is, from the phrase's shape, the bar and the climax."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from composer.music.arrange.ground import Ground
from composer.values import Instrument, Note, Phrase, Plan
from theory.metre import Metre
from theory.tempo import lasting

# Where a phrase is fullest that has no climax of the period, as a share of its length.
CREST = 0.6


def melody_notes(ground: Ground) -> tuple[Note, ...]:
    """The melody with velocities; its last note lasts to the end where it belongs to the chord."""
    notes = [replace(note, velocity=_velocity(ground, note)) for note in ground.melody]
    if notes:
        last = notes[-1]
        pitch = last.pitch
        chord = ground.harmony.spans[-1].chord
        if last.end > ground.final and pitch is not None and pitch.note in chord.tones:
            notes[-1] = replace(last, ticks=ground.plan.end - last.start)
    return tuple(notes)


def _velocity(ground: Ground, note: Note) -> int:
    """The plan's curve swells for all parts; the melody rises and falls a little more than they do,
    and leans out on its high notes."""
    phrase = ground.sung(note.start)
    swell = (2 + ground.plan.performance.dynamic_range / 10) * arch(phrase, note.start)
    wished = sum(phrase.contour) / len(phrase.contour) if phrase.contour else note.key_number
    lift = max(-4.0, min(6.0, 0.5 * (note.key_number - wished)))
    climax = 4 if phrase.climax is not None and note.start <= phrase.climax < note.end else 0
    return ground.velocity(note.start, swell + lift + climax, "melody")


def arch(phrase: Phrase, tick: int) -> float:
    """A phrase's swell at a tick: 0 where it begins, 1 at its crest, −0.8 where it ends."""
    length = phrase.end - phrase.start
    crest = phrase.start + CREST * length if phrase.climax is None else float(phrase.climax)
    crest = min(max(crest, phrase.start + 0.2 * length), phrase.start + 0.85 * length)
    if tick <= crest:
        return 0.5 - 0.5 * math.cos(
            math.pi * max(0.0, (tick - phrase.start) / (crest - phrase.start))
        )
    share = min(1.0, (tick - crest) / (phrase.end - crest))
    return 1 - 1.8 * (0.5 - 0.5 * math.cos(math.pi * share))


SOFTER = -12  # velocity against the melody's: it colours the line and does not lead it
OCTAVES = (0, 1, -1, 2)


def doubling_notes(ground: Ground, melody: tuple[Note, ...]) -> tuple[Note, ...]:
    """The melody's notes (`melody`, with their velocities) in the sections that are doubled."""
    doubled = {one.name for one in ground.plan.sections if "doubling" in one.joined}
    return tuple(
        replace(
            note,
            velocity=max(12, note.velocity + SOFTER),
            cause=replace(
                note.cause, origin="doubling", label="melody", rules=("ensemble",), trace=None
            ),
        )
        for note in melody
        if ground.sung(note.start).section in doubled
    )


def placed(notes: tuple[Note, ...], player: Instrument, wish: int) -> int | None:
    """The octave in which `player` has every note: the one wished for, or else the nearest; None
    where there is none, and nobody doubles."""
    for octave in dict.fromkeys((wish, *OCTAVES)):
        keys = [note.key_number + 12 * octave for note in notes]
        if all(player.low.midi <= key <= player.high.midi for key in keys):
            return octave
    return None


# Lines are slurred where their notes sound for at least so much of their length.
LEGATO = 0.8
STRONG = 3  # the strength of the places (theory.metre) at which a bow changes
LINES = ("strings", "winds", "brass", "voices")


def slurs(
    notes: tuple[Note, ...], player: Instrument, articulation: float, metre: Metre
) -> tuple[tuple[int, int], ...]:
    """From and to which ticks notes are slurred: those between two strong beats, where each begins
    as the last one ends and on another pitch; none for who plays several notes at once."""
    if articulation < LEGATO or player.family not in LINES or player.at_once > 1:
        return ()
    found: list[tuple[int, int]] = []
    start = 0
    for number, (note, after) in enumerate(pairwise((*notes, None)), 1):
        assert note is not None
        goes_on = (
            after is not None
            and after.start == note.end
            and after.pitch != note.pitch
            and metre.strength(after.start) < STRONG
        )
        if not goes_on:
            if number - start > 1:
                found.append((notes[start].start, note.end))
            start = number
    return tuple(found)


# How good a place for a breath is, above a barline (1) and any other end of a note (0).
PHRASE, SLOT = 3, 2
RESTED = 12  # ticks of written rest in which there is time to breathe


def breaths(
    notes: tuple[Note, ...], player: Instrument, plan: Plan, *, sings: bool = False
) -> tuple[int, ...]:
    """The ticks at which notes end early so that the player can breathe; none for a player who
    needs no breath.

    A phrase's end comes first, then a slot's, a barline, and any end of a note, a long one's before
    a short one's, as late as the breath allows; a note longer than a breath is held through.

    sings: the part has the melody, whose phrases end before the next one's upbeat.
    """
    if not player.breath:
        return ()
    ends = _ends(notes)
    starts = sorted({note.start for note in notes})
    upbeats = {phrase.start: phrase.upbeat for phrase in plan.phrases if sings}
    places = {phrase.end - upbeats.get(phrase.end, 0): PHRASE for phrase in plan.phrases}
    for phrase in plan.phrases:
        for slot in phrase.slots:
            places.setdefault(slot.end, SLOT)

    def lasts(start: int, end: int) -> float:
        # At the tempo in which the piece ends, its slowest, so that a breath always lasts.
        return lasting(end - start, plan.metre.beat, plan.tempo[-1][1])

    lengths = {note.end: note.ticks for note in notes}

    def rank(tick: int) -> tuple[int, int]:
        place = places.get(tick, 1 if tick % plan.metre.bar == 0 else 0)
        return place, min(lengths[tick], plan.metre.beat)

    found: list[int] = []
    since, waiting = starts[0], list[int]()
    for end, following in zip(ends, [*ends[1:], None], strict=True):
        while waiting and lasts(since, end) > player.breath:
            since = max(waiting, key=lambda tick: (rank(tick), tick))
            found.append(since)
            waiting = [tick for tick in waiting if tick > since]
        onset = next((start for start in starts if start >= end), None)
        if following is None or onset is None:
            break
        if onset - end >= RESTED:
            since, waiting = onset, []
        elif places.get(end) == PHRASE:
            found.append(end)
            since, waiting = end, []
        else:
            waiting.append(end)
    return tuple(found)


def _ends(notes: tuple[Note, ...]) -> list[int]:
    """The ticks at which notes end and none sounds on."""
    ordered = sorted(notes, key=lambda note: note.start)
    found: list[int] = []
    latest = 0
    for note, after in pairwise(ordered):
        latest = max(latest, note.end)
        if latest <= after.start:
            found.append(latest)
    return [*found, max(note.end for note in ordered)] if ordered else []
