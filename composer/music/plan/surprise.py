"""The one surprise of a piece: which it is, and where."""

from __future__ import annotations

from collections.abc import Sequence

from composer.music.plan.changes import changes
from composer.values import HarmonyPlan, Phrase
from theory.chord import Chord
from theory.harmony import family
from theory.harmony.phrase import can_include, vocabulary
from theory.metre import Metre
from theory.pitch import Note
from theory.scale import Key

BORROWED, DECEPTIVE, LEAP = "borrowed chord", "deceptive cadence", "leap of register"
WIDE_RANGE = 13  # semitones from which a melody rather leaps than borrows


def choose(
    phrases: Sequence[Phrase],
    language: str,
    harmony: HarmonyPlan,
    range_: float,
    key: Key,
    metre: Metre,
) -> tuple[int, str]:
    """Which phrase surprises, and how: in the second half of the piece, but not its last phrase.

    range_: semitones that the melody has.

    Strict language turns a full cadence into a deceptive one where the form has one there. Then a
    chord is borrowed if the melody's range is small and the family has one that the piece has not
    heard; otherwise the melody leaps into another register.
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
    own: frozenset[Note] = frozenset(key.notes)
    if key.mode.minor:
        own |= {key.major_degree(6)}
    return frozenset(roman for roman in new if not own.issuperset(Chord.parse(roman, key).tones))
