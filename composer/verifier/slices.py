"""A score cut at every onset: what its voices sing at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from composer.verifier.findings import Sonority
from corpora.read.lines import Sung
from corpora.read.scores import Score
from theory.chord import Chord
from theory.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Slice:
    """Notes that sound together from `start`, the highest voice's first, until one of them changes;
    None for a voice that rests."""

    start: Fraction
    notes: tuple[Sung | None, ...]

    @property
    def pitches(self) -> tuple[Pitch, ...]:
        """The pitches that sound."""
        return tuple(note.pitch for note in self.notes if note is not None)

    def over(self, chord: Chord) -> Sonority:
        """The notes as those of a chord."""
        return Sonority(
            self.start,
            chord,
            tuple(None if note is None else note.pitch for note in self.notes),
            tuple(None if note is None else note.start for note in self.notes),
        )


def stretches(score: Score, least: int | None = None) -> tuple[tuple[Slice, ...], ...]:
    """The slices, parted wherever fewer than `least` voices sing; unless given, all must."""
    wanted = len(score.voices) if least is None else least
    return tuple(
        tuple(group)
        for sounds, group in groupby(_cut(score), key=lambda piece: len(piece.pitches) >= wanted)
        if sounds
    )


def _cut(score: Score) -> Iterator[Slice]:
    """A slice for each moment at which a note begins or ends."""
    moments = sorted(
        {t for voice in score.voices for note in voice for t in (note.start, note.end)}
    )
    places = [0] * len(score.voices)
    for moment in moments[:-1]:
        yield Slice(
            moment,
            tuple(_sounding(voice, places, v, moment) for v, voice in enumerate(score.voices)),
        )


def _sounding(voice: Sequence[Sung], places: list[int], v: int, moment: Fraction) -> Sung | None:
    while places[v] < len(voice) and voice[places[v]].end <= moment:
        places[v] += 1
    if places[v] == len(voice) or voice[places[v]].start > moment:
        return None
    return voice[places[v]]
