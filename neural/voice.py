"""The trained network as a proposer of one phrase's particles, and what it can say afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from neural import vocabulary as words
from neural.decoder import Decoder, ReadEvents
from neural.guide import COLUMNS, REALS, Guide, fixed_columns
from neural.histories import NEVER, PLACES, Histories, Motifs
from neural.network import WIDTH
from neural.particles import Floats, Ints, PhraseWords, most_events
from neural.sung import Past, Standing
from neural.vocabulary import LENGTH_WORDS, PITCH_WORDS
from theory.melody import Automaton
from theory.scale import Key


class NetworkVoice:
    """The model in one phrase, for so many particles; see `neural.particles.Proposer`.

    Ticks of the guide and of `before` are the automaton's plus `offset`. span: from which tick
    of the automaton's to which it sings, the whole phrase if None.
    """

    def __init__(
        self,
        decoder: Decoder,
        automaton: Automaton,
        vocabulary: PhraseWords,
        guide: Guide,
        before: Sequence[Past],
        offset: int,
        count: int,
        temperature: float,
        span: tuple[int, int] | None = None,
    ) -> None:
        start, end = (automaton.context.start, automaton.context.end) if span is None else span
        self.decoder, self.network = decoder, decoder.network
        self.guide, self.offset = guide, offset
        self.start, self.count, self.temperature = start, count, temperature
        self.vocabulary, self.durations = vocabulary, np.array(automaton.durations)
        self.motifs = Motifs(guide.slots)
        room = most_events(automaton, end - start)
        heard, entering = self._read_past(before)
        self._know(automaton, end)
        rows = -(-count // WIDTH) * WIDTH
        decoder.begin(rows, room)
        self.padding = rows - count
        self.histories = Histories(heard, count, room)
        # The words before the next event, and the states that proposed each event.
        self.last = np.tile(np.array(entering), (count, 1))
        self.hidden = np.zeros((count, room, self.network.width), np.float32)

    def propose(self, rows: Ints, standing: Standing) -> Floats:
        """Log-probabilities of the next event; every row is read, but only these are accepted."""
        if standing.counts[rows[0]]:
            self._hear(rows, standing)
        ticks, notes = standing.ticks + self.offset, self.histories
        motif = self.motifs.columns(ticks, notes.starts, notes.ends, notes.pitches)
        told = np.concatenate([self.last, motif], axis=1)
        known = self.known[self._padded(self.places[standing.ticks - self.start])]
        states = self.decoder.step(self._padded(told), known, self._padded(ticks))[: self.count]
        accepted = np.zeros(self.count + self.padding, np.bool_)
        accepted[rows] = True
        self.decoder.accept(accepted)
        self.hidden[rows, standing.counts[rows]] = states[rows]
        names = self.vocabulary
        pitches = self.network.pitches(states)[rows][:, names.pitches]
        lengths = self.network.lengths(states, names.pitches)[rows][:, :, names.durations]
        found: Floats = (pitches[:, :, None] + lengths).transpose(0, 2, 1) / self.temperature
        return found

    def keep(self, rows: Ints) -> None:
        self.histories.keep(rows)
        self.decoder.keep(np.concatenate([rows, np.arange(self.count, self.count + self.padding)]))
        self.last, self.hidden = self.last[rows], self.hidden[rows]

    def joint(self, row: int, events: int) -> Floats:
        """What was proposed for a particle's events, at temperature 1 and out of every word:
        probabilities, (events, PITCH_WORDS, LENGTH_WORDS)."""
        hidden = self.hidden[row, :events]
        lengths = self.network.lengths(hidden, np.arange(PITCH_WORDS))
        found: Floats = np.exp(self.network.pitches(hidden)[..., None] + lengths)
        return found

    def _hear(self, rows: Ints, standing: Standing) -> None:
        """Take in the event that some rows have sung last."""
        at = standing.counts[rows] - 1
        duration, starts = standing.durations[rows, at], standing.onsets[rows, at] + self.offset
        pitches = self.vocabulary.pitches[standing.pitches[rows, at]]
        self.histories.add(rows, starts, starts + self.durations[duration], pitches)
        self.last[rows, 0], self.last[rows, 1] = pitches, self.vocabulary.durations[duration]

    def _padded(self, rows: Ints) -> Ints:
        """As many rows as the network reads at once; the last ones are noughts."""
        return np.concatenate([rows, np.zeros((self.padding, *rows.shape[1:]), np.int64)])

    def _know(self, automaton: Automaton, end: int) -> None:
        """What is known at every tick that an event may begin at."""
        inside = [tick for tick in automaton.reachable if self.start <= tick <= end]
        ticks = np.array(sorted(inside), np.int64)
        columns = fixed_columns(self.guide, ticks + self.offset)
        self.known = self.network.known(columns.whole, columns.real)
        self.places = np.zeros(automaton.context.end - self.start + 1, np.int64)
        self.places[ticks - self.start] = np.arange(len(ticks))

    def _read_past(
        self, before: Sequence[Past]
    ) -> tuple[list[tuple[int, int, int]], tuple[int, int]]:
        """Read the events before the phrase, with rests for the gaps between them.

        The notes among them, and the words of the last event.
        """
        events: list[tuple[int, int, int, Key]] = []
        heard: list[tuple[int, int, int]] = []
        for tick, ticks, pitch, own in (*before, Past(self.start + self.offset, 0, None)):
            key = own or self.guide.key
            if events and tick > (end := events[-1][0] + events[-1][1]):
                events.append((end, tick - end, words.REST, key))
            if ticks:
                word = words.REST if pitch is None else words.word_of(pitch, key)
                if word is None:
                    raise ValueError(f"before: there is no word for a pitch in {key.name}")
                events.append((tick, ticks, word, key))
                if pitch is not None:
                    heard.append((tick, tick + ticks, word))
        onsets, lasted, sung = (
            np.array([each[part] for each in events], np.int64) for part in range(3)
        )
        after = np.concatenate([[words.START], sung])
        lengths = np.concatenate([[LENGTH_WORDS], words.duration_word(lasted)])
        whole, real = _columns(self.guide, onsets, [each[3] for each in events])
        starts, ends, pitches = (
            np.array([[*(each[part] for each in heard), NEVER]]) for part in range(3)
        )
        whole[:, PLACES] = self.motifs.columns(onsets, starts, ends, pitches)
        metre = self.guide.metre
        self.decoder.past(
            ReadEvents(after[:-1], lengths[:-1], onsets, whole, real), metre.beat, metre.bar
        )
        return heard, (int(after[-1]), int(lengths[-1]))


def _columns(guide: Guide, ticks: Ints, keys: Sequence[Key]) -> tuple[Ints, NDArray[np.float32]]:
    """The fixed columns of the past, each event's relative to the key that it was sung in."""
    whole = np.zeros((len(ticks), len(COLUMNS)), np.int64)
    real = np.zeros((len(ticks), REALS), np.float32)
    for key in dict.fromkeys(keys):
        rows = [row for row, each in enumerate(keys) if each == key]
        lower = words.tonic_of(guide.key).midi - words.tonic_of(key).midi
        contour = tuple(height + lower for height in guide.contour)
        columns = fixed_columns(replace(guide, key=key, contour=contour), ticks[rows])
        whole[rows], real[rows] = columns.whole, columns.real
    return whole, real
