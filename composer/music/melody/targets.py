"""The notes that a phrase's slots ask for: their rhythm, and the motif's steps and height."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import fsum

from composer.music.melody import rhythm
from composer.music.melody.context import SOON, PhraseContext, letters
from composer.music.melody.motif import OUTSIDE_PRICE, harmonic_fit
from composer.values import Motif, Note, Phrase, Slot
from composer.values.plan import LEAP
from theory.metre import Metre
from theory.noise import Noise

# How strongly each action holds the singer to its motif: the cost of a letter's difference.
HOLD = {
    "state": 4.0,
    "repeat": 4.0,
    "sequence": 5.0,
    "invert": 5.0,
    "fragment": 5.0,
    "new ending": 4.0,
    "contrast": 3.5,
    "cadence": 0.0,
}
PLACE_HOLD = 1.2  # the cost of a letter's difference from the height at which it is to be sung
# At the climax the line may leave the motif, and find back to it.
CLIMAX_HOLD, AFTER_CLIMAX_HOLD = 0.25, 0.5
UPBEAT_STEP, UPBEAT_HOLD = 1, 0.8  # an upbeat climbs by step to the phrase's first note
GOAL_STEP, GOAL_HOLD = -1, 1.2  # a cadence's goal is best reached from the step above
OCTAVE, LEAP_HOLD = 7, 6.0  # a leap of register
PUSHED = 0.7  # how often, under full syncopation, a slot's first note comes a quaver early
FINAL_WEIGHT, GOAL_WEIGHT = 3.0, 1.5  # how much more the contour draws a last note than others
HELD_WEIGHT, AGAIN_WEIGHT = 0.25, 0.02  # and a note that is held to a motif, and to one heard
OUTLINE_PRICE = 1.2  # for each letter away from the picture's outline, where the tune shows it
SHIFT_PRICE = 0.3  # for each letter that a line is sung away from where it is wished
WRONG_WAY_PRICE = 0.6  # for a sequence that goes the other way than the plan's


@dataclass(frozen=True, slots=True)
class TargetNote:
    """One note to be: its length, and what its slot would like it to be.

    `step` is the wished motion from the note before and `height` the wished height above C0, both
    in letters; `hold` the cost of a letter's difference in the one; `weight` how much the
    contour counts. A note that `leans` may be outside the chord at no cost; the one that
    `peaks` is its period's highest; the `first` begins a statement of its motif. `elsewhere` is
    the height at which a sequence's statement began, and it may not.
    """

    start: int
    ticks: int
    slot: Slot
    step: int | None = None
    height: int | None = None
    hold: float = 0.0
    weight: float = 1.0
    leans: bool = False
    peaks: bool = False
    first: bool = False
    elsewhere: int | None = None


# What each motif's first statement sang: tick from its start → height in letters.
Heard = Mapping[str, Mapping[int, int]]


def phrase_targets(
    context: PhraseContext, motifs: Mapping[str, Motif], heard: Heard, noise: Noise
) -> tuple[TargetNote, ...]:
    """The notes that a phrase asks for, in order, filling it from its upbeat to its breath."""
    phrase = context.phrase
    made = _upbeat(phrase)
    for slot in phrase.slots:
        if slot.start < context.motivic_end(slot):
            line = motivic(context, slot, motifs[slot.motif], heard.get(slot.motif, {}))
            made += line
    if phrase.cadence != "open":
        made += _closing(context, noise)
    return tuple(peaking(context, _pushed(context, made, noise)))


def _pushed(context: PhraseContext, made: Sequence[TargetNote], noise: Noise) -> list[TargetNote]:
    """The notes, some of those that begin a slot or a cadence a quaver early and tied over.

    Only where the frame proves that they can be: see `rhythm.early`.
    """
    found = list(made)
    pulse = context.metre.pulse
    for number in range(1, len(found)):
        before, note = found[number - 1], found[number]
        starts = note.first or note.start == context.phrase.end - context.metre.bar
        if starts and before.ticks >= 2 * pulse and comes_early(context, note.start, noise):
            found[number - 1] = replace(before, ticks=before.ticks - pulse)
            found[number] = early(note, pulse)
    return found


def comes_early(context: PhraseContext, start: int, noise: Noise) -> bool:
    """Is what begins at a tick of the phrase to begin a quaver before, and may it?"""
    wished = noise.uniform("push", *context.place, start - context.phrase.start)
    return wished < PUSHED * context.syncopation and rhythm.early(
        context.spans,
        start - context.metre.pulse,
        start,
        context.metre,
        context.key,
        context.scale,
    )


def early(note: TargetNote, ticks: int) -> TargetNote:
    """A note that begins so many ticks before its time and is tied over."""
    return replace(note, start=note.start - ticks, ticks=note.ticks + ticks)


def _upbeat(phrase: Phrase) -> list[TargetNote]:
    """Notes that lead up to the phrase: one, or two where the upbeat is a whole beat."""
    if not phrase.upbeat:
        return []
    halves = {12: (12,), 24: (12, 12), 36: (24, 12)}[phrase.upbeat]
    starts = accumulate(halves, initial=phrase.start - phrase.upbeat)
    return [
        TargetNote(tick, ticks, phrase.slots[0], UPBEAT_STEP, None, UPBEAT_HOLD)
        for tick, ticks in zip(starts, halves, strict=False)
    ]


def _closing(context: PhraseContext, noise: Noise) -> list[TargetNote]:
    """The last bar: a goal, and perhaps what leans on it."""
    phrase = context.phrase
    tick = phrase.end - context.metre.bar
    sounding = context.goal - tick
    durations = rhythm.cadential(context.metre, sounding, context.density, noise, *context.place)
    made = []
    for number, ticks in enumerate(durations):
        goal = number == len(durations) - 1
        made.append(
            TargetNote(
                tick,
                ticks,
                phrase.slots[-1],
                GOAL_STEP if goal and number else None,
                None,
                GOAL_HOLD,
                (FINAL_WEIGHT if context.final else GOAL_WEIGHT) if goal else 1.0,
                leans=number == len(durations) - 2,
            )
        )
        tick += ticks
    return made


def motivic(
    context: PhraseContext, slot: Slot, motif: Motif, heard: Mapping[int, int]
) -> list[TargetNote]:
    """A slot's notes: its motif, or what is made of it."""
    end = context.motivic_end(slot)
    ticks = end - slot.start
    hold = HOLD[slot.action]
    heights = model(motif, heard)
    turned = slot.action == "invert"
    # What comes again stands where the outline has it, and is not bent by it.
    weight = AGAIN_WEIGHT if heard and context.outlined else HELD_WEIGHT
    length = sum(motif.rhythm)
    if slot.action == "fragment":
        length = min(_head(motif.rhythm, context.metre), ticks, length)
    until = free_from(context, slot)
    made: list[TargetNote] = []
    base: int | None = None
    for begin in range(slot.start, end, length):
        durations = rhythm.fitted(motif.rhythm, min(length, end - begin))
        steps = [heights[at] - heights[0] for at in accumulate(durations[:-1], initial=0)]
        chords = harmonic_fit(
            durations,
            begin,
            until,
            context.spans,
            context.metre,
            context.letters,
            -1 if turned else 1,
        )
        if hold:
            prices = _prices(context, slot, begin, steps, heights[0] if heard else None, base)
            base = chords.best(steps, prices)
        line = [base + (-step if turned else step) for step in steps] if base is not None else []
        made += _sung(context, slot, begin, durations, line, until, hold, weight)
    if slot.action == "sequence" and heard:
        made[0] = replace(made[0], elsewhere=heights[0])
    return made


