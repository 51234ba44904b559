"""What a phrase's slots ask for, note by note: the rhythm, and the motif's steps or pitches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from composer.melody import rhythm
from composer.values import Motif, Phrase, Slot
from theory.metre import Metre
from theory.noise import Noise
from theory.pitch import Pitch

# How strongly each action holds the singer to its motif: the cost of a letter's difference.
HOLD = {
    "state": 1.6,
    "repeat": 1.6,
    "sequence": 1.6,
    "invert": 1.4,
    "fragment": 1.4,
    "new ending": 1.2,
    "contrast": 1.2,
    "cadence": 0.0,
}

# An upbeat climbs by step to the phrase's first note, if it likes.
UPBEAT_STEP, UPBEAT_HOLD = 1, 0.4


@dataclass(frozen=True, slots=True)
class Wish:
    """One note to be: its length, and what its slot would like it to be.

    `step` is the wished motion from the note before, in letters; `pitch` a wished pitch; `hold` the
    cost of a letter's difference from either.
    """

    start: int
    ticks: int
    sounding: bool
    slot: Slot
    step: int | None = None
    pitch: Pitch | None = None
    hold: float = 0.0


def wishes(
    phrase: Phrase,
    motifs: Mapping[str, Motif],
    changes: Sequence[int],
    metre: Metre,
    statements: Mapping[str, Sequence[tuple[int, Pitch]]],
    until: int,
    lean: bool,
    noise: Noise,
) -> tuple[Wish, ...]:
    """The wishes of a whole phrase, in order, filling it exactly from its upbeat.

    changes: the ticks at which chords change; each is attacked.
    statements: what each motif's last statement sang, as (tick from its slot's start, pitch).
    until: the tick at which the next phrase's upbeat begins.
    lean: may the cadence's goal come a beat late?
    """
    made = _upbeat(phrase)
    last_bar = phrase.end - metre.bar
    for slot in phrase.slots:
        if slot.start < last_bar:
            made += _motivic(slot, min(slot.end, last_bar), motifs, changes, statements)
    closing = rhythm.cadential(metre, until - last_bar, phrase.breath, lean, noise, phrase.name)
    tick = last_bar
    for ticks, sounding in closing:
        if ticks:
            made.append(Wish(tick, ticks, sounding, phrase.slots[-1]))
        tick += ticks
    return tuple(made)


def _upbeat(phrase: Phrase) -> list[Wish]:
    """Notes that lead up to the phrase: one, or two where the upbeat is a whole simple beat."""
    if not phrase.upbeat:
        return []
    halves = {12: (12,), 24: (12, 12), 36: (24, 12)}[phrase.upbeat]
    made, tick = [], phrase.start - phrase.upbeat
    for ticks in halves:
        made.append(Wish(tick, ticks, True, phrase.slots[0], UPBEAT_STEP, None, UPBEAT_HOLD))
        tick += ticks
    return made


def _motivic(
    slot: Slot,
    end: int,
    motifs: Mapping[str, Motif],
    changes: Sequence[int],
    statements: Mapping[str, Sequence[tuple[int, Pitch]]],
) -> list[Wish]:
    motif = motifs[slot.motif]
    ticks = end - slot.start
    if slot.action == "fragment":
        # The motif's head, again and again: half of it at a time.
        half = sum(motif.rhythm) // 2
        head = rhythm.fragment(motif.rhythm, min(half, ticks))
        durations = rhythm.fitted(head, ticks)
        steps = motif.steps[: len(head)]
    else:
        durations = rhythm.fitted(motif.rhythm, ticks)
        steps = motif.steps
    if slot.action == "invert":
        steps = tuple(-step for step in steps)
    onsets = _onsets(durations, slot.start)
    attacks = rhythm.attacked(durations, slot.start, changes)
    sung = dict(statements.get(slot.motif, ()))
    free_from = slot.start + ticks // 2 if slot.action == "new ending" else end
    hold = HOLD[slot.action]
    wishes_: list[Wish] = []
    tick = slot.start
    for duration in attacks:
        index = onsets.get(tick)
        step: int | None = None
        pitch: Pitch | None = None
        if index is None:
            step = 0 if hold else None  # a split note is sung again
        elif tick < free_from and hold:
            place = index % len(steps)
            if place:
                step = steps[place] - steps[place - 1]
            if slot.action in ("repeat", "new ending", "sequence"):
                pitch = sung.get(tick - slot.start)
                if pitch is not None and slot.shift:
                    pitch = moved(pitch, slot.shift)
        wishes_.append(Wish(tick, duration, True, slot, step, pitch, hold))
        tick += duration
    return wishes_


def _onsets(durations: Sequence[int], start: int) -> dict[int, int]:
    """Tick → index of the motif's note that begins there."""
    found, tick = {}, start
    for index, ticks in enumerate(durations):
        found[tick] = index
        tick += ticks
    return found


def moved(pitch: Pitch, letters: int) -> Pitch:
    """The pitch some letters higher, its alteration left as it is: a wish, not a note."""
    octave, step = divmod(pitch.height + letters, 7)
    return Pitch(step, pitch.alter, octave)
