"""The chords of a score: as its numerals say, as its chord symbols say, or as its notes spell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TypeAlias

from composer.errors import UserError
from composer.verifier.keys import read_key
from composer.verifier.slices import Slice
from corpora.read.scores import Score
from theory.chord import Chord
from theory.scale import Key
from theory.verify.naming import named, symbol

# A score's keys, each with the moment from which it holds.
Areas: TypeAlias = tuple[tuple[Fraction, Key], ...]
# No Roman numeral is longer.
LONGEST = 24


def harmonies(
    score: Score, run: Sequence[Slice], key: Key | Areas
) -> Iterator[tuple[Slice, Chord]]:
    """The slices that are chords, and which, in a key or in the keys of a score (`keys`).

    What is written is believed where the notes belong to it: the Roman numeral under the bass, then
    the chord symbol. Else the notes say it.
    """
    areas = ((Fraction(0), key),) if isinstance(key, Key) else key
    by_notes: list[Chord | None] = []
    for own, group in groupby(run, key=lambda piece: key_at(areas, piece.start)):
        by_notes += named([piece.pitches for piece in group], own)
    written = _Row(numerals(score, areas)), _Row(symbols(score, areas))
    for piece, by_note in zip(run, by_notes, strict=True):
        said = (row.at(piece.start) for row in written)
        chord = next((c for c in said if c is not None and _fits(piece, c)), by_note)
        if chord is not None:
            yield piece, chord


class _Row:
    """Chords by the moments from which they hold."""

    def __init__(self, chords: Sequence[tuple[Fraction, Chord | None]]) -> None:
        self.chords = chords
        self.starts = [start for start, _ in chords]

    def at(self, moment: Fraction) -> Chord | None:
        index = bisect_right(self.starts, moment)
        return self.chords[index - 1][1] if index else None


def key_at(areas: Areas, moment: Fraction) -> Key:
    return next(key for start, key in reversed(areas) if start <= moment)


def numerals(score: Score, areas: Areas) -> list[tuple[Fraction, Chord | None]]:
    """The chords of the numerals, in the key of their place or the one that was written last, as in
    `A minor: iv`."""
    found = []
    told: Key | None = None
    for start, text in score.numerals:
        new, colon, numeral = text.rpartition(":")
        if colon:
            told = _key_written(new, told)
        found.append((start, _parsed(numeral, told or key_at(areas, start))))
    return found


def _key_written(text: str, key: Key | None) -> Key | None:
    try:
        return read_key(text)
    except UserError:  # a colon in a hymn
        return key


def _parsed(text: str, key: Key) -> Chord | None:
    plain = text.strip().replace("♭", "b").replace("♯", "#").replace("°", "o")
    try:
        return Chord.parse(plain, key) if len(plain) <= LONGEST else None
    except ValueError:  # a word of a hymn
        return None


def _fits(piece: Slice, chord: Chord) -> bool:
    lowest = min(piece.pitches).note == chord.bass
    return lowest and all(pitch.note in (*chord.tones, chord.bass) for pitch in piece.pitches)


def symbols(score: Score, areas: Areas) -> list[tuple[Fraction, Chord | None]]:
    """The chord of every symbol; None for one that the tables do not know."""
    found: list[tuple[Fraction, Chord | None]] = []
    after: Chord | None = None
    for sign in reversed(score.symbols):
        known = sign.quality is not None
        key = key_at(areas, sign.start)
        chord = symbol(sign.root, sign.quality or "", sign.bass, key, after) if known else None
        found.append((sign.start, chord))
        after = chord or after
    return found[::-1]
