"""What can be counted on a melody: how motifs are kept, where it peaks, how it repeats and ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from composer.music.melody.targets import begins
from composer.values import Note, Phrase, Plan, Slot

SIGN = {"invert": -1}


@dataclass(frozen=True, slots=True)
class Kept:
    """How a slot keeps the motif as it was first sung, in shares from 0 to 1."""

    action: str
    rhythm: float  # of all onsets of either, those of both
    intervals: float  # diatonic steps that are the motif's own (an inversion's: turned round)
    contour: float  # steps that at least go its way
    moved: bool  # does it begin on another letter than the statement?


def heard(plan: Plan, notes: Sequence[Note], phrase: Phrase, slot: Slot) -> dict[int, Note]:
    """Onset from the slot's start -> note, in that part of a slot that is not the cadence."""
    end = slot.end if phrase.cadence == "open" else min(slot.end, phrase.end - plan.metre.bar)
    return {max(0, n.start - slot.start): n for n in notes if begins(n, slot) and n.start < end}


def kept(plan: Plan, notes: Sequence[Note]) -> list[Kept]:
    """Every slot after a motif's first against that first one."""
    first: dict[str, dict[int, Note]] = {}
    found: list[Kept] = []
    for phrase in plan.phrases:
        for slot in phrase.slots:
            here = heard(plan, notes, phrase, slot)
            if not here:
                continue
            model = first.setdefault(slot.motif, here)
            if here is model:
                continue
            if slot.action == "new ending":  # its first half is the motif's
                end = slot.end if phrase.cadence == "open" else phrase.end - plan.metre.bar
                stop = (min(slot.end, end) - slot.start) // 2
                here = {t: n for t, n in here.items() if t < stop}
            if slot.action == "fragment":  # the motif's head; what follows repeats it
                half = plan.metre.bar // 2 if plan.metre.beats % 2 == 0 else plan.metre.bar
                head = (
                    half if half in model and sum(t < half for t in model) > 1 else plan.metre.bar
                )
                here = {t: n for t, n in here.items() if t < head}
            if len(here) < 2:
                continue
            span = max(here) + 1
            model = {t: n for t, n in model.items() if t < span}
            both = sorted(set(model) & set(here))
            sign = SIGN.get(slot.action, 1)
            steps = [
                (
                    sign * (model[b].pitch.height - model[a].pitch.height),
                    here[b].pitch.height - here[a].pitch.height,
                )
                for a, b in pairwise(both)
            ]
            if not steps:
                continue
            found.append(
                Kept(
                    slot.action,
                    len(both) / len(set(model) | set(here)),
                    sum(a == b for a, b in steps) / len(steps),
                    sum(_sign(a) == _sign(b) for a, b in steps) / len(steps),
                    here[both[0]].pitch.height != model[both[0]].pitch.height,
                )
            )
    return found


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def by_action(found: Sequence[Kept]) -> Mapping[str, tuple[int, float, float, float, float]]:
    """Action -> how many, and the means of rhythm, intervals, contour and moved."""
    groups: dict[str, list[Kept]] = defaultdict(list)
    for one in found:
        groups[one.action].append(one)
    return {
        action: (
            len(group),
            *(
                sum(float(getattr(one, name)) for one in group) / len(group)
                for name in ("rhythm", "intervals", "contour", "moved")
            ),
        )
        for action, group in sorted(groups.items())
    }


def bars(plan: Plan, notes: Sequence[Note]) -> list[tuple[tuple[int, int, int], ...]]:
    """Each bar as (onset in the bar, ticks, key number), for comparing."""
    length = plan.metre.bar
    found: list[list[tuple[int, int, int]]] = [[] for _ in range(plan.bars)]
    for note in notes:
        bar, place = divmod(note.start, length)
        if 0 <= bar < plan.bars:
            found[bar].append((place, note.ticks, note.key_number))
    return [tuple(bar) for bar in found]


def longest_run(things: Sequence[object]) -> int:
    """How often the same thing comes running, at most."""
    return max((len(list(group)) for thing, group in groupby(things) if thing), default=0)


def slots_sung(plan: Plan, notes: Sequence[Note]) -> list[tuple[tuple[int, int], ...]]:
    """Each slot as (onset, key number), in order."""
    return [
        tuple((t, n.key_number) for t, n in heard(plan, notes, phrase, slot).items())
        for phrase in plan.phrases
        for slot in phrase.slots
    ]


def climaxes(plan: Plan, notes: Sequence[Note]) -> list[tuple[bool, int, int]]:
    """For each period: has it the piece's highest note, how often is its own highest note sung, and
    how many ticks from the planned place (nought where the note sounds there)."""
    found = []
    highest = max(n.key_number for n in notes)
    for period in dict.fromkeys(p.period for p in plan.phrases if p.sung):
        phrases = [p for p in plan.phrases if p.period == period and p.sung]
        planned = [p.climax for p in phrases if p.climax is not None]
        inside = [n for n in notes if phrases[0].start <= n.start < phrases[-1].end]
        top = max(n.key_number for n in inside)
        peaks = [n for n in inside if n.key_number == top]
        if planned:
            away = min(max(0, n.start - planned[0], planned[0] - n.end + 1) for n in peaks)
            found.append((top == highest, len(peaks), away))
    return found


def in_phrases(plan: Plan, notes: Sequence[Note]) -> list[list[Note]]:
    """The notes of each phrase with its upbeat."""
    return [
        [n for n in notes if p.start - p.upbeat <= n.start < p.end - following]
        for p, following in zip(
            plan.phrases, [*(q.upbeat for q in plan.phrases[1:]), 0], strict=True
        )
    ]


def moves(plan: Plan, notes: Sequence[Note]) -> list[int]:
    """Melodic intervals within phrases, in letters."""
    return [
        b.pitch.height - a.pitch.height
        for phrase in in_phrases(plan, notes)
        for a, b in pairwise(phrase)
    ]
