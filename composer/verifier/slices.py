"""A four-part score cut at every onset: what the four voices sing at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from composer.verifier.findings import Sonority
from corpora.read.scores import Score, Sung
from theory.chord import Chord
from theory.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Slice:
    """Four notes that sound together from `start`, soprano first, until one of them changes."""

    start: Fraction
    notes: tuple[Sung, Sung, Sung, Sung]

    @property
    def pitches(self) -> tuple[Pitch, ...]:
        return tuple(note.pitch for note in self.notes)

    def over(self, chord: Chord) -> Sonority:
        """The four notes as those of a chord."""
        return Sonority(self.start, chord, self.pitches, tuple(note.start for note in self.notes))


def stretches(score: Score) -> tuple[tuple[Slice, ...], ...]:
    """The slices, parted wherever a voice rests: nothing leads on over a rest."""
    return tuple(
        tuple(piece for piece in group if piece is not None)
        for sounds, group in groupby(_cut(score), key=lambda piece: piece is not None)
        if sounds
    )


def _cut(score: Score) -> Iterator[Slice | None]:
    """A slice for each moment at which a note begins or ends; None where a voice rests."""
    moments = sorted(
        {t for voice in score.voices for note in voice for t in (note.start, note.end)}
    )
    places = [0] * 4
    for moment in moments[:-1]:
        sounding = [_sounding(voice, places, v, moment) for v, voice in enumerate(score.voices)]
        one, two, three, four = sounding
        if one is None or two is None or three is None or four is None:
            yield None
        else:
            yield Slice(moment, (one, two, three, four))


def _sounding(voice: Sequence[Sung], places: list[int], v: int, moment: Fraction) -> Sung | None:
    while places[v] < len(voice) and voice[places[v]].end <= moment:
        places[v] += 1
    if places[v] == len(voice) or voice[places[v]].start > moment:
        return None
    return voice[places[v]]
