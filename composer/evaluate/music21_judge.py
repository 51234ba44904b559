"""What music21 says of four voices, rule by rule, in its own terms.

`figuredBass.possibility` and `voiceLeading.VoiceLeadingQuartet` are asked about two voices at a
time, so that an answer names its voices. music21 has no predicate for suspensions, cross-relations
and doublings of the leading tone, so these are not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import Any, TypeAlias

from music21 import chord as chords
from music21 import interval, note, pitch
from music21.figuredBass import possibility
from music21.voiceLeading import VoiceLeadingQuartet

from composer.verifier.findings import COMPASS, VOICE_NAMES
from theory.chord import Chord
from theory.pitch import Pitch

Voices: TypeAlias = tuple[str, ...]
Row: TypeAlias = Mapping[str, Any]
INTERVALS = (2, 7)  # augmented intervals from a second to a seventh
OCTAVE, SEVENTH = 12, 7
FIGURES_LIMIT = [(1, OCTAVE)]
SIGNS = {-2: "--", -1: "-", 0: "", 1: "#", 2: "##"}


@lru_cache(maxsize=1024)
def theirs(ours: Pitch) -> Any:
    """music21's pitch for ours."""
    return pitch.Pitch(f"{'CDEFGAB'[ours.step]}{SIGNS[ours.alter]}{ours.octave}")


def row(pitches: tuple[Pitch, ...]) -> Row:
    return dict(zip(VOICE_NAMES, map(theirs, pitches), strict=True))


# --- one moment -----------------------------------------------------------------------------------


def out_of_range(now: Row) -> Iterator[Voices]:
    for voice, sung in now.items():
        low, high = (pitch.Pitch(name.replace("b", "-")) for name in COMPASS[voice])
        if not possibility.pitchesWithinLimit((sung,), high) or sung < low:
            yield (voice,)


def wide(now: Row) -> Iterator[Voices]:
    """Upper parts, asked two at a time over the bass."""
    for voices in (("soprano", "alto"), ("alto", "tenor")):
        upper, lower = (now[voice] for voice in voices)
        if not possibility.upperPartsWithinLimit((upper, lower, now["bass"]), OCTAVE):
            yield voices


def crossing(now: Row) -> Iterator[Voices]:
    for voices in pairwise(VOICE_NAMES):
        if possibility.voiceCrossing(tuple(now[voice] for voice in voices)):
            yield voices


# --- two moments ----------------------------------------------------------------------------------


def _of_pairs(
    predicate: Callable[[Any, Any], bool], pairs: tuple[tuple[str, str], ...]
) -> Callable[[Row, Row], Iterator[Voices]]:
    def found(before: Row, now: Row) -> Iterator[Voices]:
        for voices in pairs:
            one, two = (tuple(each[voice] for voice in voices) for each in (before, now))
            if predicate(one, two):
                yield voices

    return found


def _octaves_or_unisons(one: Any, two: Any) -> bool:
    """`parallelOctaves` leaves unisons out, which music21 has in a predicate of their own."""
    found: bool = possibility.parallelOctaves(one, two)
    if not found and all(high.ps == low.ps for high, low in (one, two)):
        found = VoiceLeadingQuartet(one[0], two[0], one[1], two[1]).parallelUnison()
    return found


def augmented(before: Row, now: Row) -> Iterator[Voices]:
    for voice in VOICE_NAMES:
        step = _interval(before[voice], now[voice])
        number = step.generic.undirected
        if step.name.startswith("A") and INTERVALS[0] <= number <= INTERVALS[1]:
            yield (voice,)


def wide_leap(before: Row, now: Row) -> Iterator[Voices]:
    for voice in VOICE_NAMES[:3]:
        one, two = before[voice], now[voice]
        within = possibility.partMovementsWithinLimits((one,), (two,), FIGURES_LIMIT)
        if not within or _interval(one, two).generic.undirected == SEVENTH:
            yield (voice,)


@lru_cache(maxsize=8192)
def _interval(one: Any, two: Any) -> Any:
    return interval.Interval(one, two)


EVERY = tuple(combinations(VOICE_NAMES, 2))
NEIGHBOURS = tuple(pairwise(VOICE_NAMES))
OUTER = (("soprano", "bass"),)
OF_MOMENTS: Mapping[str, Callable[[Row], Iterator[Voices]]] = MappingProxyType(
    {"range": out_of_range, "spacing": wide, "crossing": crossing}
)
OF_MOTIONS: Mapping[str, Callable[[Row, Row], Iterator[Voices]]] = MappingProxyType(
    {
        "overlap": _of_pairs(possibility.voiceOverlap, NEIGHBOURS),
        "parallel-fifths": _of_pairs(possibility.parallelFifths, EVERY),
        "parallel-octaves": _of_pairs(_octaves_or_unisons, EVERY),
        "direct-fifths": _of_pairs(possibility.hiddenFifth, OUTER),
        "direct-octaves": _of_pairs(possibility.hiddenOctave, OUTER),
        "augmented-step": augmented,
        "wide-leap": wide_leap,
    }
)


