"""Bach's sopranos over the harmony that their four parts make: melodies written by strict rules.

No chord is written in a chorale; it is read off the slices that the verifier of four parts uses.
Each beat has one chord: the first slice in it, from the beat on, whose four notes spell one. So the
notes of a suspension, or of an appoggiatura, on the beat stand over the chord that they resolve
into, and passing notes off it make no chord of their own. A beat in which no slice spells a chord
goes on with the last one. A beat's chord that has the root and the bass of the one before, and no
new note, goes on too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from composer.verifying.judge import harmonies
from composer.verifying.key import find_key
from composer.verifying.slices import Slice, stretches
from corpora.engines import in_order
from corpora.errors import ScoreError
from corpora.scores import Score, read
from theory.chord import Chord
from theory.metre import QUARTER, Metre
from theory.scale import Key
from theory.verify import Ground, Sung


@dataclass(frozen=True, slots=True)
class Song:
    """A melody over its chords, in ticks from the first barline, as the verifier takes them."""

    notes: tuple[Sung, ...]
    grounds: tuple[Ground, ...]
    metre: Metre


def sopranos(paths: Sequence[Path], processes: int = 2) -> Iterator[Song]:
    """The soprano of each file of music21's corpus that has four voices; others are passed over."""
    for found in in_order(_read, paths, processes):
        if found is not None:
            yield found


def _read(path: Path) -> Song | None:
    from music21 import corpus

    stream = corpus.parse(path)
    if len(stream.parts) != 4:
        return None
    try:
        score = read(stream)
    except ScoreError:  # a voice that divides
        return None
    return soprano(score, find_key(score)[0])


def soprano(score: Score, key: Key) -> Song:
    """The highest voice of a score in four parts, over the chords read in a key."""
    first = score.bars[0]
    metre = next((bar.metre for bar in score.bars if bar.start > first.start), first.metre)
    zero = first.start - first.first_beat

    def ticks(moment: Fraction) -> int:
        return round((moment - zero) * QUARTER)

    notes = tuple(
        Sung(ticks(note.start), ticks(note.end), note.pitch)
        for note in score.voices[0]
        if ticks(note.start) < ticks(note.end)
    )
    grounds: list[Ground] = []
    for run in stretches(score):
        heard = ((ticks(piece.start), piece, chord) for piece, chord in harmonies(score, run, key))
        starts = list(_beats(heard, metre.beat, ticks(run[0].start)))
        ends = [*(start for start, _, _ in starts), ticks(run[-1].notes[0].end)][1:]
        grounds += [
            Ground(start, end, chord, piece.pitches[-1])
            for (start, piece, chord), end in zip(starts, ends, strict=True)
        ]
    return Song(notes, tuple(grounds), metre)


def _beats(
    heard: Iterable[tuple[int, Slice, Chord]], beat: int, first: int
) -> Iterator[tuple[int, Slice, Chord]]:
    """The chords that begin a new harmony, each from its beat on, but not before tick `first`."""
    last: tuple[int, Chord] | None = None
    for tick, piece, chord in heard:
        start = max(first, tick // beat * beat)
        # What a suspension leads to is its chord, not the suspension itself.
        if chord.quality.name.startswith("suspended") or (last is not None and last[0] == start):
            continue
        same = last is not None and (last[1].root, last[1].bass) == (chord.root, chord.bass)
        if last is None or not same or not set(last[1].tones).issuperset(chord.tones):
            yield start, piece, chord
            last = start, chord
        else:
            last = start, last[1]
