"""A smoothed n-gram of melodies with the network's conditions, to compare the network with.

Each prediction is interpolated over a chain of contexts, from nothing to everything, by the method
of Witten and Bell (1991): a context counts as much as it was seen against how many different
continuations it had, here times a factor that is chosen by validation.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from neural import vocabulary as words
from neural.batches import PLACES
from neural.guide import Columns
from neural.vocabulary import LENGTH_WORDS, PITCH_WORDS

Chain: TypeAlias = tuple[Hashable, ...]
Melody: TypeAlias = tuple[Sequence[int], Sequence[int], Columns]


class Interpolated:
    """Counts of symbols below `size` after contexts, from the most general to the most special."""

    def __init__(self, size: int, escape: float = 1.0) -> None:
        self.size, self.escape = size, escape
        self.counts: dict[Hashable, dict[int, int]] = {}

    def learn(self, chain: Chain, symbol: int) -> None:
        for context in chain:
            found = self.counts.setdefault(context, {})
            found[symbol] = found.get(symbol, 0) + 1

    def predict(self, chain: Chain) -> NDArray[np.float64]:
        """The distribution after the last context of a chain."""
        chances = np.full(self.size, 1.0 / self.size)
        for context in chain:
            found = self.counts.get(context)
            if found is None:
                continue
            less = self.escape * len(found)
            share = 1.0 / (sum(found.values()) + less)
            chances *= less * share
            for symbol, count in found.items():
                chances[symbol] += count * share
        return chances


class Ngram:
    """Pitches after the two before, the place in the bar and the chord; durations after the one
    before, the place, whether it is a rest and how soon the chord changes.

    chords: whether it is told of them; without, it is a model of its own.
    """

    def __init__(self, chords: bool, escape: float = 1.0) -> None:
        self.chords = chords
        self.pitches = Interpolated(PITCH_WORDS, escape)
        self.lengths = Interpolated(LENGTH_WORDS, escape)

    def escaping(self, escape: float) -> Ngram:
        """The same counts with another factor."""
        other = Ngram(self.chords, escape)
        other.pitches.counts, other.lengths.counts = self.pitches.counts, self.lengths.counts
        return other

    def learn(self, melodies: Iterable[Melody]) -> None:
        """Count melodies: their pitch words, length words and what was told."""
        for pitches, lengths, columns in melodies:
            for number, (one, other) in enumerate(self._chains(pitches, lengths, columns)):
                self.pitches.learn(one, pitches[number])
                self.lengths.learn(other, lengths[number])

    def bits(self, melody: Melody) -> Mapping[str, float]:
        """Bits of a melody in all: `pitch` of its notes, `rhythm` of durations and of where rests
        are; and its `notes`."""
        pitches, lengths, columns = melody
        pitch = rhythm = 0.0
        for number, (one, other) in enumerate(self._chains(pitches, lengths, columns)):
            chances = self.pitches.predict(one)
            rest = float(chances[words.REST])
            if pitches[number] == words.REST:
                rhythm -= np.log2(rest)
            else:
                rhythm -= np.log2(1 - rest)
                pitch -= np.log2(chances[pitches[number]] / (1 - rest))
            rhythm -= np.log2(self.lengths.predict(other)[lengths[number]])
        notes = sum(word != words.REST for word in pitches)
        return {"pitch": float(pitch), "rhythm": float(rhythm), "notes": float(notes)}

    def _chains(
        self, pitches: Sequence[int], lengths: Sequence[int], columns: Columns
    ) -> Iterator[tuple[Chain, Chain]]:
        whole, chroma = columns.whole, columns.real[:, :12].astype(int)
        told = zip(
            whole[:, PLACES["mode"]].tolist(),
            whole[:, PLACES["metre"]].tolist(),
            whole[:, PLACES["place"]].tolist(),
            whole[:, PLACES["strength"]].tolist(),
            whole[:, PLACES["root"]].tolist(),
            whole[:, PLACES["until"]].tolist(),
            (chroma @ (1 << np.arange(12))).tolist(),
            strict=True,
        )
        before, earlier, lasted = words.START, words.START, -1
        for number, (mode, metre, place, strength, root, until, tones) in enumerate(told):
            chord = (root, tones)
            common: Chain = ((), (mode,))
            middle: Chain = ((mode, "before", before),)
            last: Chain = ((mode, "both", before, earlier),)
            full: Hashable = (mode, "place", before, earlier, strength)
            if self.chords:
                strong = strength > 1
                common = (*common, (mode, "chord", chord), (mode, "in", chord, strong))
                middle = (*middle, (mode, "from", before, chord))
                last = (*last, (mode, "all", before, earlier, chord))
                full = (mode, "place in chord", before, earlier, strength, chord)
            chain = (*common, *middle, *last, full)
            rest = pitches[number] == words.REST
            lasting: Chain = (
                (),
                (metre, rest),
                (metre, rest, place),
                (metre, rest, place, lasted),
            )
            if self.chords:
                lasting = (*lasting, (metre, rest, place, lasted, until))
            yield chain, lasting
            earlier, before, lasted = before, pitches[number], lengths[number]
