"""The rules broken in a score: part-writing in its voices, or a melody over its chord symbols."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from composer.verifier.chords import Areas, harmonies
from composer.verifier.findings import (
    COMPASS,
    LEAD_SHEET,
    Finding,
    Sonority,
    Verdict,
    in_voices,
    softened,
)
from composer.verifier.keys import keys
from composer.verifier.melody import judge_melody, unknown, written
from composer.verifier.slices import Slice, stretches
from corpora.errors import ScoreError
from corpora.read.lines import Sung
from corpora.read.scores import Score
from theory.chord import Chord
from theory.rules import RULES, switched_off
from theory.scale import Key

COUNTED = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
# Rules that look at notes alone; the others look at chords.
OF_A_MOMENT = ("range", "spacing", "crossing")
OF_NOTES = (
    *OF_A_MOMENT,
    "overlap",
    "parallel-fifths",
    "parallel-octaves",
    "contrary-fifths",
    "contrary-octaves",
    "direct-fifths",
    "direct-octaves",
    "augmented-step",
    "diminished-leap",
    "wide-leap",
    "cross-relation",
)
# What no score says: the compass that was meant, and which notes end a phrase.
NOT_SAID = ("compass", "melodic-cadence")
# Comparisons beyond which a score is no movement; they take some fifteen seconds.
MOST_WORK = 250_000
# Rules of melody that need no chord.
OF_A_LINE = ("melodic-interval", "leap-answered", "repetition", "compass")


def judge_score(
    score: Score, key: Key, language: str, how: str = "as you say", off: Collection[str] = ()
) -> Verdict:
    """The verdict on a score in a key by a language's rules, soft ones too, but for those in `off`.

    how: where the key was found, for the verdict. What the score says of itself is believed (see
    `corpora.read.said`). Raises ScoreError where nothing could be judged.
    """
    voices = len(score.voices) > 1
    kind = "voices" if voices else "melody"
    rules = [rule.name for rule in RULES.values() if rule.kind == kind and rule.name not in off]
    areas = keys(score, key)
    unjudged = _not_judged(score, areas, rules)
    rules = [name for name in rules if name not in unjudged]
    moments = sum(map(len, stretches(score, 2))) if voices else len(score.voices[0])
    if not moments:
        raise ScoreError("No two voices ever sound together: nothing could be judged.")
    if _work(score, moments) > MOST_WORK:
        raise ScoreError(
            f"The score is too long to be judged at once, with {moments:,} moments in "
            f"{len(score.voices)} voices. Give one movement."
        )
    judge = judge_voices if voices else judge_melody
    findings, chords = judge(score, areas, language, rules)
    return Verdict(
        key,
        how,
        language,
        f"{COUNTED.get(len(score.voices), len(score.voices))} voices" if voices else LEAD_SHEET,
        tuple(_once(score, sorted(findings, key=_moment))),
        tuple(rules),
        unjudged,
        chords,
        moments,
        tuple((score.place(start)[0], other) for start, other in areas[1:]),
        (*score.left_out, *(() if voices else unknown(score, areas))),
    )


def _work(score: Score, moments: int) -> int:
    """How much there is to compare: every two voices at every moment, or every note of a melody
    with every other, every chord and every note below."""
    count = len(score.voices)
    if count > 1:
        return moments * (20 + count * (count - 1) // 2)
    line = moments + len(score.symbols)
    return line * (line + len(score.below)) // 200


def _not_judged(score: Score, areas: Areas, rules: Sequence[str]) -> tuple[str, ...]:
    """The rules for which a score lacks what they look at."""
    if len(score.voices) == 1:
        known = any(chord for _, chord in written(score, areas))
        without = () if known else tuple(name for name in rules if name not in OF_A_LINE)
        unsaid = NOT_SAID if score.said is None else ()
        return tuple(name for name in rules if name in unsaid or name in without)
    found = []
    if not any(name.split()[0] in COMPASS for name in score.names):
        found.append("range")
    if len(score.voices) == 2:
        found.append("completeness")
    return tuple(name for name in rules if name in found)


def _moment(finding: Finding) -> Fraction:
    return finding.moment


def _once(score: Score, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, each at its first hearing: what is repeated is wrong once."""
    told = set()
    for one in findings:
        which = (one.rule, one.voices, one.sentence, tuple(numbers(score, one)))
        if which not in told:
            told.add(which)
            yield one