# --- chords ---------------------------------------------------------------------------------------


def root_and_kind(pitches: tuple[Pitch, ...]) -> tuple[str, str]:
    """The root that music21 finds, and what it calls the chord."""
    found = chords.Chord(list(map(theirs, pitches)))
    return found.root().name.replace("-", "b"), found.commonName


def incomplete(pitches: tuple[Pitch, ...], needed: list[str]) -> bool:
    names = [name.replace("b", "-") for name in needed]
    missing: bool = possibility.isIncomplete(tuple(map(theirs, pitches)), names)
    return missing


def doubled_seventh(pitches: tuple[Pitch, ...]) -> bool:
    found = chords.Chord(list(map(theirs, pitches)))
    seventh = found.seventh
    return seventh is not None and sum(p.name == seventh.name for p in found.pitches) > 1


def resolves(high: tuple[Pitch, Pitch], low: tuple[Pitch, Pitch]) -> bool:
    """Does a tritone or a seventh between two voices resolve as music21 would have it?"""
    first, second = (tuple(note.Note(theirs(one)) for one in voice) for voice in (high, low))
    proper: bool = VoiceLeadingQuartet(*first, *second).isProperResolution()
    return proper


HEIGHT = VOICE_NAMES


@dataclass(frozen=True, slots=True)
class JudgedPlace:
    """Where two judges looked: a score, quarter notes from its beginning, and what is sung there
    and just before (an empty sequence where nothing is)."""

    name: str
    moment: float
    before: Sequence[tuple[Pitch, ...]]
    now: tuple[Pitch, ...]
    chord_before: Sequence[Chord] = ()
    chord: Chord | None = None

    def __str__(self) -> str:
        rows = [" ".join(pitch.name for pitch in row) for row in (*self.before, self.now)]
        chords = " ".join(str(chord) for chord in (*self.chord_before, self.chord) if chord)
        return f"{self.name} at {self.moment:g}: {' to '.join(rows)} {chords}".rstrip()


def reason(rule: str, voices: Voices, ours: bool, place: JudgedPlace) -> str | None:
    """Why only one of the two found a fault; None where no known reason explains it."""
    for words, explains in REASONS.get((rule, ours), {}).items():
        if explains(voices, place):
            return words
    return None


def _moves(voice: str, place: JudgedPlace) -> tuple[Pitch, Pitch]:
    number = VOICE_NAMES.index(voice)
    return place.before[0][number], place.now[number]


def _soprano_steps(voices: Voices, place: JudgedPlace) -> bool:
    one, two = _moves("soprano", place)
    return abs(one.to(two).steps) <= 1  # a chromatic semitone is a step too


def _crossed(voices: Voices, place: JudgedPlace) -> bool:
    """Is the part that is written higher the lower one, before or now?"""
    (high, high_now), (low, low_now) = (_moves(voice, place) for voice in voices)
    return high.midi < low.midi or high_now.midi < low_now.midi


def _suspended(voices: Voices, place: JudgedPlace) -> bool:
    return place.chord is not None and place.chord.quality.name.startswith("suspended")


def _tone_leaps(voices: Voices, place: JudgedPlace) -> bool:
    """Does the leading tone leap to another octave, or to another note than its goal?"""
    leading = place.chord_before[0].leading
    moves = [_moves(voice, place) for voice in voices]
    return any(one.note == leading and abs(one.to(two).steps) > 1 for one, two in moves)


def _tone_falls(voices: Voices, place: JudgedPlace) -> bool:
    """Does an inner leading tone fall a third, to the fifth of the chord on its goal?"""
    leading = place.chord_before[0].leading
    moves = [_moves(voice, place) for voice in voices if voice in ("alto", "tenor")]
    return any(one.note == leading and one.to(two).steps == -2 for one, two in moves)


REASONS: Mapping[tuple[str, bool], Mapping[str, Callable[[Voices, JudgedPlace], bool]]] = (
    MappingProxyType(
        {
            ("direct-fifths", False): {
                "the soprano moves by step, which the books allow": _soprano_steps
            },
            ("direct-octaves", False): {
                "the soprano moves by step, which the books allow": _soprano_steps
            },
            ("chord", True): {
                "a suspended fourth, which music21 calls a stack of fourths": _suspended
            },
            ("resolution", False): {
                "an inner leading tone falls to the fifth, which the books allow": _tone_falls,
                "the seventh is held, to fall as a suspension": _suspended,
                "the voices are crossed, and the tritone is read upside down": _crossed,
            },
            ("resolution", True): {
                "the leading tone leaps; music21 sees intervals, not notes": _tone_leaps
            },
        }
    )
)
