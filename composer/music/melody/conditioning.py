"""What the network is told of a phrase, and where a motif that it states will come back.

A motif whose long and strong notes are in the chords of its returns comes back as it was; one that
is not has to give way there, and is not known again.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from composer.music.melody import SungSoFar
from composer.music.melody.context import LETTERS, PhraseContext, context_of, section_of
from composer.music.melody.motif import STRONG, WEAK
from composer.music.melody.targets import TargetNote, begins, free_from
from composer.values import ChordSpan, Harmony, Motif, Note, Plan, Slot
from neural import slots as roles
from neural.guide import Guide
from neural.sample import Past
from neural.vocabulary import tonic_of
from theory.metre import Metre
from theory.scale import Key

SHIFTED = {"repeat": 0, "state": 0, "new ending": 0, "sequence": 1}  # actions, and how far: × shift


@dataclass(frozen=True, slots=True)
class Return:
    """A place where a motif comes back: so many ticks after its statement, up to the tick `until`
    of the piece, so many letters higher, over these chords."""

    later: int
    until: int
    shift: int
    spans: tuple[ChordSpan, ...]


def returns(plan: Plan, harmony: Harmony) -> Mapping[str, tuple[Return, ...]]:
    """Every motif's returns that keep its intervals."""
    first: dict[str, int] = {}
    found: dict[str, list[Return]] = {}
    for index, phrase in enumerate(plan.phrases):
        context = context_of(plan, harmony, index, None)
        for slot in phrase.slots:
            if slot.start >= context.motivic_end(slot):
                continue
            if slot.motif not in first:
                first[slot.motif], found[slot.motif] = slot.start, []
            elif slot.action in SHIFTED:
                shift = SHIFTED[slot.action] * slot.shift
                later, until = slot.start - first[slot.motif], free_from(context, slot)
                found[slot.motif].append(Return(later, until, shift, context.spans))
    return {motif: tuple(places) for motif, places in found.items()}


def misfit(
    places: Sequence[Return], tick: int, heights: NDArray[np.int64], metre: Metre
) -> NDArray[np.float64]:
    """How badly the chords of the returns bear each height (in letters) of a note that begins at a
    tick of the piece: (heights,), 0 to 1."""
    found = np.zeros(len(heights))
    for place in places:
        at = tick + place.later
        span = next((s for s in place.spans if s.start <= at < s.end), None)
        if span is None or at >= place.until:
            continue
        strong = metre.strength(at) >= 3 or at == span.start
        tones = [tone.step for tone in span.chord.tones]
        fits = np.isin((heights + place.shift) % LETTERS, tones)
        found += ~fits * (STRONG if strong else WEAK)
    return found / max(1, len(places))


CADENTIAL_NOTES = 2.0  # wished in the bar of a cadence
ROLES = {
    "repeat": roles.REPEAT,
    "sequence": roles.SEQUENCE,
    "invert": roles.INVERT,
    "fragment": roles.SEQUENCE,
    "cadence": roles.VARY,
    "state": roles.REPEAT,
    "new ending": roles.ENDING,
    "contrast": roles.VARY,
}


def guide_of(
    plan: Plan,
    harmony: Harmony,
    context: PhraseContext,
    wanted: Sequence[TargetNote],
    sung: SungSoFar,
) -> Guide:
    """The guide to one phrase: the whole piece's chords, phrases, contour and density in this
    phrase's key, and what the slots up to its end do.

    wanted: the notes that the phrase's restated motifs ask for; sung: what came before it.
    """
    contour, density = _curves(plan, context.key)
    return Guide(
        key=context.key,
        metre=plan.metre,
        chords=tuple((span.start, span.end, span.chord) for span in harmony.spans),
        phrases=tuple(_sung(plan)),
        contour=contour,
        density=density,
        slots=(*_earlier(plan, context, sung), *_slots(plan, context, wanted, sung)),
    )


def _sung(plan: Plan) -> Iterator[tuple[int, int]]:
    """From and to where each phrase is sung: from the end of the one before it, if that is sung,
    else from its own upbeat on."""
    ends = ends_of(plan)
    for number, phrase in enumerate(plan.phrases):
        if phrase.sung:
            follows = number > 0 and plan.phrases[number - 1].sung
            start = ends[number - 1] if follows else phrase.start - phrase.upbeat
            yield start, ends[number]


def past_of(plan: Plan, notes: Sequence[Note]) -> tuple[Past, ...]:
    """What was sung, in the key of its phrase."""
    ends = ends_of(plan)
    return tuple(
        Past(n.start, n.ticks, n.pitch, plan.key_of(plan.phrases[bisect_right(ends, n.start)]))
        for n in notes
    )


