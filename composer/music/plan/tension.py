"""The line of tension through a piece: a value from 0 to 1 for each bar, and where it is highest.

It rises to one peak at .6 to .85 of the piece and falls from there to the end. Sections stand out
from it by their own loudness and density; an introduction, a link and a coda lie low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum

from composer.music.plan.contour import bounds
from composer.values import HarmonyPlan, MelodyPlan, Phrase, Section
from composer.values.plan import EVEN
from theory.harmony.form import CODA, INTRODUCTION, LINK, STATEMENT, FormPhrase, Layout
from theory.metre import Metre

# Where the peak of a piece should lie, as a share of it; the nearest bar that can have it does.
WISHED = 0.72
BEGIN, END = 0.22, 0.12  # the tension of the first bar and of the last
BEND = 1.25  # over 1 the line rises late
FALL_BEND = 0.8
NEXT_BEST = 0.92  # no other bar is tenser
LOW = {INTRODUCTION: 0.2, LINK: 0.25, CODA: 0.15}
ENTERING = 0.12  # by how much an introduction rises, and a coda falls
OWN = 0.16  # how much a section's own loudness and density weigh
CONTRAST = 0.12  # by how much a section of another letter lies below the line, before the peak
SWELL = 0.05  # of a phrase, up to its last bar but one


@dataclass(frozen=True, slots=True)
class PeakBar:
    """The climax of a piece: the number of its period, and the ticks between which it lies."""

    period: int
    start: int
    end: int


def free_bars(phrase: FormPhrase) -> list[bool]:
    """In which bars of a phrase a climax may lie: not in one that the period sings twice, nor in
    the last, where the phrase comes to rest."""
    if not phrase.sung:
        return [False] * phrase.bars
    free = [
        slot.action not in ("state", "repeat") for slot in phrase.slots for _ in range(slot.bars)
    ]
    free[-1] = False
    return free if any(free) else [True] * (phrase.bars - 1) + [phrase.bars == 1]


def peak_of(layout: Layout, metre: Metre) -> PeakBar:
    """Where the piece is to be tensest: the free bar of a statement nearest to the wished place."""
    bar, number = 0, 0
    best: tuple[float, int, int] | None = None
    for section in layout.sections:
        for period in section.periods:
            for phrase in period:
                for index, free in enumerate(free_bars(phrase)):
                    place = (bar + index + 0.5) / layout.bars
                    away = abs(place - WISHED)
                    if free and section.kind == STATEMENT and (best is None or away < best[0]):
                        best = away, number, bar + index
                bar += phrase.bars
            number += 1
    assert best is not None, "a form without a statement that is sung"
    return PeakBar(best[1], best[2] * metre.bar, (best[2] + 1) * metre.bar)


def tension_curve(
    sections: Sequence[Section], phrases: Sequence[Phrase], peak: int, metre: Metre
) -> tuple[float, ...]:
    """The tension of every bar; the bar of the tick `peak` has 1, and no other more than .92."""
    bars, top = phrases[-1].end // metre.bar, peak // metre.bar
    first = next(section for section in sections if section.kind == STATEMENT)
    curve: list[float] = []
    for bar in range(bars):
        tick = bar * metre.bar
        section = next(one for one in reversed(sections) if one.start <= tick)
        if section.kind in LOW:
            curve.append(_low(section, tick))
            continue
        phrase = next(one for one in reversed(phrases) if one.start <= tick)
        value = _arc(bar, top, bars) + _own(section, first)
        if section.letter != first.letter and section.end <= peak:
            value -= CONTRAST
        value += SWELL * (tick - phrase.start) / max(1, phrase.end - phrase.start - metre.bar)
        curve.append(value)
    curve = [min(NEXT_BEST, max(0.0, value)) for value in curve]
    curve[top] = 1.0
    return tuple(round(value, 3) for value in curve)


def _arc(bar: int, top: int, bars: int) -> float:
    if bar <= top:
        return float(BEGIN + (1 - BEGIN) * (bar / max(1, top)) ** BEND)
    share = (bar - top) / max(1, bars - 1 - top)
    return float(1 - (1 - END) * share**FALL_BEND)


def _low(section: Section, tick: int) -> float:
    share = (tick - section.start) / (section.end - section.start)
    if section.kind == CODA:
        return LOW[CODA] - ENTERING * share
    return LOW[section.kind] - ENTERING * (1 - share)


def _own(section: Section, first: Section) -> float:
    """What the section has of its own against the first one: −.16 to .16."""
    louder = (section.dynamics - first.dynamics) / 10
    busier = 2 * (section.density - first.density)
    return OWN * max(-1.0, min(1.0, louder + busier))


def mean(curve: Sequence[float], start: int, end: int, metre: Metre) -> float:
    """The mean tension from one tick to another, whole bars."""
    row = curve[start // metre.bar : end // metre.bar]
    return fsum(row) / len(row)


# Semitones that the tensest section lies above the calmest, by the line alone, and by which every
# other melody stays below the highest note of the section with the peak.
LIFT, HEADROOM = 5.0, 2
MOST_REGISTER = 5  # semitones that a section lies away from the piece
# Notes a beat at the line's lowest and at its highest, as factors.
THINNEST, FULLEST = 0.7, 1.4


def strung(
    sections: Sequence[Section], curve: Sequence[float], peak: int, melody: MelodyPlan, metre: Metre
) -> tuple[Section, ...]:
    """The sections with register, density and ceiling as the line of tension asks for them.

    The section in which the peak (a tick) lies is the highest, and its climax the highest note.
    """
    found = []
    for section in sections:
        value = mean(curve, section.start, section.end, metre)
        register = section.register + round(LIFT * (value - EVEN))
        density = section.density * (THINNEST + (FULLEST - THINNEST) * value)
        register = max(-MOST_REGISTER, min(MOST_REGISTER, register))
        found.append(replace(section, register=register, density=round(density, 3)))
    place = next(n for n, one in enumerate(found) if one.start <= peak < one.end)
    found[place] = replace(found[place], register=max(one.register for one in found))
    top = _top(found[place], melody)
    return tuple(
        replace(one, ceiling=top if number == place else min(_top(one, melody), top - HEADROOM))
        for number, one in enumerate(found)
    )


def _top(section: Section, melody: MelodyPlan) -> int:
    """The highest note that a section's melody has, were it not for the piece's peak."""
    return round(bounds(melody.register + section.register, melody.range, False)[1])


STEPS = (0.5, 1.0, 1.5, 2.0)  # chords a bar
QUICK = 0.75  # the tension from which a phrase has more chords


def paced(
    phrases: Sequence[Phrase], curve: Sequence[float], harmony: HarmonyPlan, metre: Metre
) -> list[Phrase]:
    """The phrases with chords that come quicker where the line is tense; where nobody sings there
    is one a bar at the most."""
    found = []
    for phrase in phrases:
        rate = harmony.rhythm
        if not phrase.sung:
            rate = min(rate, 1.0)
        elif mean(curve, phrase.start, phrase.end, metre) >= QUICK:
            rate = next((step for step in STEPS if step > rate), rate)
        found.append(phrase if rate == harmony.rhythm else replace(phrase, rhythm=rate))
    return found
