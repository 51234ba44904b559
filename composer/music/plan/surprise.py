"""The one surprise of a piece: which kind, and in which phrase of its second half.

Each kind has a place on the map of moods; of those that the piece has room for the nearest is
taken. That a kind suits a mood is a convention, and said to be one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import dist, fsum
from types import MappingProxyType

from composer.music.plan import contour
from composer.music.plan.phrases import changes
from composer.values import HarmonyPlan, MelodyPlan, Mood, Phrase
from composer.values.plan import (
    BORROWED,
    DECEPTIVE,
    DROP,
    HEMIOLA,
    LEAP,
    MEDIANT,
    PAUSE,
)
from theory.chord import Chord
from theory.harmony import family
from theory.harmony.phrase import can_include, vocabulary
from theory.metre import Metre
from theory.pitch import NoteName
from theory.scale import Key

# Where each kind lies: valence and arousal, standard scores from -1 to 1.
PLACES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        PAUSE: (-0.35, 0.3),
        DROP: (0.2, 0.35),
        LEAP: (0.45, 0.15),
        MEDIANT: (0.3, -0.2),
        HEMIOLA: (0.2, 0.0),
        DECEPTIVE: (0.0, -0.3),
        BORROWED: (-0.25, -0.1),
    }
)
THIRDS = (3, 4, 8, 9)  # semitones above the tonic on which a mediant's root stands


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a surprise has to fit into; `peak` is the number of the period with the piece's peak."""

    language: str
    harmony: HarmonyPlan
    melody: MelodyPlan
    mood: Mood
    key: Key
    metre: Metre
    peak: int = 0


def surprised(phrases: Sequence[Phrase], within: Circumstances) -> list[Phrase]:
    """The phrases with one surprise among them."""
    found = list(phrases)
    chosen = choose(found, within)
    if chosen is None:
        return found
    place, kind = chosen
    phrase = replace(found[place], surprise=kind)
    if kind == DECEPTIVE:
        phrase = replace(phrase, cadence="deceptive")
    if kind == PAUSE:
        # All are silent before it, and nobody leads in.
        phrase = replace(phrase, upbeat=0)
        found[place - 1] = replace(found[place - 1], breath=_breath(within.metre))
    if kind == LEAP:
        phrase = _leaping(phrase, within)
        for index, other in enumerate(found):
            if other.period == phrase.period and other.climax is not None:
                found[index] = replace(other, climax=None)
    found[place] = phrase
    return found


def _breath(metre: Metre) -> int:
    return metre.beat * (2 if metre.beats > 3 else 1)


def _leaping(phrase: Phrase, within: Circumstances) -> Phrase:
    """The phrase with a leap into another register, its period's climax, on a barline."""
    at = phrase.slots[1].start
    middle = fsum(phrase.contour) / len(phrase.contour)
    low, high = contour.bounds(middle, within.melody.range, True)
    beat = (at - phrase.start) // within.metre.beat
    leap = contour.leaping(len(phrase.contour), beat, (high - low) / 2)
    wished = tuple(round((low + high) / 2 + value, 2) for value in leap)
    return replace(phrase, contour=wished, climax=at)


