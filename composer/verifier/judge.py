"""The rules broken in a score: part-writing in four voices, or a melody over its chord symbols."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from composer.errors import UserError
from composer.verifier.slices import Slice, composite, read_key, related, stretches
from corpora.read.scores import Score, Sung
from theory.chord import Chord
from theory.metre import QUARTER
from theory.pitch import Pitch
from theory.rules import RULES
from theory.scale import Key
from theory.verify import VOICE_NAMES, Ground, Violation, verify_melody, verify_voices
from theory.verify import Sung as Tick
from theory.verify.naming import named, symbol

# Rules that look at notes alone; the others look at chords.
OF_A_MOMENT = ("range", "spacing", "crossing")
OF_MOTION = (
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


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: when (in quarter notes), where, by which voices, how, and the numbers of the
    written notes."""

    rule: str
    hard: bool
    moment: Fraction
    bar: int
    beat: Fraction
    voices: tuple[str, ...]
    sentence: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, in order of time, and what was looked at.

    `judged` and `unjudged` are names of rules; `chords` those that were recognised, `moments` all
    places at which four voices (or the melody) have something new.
    """

    key: Key
    language: str
    four: bool
    findings: tuple[Finding, ...]
    judged: tuple[str, ...]
    unjudged: tuple[str, ...]
    chords: int
    moments: int

    @property
    def broken(self) -> bool:
        """Is a hard rule broken?"""
        return any(finding.hard for finding in self.findings)


def judge(score: Score, key: Key, language: str, off: Collection[str] = ()) -> Verdict:
    """Judge a score in a key by a language's rules, soft ones too, but for those in `off`."""
    kind = "voices" if len(score.voices) == 4 else "melody"
    rules = [rule.name for rule in RULES.values() if rule.kind == kind and rule.name not in off]
    if kind == "voices":
        return _judge_voices(score, key, language, rules)
    return _judge_melody(score, key, language, [name for name in rules if name not in NOT_SAID])


# --- four voices ----------------------------------------------------------------------------------


def _judge_voices(score: Score, key: Key, language: str, rules: Sequence[str]) -> Verdict:
    found: list[Finding] = []
    chords = moments = 0
    plain = Chord.parse("I", key)
    for run in stretches(score):
        sung = [piece.pitches for piece in run]
        surface = [name for name in rules if name in (*OF_A_MOMENT, *OF_MOTION)]
        for fault in verify_voices([plain] * len(run), sung, language, rules=surface):
            if fault.rule not in OF_A_MOMENT or _new(run[fault.index], fault.voices):
                before = run[fault.index - 1] if fault.rule in OF_MOTION else None
                found.append(_finding(score, language, fault, before, run[fault.index]))
        deep = [name for name in rules if name not in surface]
        for phrase in _phrases(run):
            heard = list(harmonies(score, phrase, key))
            row, voicings = [chord for _, chord in heard], [piece.pitches for piece, _ in heard]
            for fault in verify_voices(row, voicings, language, rules=deep):
                if _worth_saying(fault, heard, score):
                    before = heard[fault.index - 1][0] if fault.index else None
                    found.append(_finding(score, language, fault, before, heard[fault.index][0]))
            chords += len(heard)
        moments += len(run)
    findings = tuple(sorted(found, key=lambda finding: finding.moment))
    return Verdict(key, language, True, findings, tuple(rules), (), chords, moments)


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


def _new(piece: Slice, voices: Iterable[str]) -> bool:
    return any(piece.begins(VOICE_NAMES.index(voice)) for voice in voices)


def _worth_saying(
    fault: Violation, named_here: Sequence[tuple[Slice, Chord]], score: Score
) -> bool:
    """Is a fault of one chord a fault of the harmony, and not of a passing note?

    Off the beat notes pass, and nothing is missing or doubled. What is missing on it may come
    later in the same harmony. A fault that was there a moment ago is said once.
    """
    piece, chord = named_here[fault.index]
    if not fault.rule.startswith(("doubled", "completeness")):
        return True
    if score.place(piece.start)[1].denominator > 1:
        return False
    if fault.rule != "completeness":
        return _new(piece, fault.voices)
    same = [fault.index]
    for step in (1, -1):
        index = fault.index + step
        while 0 <= index < len(named_here) and named_here[index][1].root == chord.root:
            same.append(index)
            index += step
    heard = {pitch.note for index in same for pitch in named_here[index][0].pitches}
    return min(same) == fault.index and not {chord.root, chord.third} <= heard


