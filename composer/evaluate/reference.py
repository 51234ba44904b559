"""What music21 says of four voices, rule by rule, in its own terms.

`figuredBass.possibility` and `voiceLeading.VoiceLeadingQuartet` are asked about two voices at a
time, so that an answer names its voices. music21 has no predicate for suspensions, cross-relations
and doublings of the leading tone, so these are not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import Any, TypeAlias

from music21 import chord as chords
from music21 import interval, note, pitch
from music21.figuredBass import possibility
from music21.voiceLeading import VoiceLeadingQuartet

from theory.pitch import Pitch
from theory.verify import VOICE_NAMES
from theory.verify.voices import COMPASS

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


def _running(
    predicate: Callable[[Any, Any], bool], *, similar: bool
) -> Callable[[Row, Row], Iterator[Voices]]:
    """music21 calls perfects parallel in either motion; here they are told apart."""

    def found(before: Row, now: Row) -> Iterator[Voices]:
        for upper, lower in _of_pairs(predicate, EVERY)(before, now):
            quartet = VoiceLeadingQuartet(before[upper], now[upper], before[lower], now[lower])
            if bool(quartet.contraryMotion()) != similar:
                yield upper, lower

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
        "parallel-fifths": _running(possibility.parallelFifths, similar=True),
        "parallel-octaves": _running(_octaves_or_unisons, similar=True),
        "contrary-fifths": _running(possibility.parallelFifths, similar=False),
        "contrary-octaves": _running(_octaves_or_unisons, similar=False),
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