def free_from(context: PhraseContext, slot: Slot) -> int:
    """Where a slot leaves its motif's pitches: a new ending halfway, others where they end."""
    end = context.motivic_end(slot)
    return slot.start + (end - slot.start) // 2 if slot.action == "new ending" else end


def model(motif: Motif, heard: Mapping[int, int]) -> dict[int, int]:
    """Tick from the motif's start → height: as it was sung first, or else as it was drawn."""
    found: dict[int, int] = {}
    before: tuple[int, int] | None = None
    for tick, step in zip(accumulate(motif.rhythm, initial=0), motif.steps, strict=False):
        height = heard.get(tick)
        if height is None:
            height = step if before is None else before[1] + step - before[0]
        found[tick] = height
        before = (step, height)
    return found


def first_sung(slot: Slot, notes: Sequence[Note]) -> Mapping[int, int]:
    """What a statement sang: tick from its slot's start → height in letters.

    A first note that came early counts as if it were in time.
    """
    return {
        max(0, note.start - slot.start): note.pitch.height
        for note in notes
        if note.pitch is not None and begins(note, slot)
    }


def begins(note: Note, slot: Slot) -> bool:
    """Does a note belong to a slot: does it begin there, or come early and sound on into it?"""
    early = slot.start - SOON <= note.start < slot.start < note.end
    return early or slot.start <= note.start < slot.end