def ends_of(plan: Plan) -> list[int]:
    """Where each phrase's last note ends: before its breath, and the next one's upbeat."""
    upbeats = [*(phrase.upbeat for phrase in plan.phrases[1:]), 0]
    return [p.end - upbeat - p.breath for p, upbeat in zip(plan.phrases, upbeats, strict=True)]


def _curves(plan: Plan, key: Key) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """For each bar the wished height in semitones above the key's reference tonic, and notes a
    beat; nothing is wished (NaN) where nobody sings."""
    tonic, beats = tonic_of(key).midi, plan.metre.beats
    contour: list[float] = []
    density: list[float] = []
    for phrase in plan.phrases:
        wished = plan.melody.density * section_of(plan, phrase).density
        bars = (phrase.end - phrase.start) // plan.metre.bar
        if not phrase.sung:
            contour += [math.nan] * bars
            density += [math.nan] * bars
            continue
        for bar in range(bars):
            heights = phrase.contour[bar * beats : (bar + 1) * beats]
            contour.append(math.fsum(heights) / len(heights) - tonic)
            closes = bar == bars - 1 and phrase.cadence != "open"
            density.append(CADENTIAL_NOTES / beats if closes else wished)
    return tuple(contour), tuple(density)


def _slots(
    plan: Plan, context: PhraseContext, wanted: Sequence[TargetNote], sung: SungSoFar
) -> Iterator[roles.GuideSlot]:
    """The slots of a phrase that is to be sung."""
    stated = {name: _source(plan, name, motif, sung) for name, motif in sung.motifs.items()}
    for slot in context.phrase.slots:
        end = context.motivic_end(slot)
        if slot.start < end and slot.motif in stated:
            source, length, first = stated[slot.motif]
            begins = [target for target in wanted if target.slot is slot and target.first]
            ends = [*(target.start for target in begins[1:]), end]
            for target, until in zip(begins, ends, strict=True):
                shift = 0 if target.height is None else target.height - first
                yield _restating(slot, target.start, until, source, length, shift)
        elif slot.start < end:
            said = next(s for s in context.phrase.slots if s.motif == slot.motif)
            if said is slot:
                yield roles.GuideSlot(slot.start, end, roles.NEW)
            else:
                length = context.motivic_end(said) - said.start
                yield _restating(slot, slot.start, end, said.start, length, slot.shift)
        if end < slot.end:
            yield roles.GuideSlot(max(slot.start, end), slot.end, roles.NEW)


def _earlier(plan: Plan, context: PhraseContext, sung: SungSoFar) -> Iterator[roles.GuideSlot]:
    """The slots of the phrases before, as they were sung."""
    heights = {note.start: note.pitch.height for note in sung.notes if note.pitch is not None}
    seen: set[str] = set()
    for slot in (s for p in plan.phrases if p.end <= context.phrase.start for s in p.slots):
        if slot.motif not in seen or slot.motif not in sung.motifs:
            seen.add(slot.motif)
            yield roles.GuideSlot(slot.start, slot.end, roles.NEW)
            continue
        source, length, first = _source(plan, slot.motif, sung.motifs[slot.motif], sung)
        shift = heights.get(slot.start, first) - first
        yield _restating(slot, slot.start, slot.end, source, length, shift)


def _source(plan: Plan, name: str, motif: Motif, sung: SungSoFar) -> tuple[int, int, int]:
    """Where a motif was first stated: the tick, its ticks, and its first note's height."""
    slot = next(
        slot
        for phrase in plan.phrases
        for slot in phrase.slots
        if slot.motif == name and slot.start < phrase.motivic_end(slot, plan.metre)
    )
    heard = sung.heard[name]
    return slot.start, sum(motif.rhythm), heard[min(heard)] if heard else 0


def _restating(
    slot: Slot, start: int, end: int, source: int, length: int, shift: int
) -> roles.GuideSlot:
    role = ROLES[slot.action]
    if slot.action in ("sequence", "fragment", "contrast"):
        role = roles.SEQUENCE if shift else roles.REPEAT
    return roles.GuideSlot(
        start, end, role, source, length, 0 if slot.action == "invert" else shift
    )


def stated_as(slot: Slot, end: int, notes: Sequence[Note]) -> Motif:
    """The motif that a slot's notes up to `end` are: a note lasts until the next one begins.

    Where nothing sounds there, it is one long note.
    """
    line = [n for n in notes if begins(n, slot) and n.start < end and n.pitch is not None]
    if not line:
        return Motif(slot.motif, (end - slot.start,), (0,))
    onsets = [*(max(slot.start, note.start) for note in line), end]
    heights = [note.pitch.height for note in line if note.pitch is not None]
    return Motif(
        slot.motif,
        tuple(after - before for before, after in pairwise(onsets)),
        tuple(height - heights[0] for height in heights),
    )
