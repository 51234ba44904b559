"""Sequential Monte Carlo over the melody automaton, whoever proposes.

Particles sing side by side. A particle's weight is multiplied by the share of the proposer's mass
that the automaton leaves, looked at one event ahead of what is sung; at barlines, where all of them
have come, particles are chosen anew by weight. (For language models under constraints: Lew et al.
2023; Loula et al. 2025.) With one particle this is plain masking.

The automaton looks ahead to the phrase's end, so there is no dead end. Every random number is a
hash of the seed and of what it is drawn for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from neural import vocabulary as words
from neural.sung import Standing, Tilt
from neural.vocabulary import LENGTH_WORDS, PITCH_WORDS
from theory.melody import Automaton, Event, NoMelody, State
from theory.melody.batch import BatchAutomaton, States
from theory.noise import Noise
from theory.rules import RULES
from theory.scale import Key

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
DEAREST = 1e6  # nats: what an infinite cost counts as, so that no wish makes a dead end


class Proposer(Protocol):
    """What is to be sung next, in the proposer's own opinion."""

    def propose(self, rows: Ints, standing: Standing) -> Floats:
        """Log-probabilities, (rows, durations, pitches + 1), of the next event in some rows, each
        of which has sung one event since it was last asked. They need not add up to 1."""
        ...

    def keep(self, rows: Ints) -> None:
        """Choose rows anew."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """All particles at the phrase's end; `weights` are logarithms, `chosen` was drawn by them.

    `log_weight` estimates the log of the proposer's mass on all legal phrases.
    """

    standing: Standing
    weights: Floats
    chosen: int
    log_weight: float


class PhraseWords:
    """The words of an automaton's durations and pitches in a key, the rest last.

    Raises ValueError for durations or pitches that have no words.
    """

    def __init__(self, automaton: Automaton, key: Key) -> None:
        found = [words.word_of(pitch, key) for pitch in automaton.pitches]
        for pitch, word in zip(automaton.pitches, found, strict=True):
            if word is None:
                raise ValueError(f"pitches: there is no word for {pitch.name} in {key.name}")
        self.pitches = np.array([*found, words.REST], np.int64)
        self.durations = words.duration_word(np.array(automaton.durations))
        if (words.DURATIONS[self.durations] != automaton.durations).any():
            raise ValueError(f"durations: there are words for {words.DURATIONS.tolist()} only")


class Particles:
    """The particles of a phrase, or of what follows a state of it up to the tick `until`.

    place names the phrase to the noise. The tilt's costs are added to −log p. Raises NoMelody
    where no melody at all is legal.
    """

    def __init__(
        self,
        many: BatchAutomaton,
        vocabulary: PhraseWords,
        count: int,
        noise: Noise,
        place: object,
        tilt: Tilt | None = None,
        start: State | None = None,
        until: int | None = None,
    ) -> None:
        automaton = many.automaton
        self.end = automaton.context.end if until is None else until
        self.many, self.vocabulary, self.count = many, vocabulary, count
        self.noise, self.place, self.tilt = noise, place, tilt
        self.durations = np.array(automaton.durations)
        self.states = many.of([automaton.start() if start is None else start] * count)
        if not many.allowed(self.states[:1]).any():
            raise _nothing(automaton)
        room = most_events(automaton, self.end - int(self.states.ticks[0]))
        empty = np.zeros((count, room), np.int64)
        self.standing = Standing(
            self.states.ticks,
            self.states.places,
            np.zeros(count, np.int64),
            empty,
            empty.copy(),
            empty.copy(),
        )
        # Log-probabilities of what may come next, (rows, durations, pitches + 1).
        self.next: Floats = np.zeros((count, len(self.durations), automaton.count + 1))
        self.weights: Floats = np.zeros(count)
        self.total = 0.0

    def sing(self, proposer: Proposer) -> Crowd:
        bar = self.many.automaton.context.metre.bar
        self._look(proposer, np.arange(self.count))
        barline = int(self.states.ticks[0])
        while barline < self.end:
            self._choose_anew(proposer, barline)
            barline = min((barline // bar + 1) * bar, self.end)
            while len(going := np.flatnonzero(self.states.ticks < barline)):
                self._draw(going)
                self._look(proposer, going[self.states.ticks[going] < self.end])
        drawn = self.noise.gumbels(self.count, "sing", self.place, "last", self.end)
        late = self.states.ticks > self.end  # held over the end, which none is while any is not
        chosen = int((self.weights + drawn - DEAREST * late).argmax())
        mean = float(log_sum(self.weights[None])[0] - np.log(self.count))
        return Crowd(self.standing, self.weights, chosen, self.total + mean)

    def _look(self, proposer: Proposer, rows: Ints) -> None:
        """Ask what some rows are to sing next, and weigh what the constraints leave of it."""
        if not len(rows):
            return
        own = proposer.propose(rows, self.standing)
        own = own - log_sum(own)[:, None, None]
        if self.tilt is not None:
            own -= np.clip(self.tilt(self.standing)[rows], -DEAREST, DEAREST)
        own[~self.many.allowed(self.states[rows])] = -np.inf
        left = log_sum(own)
        self.weights[rows] += left
        self.next[rows] = own - left[:, None, None]

    def _draw(self, rows: Ints) -> None:
        """Sing one event in some rows: a pitch, then its duration, by noise named by their words,
        so that a change of what else may be sung changes as few draws as can be."""
        names, ticks = self.vocabulary, self.states.ticks[rows]
        pitches, durations = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
        for number, (row, tick) in enumerate(zip(rows.tolist(), ticks.tolist(), strict=True)):
            drawn = self.noise.gumbels(PITCH_WORDS + LENGTH_WORDS, "sing", self.place, tick, row)
            chances = self.next[row]
            pitch = int((log_sum(chances.T) + drawn[names.pitches]).argmax())
            lengths = chances[:, pitch] + drawn[PITCH_WORDS + names.durations]
            pitches[number], durations[number] = pitch, lengths.argmax()
        after = self.many.follow(self.states[rows], durations, pitches)
        self.states = _put(self.states, rows, after)
        sung = self.standing
        place = sung.counts[rows]
        sung.onsets[rows, place], sung.durations[rows, place] = ticks, durations
        sung.pitches[rows, place] = pitches
        counts = sung.counts.copy()
        counts[rows] += 1
        self.standing = replace(
            sung, ticks=self.states.ticks, places=self.states.places, counts=counts
        )

    def _choose_anew(self, proposer: Proposer, barline: int) -> None:
        """Where few particles have most of the weight, choose as many anew: systematic resampling
        where the effective sample size (Liu & Chen 1995) is under half their number."""
        most = self.weights.max()
        shares = np.exp(self.weights - most)
        if shares.sum() ** 2 >= self.count / 2 * (shares**2).sum():
            return
        self.total += float(most + np.log(shares.mean()))
        offset = self.noise.uniform("sing", self.place, "anew", barline)
        marks = (np.arange(self.count) + offset) / self.count
        rows = np.searchsorted(np.cumsum(shares) / shares.sum(), marks)
        rows = np.minimum(rows, self.count - 1)
        self.weights = np.zeros(self.count)
        self.states, self.next = self.states[rows], self.next[rows]
        sung = self.standing
        self.standing = Standing(
            self.states.ticks,
            self.states.places,
            sung.counts[rows],
            sung.onsets[rows],
            sung.durations[rows],
            sung.pitches[rows],
        )
        proposer.keep(rows)


def most_events(automaton: Automaton, ticks: int) -> int:
    """How many events so many ticks have at most."""
    return -(-ticks // min(automaton.durations))


def log_sum(logs: Floats) -> Floats:
    """The logarithm of the sum of exponentials over all axes but the first."""
    flat = logs.reshape(len(logs), -1)
    most = flat.max(axis=1)
    safe = np.where(np.isfinite(most), most, 0.0)
    with np.errstate(divide="ignore"):
        found: Floats = safe + np.log(np.exp(flat - safe[:, None]).sum(axis=1))
    return found


def _put(states: States, rows: Ints, after: States) -> States:
    """The same states but for some rows."""

    def put(old: Ints, new: Ints) -> Ints:
        changed = old.copy()
        changed[rows] = new
        return changed

    return States(
        put(states.ticks, after.ticks),
        put(states.places, after.places),
        put(states.duties, after.duties),
        put(states.codes, after.codes),
    )


def _nothing(automaton: Automaton) -> NoMelody:
    """Why a phrase admits nothing at all: the rules that every first event breaks, if any does."""
    state, context = automaton.start(), automaton.context
    fits = [ticks for ticks in automaton.durations if ticks <= context.end - context.start]
    faults = [
        automaton.broken(state, Event(pitch, ticks))
        for pitch in (*automaton.pitches, None)
        for ticks in fits
    ]
    fewest = min(map(len, faults), default=0)
    named = {rule for broken in faults if len(broken) == fewest for rule in broken}
    rules = tuple(rule for rule in RULES if rule in named)
    reason = f"every first note breaks {' or '.join(rules)}" if rules else "no way leads to its end"
    return NoMelody(state.tick, rules, f"no melody is legal in the phrase: {reason}")
