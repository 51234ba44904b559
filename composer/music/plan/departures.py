"""Where a piece departs from the ordinary: the middle to another key, one phrase by surprise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import fsum
from types import MappingProxyType

from composer.music.plan import contour
from composer.music.plan.phrases import changes
from composer.values import HarmonyPlan, MelodyPlan, Phrase, Section
from theory.chord import Chord
from theory.harmony import family
from theory.harmony.phrase import OPEN, can_include, vocabulary
from theory.metre import Metre
from theory.pitch import NoteName, interval
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
    for section in sections:
        if section.letter != sections[0].letter:
            goes = relation if section.letter == "B" else OTHER_SIDE[relation]
            away[section.name] = related(key, goes)
    found: list[Phrase] = []
    for phrase, following in zip(phrases, [*phrases[1:], None], strict=True):
        goal = away.get(phrase.section)
        if goal is None or following is None or following.section != phrase.section:
            found.append(phrase)
            continue
        cadence = "authentic" if phrase.cadence == OPEN else phrase.cadence
        found.append(replace(phrase, key=goal, cadence=cadence))
    return found


BORROWED, DECEPTIVE, LEAP = "borrowed chord", "deceptive cadence", "leap of register"
WIDE_RANGE = 13  # semitones from which a melody rather leaps than borrows


def surprised(
    phrases: Sequence[Phrase],
    language: str,
    harmony: HarmonyPlan,
    melody: MelodyPlan,
    key: Key,
    metre: Metre,
) -> list[Phrase]:
    """The phrases with one surprise among them."""
    found = list(phrases)
    place, kind = choose(found, language, harmony, melody.range, key, metre)
    phrase = replace(found[place], surprise=kind)
    if kind == DECEPTIVE:
        phrase = replace(phrase, cadence="deceptive")
    if kind == LEAP:
        # The leap is its period's climax.
        at = phrase.slots[1].start
        middle = fsum(phrase.contour) / len(phrase.contour)
        low, high = contour.bounds(middle, melody.range, True)
        leap = contour.leaping(
            len(phrase.contour), (at - phrase.start) // metre.beat, (high - low) / 2
        )
        wished = tuple(round((low + high) / 2 + value, 2) for value in leap)
        phrase = replace(phrase, contour=wished, climax=at)
        for index, other in enumerate(found):
            if other.section == phrase.section and other.climax is not None:
                found[index] = replace(other, climax=None)
    found[place] = phrase
    return found


def choose(
    phrases: Sequence[Phrase],
    language: str,
    harmony: HarmonyPlan,
    range_: float,
    key: Key,
    metre: Metre,
) -> tuple[int, str]:
    """Which phrase surprises, and how: in the second half of the piece, but not its last phrase.

    Strict language turns a full cadence into a deceptive one where the form has one there. Then a
    chord is borrowed if the melody's range, in semitones, is small and the family has one that the
    piece has not heard; otherwise the melody leaps into another register.
    """
    late = list(range(len(phrases) // 2, len(phrases) - 1)) or [0]
    # A phrase that changes key is surprise enough, and has no chord to spare.
    settled = [n for n in late if not phrases[n].key and not (n and phrases[n - 1].key)]
    late = settled or late
    closing = [index for index in late if phrases[index].cadence == "authentic"]
    if language == "strict" and closing:
        return closing[-1], DECEPTIVE
    if range_ < WIDE_RANGE:
        for index in reversed(late):
            if can_borrow(phrases[index], harmony, key, metre):
                return index, BORROWED
    return late[-1], LEAP


def can_borrow(phrase: Phrase, harmony: HarmonyPlan, key: Key, metre: Metre) -> bool:
    """Can this phrase go by way of a chord that the piece hears nowhere else?"""
    count = len(changes(phrase.start, phrase.end, phrase.cadence, harmony.rhythm, metre))
    grammar = family.families()[harmony.progression]
    chords = strangers(grammar, key, harmony.chords)
    return bool(chords) and can_include(grammar, phrase.cadence, count, "borrowed", chords)


def strangers(grammar: family.Family, key: Key, colour: str) -> frozenset[str]:
    """The borrowed chords with a note outside the key that the family does not have otherwise."""
    new = vocabulary(grammar, "borrowed") - vocabulary(grammar, colour)
    own: frozenset[NoteName] = frozenset(key.notes)
    if key.mode.minor:
        own |= {key.major_degree(6)}
    return frozenset(roman for roman in new if not own.issuperset(Chord.parse(roman, key).tones))
