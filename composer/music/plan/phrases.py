"""Phrases: place in the form, cadence, slots, contour and breath, and where their chords change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.picture.skyline import Skyline
from composer.music.plan import contour
from composer.music.plan.tension import PeakBar, free_bars
from composer.values import MelodyPlan, Phrase, Section, Slot
from theory.harmony.form import FINAL, FormPhrase, Layout
from theory.metre import Metre
from theory.scale import Key

# A sequence takes its motif a step higher in an opening and a step lower in a continuation.
SEQUENCE_STEPS = (1, -1)
HOME_BELOW = 2  # semitones below the middle of the compass at which a melody is at home
FALL = 0.5  # how far a phrase with a full close falls home; the last one comes all the way


def phrases_of(
    layout: Layout,
    sections: Sequence[Section],
    melody: MelodyPlan,
    key: Key,
    metre: Metre,
    skyline: Skyline,
    peak: PeakBar | None = None,
) -> list[Phrase]:
    """The phrases in order, each to its cadence; the piece's last one is called FINAL.

    peak: where the climax of its period has to be.
    """
    half_range = melody.range / 2
    phrases: list[Phrase] = []
    tick = counted = 0
    for section, laid in zip(sections, layout.sections, strict=True):
        number = 0
        middle = contour.middle(melody.register + section.register, 2 * half_range)
        home = _home(key, middle) - middle
        for period in laid.periods:
            own = peak if peak is not None and peak.period == counted else None
            curve, (where, beat) = _curves(
                period, tick, own, skyline, half_range, home, metre, section.outlined
            )
            for index, (phrase, wished) in enumerate(zip(period, curve, strict=True)):
                number += 1
                name = f"{section.name}.{number}"
                end = tick + phrase.bars * metre.bar
                climax = beat if index == where else None
                fall = _fall(phrase, end == layout.bars * metre.bar) if phrase.sung else 0.0
                wished = contour.falling(wished, home, fall, climax, metre.beats)
                phrases.append(
                    Phrase(
                        name=name,
                        section=section.name,
                        start=tick,
                        end=end,
                        cadence=phrase.cadence,
                        slots=_slots(phrase, name, tick, metre),
                        contour=tuple(round(middle + value, 2) for value in wished),
                        climax=None if climax is None else tick + climax * metre.beat,
                        upbeat=0,
                        breath=_breath(phrase, metre),
                        surprise=None,
                        period=counted,
                        degrees=phrase.degrees,
                    )
                )
                tick = end
            counted += 1
    phrases[-1] = replace(phrases[-1], breath=0)
    return phrases


def _curves(
    period: Sequence[FormPhrase],
    start: int,
    peak: PeakBar | None,
    skyline: Skyline,
    half_range: float,
    home: float,
    metre: Metre,
    outlined: bool,
) -> tuple[list[list[float]], tuple[int | None, int]]:
    """The contour of every phrase of a period, level where nobody sings, and the climax as (phrase,
    beat within it); in the bar of the piece's `peak` where that lies in it. A period that nobody
    sings has none."""
    sung = [index for index, phrase in enumerate(period) if phrase.sung]
    curve = [[home] * (phrase.bars * metre.beats) for phrase in period]
    if not sung:
        return curve, (None, 0)
    free = [[bar for bar in free_bars(period[n]) for _ in range(metre.beats)] for n in sung]
    if peak is not None:
        tick = start
        for index, phrase in enumerate(period):
            if phrase.sung:
                beats = range(tick, tick + phrase.bars * metre.bar, metre.beat)
                free[sung.index(index)] = [peak.start <= beat < peak.end for beat in beats]
            tick += phrase.bars * metre.bar
    rows, (where, beat) = contour.period_contour(skyline, free, half_range, outlined)
    for index, row in zip(sung, rows, strict=True):
        curve[index] = row
    return curve, (sung[where], beat)


def closed(phrases: Sequence[Phrase], final: str, upbeat: str, metre: Metre) -> list[Phrase]:
    """The phrases with the kind of the `final` cadence, and an upbeat to each that is sung but the
    first of the piece: none, a quaver, or a beat of the metre."""
    ticks = {"none": 0, "quaver": metre.pulse, "beat": metre.beat}[upbeat]
    return [
        replace(
            phrase,
            cadence=final if phrase.cadence == FINAL else phrase.cadence,
            upbeat=ticks if phrase.start and phrase.sung else 0,
        )
        for phrase in phrases
    ]


def _home(key: Key, middle: float) -> int:
    """The tonic nearest to just below the middle of the compass."""
    octaves = [key.tonic.at(octave).midi for octave in range(3, 7)]
    return min(octaves, key=lambda midi: abs(midi - (middle - HOME_BELOW)))


def _fall(phrase: FormPhrase, last: bool) -> float:
    """How far a phrase's contour falls home."""
    if last:
        return 1.0
    return FALL if phrase.cadence in ("authentic", FINAL) else 0.0


def _breath(phrase: FormPhrase, metre: Metre) -> int:
    """Ticks of rest at a phrase's end: a beat, a quaver in short bars or where it runs on."""
    if not phrase.sung:
        return 0
    return metre.beat if metre.beats > 2 and phrase.cadence != "open" else metre.pulse


def _slots(phrase: FormPhrase, name: str, start: int, metre: Metre) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    tick = start
    sequences = 0
    for number, slot in enumerate(phrase.slots, 1):
        end = tick + slot.bars * metre.bar
        shift = 0
        if slot.action == "sequence":
            shift = SEQUENCE_STEPS[min(sequences, 1)]
            sequences += 1
        slots.append(Slot(f"{name}.{number}", tick, end, slot.motif, slot.action, shift))
        tick = end
    return tuple(slots)


def changes(start: int, end: int, cadence: str, rate: float, metre: Metre) -> tuple[int, ...]:
    """Ticks at which a phrase's chords change.

    `rate` is chords a bar, 0.5 to 2. Harmonic rhythm quickens before a cadence: the bar before the
    last takes twice as many, at least one more than the others where the metre has a beat for it,
    and the last bar belongs to the cadence's goal. A phrase that runs on does not quicken.
    """
    bars = range(start, end, metre.bar)
    if metre.beats == 2:
        rate = min(rate, 1.5)  # two chords a bar are all it has: the bar before the last keeps them
    ticks: list[int] = []
    for index, bar in enumerate(bars):
        before = index == len(bars) - 2 and cadence != "open"
        count = _count(rate * 2 if before else rate, index)
        ticks += places(bar, 1 if index == len(bars) - 1 else count, metre)
    return tuple(ticks)


def _count(rate: float, index: int) -> int:
    """Chords in a bar: a rate below one leaves bars out, 1.5 is one and two in turn."""
    if rate < 1:
        return 1 if index % 2 == 0 else 0
    return int(rate) + (rate % 1 > 0 and index % 2 == 1)


def places(bar: int, count: int, metre: Metre) -> tuple[int, ...]:
    """Where so many chords of a bar fall: on its downbeat, its half, and the beats from there."""
    half = half_bar(metre)
    after = [bar + tick for tick in range(half, metre.bar, metre.beat)]
    return (bar, *after[: count - 1]) if count else ()


def half_bar(metre: Metre) -> int:
    """Where the second chord of a bar falls: on its secondary accent, or its last beat but the
    second where there is no such accent."""
    for beat in range(1, metre.beats):
        if metre.accents[beat] == 3:
            return beat * metre.beat
    return metre.beat if metre.beats == 3 else (metre.beats - 1) * metre.beat
