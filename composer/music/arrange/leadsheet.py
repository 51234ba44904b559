"""The lead sheet of an arrangement: where in the form a tick lies, how loud and how full it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from composer.music.plan.performance import loudness
from composer.music.plan.surprise import hemiola
from composer.values import Cause, ChordSpan, Harmony, Note, Phrase, Plan, Section, Slot
from theory.noise import Noise

# Velocity by the strength of a place in the bar (theory.metre): off-beats lighter, downbeat firm.
ACCENTS = (-6, -4, 0, 3, 6)
# How far a velocity strays by chance, so that no two strokes of a figure are quite alike.
STRAY = 2


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """What every part is arranged from: form, chords and melody, and the seed's noise."""

    plan: Plan
    harmony: Harmony
    melody: tuple[Note, ...]
    noise: Noise

    @property
    def final(self) -> int:
        """The tick from which the last chord is held: all stop their figures there."""
        last = self.harmony.spans[-1]
        return max(last.start, self.plan.end - self.plan.metre.bar)

    def section(self, tick: int) -> int:
        """The number of the section that a tick lies in."""
        return _find(self.plan.sections, tick)

    def level(self, tick: int) -> int:
        """How fully the section is scored: −1 thin, 0 as decided, 1 full."""
        return self.plan.sections[self.section(tick)].level

    def origin(self, tick: int) -> int:
        """Where the section begins, from which its bars are counted."""
        return self.plan.sections[self.section(tick)].start

    def closing(self, tick: int) -> bool:
        """Does a tick lie in the last bar of a phrase that closes?"""
        phrase = self.phrase(tick)
        return phrase.cadence != "open" and tick >= phrase.end - self.plan.metre.bar

    def hemiola(self, tick: int) -> bool:
        """Does a tick lie in two bars of three that go in twos?"""
        metre = self.plan.metre
        beats = hemiola(self.phrase(tick), metre)
        return bool(beats) and beats[0] <= tick < beats[0] + 2 * metre.bar

    def phrase(self, tick: int) -> Phrase:
        return self.plan.phrases[_find(self.plan.phrases, tick)]

    def sung(self, tick: int) -> Phrase:
        """The phrase that a melody's note belongs to: its upbeat begins before it."""
        starts = [phrase.start - phrase.upbeat for phrase in self.plan.phrases]
        return self.plan.phrases[max(0, bisect_right(starts, tick) - 1)]

    def slot(self, tick: int) -> Slot | None:
        slots = self.phrase(tick).slots
        return slots[_find(slots, tick)] if slots else None

    def span(self, tick: int) -> ChordSpan:
        return self.harmony.spans[_find(self.harmony.spans, tick)]

    def loudness(self, tick: int) -> float:
        """The velocity of the plan's curve at a tick."""
        return loudness(self.plan.dynamics, tick)

    def velocity(self, tick: int, lean: float, part: str) -> int:
        """The velocity of a part's note at a tick: the curve, the bar's accents, what is added, and
        the hand's own unevenness."""
        accent = ACCENTS[self.plan.metre.strength(tick)]
        stray = STRAY * (2 * self.noise.uniform("touch", part, tick) - 1)
        return max(12, min(124, round(self.loudness(tick) + accent + lean + stray)))

    def cause(self, tick: int, origin: str, label: str, rules: tuple[str, ...]) -> Cause:
        slot = self.slot(tick)
        region = self.plan.sections[self.section(tick)].region
        return Cause(origin, label, slot.name if slot else None, None, None, region, rules)


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