def _head(durations: Sequence[int], metre: Metre) -> int:
    """How long a fragment is: a motif's first half bar, or bar where that has but one note."""
    half = metre.bar // 2 if metre.beats % 2 == 0 else metre.bar
    starts = list(accumulate(durations, initial=0))
    if sum(start < half for start in starts) > 1 and half in starts:
        return half
    return metre.bar


def _prices(
    context: PhraseContext,
    slot: Slot,
    begin: int,
    steps: Sequence[int],
    first: int | None,
    base: int | None,
) -> dict[int, float]:
    """Heights at which a line may begin, the wished one first, with what they cost."""
    prices = _wished(context, slot, begin, steps, first, base)
    low, high = context.letters
    turned = [-step if slot.action == "invert" else step for step in steps]
    return {
        height: price
        + OUTSIDE_PRICE * max(0, height + max(turned) - high)
        + OUTSIDE_PRICE * max(0, low - height - min(turned))
        for height, price in prices.items()
    }


def _wished(
    context: PhraseContext,
    slot: Slot,
    begin: int,
    steps: Sequence[int],
    first: int | None,
    base: int | None,
) -> dict[int, float]:
    """The same by what the slot's action asks for alone."""
    leaping = context.phrase.surprise == LEAP  # from below
    outlined = leaping or (context.outlined and slot.action not in ("repeat", "state"))
    beat = min(
        ((begin if outlined else slot.start) - context.phrase.start) // context.metre.beat,
        len(context.phrase.contour) - 1,
    )
    last = min(beat + 2 * context.metre.beats, len(context.phrase.contour)) - 1
    contour = context.phrase.contour[beat : last + 1]
    drawn = round(letters(fsum(contour) / len(contour)))
    turned = -1 if slot.action == "invert" else 1
    drawn -= turned * round(sum(steps) / len(steps))
    if outlined:
        taken = base if slot.action == "fragment" else first if slot.action == "sequence" else None
        around = _around(drawn, 4, set() if taken is None else {taken})
        return {height: OUTLINE_PRICE / SHIFT_PRICE * price for height, price in around.items()}
    if slot.action == "fragment":
        way = 1 if contour[-1] > contour[0] else -1
        wished = (base if base is not None else first if first is not None else drawn) + way
        return _around(wished, 3, {base} if base is not None else set())
    if first is None or slot.action == "invert":
        return _around(drawn, 3, set())
    if slot.action == "sequence":
        prices = _around(first + slot.shift, 3, {first})
        return {
            height: price + WRONG_WAY_PRICE * ((height - first) * slot.shift < 0)
            for height, price in prices.items()
        }
    if slot.action == "contrast":
        return _around(first, 2, set())
    if slot.action == "new ending":  # below the peak, if the first time went up to it
        return {height: 2 * price for height, price in _around(first, 3, set()).items()}
    return {first: 0.0}


