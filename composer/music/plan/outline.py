"""The picture's outline in the slots of those sections that show it.

A motif that comes again stands as much higher or lower as the outline does there: where it would be
repeated in its place though the outline has gone elsewhere, it is sung in sequence; where it stays,
so does its contour. An introduction that calls with the tune's head has the outline's beginning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import fsum

from composer.values import Phrase, Section, Slot
from theory.harmony.form import INTRODUCTION
from theory.metre import Metre

LETTERS = 7 / 12  # of a semitone
NEAR = 3  # letters: a motif whose place differs by less comes again in its place
FARTHEST = 4  # letters that it is moved at most
Curve = tuple[float, ...]


def outlined(phrases: Sequence[Phrase], sections: Sequence[Section], metre: Metre) -> list[Phrase]:
    """The phrases, those of sections that show the outline with their sequences as it goes."""
    shows = {section.name: section for section in sections if section.outlined}
    calls = {section.name for section in sections if section.kind == INTRODUCTION}
    heads = [phrase for phrase in phrases if phrase.section in shows and phrase.sung]
    stated: dict[str, Curve] = {}  # each motif's contour as it is first stated, register aside
    found = []
    for phrase in phrases:
        if phrase.section in shows:
            lift = shows[phrase.section].register
            for slot in phrase.slots:
                level = tuple(height - lift for height in _part(phrase, slot, metre))
                stated.setdefault(slot.motif, level)
            found.append(_moved(phrase, stated, lift, metre))
        elif phrase.section in calls and phrase.sung and heads:
            head = heads[0].contour[: len(phrase.contour)]
            found.append(replace(phrase, contour=head + phrase.contour[len(head) :]))
        else:
            found.append(phrase)
    return found


def _part(phrase: Phrase, slot: Slot, metre: Metre) -> Curve:
    """The contour of a slot."""
    first, last = ((tick - phrase.start) // metre.beat for tick in (slot.start, slot.end))
    return phrase.contour[first:last]


def _moved(phrase: Phrase, stated: Mapping[str, Curve], lift: int, metre: Metre) -> Phrase:
    slots = []
    contour = list(phrase.contour)
    for slot in phrase.slots:
        own, first = _part(phrase, slot, metre), stated[slot.motif]
        away = (fsum(own) / len(own) - lift - fsum(first) / len(first)) * LETTERS
        shift = round(max(-FARTHEST, min(FARTHEST, away)))
        if slot.action == "sequence":
            slot = replace(slot, shift=shift or (1 if away > 0 else -1))
        elif slot.action == "repeat" and abs(shift) >= NEAR:
            slot = replace(slot, action="sequence", shift=shift)
        elif slot.action == "repeat" and len(first) == len(own):
            begin = (slot.start - phrase.start) // metre.beat
            contour[begin : begin + len(own)] = [height + lift for height in first]
        slots.append(slot)
    return replace(phrase, slots=tuple(slots), contour=tuple(contour))
