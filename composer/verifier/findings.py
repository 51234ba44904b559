"""The one way to the rules' second reading: four voices, or a melody over its chords → findings.

Everything that is judged comes here, whoever wrote it: our own piece, a lesson's example, a
stranger's exercise, a chorale. Moments are in quarter notes from the first note's bar.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

from theory.chord import Chord
from theory.metre import QUARTER, Metre
from theory.pitch import Pitch
from theory.rules import RULES
from theory.scale import Key
from theory.timed import TimedChord, TimedNote
from theory.verify import ALONE, COMPASS, VOICE_NAMES, verify_melody, verify_voices
from theory.voices.voicing import Voicing

MELODY = "melody"
# What a melody over its chords is called.
LEAD_SHEET = "melody and chord symbols"
# Of whom nothing is said but what the rules look at: no compass is too wide.
ANY_COMPASS = (Pitch(0, 0, -1), Pitch(0, 0, 10))

__all__ = [
    "ANY_COMPASS",
    "COMPASS",
    "LEAD_SHEET",
    "MELODY",
    "VOICE_NAMES",
    "Finding",
    "Sonority",
    "Verdict",
    "binding",
    "in_melody",
    "in_voices",
    "measured",
    "softened",
    "sonorities",
    "with_rests",
    "written",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: when, where, by which voices, how, and by which notes.

    bar: its number as it is printed. voices: of soprano, alto, tenor and bass, or as many as there
    are, or melody; none where a chord as a whole is at fault.
    notes: those at fault, as (voice, the moment at which it begins), in order of time.
    """

    rule: str
    hard: bool
    moment: Fraction
    bar: int | str
    beat: Fraction
    voices: tuple[str, ...]
    sentence: str
    notes: tuple[tuple[str, Fraction], ...]

    def __str__(self) -> str:
        return f"bar {self.bar} beat {written(self.beat)}: {self.sentence} ({self.rule})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, in order of time, and what was looked at.

    what: "four voices", "melody and chord symbols" or "piece". how: where the key was found.
    changes: the keys that follow the first, each with the number of the bar from which it holds.
    judged, unjudged: names of rules; the latter are those that nothing in the score says.
    chords: how many were recognised. moments: the places at which the voices, or the melody, have
    something new. left_out: what was in the score and could not be judged, in words.
    """

    key: Key
    how: str
    language: str
    what: str
    findings: tuple[Finding, ...]
    judged: tuple[str, ...]
    unjudged: tuple[str, ...]
    chords: int
    moments: int
    changes: tuple[tuple[int | str, Key], ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def alone(self) -> bool:
        """Was a melody judged alone, because none of its chords was recognised?"""
        return not self.chords and self.what == LEAD_SHEET

    @property
    def broken(self) -> bool:
        """Is a hard rule broken?"""
        return any(finding.hard for finding in self.findings)

    def __repr__(self) -> str:
        hard = sum(finding.hard for finding in self.findings)
        soft = len(self.findings) - hard
        return (
            f"<Verdict on {self.what} in {self.key.name}: {len(self.judged)} rules judged in the "
            f"{self.language} language, hard ones broken at {hard} places, soft ones at {soft}>"
        )


def written(beat: Fraction) -> str:
    """A beat as people write it.

    >>> written(Fraction(3)), written(Fraction(5, 2)), written(Fraction(7, 3))
    ('3', '2½', '2⅓')
    """
    whole, rest = divmod(beat, 1)
    if not rest:
        return str(whole)
    signs = {"1/2": "½", "1/4": "¼", "3/4": "¾", "1/3": "⅓", "2/3": "⅔"}
    return f"{whole}{signs[str(rest)]}" if str(rest) in signs else f"{whole}+{rest}"


# --- what is judged -------------------------------------------------------------------------------

# The bar's number and the beat, from 1, of a moment.
Where = Callable[[Fraction], tuple[int | str, Fraction]]


def measured(metre: Metre) -> Where:
    """Bars and beats where every bar is whole and the first begins at nought."""

    def where(moment: Fraction) -> tuple[int, Fraction]:
        bar, rest = divmod(moment * QUARTER, metre.bar)
        return int(bar) + 1, Fraction(rest) / metre.beat + 1

    return where


@dataclass(frozen=True, slots=True)
class Sonority:
    """Notes that sound together from `start`, the highest voice's first, and their chord.

    `onsets` are the moments at which they begin; one that is held began before. Both are None for
    a voice that rests.
    """

    start: Fraction
    chord: Chord
    pitches: tuple[Pitch | None, ...]
    onsets: tuple[Fraction | None, ...]


class Led(Protocol):
    """A chord in four voices from a tick on."""

    @property
    def start(self) -> int: ...
    @property
    def chord(self) -> Chord: ...
    @property
    def voicing(self) -> Voicing: ...


def sonorities(spans: Iterable[Led]) -> tuple[Sonority, ...]:
    """Chords that all four voices strike at once."""
    return tuple(
        Sonority(start, span.chord, tuple(span.voicing), (start,) * 4)
        for span in spans
        for start in (Fraction(span.start, QUARTER),)
    )


def binding(kind: str, language: str, also: Collection[str] = ()) -> tuple[str, ...]:
    """The rules of a kind, voices or melody, that are hard in a language, and those of `also`."""
    return tuple(
        name
        for name, rule in RULES.items()
        if rule.kind == kind and (rule.binds(language) or name in also)
    )


# --- the second reading ---------------------------------------------------------------------------


def in_voices(
    row: Sequence[Sonority],
    language: str,
    where: Where,
    *,
    rules: Collection[str],
    soprano_range: tuple[Pitch, Pitch] | None = None,
    names: tuple[str, ...] = VOICE_NAMES,
) -> Iterator[Finding]:
    """What voices break of the rules named, chord by chord; each of two chords' faults stands at
    the second."""
    for one in verify_voices(
        [sonority.chord for sonority in row],
        [sonority.pitches for sonority in row],
        language,
        rules=rules,
        soprano_range=soprano_range,
        names=names,
    ):
        first = one.index if one.rule in ALONE else max(0, one.index - 1)
        notes = {
            (voice, onset): None
            for sonority in row[first : one.index + 1]
            for voice in one.voices or names
            for onset in (sonority.onsets[names.index(voice)],)
            if onset is not None
        }
        moment = row[one.index].start
        yield Finding(
            one.rule,
            RULES[one.rule].binds(language),
            moment,
            *where(moment),
            one.voices,
            one.sentence.partition(": ")[2],
            tuple(notes),
        )


def with_rests(
    notes: Sequence[TimedNote], chords: Sequence[TimedChord], metre: Metre
) -> list[TimedChord]:
    """The chords, those that begin while the melody rests for half a bar or longer owed no note of
    it, nor any close: others play alone there, before its first note, after its last or between."""
    if not chords:
        return []
    first, last = chords[0].start, chords[-1].end

    def rests(tick: int) -> int:
        before = max((note.end for note in notes if note.start <= tick), default=first)
        after = min((note.start for note in notes if note.start > tick), default=last)
        return 0 if before > tick else after - before

    silent = {one.start for one in chords if 2 * rests(one.start) >= metre.bar}
    return [replace(c, sung=False, closes=None) if c.start in silent else c for c in chords]


def in_melody(
    notes: Sequence[TimedNote],
    chords: Sequence[TimedChord],
    metre: Metre,
    language: str,
    where: Where,
    *,
    rules: Collection[str],
    off: Collection[str] = (),
    compass: tuple[Pitch, Pitch] = ANY_COMPASS,
    zero: Fraction = Fraction(0),
) -> Iterator[Finding]:
    """What a melody over its chords breaks of the rules named, in order of time.

    off: rules by which nothing is judged, those of other figures neither. zero: the moment of tick
    nought. The note at fault is the one that sounds, or the last before, or else the first.
    """
    starts = [note.start for note in notes]
    for one in verify_melody(notes, chords, metre, compass, language, off=off, rules=rules):
        moment = zero + Fraction(one.tick, QUARTER)
        begun = bisect_right(starts, one.tick) or 1
        at = tuple((MELODY, zero + Fraction(tick, QUARTER)) for tick in starts[begun - 1 : begun])
        hard = RULES[one.rule].binds(language)
        yield Finding(one.rule, hard, moment, *where(moment), (MELODY,), one.sentence, at)


def softened(found: Iterable[Finding], off: Collection[str]) -> list[Finding]:
    """The findings, those of rules that were switched off not hard."""
    return [replace(one, hard=False) if one.rule in off else one for one in found]
