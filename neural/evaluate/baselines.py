"""What the network is compared with when it is told chords: a smoothed n-gram and an LSTM."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from neural import vocabulary as words
from neural.batches import PLACES
from neural.guide import Columns
from neural.model import Conditions, Events, Locked, PitchEmbedding
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


@dataclass(frozen=True, slots=True)
class RecurrentConfig:
    """The size: of embeddings and of the LSTM's states. As it is, about as many parameters as the
    shipped transformer has."""

    width: int = 256
    hidden: int = 448
    layers: int = 3
    dropout: float = 0.1


class RecurrentModel(nn.Module):
    """Reads the event before and what is known at an onset, like `neural.model.MelodyModel`, with
    LSTM layers (Hochreiter & Schmidhuber 1997) where that has blocks of attention: each is normed
    before and added to what it read, without which it learns several times as slowly."""

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.pitch = PitchEmbedding(width)
        self.length = nn.Embedding(LENGTH_WORDS + 1, width)
        self.conditions = Conditions(width, self.pitch)
        self.enter = nn.RMSNorm(width)
        hidden = config.hidden
        self.widen = nn.Linear(width, hidden, bias=False)
        self.norms = nn.ModuleList(nn.RMSNorm(hidden) for _ in range(config.layers))
        self.layers = nn.ModuleList(
            nn.LSTM(hidden, hidden, batch_first=True) for _ in range(config.layers)
        )
        self.drop = Locked(config.dropout)
        self.leave = nn.RMSNorm(config.hidden)
        self.pitch_out = nn.Linear(config.hidden, width, bias=False)
        self.pitch_bias = nn.Parameter(torch.zeros(PITCH_WORDS))
        self.length_state = nn.Linear(config.hidden, width)
        self.length_pitch = nn.Linear(width, width, bias=False)
        self.length_out = nn.Linear(width, LENGTH_WORDS)
        for parameter in (*self.pitch.parameters(), *self.conditions.parameters()):
            nn.init.normal_(parameter, std=0.02)
        for name, parameter in self.layers.named_parameters():
            if "bias" in name:
                nn.init.zeros_(parameter)
            if "bias_ih" in name:
                # It begins by remembering (Jozefowicz, Zaremba & Sutskever 2015).
                nn.init.ones_(parameter[hidden : 2 * hidden])

    def forward(self, events: Events) -> Tensor:
        """States (batch, events, hidden), one for each event to be proposed."""
        x = self.pitch(events.pitches) + self.length(events.lengths)
        x = self.widen(self.enter(x + self.conditions(events.whole, events.real)))
        for norm, layer in zip(self.norms, self.layers, strict=True):
            heard, _ = layer(norm(x))
            x = x + self.drop(heard)
        states: Tensor = self.leave(x)
        return states

    def pitch_logits(self, states: Tensor) -> Tensor:
        """(…, PITCH_WORDS), the rest last."""
        table = self.pitch.table()[:PITCH_WORDS]
        return functional.linear(self.pitch_out(states), table) + self.pitch_bias

    def length_logits(self, states: Tensor, pitches: Tensor) -> Tensor:
        """(…, LENGTH_WORDS) for durations of the pitches that are sung."""
        mixed = self.length_state(states) + self.length_pitch(self.pitch(pitches))
        logits: Tensor = self.length_out(functional.gelu(mixed))
        return logits
