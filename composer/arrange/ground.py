"""The ground of an arrangement: where in the form a tick lies, how loud and how full it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from composer.values import Cause, ChordSpan, Harmony, Note, Phrase, Plan, Section, Slot
from theory.noise import Noise

# Velocity by the strength of a place in the bar (theory.metre): off-beats lighter, downbeat firm.
ACCENTS = (-6, -4, 0, 3, 6)
# How much a section's density (a factor) and loudness (velocity) against the first section's weigh,
# and from which sum on it is marked enough for a thinner or a fuller pattern.
DENSITY, LOUDNESS, MARKED = 4.0, 0.125, 0.6


@dataclass(frozen=True, slots=True)
class Ground:
    """What every part is arranged on. `levels` has −1, 0 or 1 (thin to full) for each section."""

    plan: Plan
    harmony: Harmony
    melody: tuple[Note, ...]
    noise: Noise
    levels: tuple[int, ...]
    dynamic_range: float

    @classmethod
    def of(
        cls,
        plan: Plan,
        harmony: Harmony,
        melody: tuple[Note, ...],
        noise: Noise,
        dynamic_range: float,
    ) -> Ground:
        return cls(plan, harmony, melody, noise, levels(plan.sections), dynamic_range)

    @property
    def final(self) -> int:
        """The tick from which the last chord is held: all stop their figures there."""
        last = self.harmony.spans[-1]
        return max(last.start, self.plan.end - self.plan.metre.bar)

    def section(self, tick: int) -> int:
        """The number of the section that a tick lies in."""
        return _find(self.plan.sections, tick)

    def level(self, tick: int) -> int:
        return self.levels[self.section(tick)]

    def phrase(self, tick: int) -> Phrase:
        return self.plan.phrases[_find(self.plan.phrases, tick)]

    def slot(self, tick: int) -> Slot | None:
        slots = self.phrase(tick).slots
        return slots[_find(slots, tick)] if slots else None

    def span(self, tick: int) -> ChordSpan:
        return self.harmony.spans[_find(self.harmony.spans, tick)]

    def loudness(self, tick: int) -> float:
        """The velocity of the plan's curve at a tick."""
        curve = self.plan.dynamics
        after = bisect_right(curve, (tick, 1000))
        if after == 0:
            return curve[0][1]
        start, low = curve[after - 1]
        if after == len(curve):
            return low
        end, high = curve[after]
        return low + (high - low) * (tick - start) / (end - start)

    def velocity(self, tick: int, lean: float) -> int:
        """The velocity of a note at a tick: the curve, the bar's accents, and what is added."""
        accent = ACCENTS[self.plan.metre.strength(tick)]
        return max(12, min(124, round(self.loudness(tick) + accent + lean)))

    def cause(self, tick: int, origin: str, label: str, rules: tuple[str, ...]) -> Cause:
        slot = self.slot(tick)
        region = self.plan.sections[self.section(tick)].region
        return Cause(origin, label, slot.name if slot else None, None, None, region, rules)


def levels(sections: tuple[Section, ...]) -> tuple[int, ...]:
    """How full each section is: −1 thin, 0 as decided, 1 full.

    The first plays what was decided. Another is thin or full by its density and loudness against
    the first's, and a section of another letter always contrasts; one that comes back at the end,
    or ends the piece without being thin, is full, so that the piece grows.
    """
    first = sections[0]
    found = []
    for number, section in enumerate(sections):
        weight = DENSITY * (section.density - first.density)
        weight += LOUDNESS * (section.dynamics - first.dynamics)
        level = (weight > MARKED) - (weight < -MARKED)
        last = 0 < number == len(sections) - 1
        if last and (level == 0 or section.letter == first.letter):
            level = 1
        elif not level and section.letter != first.letter:
            level = 1 if weight > 0 else -1
        found.append(level)
    return tuple(found)


def tidy(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Notes in order of time and pitch; one that is struck again ends where the next begins."""
    ordered = sorted(notes, key=lambda note: (note.start, note.key_number))
    following: dict[int, int] = {}
    kept: list[Note] = []
    for note in reversed(ordered):
        limit = following.get(note.key_number)
        if limit is not None and note.start == limit:
            continue
        if limit is not None and note.end > limit:
            note = replace(note, ticks=limit - note.start)
        following[note.key_number] = note.start
        kept.append(note)
    return tuple(reversed(kept))


def _find(
    spans: tuple[ChordSpan, ...] | tuple[Section, ...] | tuple[Phrase, ...] | tuple[Slot, ...],
    tick: int,
) -> int:
    starts = [span.start for span in spans]
    return max(0, bisect_right(starts, tick) - 1)
