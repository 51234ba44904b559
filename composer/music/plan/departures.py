"""Where a piece departs from its key: its middle may stand in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from composer.values import Phrase, Section
from theory.harmony.form import HELD, STATEMENT
from theory.harmony.phrase import OPEN
from theory.pitch import interval
from theory.scale import MODES, MOST_ACCIDENTALS, Key

HOME = "home"
# How far the tonic of each related key lies above the home key's, and the nearest key on the other
# side, for where its signature has too many accidentals and for a second middle section.
ABOVE: Mapping[str, str] = MappingProxyType({"dominant": "P5", "subdominant": "P4"})
OTHER_SIDE: Mapping[str, str] = MappingProxyType(
    {"dominant": "subdominant", "subdominant": "dominant", "relative": "dominant"}
)
# The relative key of a major key is minor and of a minor key major.
RELATIVES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"ionian": ("M6", "aeolian"), "aeolian": ("m3", "ionian"), "harmonic minor": ("m3", "ionian")}
)
RELATIONS = (HOME, *OTHER_SIDE)


def related(key: Key, relation: str) -> Key:
    """The key that stands in a relation to another: home, dominant, subdominant or relative.

    Dominant and subdominant keys keep the mode; where one's signature would have more than six
    accidentals it is the other. The relative has the same signature. Raises ValueError for an
    unknown relation, and for the relative of a mode that has none.
    """
    if relation == HOME:
        return key
    if relation == "relative":
        if key.mode.name not in RELATIVES:
            raise ValueError(f"{key} has no relative key: only {', '.join(RELATIVES)} have one")
        above, mode = RELATIVES[key.mode.name]
        return Key(key.tonic.up(interval(above)), MODES[mode])
    if relation not in ABOVE:
        raise ValueError(f"{relation!r} is no relation of keys: choose from {', '.join(RELATIONS)}")
    found = Key(key.tonic.up(interval(ABOVE[relation])), key.mode)
    return found if abs(found.signature) <= MOST_ACCIDENTALS else related(key, OTHER_SIDE[relation])


def modulated(
    phrases: Sequence[Phrase], sections: Sequence[Section], key: Key, relation: str
) -> list[Phrase]:
    """The phrases with their keys: in a section of another letter than the first all phrases but
    its last close in the related key, and the last leads home again.

    A phrase that ran on closes with a full cadence where it changes key, so that the new key is
    heard. A section of one phrase, which has no time to go and return, stays at home.
    """
    if relation == HOME:
        return list(phrases)
    away = {}
    stated = [section for section in sections if section.kind == STATEMENT]
    for section in stated:
        if section.letter != stated[0].letter:
            goes = relation if section.letter == "B" else OTHER_SIDE[relation]
            away[section.name] = related(key, goes)
    found: list[Phrase] = []
    last = {one.section: one.name for one in phrases if one.cadence != HELD}
    for phrase in phrases:
        goal = away.get(phrase.section)
        if phrase.cadence == HELD and found:
            found.append(replace(phrase, key=found[-1].key))
            continue
        if goal is None or phrase.name == last.get(phrase.section):
            found.append(phrase)
            continue
        cadence = "authentic" if phrase.cadence == OPEN else phrase.cadence
        found.append(replace(phrase, key=goal, cadence=cadence))
    return found