def numbers(score: Score, finding: Finding) -> Iterator[int]:
    """The places, among the score's written notes, of those at fault."""
    for voice, onset in finding.notes:
        line = score.voices[score.names.index(voice)]
        index = bisect_left(line, onset, key=_start)
        if index < len(line) and line[index].start == onset:
            yield from line[index].numbers


def _start(note: Sung) -> Fraction:
    return note.start


# --- voices ---------------------------------------------------------------------------------------


def judge_voices(
    score: Score, areas: Areas, language: str, rules: Sequence[str]
) -> tuple[list[Finding], int]:
    """What is broken, and how many chords were recognised."""
    found: list[Finding] = []
    chords = 0
    surface = [name for name in rules if name in OF_NOTES]
    deep = [name for name in rules if name not in surface]
    for run in stretches(score, 2):
        for finding in surface_findings(run, score, language, surface):
            if finding.rule not in OF_A_MOMENT or _struck(finding):
                found.append(finding)
    for run in stretches(score, min(3, len(score.voices))):
        for phrase in _phrases(run):
            row = [piece.over(chord) for piece, chord in harmonies(score, phrase, areas)]
            places = {one.start: index for index, one in enumerate(row)}
            for finding in in_voices(row, language, score.place, rules=deep, names=score.names):
                if score.said or _worth_saying(finding, row, places[finding.moment]):
                    found.append(finding)
            chords += len(row)
    return softened(found, switched_off(score.said.off if score.said else ())), chords


def surface_findings(
    run: Sequence[Slice], score: Score, language: str, rules: Collection[str]
) -> Iterator[Finding]:
    """What slices break of rules that look at notes alone, whatever the chords are."""
    plain = Chord.parse("I", Key.of("C", "ionian"))
    row = [piece.over(plain) for piece in run]
    compass = score.said.compass if score.said else None
    yield from in_voices(
        row, language, score.place, rules=rules, soprano_range=compass, names=score.names
    )


def _phrases(run: Sequence[Slice]) -> Iterator[Sequence[Slice]]:
    """The run parted after each fermata: the chord under it need not lead to the next phrase."""
    first = 0
    for index, (piece, after) in enumerate(pairwise(run), 1):
        soprano = piece.notes[0]
        if soprano is not None and soprano.pause and after.start == soprano.end:
            yield run[first:index]
            first = index
    yield run[first:]


def _struck(finding: Finding) -> bool:
    """Does one of the notes at fault begin here, and not go on?"""
    return any(onset == finding.moment for _, onset in finding.notes)


def _worth_saying(finding: Finding, row: Sequence[Sonority], here: int) -> bool:
    """Is a fault of one chord a fault of the harmony, and not of a passing note?

    Off the beat notes pass, and nothing is missing or doubled. What is missing on it may come
    later in the same harmony. A fault that was there a moment ago is said once.
    """
    if not finding.rule.startswith(("doubled", "completeness")):
        return True
    if finding.beat.denominator > 1:
        return False
    if finding.rule != "completeness":
        return _struck(finding)
    chord = row[here].chord
    same = [here]
    for step in (1, -1):
        index = here + step
        while 0 <= index < len(row) and row[index].chord.root == chord.root:
            same.append(index)
            index += step
    heard = {pitch.note for index in same for pitch in row[index].pitches if pitch}
    return min(same) == here and not {chord.root, chord.third} <= heard
