"""Who plays a part, and how: its octave, slurs and breaths, rolled chords, length of notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise, product

from composer.music.orchestra import PitchedPattern
from composer.values import Instrument, Note, Plan
from composer.vocabulary import SINGERS
from theory.metre import QUARTER, Metre
from theory.pitch import Pitch
from theory.tempo import lasting

PULSES = 480  # of the MIDI file, a quarter note
SHIFTS = (0, -1, 1, -2, 2)
BASS = 43  # G2, the heart of a bass line on an instrument that goes higher as well
OUTSIDE = 1000.0  # a note that the instrument does not have
UNEASY = 24.0  # all notes outside the register where it plays with ease
CROSSING = {
    ("melody", "bass"): 60.0,
    ("chords", "bass"): 60.0,
    ("counter-melody", "bass"): 60.0,
    ("melody", "counter-melody"): 40.0,
    ("melody", "chords"): 30.0,
}
ROLES = ("bass", "chords", "counter-melody", "melody")
SECOND = "second-melody"


def octaves_of(
    parts: Mapping[str, tuple[tuple[Note, ...], Instrument]], wished: Mapping[str, int]
) -> dict[str, int]:
    """The octaves by which roles sound higher than written, chosen together.

    Every part in its instrument's range, near its best register and the ensemble's wish, the bass
    below and the melody on top, the counter-melody under it. The least cost of all combinations;
    ties go to the smaller shift. Who takes turns with the melody's player is placed among the
    others as they are.
    """
    roles = [role for role in ROLES if role in parts]
    costs = {
        role: [_octave_cost(role, *parts[role], shift, wished.get(role)) for shift in SHIFTS]
        for role in roles
    }
    best = min(
        product(range(len(SHIFTS)), repeat=len(roles)),
        key=lambda choice: _together(dict(zip(roles, choice, strict=True)), costs),
    )
    found = dict(zip(roles, best, strict=True))
    if SECOND in parts:
        own = [
            _octave_cost("melody", *parts[SECOND], shift, wished.get(SECOND)) for shift in SHIFTS
        ]
        found[SECOND] = min(
            range(len(SHIFTS)),
            key=lambda index: _together({**found, "melody": index}, {**costs, "melody": own}),
        )
    return {role: SHIFTS[index] for role, index in found.items()}


def fold(notes: tuple[Note, ...], instrument: Instrument, octave: int) -> tuple[Note, ...]:
    """Notes that no octave of the part brings into the instrument's range, moved by octaves."""
    low, high = instrument.low.midi - 12 * octave, instrument.high.midi - 12 * octave
    return tuple(
        note
        if note.pitch is None or low <= note.pitch.midi <= high
        else replace(note, pitch=_into(note.pitch, low, high))
        for note in notes
    )


def _into(pitch: Pitch, low: int, high: int) -> Pitch:
    while pitch.midi < low:
        pitch = Pitch(pitch.step, pitch.alter, pitch.octave + 1)
    while pitch.midi > high:
        pitch = Pitch(pitch.step, pitch.alter, pitch.octave - 1)
    return pitch


def _octave_cost(
    role: str, notes: tuple[Note, ...], instrument: Instrument, shift: int, wish: int | None
) -> float:
    numbers = [note.key_number + 12 * shift for note in notes]
    if not numbers:
        return float(abs(shift))
    outside = sum(not instrument.low.midi <= number <= instrument.high.midi for number in numbers)
    centre, best = sum(numbers) / len(numbers), instrument.middle.midi
    cost = OUTSIDE * outside + abs(centre - (min(best, BASS) if role == "bass" else best))
    if instrument.comfortable is not None:
        low, high = (pitch.midi for pitch in instrument.comfortable)
        cost += UNEASY * sum(not low <= number <= high for number in numbers) / len(numbers)
    return cost + (6.0 * abs(shift) if wish is None else 10.0 * abs(shift - wish))


def _together(choice: Mapping[str, int], costs: Mapping[str, list[float]]) -> float:
    total = sum(costs[role][index] for role, index in choice.items())
    for (upper, lower), price in CROSSING.items():
        if upper in choice and lower in choice:
            total += price * max(0, SHIFTS[choice[lower]] - SHIFTS[choice[upper]])
    return total


OCTAVES = (0, 1, -1, 2)  # in which a doubling may lie, the likeliest first


def doubling_octave(notes: tuple[Note, ...], player: Instrument, wish: int) -> int | None:
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


def rolled(instrument: Instrument, plan: Plan) -> int:
    """Pulses between the notes of a chord, from the instrument's milliseconds at the tempo."""
    quarters = plan.tempo[0][1] * plan.metre.beat / QUARTER / 60  # a second
    return round(instrument.roll / 1000 * quarters * PULSES)


def sounding_share(
    role: str, instrument: Instrument, share: float, pattern: PitchedPattern
) -> float:
    """The share of a note's length that sounds: the melody's `share` as decided, the others'
    longer.

    What rings or is tied over is never cut short.
    """
    rings = pattern.ring or pattern.tie or (pattern.whole and instrument.sustains)
    if role == "chords" and rings:
        return 1.0
    return share if role in (*SINGERS, "doubling") else round((share + 1) / 2, 3)
