"""What the tune does with its motifs: read off the notes that are sung, and not off the plan.

The plan wishes a motif repeated, moved or inverted; the harmony may bend it. So each return is held
against the motif's first statement, letter by letter, as far as its slot goes.
"""

from __future__ import annotations

from collections.abc import Mapping

from composer.explanation.format import Explanation, PhraseJson, PlanJson, SlotJson
from composer.explanation.layout import listed
from composer.vocabulary import SINGERS
from theory.pitch import Pitch

STATED, REPEATED, MOVED, INVERTED = "stated", "repeated", "moved", "inverted"
NEARLY, BEGUN, RHYTHM, FREELY = "nearly repeated", "begun alike", "in its rhythm", "freely"
CADENCE = "at the cadence"
MOST = 0.75  # of the notes of both, from which they have one rhythm, or are nearly alike
EARLY = 12  # ticks by which a note that is tied over may come before its slot
OPEN = "open"  # the cadence of a phrase that runs on
Line = Mapping[int, int]  # tick from the slot's beginning -> height in letters


def heard(document: Explanation) -> dict[str, str]:
    """What is sung in each slot, by its name: how its motif comes there."""
    plan, found = document["plan"], dict[str, str]()
    first: dict[str, Line] = {}
    for phrase in plan["phrases"]:
        for slot in phrase["slots"]:
            length = _length(slot, phrase, plan)
            line = _line(document, slot, length) if length > 0 else {}
            if not line:
                found[slot["name"]] = CADENCE
            elif slot["motif"] not in first:
                first[slot["motif"]], found[slot["name"]] = line, STATED
            else:
                model = first[slot["motif"]]
                found[slot["name"]] = alike({t: model[t] for t in model if t < length}, line)
    return found


def returns(document: Explanation, motif: str) -> str:
    """`stated in bar 1, repeated in bars 5 and 13, inverted in bar 9`."""
    said = heard(document)
    bars: dict[str, list[str]] = {}
    for phrase in document["plan"]["phrases"]:
        for slot in phrase["slots"]:
            if slot["motif"] == motif:
                bars.setdefault(said[slot["name"]], []).append(str(slot["bar"]))
    return ", ".join(
        f"{how} in bar{'s' * (len(places) > 1)} {listed(places)}" for how, places in bars.items()
    )


def alike(model: Line, line: Line) -> str:
    """How a line comes back to a model.

    >>> alike({0: 7, 24: 8, 48: 9}, {0: 9, 24: 10, 48: 11})
    'moved'
    >>> alike({0: 7, 24: 8, 48: 9}, {0: 7, 24: 6, 48: 5})
    'inverted'
    """
    common = sorted(model.keys() & line.keys())
    if not common or len(common) < MOST * len(model.keys() | line.keys()):
        return _begun(model, line, common) or FREELY
    moves = [line[tick] - model[tick] for tick in common]
    if len({*moves}) == 1:
        return MOVED if moves[0] else REPEATED
    if len({line[tick] + model[tick] for tick in common}) == 1:
        return INVERTED
    if moves.count(0) >= MOST * len(moves):
        return NEARLY
    return _begun(model, line, common) or RHYTHM


def _begun(model: Line, line: Line, common: list[int]) -> str:
    """Are the first three notes alike, at the same height or moved?"""
    head = sorted(line)[:3]
    same = head == sorted(model)[:3] == common[:3] and len(head) == 3
    return BEGUN if same and len({line[tick] - model[tick] for tick in head}) == 1 else ""


def _length(slot: SlotJson, phrase: PhraseJson, plan: PlanJson) -> int:
    """For how many ticks a slot has its motif: the last bar of a phrase that closes is the
    cadence's."""
    bar = plan["metre"]["ticks_per_bar"]
    end = _tick(slot, plan) + slot["duration"]
    if phrase["cadence"] != OPEN:
        end = min(end, _tick(phrase, plan) + phrase["duration"] - bar)
    return end - _tick(slot, plan)


def _tick(place: SlotJson | PhraseJson, plan: PlanJson) -> int:
    metre = plan["metre"]
    into = round((place["beat"] - 1) * metre["ticks_per_beat"])
    return (place["bar"] - 1) * metre["ticks_per_bar"] + into


def _line(document: Explanation, slot: SlotJson, length: int) -> Line:
    """What is sung in a slot; a first note that comes early counts as if it were in time."""
    start, found = _tick(slot, document["plan"]), dict[int, int]()
    for note in document["notes"]:
        if note["part"] in SINGERS:
            into = note["tick"] - start
            early = -EARLY <= into < 0 < into + note["duration"]
            if early or 0 <= into < length:
                found[max(0, into)] = Pitch.parse(note["pitch"]).height
    return found
