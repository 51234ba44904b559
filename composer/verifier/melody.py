"""The rules broken in a melody over chords that are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from composer.values import cadence_notes
from composer.verifier.chords import Areas, key_at, numerals, symbols
from composer.verifier.findings import ANY_COMPASS, MELODY, Finding, in_melody, softened, with_rests
from composer.verifier.keys import composite, related
from corpora.read.scores import Score
from theory.chord import Chord
from theory.metre import QUARTER
from theory.pitch import Pitch
from theory.rules import switched_off
from theory.scale import Key
from theory.timed import TimedChord, TimedNote

# The octave in which the bass of a chord symbol is set where no bass is written.
BASS_OCTAVE = 3


def judge_melody(
    score: Score, areas: Areas, language: str, rules: Sequence[str]
) -> tuple[list[Finding], int]:
    """What is broken, and how many chords were recognised."""
    first = score.bars[0]
    metre = next((bar.metre for bar in score.bars if bar.start > first.start), first.metre)
    zero = first.start - first.first_beat

    def ticks(moment: Fraction) -> int:
        return round((moment - zero) * QUARTER)

    row = written(score, areas)
    ends = [*(start for start, _ in row), score.end][1:]
    closes = dict(score.said.closes) if score.said else {}
    chords = []
    for (start, chord), end in zip(row, ends, strict=True):
        closing = closes.get(start)
        stop = ticks(end if closing is None else closing)
        if chord is not None and ticks(start) < stop:
            goals = None if closing is None else {note.name for note in cadence_notes(chord)}
            chords.append(
                TimedChord(
                    ticks(start),
                    stop,
                    chord,
                    _bass(score, start, chord),
                    None if goals is None else frozenset(goals),
                )
            )
    sung = {
        ticks(note.start): note for note in score.voices[0] if ticks(note.start) < ticks(note.end)
    }
    notes = [TimedNote(start, ticks(note.end), note.pitch) for start, note in sung.items()]
    off = switched_off(score.said.off if score.said else ())
    compass = score.said.compass if score.said else ANY_COMPASS
    found = []
    # What was switched off judges nothing else, and is told beside.
    kept = [name for name in rules if name not in off]
    for names, left_out in ((kept, off), ([name for name in rules if name in off], ())):
        for finding in in_melody(
            notes,
            with_rests(notes, chords, metre),
            metre,
            language,
            score.place,
            rules=names,
            off=left_out,
            compass=compass,
            zero=zero,
        ):
            at = ticks(finding.moment)
            key = key_at(areas, finding.moment)
            if finding.rule == "scale" and not score.said and _related(key, chords, notes, at):
                continue
            # A note may begin between two ticks.
            begun = tuple((MELODY, sung[ticks(onset)].start) for _, onset in finding.notes)
            found.append(replace(finding, notes=begun))
    return softened(found, off), len(chords)


def written(score: Score, areas: Areas) -> list[tuple[Fraction, Chord | None]]:
    """The chords that are written: of a score of ours each as its numeral says, where that and the
    symbol are of one mind; else as the symbol says."""
    found = symbols(score, areas)
    if score.said is None:
        return found
    named = {start: chord for start, chord in numerals(score, areas) if chord is not None}
    roots = {sign.start: (sign.root, sign.bass) for sign in score.symbols}
    return [
        (start, numeral if numeral and _same(numeral, roots[start]) else chord)
        for start, chord in found
        for numeral in (named.get(start),)
    ]


def unknown(score: Score, areas: Areas) -> Iterator[str]:
    """The chord symbols that are no chord we know, in words, each kind in a bar once."""
    signs = {sign.start: sign for sign in score.symbols}
    found: dict[str, None] = {}
    for start, chord in written(score, areas):
        if chord is None and signs[start].kind != "none":
            sign = signs[start]
            over = f" over {sign.bass.sign}" if sign.bass != sign.root else ""
            bar = score.place(start)[0]
            found[f"the chord symbol in bar {bar} ({sign.root.sign} {sign.kind}{over})"] = None
    yield from found


def _same(chord: Chord, symbol: tuple[object, object]) -> bool:
    return (chord.symbol_root, chord.bass) == symbol


def _related(key: Key, chords: Sequence[TimedChord], notes: Sequence[TimedNote], tick: int) -> bool:
    """Do a note, its chord and the chords beside it belong to a closely related key?

    A lead sheet does not say where it modulates.
    """
    index = sum(chord.start <= tick for chord in chords) - 1
    beside = chords[max(0, index - 1) : index + 2]
    heard = {tone for one in beside for tone in one.chord.tones}
    heard |= {note.pitch.note for note in notes if note.start == tick}
    return any(heard <= composite(other) for other in related(key))


def _bass(score: Score, start: Fraction, chord: Chord) -> Pitch:
    """The bass that a score of ours says; else the lowest note written below the melody at a
    moment; without one the chord's own bass."""
    if score.said is not None:
        said = dict(score.said.bass).get(start)
        if said is not None and said.note == chord.bass:
            return said
    sounding = [n.pitch for n in score.below if n.start <= start < n.end]
    return min(sounding) if sounding else chord.bass.at(BASS_OCTAVE)
