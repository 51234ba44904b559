"""A period's one climax: where it may be, and by how much a melody misses it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from composer.harmonise import pitches_between
from composer.mapping import Decisions
from composer.melody import costs
from composer.melody.slots import Peak
from composer.melody.stages import section_of
from composer.plan.compass import HIGHEST, LOWEST, bounds
from composer.plan.surprise import LEAP
from composer.values import Harmony, Note, Plan, Section

DEEPEST_PEAK = 4  # semitones below the wish that it may lie
AWAY_PRICE = 1.5  # semitones that a place on another beat is worse by


def peaks(
    plan: Plan, harmony: Harmony, indices: Sequence[int], decisions: Decisions, most: int
) -> list[Peak | None]:
    """Where a period's highest note may be and what: so many ways, the wished one first.

    It is a tone of the chord there, on a beat of the planned bar. A perfect interval with a bass
    that rises into it is passed over: to leap up there would be a forbidden one.
    """
    phrase = next((p for p in (plan.phrases[i] for i in indices) if p.climax is not None), None)
    if phrase is None or phrase.climax is None:
        return [None]
    middle = decisions.number("register") + section_of(plan, phrase).register
    leaps = phrase.surprise == LEAP
    top = round(bounds(middle, decisions.number("range"), leaps)[1])
    metre = plan.metre
    wish = phrase.contour[(phrase.climax - phrase.start) // metre.beat]
    bar = phrase.climax // metre.bar * metre.bar
    found: list[tuple[float, Peak]] = []
    for tick in range(bar, bar + metre.bar, metre.beat):
        number = sum(span.start <= tick for span in harmony.spans) - 1
        span, before = harmony.spans[number], harmony.spans[max(0, number - 1)]
        rises = span.start == tick and span.voicing.bass.midi > before.voicing.bass.midi
        for pitch in sorted(pitches_between(frozenset(span.chord.tones), LOWEST, HIGHEST)):
            perfect = span.voicing.bass.to(pitch).perfect
            if wish - DEEPEST_PEAK <= pitch.midi <= top and not (rises and perfect):
                away = abs(pitch.midi - wish) + AWAY_PRICE * (tick != phrase.climax)
                found.append((away, Peak(tick, pitch)))
    found.sort(key=lambda one: one[0])
    return [peak for _, peak in found[:most]] or [None]


def unclimactic(plan: Plan, section: Section, highest: Peak | None, notes: Sequence[Note]) -> float:
    """By how much a period misses its climax: nought where its highest note is sung once, in the
    bar that was planned, and a leap of register is heard; a lower peak counts a little."""
    climaxes = [
        p.climax for p in plan.phrases if p.section == section.name and p.climax is not None
    ]
    inside = [note for note in notes if note.start >= section.start]
    if highest is None or not climaxes:
        return 0.0
    top = max(note.key_number for note in inside)
    highest_ones = [note for note in inside if note.key_number == top]
    bar = plan.metre.bar
    misplaced = all(note.start // bar != climaxes[0] // bar for note in highest_ones)
    unheard = False
    for phrase in plan.phrases:
        if phrase.surprise == LEAP and phrase.section == section.name:
            line = [n.pitch for n in inside if phrase.start <= n.start < phrase.end and n.pitch]
            unheard = max(b.height - a.height for a, b in pairwise(line)) < costs.WIDE
    return (
        2.0 * misplaced
        + 1.5 * unheard
        + (len(highest_ones) > 1)
        + 0.1 * max(0, highest.pitch.midi - top)
    )