def _finding(
    score: Score, language: str, fault: Violation, before: Slice | None, here: Slice
) -> Finding:
    which = [VOICE_NAMES.index(voice) for voice in fault.voices] or range(4)
    pieces = [piece for piece in (before, here) if piece is not None]
    if fault.rule in OF_A_MOMENT or fault.rule.startswith(("doubled", "completeness")):
        pieces = [here]
    numbers = tuple(sorted({n for piece in pieces for v in which for n in piece.notes[v].numbers}))
    sentence = fault.sentence.partition(": ")[2]
    return _placed(score, language, fault.rule, here.start, fault.voices, sentence, numbers)


def _placed(
    score: Score,
    language: str,
    rule: str,
    moment: Fraction,
    voices: tuple[str, ...],
    sentence: str,
    numbers: tuple[int, ...],
) -> Finding:
    bar, beat = score.place(moment)
    hard = RULES[rule].binds(language)
    return Finding(rule, hard, moment, bar, beat, voices, sentence, numbers)


# --- a melody -------------------------------------------------------------------------------------


def _judge_melody(score: Score, key: Key, language: str, rules: Sequence[str]) -> Verdict:
    melody = score.voices[0]
    chords = _chords(score, key)
    first = score.bars[0]
    metre = next((bar.metre for bar in score.bars if bar.start > first.start), first.metre)
    zero = first.start - first.first_beat

    def ticks(moment: Fraction) -> int:
        return round((moment - zero) * QUARTER)

    ends = [*(start for start, _ in chords[1:]), score.end]
    grounds = [
        Ground(ticks(start), ticks(end), chord, _bass(score, start, chord))
        for (start, chord), end in zip(chords, ends, strict=True)
        if chord is not None and ticks(start) < ticks(end)
    ]
    low, high = (Pitch(0, 0, octave) for octave in (-1, 10))
    found = []
    notes = [
        Tick(ticks(note.start), ticks(note.end), note.pitch)
        for note in melody
        if ticks(note.start) < ticks(note.end)
    ]
    for fault in verify_melody(
        notes,
        grounds,
        metre,
        (low, high),
        language,
        rules=rules,
    ):
        if fault.rule == "scale" and _in_related_key(key, grounds, notes, fault.tick):
            continue
        moment = zero + Fraction(fault.tick, QUARTER)
        numbers = _numbers(melody, moment)
        found.append(
            _placed(score, language, fault.rule, moment, ("melody",), fault.sentence, numbers)
        )
    return Verdict(
        key,
        language,
        False,
        tuple(found),
        tuple(rules),
        tuple(name for name in NOT_SAID if name in RULES),
        len(grounds),
        len(melody),
    )


def _in_related_key(key: Key, grounds: Sequence[Ground], notes: Sequence[Tick], tick: int) -> bool:
    """Do a note, its chord and the chords beside it belong to a closely related key?

    A lead sheet does not say where it modulates.
    """
    index = sum(ground.start <= tick for ground in grounds) - 1
    beside = grounds[max(0, index - 1) : index + 2]
    heard = {tone for ground in beside for tone in ground.chord.tones}
    heard |= {note.pitch.note for note in notes if note.start == tick}
    return any(heard <= composite(other) for other in related(key))


def _numbers(melody: Sequence[Sung], moment: Fraction) -> tuple[int, ...]:
    """The written notes at a moment, or the first after it."""
    for note in melody:
        if note.end > moment:
            return note.numbers
    return ()


def _bass(score: Score, start: Fraction, chord: Chord) -> Pitch:
    """The lowest note written below the melody at a moment; without one the chord's own bass."""
    sounding = [n.pitch for n in score.below if n.start <= start < n.end]
    return min(sounding) if sounding else chord.bass.at(BASS_OCTAVE)