def choose(phrases: Sequence[Phrase], within: Circumstances) -> tuple[int, str] | None:
    """Which phrase surprises, and how: in the second half of the piece, but not its last phrase.

    None where there is room for no kind.
    """
    sung = [number for number, phrase in enumerate(phrases) if phrase.sung]
    late = sung[len(sung) // 2 : -1] or sung[:1]
    # A phrase that changes key is surprise enough, and has no chord to spare.
    settled = [n for n in late if not phrases[n].key and not (n and phrases[n - 1].key)]
    late = settled or late
    mood = (within.mood.valence, within.mood.arousal)
    for kind in sorted(PLACES, key=lambda kind: dist(PLACES[kind], mood)):
        for index in _order(kind, phrases, sung, late, within):
            if ROOM[kind](phrases, index, within):
                return index, kind
    return None


def _order(
    kind: str,
    phrases: Sequence[Phrase],
    sung: Sequence[int],
    late: Sequence[int],
    within: Circumstances,
) -> list[int]:
    """The phrases that a kind would like, the best first: the last, but for a leap the one with the
    piece's peak."""
    backwards = list(reversed(late))
    if kind != LEAP:
        return backwards
    peaks = [n for n in sung[1:-1] if phrases[n].climax and phrases[n].period == within.peak]
    return [*peaks, *backwards]


def _closes(phrases: Sequence[Phrase], index: int, within: Circumstances) -> bool:
    """Has it a full close, in a piece that is not deceived elsewhere?"""
    other = any(phrase.cadence == "deceptive" for phrase in phrases)
    return phrases[index].cadence == "authentic" and not other and not phrases[index].degrees


def _leaps(phrases: Sequence[Phrase], index: int, within: Circumstances) -> bool:
    """Has it a second slot to leap at, and is it the period of the piece's peak?"""
    return len(phrases[index].slots) > 1 and phrases[index].period == within.peak


def _breathes(phrases: Sequence[Phrase], index: int, within: Circumstances) -> bool:
    """Does it follow on a phrase that is sung and closes?"""
    before = phrases[index - 1] if index else None
    return before is not None and before.sung and before.cadence not in ("open", "held")


def _thins(phrases: Sequence[Phrase], index: int, within: Circumstances) -> bool:
    """Has it two bars and more after those in which the tune is alone?"""
    phrase = phrases[index]
    return phrase.end - phrase.start >= 4 * within.metre.bar


def _regroups(phrases: Sequence[Phrase], index: int, within: Circumstances) -> bool:
    """Has it two bars of three before its close?"""
    phrase = phrases[index]
    long = phrase.end - phrase.start >= 4 * within.metre.bar
    free = not phrase.degrees and phrase.cadence != "open"
    return within.metre.name == "3/4" and long and free


def can_borrow(phrases: Sequence[Phrase], index: int, within: Circumstances) -> bool:
    """Can this phrase go by way of a chord that the piece hears nowhere else?"""
    return _can_include(phrases[index], BORROWED, within)


def can_turn(phrases: Sequence[Phrase], index: int, within: Circumstances) -> bool:
    """Can it go by way of such a chord a third away from the tonic?"""
    return _can_include(phrases[index], MEDIANT, within)


ROOM: Mapping[str, Callable[[Sequence[Phrase], int, Circumstances], bool]] = {
    BORROWED: can_borrow,
    MEDIANT: can_turn,
    DECEPTIVE: _closes,
    LEAP: _leaps,
    PAUSE: _breathes,
    DROP: _thins,
    HEMIOLA: _regroups,
}


def _can_include(phrase: Phrase, kind: str, within: Circumstances) -> bool:
    harmony, key = within.harmony, within.key
    rate = harmony.rhythm if phrase.rhythm is None else phrase.rhythm
    count = len(changes(phrase.start, phrase.end, phrase.cadence, rate, within.metre))
    if phrase.degrees:
        return False
    grammar = family.families()[harmony.progression]
    chords = strangers(grammar, key, harmony.chords, kind)
    return bool(chords) and can_include(grammar, phrase.cadence, count, "borrowed", chords)


def strangers(grammar: family.Family, key: Key, colour: str, kind: str) -> frozenset[str]:
    """The borrowed chords with a note outside the key that the family does not have otherwise: of
    the kind MEDIANT those a third from the tonic, of BORROWED the others."""
    new = vocabulary(grammar, "borrowed") - vocabulary(grammar, colour)
    own: frozenset[NoteName] = frozenset(key.notes)
    if key.mode.minor:
        own |= {key.major_degree(6)}
    chords = {roman: Chord.parse(roman, key) for roman in new}
    return frozenset(
        roman
        for roman, chord in chords.items()
        if not own.issuperset(chord.tones) and _mediant(roman, chord, key) == (kind == MEDIANT)
    )


def _mediant(roman: str, chord: Chord, key: Key) -> bool:
    """Does a chord stand a third from the tonic by itself, and lead to no other as its dominant?"""
    return "/" not in roman and (chord.root.chroma - key.tonic.chroma) % 12 in THIRDS


def hemiola(phrase: Phrase, metre: Metre) -> tuple[int, ...]:
    """Where the beats of a hemiola begin: in the two bars before a phrase's last, every two of its
    beats; nowhere in another phrase."""
    if phrase.surprise != HEMIOLA:
        return ()
    begin = phrase.end - 3 * metre.bar
    return tuple(range(begin, begin + 2 * metre.bar, 2 * metre.beat))