def _around(wished: int, most: int, without: set[int]) -> dict[int, float]:
    """Heights up to `most` letters away, the nearest first."""
    shifts = sorted(range(-most, most + 1), key=abs)
    return {wished + s: SHIFT_PRICE * abs(s) for s in shifts if wished + s not in without}


def _sung(
    context: PhraseContext,
    slot: Slot,
    begin: int,
    durations: Sequence[int],
    line: Sequence[int],
    until: int,
    hold: float,
    held_weight: float,
) -> list[TargetNote]:
    """The notes for a line of heights, attacked where chords change and no tie is proved."""
    changes = rhythm.required(
        durations, begin, context.spans, context.metre, context.key, context.scale
    )
    onsets = {tick: i for i, tick in enumerate(accumulate(durations[:-1], initial=begin))}
    made: list[TargetNote] = []
    tick = begin
    for ticks in rhythm.attacked(durations, begin, changes):
        index = onsets.get(tick)
        step = height = None
        if index is None:
            step = 0 if hold else None  # a split note is sung again
        elif tick < until and line:
            height = line[index]
            step = height - line[index - 1] if index else None
        held = step is not None or height is not None
        weight = held_weight if held else 1.0
        made.append(TargetNote(tick, ticks, slot, step, height, hold, weight, first=tick == begin))
        tick += ticks
    return made


def peaked(context: PhraseContext, line: Sequence[TargetNote]) -> tuple[TargetNote, ...]:
    """Some target notes of a phrase with the climax among them, if it lies there."""
    peak = context.peak
    there = peak is not None and any(
        target.start <= peak.tick < target.start + target.ticks for target in line
    )
    return tuple(peaking(context, line) if there else line)


def _held(
    context: PhraseContext,
    found: list[TargetNote],
    number: int,
    leap: TargetNote,
    changes: set[int],
) -> TargetNote:
    """A note that is leapt up to, held for more than a beat: what would follow at once over its
    chord is part of it, and is taken from the notes. One that leads to a note which is held over a
    change of chord is left, for without it that might not be legal."""
    while leap.ticks <= context.metre.beat and number + 2 < len(found):
        after, then = found[number + 1 : number + 3]
        over = any(then.start < tick < then.start + then.ticks for tick in changes)
        if after.start in changes or after.start % context.metre.bar == 0 or over:
            break
        leap = replace(leap, ticks=leap.ticks + found.pop(number + 1).ticks)
    return leap


def peaking(context: PhraseContext, line: Sequence[TargetNote]) -> list[TargetNote]:
    """The target notes with one to be the period's highest, where the motif's hold is loosened.

    It is the note that begins nearest to the peak's place, at a change of chord only if that is at
    one.
    """
    found = list(line)
    if context.peak is None or not context.phrase.start <= context.peak.tick < context.phrase.end:
        return found
    tick, changes = context.peak.tick, {span.start for span in context.spans}
    number = min(
        range(len(found)),
        key=lambda n: (
            (found[n].start in changes) != (tick in changes),
            abs(found[n].start - tick),
        ),
    )
    goal = context.peak.pitch.height
    peaking = replace(found[number], peaks=True)
    if context.phrase.surprise == LEAP and number:
        peaking = _held(context, found, number, peaking, changes)
        peaking = replace(peaking, step=OCTAVE, height=goal, hold=LEAP_HOLD)
        found[number - 1] = replace(found[number - 1], step=None, height=goal - OCTAVE)
    else:
        peaking = replace(peaking, height=None, hold=peaking.hold * CLIMAX_HOLD)
    if number + 1 < len(found):
        after = found[number + 1]
        found[number + 1] = replace(after, hold=after.hold * AFTER_CLIMAX_HOLD)
    found[number] = peaking
    return found
