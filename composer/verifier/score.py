"""The rules broken in a score: part-writing in four voices, or a melody over its chord symbols."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from composer.errors import UserError
from composer.verifier.findings import (
    MELODY,
    Finding,
    Sonority,
    Verdict,
    in_melody,
    in_voices,
)
from composer.verifier.keys import composite, read_key, related
from composer.verifier.slices import Slice, stretches
from corpora.read.scores import Score
from theory.chord import Chord
from theory.metre import QUARTER
from theory.pitch import Pitch
from theory.rules import RULES
from theory.scale import Key
from theory.timed import TimedChord, TimedNote
from theory.verify.naming import named, symbol

FOUR_VOICES, LEAD_SHEET = "four voices", "melody and chord symbols"
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
# The octave in which the bass of a chord symbol is set where no bass is written.
BASS_OCTAVE = 3


def judge_score(
    score: Score, key: Key, language: str, how: str = "as you say", off: Collection[str] = ()
) -> Verdict:
    """The verdict on a score in a key by a language's rules, soft ones too, but for those in `off`.

    how: where the key was found, for the verdict.
    """
    four = len(score.voices) == 4
    kind = "voices" if four else "melody"
    rules = [rule.name for rule in RULES.values() if rule.kind == kind and rule.name not in off]
    unjudged = () if four else tuple(name for name in NOT_SAID if name in rules)
    rules = [name for name in rules if name not in unjudged]
    judge = _judge_voices if four else _judge_melody
    findings, chords = judge(score, key, language, rules)
    return Verdict(
        key,
        how,
        language,
        FOUR_VOICES if four else LEAD_SHEET,
        tuple(sorted(findings, key=_moment)),
        tuple(rules),
        unjudged,
        chords,
        sum(map(len, stretches(score))) if four else len(score.voices[0]),
    )


def _moment(finding: Finding) -> Fraction:
    return finding.moment


# --- four voices ----------------------------------------------------------------------------------


def _judge_voices(
    score: Score, key: Key, language: str, rules: Sequence[str]
) -> tuple[list[Finding], int]:
    """What is broken, and how many chords were recognised."""
    found: list[Finding] = []
    chords = 0
    surface = [name for name in rules if name in OF_NOTES]
    deep = [name for name in rules if name not in surface]
    for run in stretches(score):
        for finding in surface_findings(run, score, language, surface):
            if finding.rule not in OF_A_MOMENT or _struck(finding):
                found.append(finding)
        for phrase in _phrases(run):
            row = [piece.over(chord) for piece, chord in harmonies(score, phrase, key)]
            for finding in in_voices(row, language, score.place, rules=deep):
                if _worth_saying(finding, row):
                    found.append(finding)
            chords += len(row)
    return found, chords


def surface_findings(
    run: Sequence[Slice], score: Score, language: str, rules: Collection[str]
) -> Iterator[Finding]:
    """What slices break of rules that look at notes alone, whatever the chords are."""
    plain = Chord.parse("I", Key.of("C", "ionian"))
    row = [piece.over(plain) for piece in run]
    yield from in_voices(row, language, score.place, rules=rules)


def _phrases(run: Sequence[Slice]) -> Iterator[Sequence[Slice]]:
    """The run parted after each fermata: the chord under it need not lead to the next phrase."""
    first = 0
    for index, (piece, after) in enumerate(pairwise(run), 1):
        soprano = piece.notes[0]
        if soprano.pause and after.start == soprano.end:
            yield run[first:index]
            first = index
    yield run[first:]


def harmonies(score: Score, run: Sequence[Slice], key: Key) -> Iterator[tuple[Slice, Chord]]:
    """The slices that are chords, and which.

    What is written is believed where the notes belong to it: the Roman numeral under the bass, then
    the chord symbol. Else the notes say it.
    """
    by_notes = named([piece.pitches for piece in run], key)
    written = _numerals(score, key), _chords(score, key)
    for piece, by_note in zip(run, by_notes, strict=True):
        said = (_at(piece.start, row) for row in written)
        chord = next((c for c in said if c is not None and _fits(piece, c)), by_note)
        if chord is not None:
            yield piece, chord


def _numerals(score: Score, key: Key) -> list[tuple[Fraction, Chord | None]]:
    """The chords of the numerals, in the key that was written last, as in `A minor: iv`."""
    found = []
    for start, text in score.numerals:
        new, colon, numeral = text.rpartition(":")
        if colon:
            key = _key_written(new, key)
        found.append((start, _parsed(numeral, key)))
    return found


def _key_written(text: str, key: Key) -> Key:
    try:
        return read_key(text)
    except UserError:  # a colon in a hymn
        return key


def _parsed(text: str, key: Key) -> Chord | None:
    try:
        return Chord.parse(text.strip(), key)
    except ValueError:  # a word of a hymn
        return None


def _at(moment: Fraction, row: Sequence[tuple[Fraction, Chord | None]]) -> Chord | None:
    return next((chord for start, chord in reversed(row) if start <= moment), None)


def _fits(piece: Slice, chord: Chord) -> bool:
    lowest = min(piece.pitches).note == chord.bass
    return lowest and all(pitch.note in (*chord.tones, chord.bass) for pitch in piece.pitches)


def _chords(score: Score, key: Key) -> list[tuple[Fraction, Chord | None]]:
    """The chord of every symbol; None for one that the tables do not know."""
    found: list[tuple[Fraction, Chord | None]] = []
    after: Chord | None = None
    for sign in reversed(score.symbols):
        known = sign.quality is not None
        chord = symbol(sign.root, sign.quality or "", sign.bass, key, after) if known else None
        found.append((sign.start, chord))
        after = chord or after
    return found[::-1]


def _struck(finding: Finding) -> bool:
    """Does one of the notes at fault begin here, and not go on?"""
    return any(onset == finding.moment for _, onset in finding.notes)


def _worth_saying(finding: Finding, row: Sequence[Sonority]) -> bool:
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
    here = next(index for index, one in enumerate(row) if one.start == finding.moment)
    chord = row[here].chord
    same = [here]
    for step in (1, -1):
        index = here + step
        while 0 <= index < len(row) and row[index].chord.root == chord.root:
            same.append(index)
            index += step
    heard = {pitch.note for index in same for pitch in row[index].pitches}
    return min(same) == here and not {chord.root, chord.third} <= heard


# --- a melody -------------------------------------------------------------------------------------


def _judge_melody(
    score: Score, key: Key, language: str, rules: Sequence[str]
) -> tuple[list[Finding], int]:
    """What is broken, and how many chords were recognised."""
    symbols = _chords(score, key)
    first = score.bars[0]
    metre = next((bar.metre for bar in score.bars if bar.start > first.start), first.metre)
    zero = first.start - first.first_beat

    def ticks(moment: Fraction) -> int:
        return round((moment - zero) * QUARTER)

    ends = [*(start for start, _ in symbols[1:]), score.end]
    chords = [
        TimedChord(ticks(start), ticks(end), chord, _bass(score, start, chord))
        for (start, chord), end in zip(symbols, ends, strict=True)
        if chord is not None and ticks(start) < ticks(end)
    ]
    written = {
        ticks(note.start): note for note in score.voices[0] if ticks(note.start) < ticks(note.end)
    }
    notes = [TimedNote(start, ticks(note.end), note.pitch) for start, note in written.items()]
    found = []
    for finding in in_melody(notes, chords, metre, language, score.place, rules=rules, zero=zero):
        if finding.rule == "scale" and _in_related_key(key, chords, notes, ticks(finding.moment)):
            continue
        # A note may begin between two ticks.
        at = tuple((MELODY, written[ticks(onset)].start) for _, onset in finding.notes)
        found.append(replace(finding, notes=at))
    return found, len(chords)


def _in_related_key(
    key: Key, chords: Sequence[TimedChord], notes: Sequence[TimedNote], tick: int
) -> bool:
    """Do a note, its chord and the chords beside it belong to a closely related key?

    A lead sheet does not say where it modulates.
    """
    index = sum(chord.start <= tick for chord in chords) - 1
    beside = chords[max(0, index - 1) : index + 2]
    heard = {tone for one in beside for tone in one.chord.tones}
    heard |= {note.pitch.note for note in notes if note.start == tick}
    return any(heard <= composite(other) for other in related(key))


def _bass(score: Score, start: Fraction, chord: Chord) -> Pitch:
    """The lowest note written below the melody at a moment; without one the chord's own bass."""
    sounding = [n.pitch for n in score.below if n.start <= start < n.end]
    return min(sounding) if sounding else chord.bass.at(BASS_OCTAVE)
