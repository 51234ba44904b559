"""Singing under constraints: the model proposes, the automaton disposes, and particles see to it
that what is sung is distributed as the model's own melodies are among the legal ones.

Masking alone is short-sighted: it never breaks a rule, but it follows the model into corners that
the model, had it known where they lead, would have avoided. So several particles sing side by side
(sequential Monte Carlo; for language models: Lew et al. 2023, Loula et al. 2025). A particle's
weight is multiplied by the share of the model's mass that the automaton leaves, looked at one event
ahead of what is sung, and at barlines, where all of them have come, particles are chosen anew by
weight. At the phrase's end one of them is drawn. The automaton looks ahead to the phrase's end, so
there is no dead end; every random number is a hash of the seed and of what it is drawn for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from neural import vocabulary as words
from neural.decoder import WIDTH, Decoder, Floats, Ints, Read, settled
from neural.guide import COLUMNS, REALS, Guide, fixed_columns
from neural.histories import NEVER, PLACES, Histories, Motifs
from neural.model import LENGTH_WORDS, PITCH_WORDS, MelodyModel
from theory.melody import Automaton, Event, NoMelody, State
from theory.melody.many import Many
from theory.noise import Noise
from theory.pitch import Pitch
from theory.rules import RULES
from theory.scale import Key

PARTICLES = 8
TEMPERATURE = 1.0
DEAREST = 1e6  # nats: what an infinite cost counts as, so that no wish makes a dead end


class Past(NamedTuple):
    """What was sung before the phrase: onset and length in ticks from the piece's first barline,
    the pitch, None for a rest, and the key that it was sung in, the guide's if None."""

    tick: int
    ticks: int
    pitch: Pitch | None
    key: Key | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where every particle stands, for a tilt; (rows,) each, or (rows, events) in singing order.

    ticks: the automaton's. places: number of the last pitch sung in the phrase, the count of
    pitches where there is none. counts: events sung in the phrase. onsets, durations, pitches: of
    these, as ticks and as numbers into the automaton's durations and pitches, a rest being the
    count of pitches; what lies beyond `counts` means nothing.
    """

    ticks: Ints
    places: Ints
    counts: Ints
    onsets: Ints
    durations: Ints
    pitches: Ints


# Costs in nats added to −log p of each event, (rows, durations, pitches + 1): what the plan wishes.
Tilt = Callable[[Standing], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One event's trace. Shares are the model's own probabilities of single events, 0 to 1, at
    temperature 1 and without any wish.

    `wanted` is the model's first choice, masked or not; `allowed` the share of all events that the
    constraints left; `runner_up` the likeliest other event among them.
    """

    event: Event
    before: State
    wanted: Event
    wanted_share: float
    share: float
    allowed: float
    runner_up: Event | None
    runner_up_share: float


@dataclass(frozen=True, slots=True)
class Sung:
    """A phrase; `log_weight` is the sampler's estimate, in nats, of the log of the model's mass on
    all legal phrases (of its events within the automaton's vocabulary, each times exp(−tilt))."""

    events: tuple[Event, ...]
    proposals: tuple[Proposal, ...]
    end: State
    log_weight: float


class Singer:
    """Sings phrases with one model. Raises WeightsError for weights that are not finite.

    particles: how many sing side by side; 1 is plain masking. temperature: 1 is the model's own
    distribution, less is bolder.
    """

    def __init__(
        self, model: MelodyModel, particles: int = PARTICLES, temperature: float = TEMPERATURE
    ) -> None:
        if particles < 1 or temperature <= 0:
            raise ValueError("particles: at least 1; temperature: above 0")
        self.decoder = Decoder(model)
        self.particles, self.temperature = particles, temperature

    def sing(
        self,
        automaton: Automaton,
        guide: Guide,
        before: Sequence[Past],
        noise: Noise,
        place: object,
        tilt: Tilt | None = None,
        *,
        offset: int = 0,
    ) -> Sung:
        """One phrase. The guide and `before` count ticks from the piece's first barline, which the
        automaton's ticks are `offset` away from; `place` names the phrase to the noise.

        Raises theory's NoMelody where no melody at all is legal, ValueError for durations or
        pitches that the model has no words for.
        """
        with settled():
            return _Phrase(self, automaton, guide, before, noise, place, tilt, offset).sing()


class _Phrase:
    """The particles of one phrase, side by side."""

    def __init__(
        self,
        singer: Singer,
        automaton: Automaton,
        guide: Guide,
        before: Sequence[Past],
        noise: Noise,
        place: object,
        tilt: Tilt | None,
        offset: int,
    ) -> None:
        self.automaton, self.guide, self.offset = automaton, guide, offset
        self.noise, self.place, self.tilt = noise, place, tilt
        self.temperature, self.live = singer.temperature, singer.particles
        self.decoder, self.many = singer.decoder, Many(automaton)
        ground = automaton.ground
        self.durations = np.array(automaton.durations)
        self.duration_words = words.duration_word(self.durations)
        self.pitch_words = _words(automaton, guide.key)
        if (words.DURATIONS[self.duration_words] != self.durations).any():
            raise ValueError(f"durations: the model knows {words.DURATIONS.tolist()} only")
        self.states = self.many.start(self.live)
        if not self.many.allowed(self.states[:1]).any():
            raise _nothing(automaton)
        self._read_past([Past(*each) for each in before])
        self._know()
        room = (ground.end - ground.start) // int(self.durations.min()) + 1
        rows = -(-self.live // WIDTH) * WIDTH
        self.decoder.begin(rows, room)
        self.padding = rows - self.live
        self.motifs = Motifs(guide.slots)
        self.histories = Histories(self.heard, self.live, room)
        self.counts = np.zeros(self.live, np.int64)
        shape = (self.live, room)
        self.onsets = np.zeros(shape, np.int64)
        self.sung_durations, self.sung_pitches = np.zeros(shape, np.int64), np.zeros(shape, int)
        self.hidden = np.zeros((*shape, self.decoder.width), np.float32)
        self.last = np.tile(np.array(self.entering), (self.live, 1))
        # Log-probabilities of what may come next, (rows, durations, pitches + 1), and weights.
        size = (self.live, len(self.durations), automaton.count + 1)
        self.next: Floats = np.zeros(size)
        self.weights: Floats = np.zeros(self.live)
        self.total = 0.0

    def sing(self) -> Sung:
        ground = self.automaton.ground
        self._look(np.ones(self.live, np.bool_))
        barline = ground.start
        while barline < ground.end:
            self._choose_anew(barline)
            barline = min((barline // ground.metre.bar + 1) * ground.metre.bar, ground.end)
            while (going := self.states.ticks < barline).any():
                self._draw(np.flatnonzero(going))
                self._look(going & (self.states.ticks < ground.end))
        weighed = self.weights + self.noise.gumbels(self.live, "sing", self.place, "last")
        return self._told(int(weighed.argmax()))

    def _look(self, rows: NDArray[np.bool_]) -> None:
        """Let some rows read what they sang, and weigh what the constraints leave them."""
        if not rows.any():
            return
        ticks = self.states.ticks + self.offset
        notes = self.histories
        motif = self.motifs.columns(ticks, notes.starts, notes.ends, notes.pitches)
        told = np.concatenate([self.last, motif], axis=1)
        rows_known = self.known_row[self.states.ticks - self.automaton.ground.start]
        known = self.known[torch.from_numpy(self._padded(rows_known))]
        states = self.decoder.step(self._padded(told), known, self._padded(ticks))[: self.live]
        self.decoder.accept(np.concatenate([rows, np.zeros(self.padding, np.bool_)]))
        at = np.flatnonzero(rows)
        self.hidden[at, self.counts[at]] = states.numpy()[at]
        pitches = self.decoder.pitches(states)[at][:, self.pitch_words]
        lengths = self.decoder.lengths(states, self.pitch_words)[at][:, :, self.duration_words]
        own = (pitches[:, :, None] + lengths).transpose(0, 2, 1) / self.temperature
        own -= _logsumexp(own)[:, None, None]
        if self.tilt is not None:
            own = own - np.clip(self.tilt(self._standing())[at], -DEAREST, DEAREST)
        own[~self.many.allowed(self.states[at])] = -np.inf
        left = _logsumexp(own)
        self.weights[at] += left
        self.next[at] = own - left[:, None, None]

    def _draw(self, rows: Ints) -> None:
        """Sing one event in some rows: a pitch, then its duration, by noise named by their words,
        so that a change of what else may be sung changes as few draws as can be."""
        pitches, durations = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
        for number, row in enumerate(rows.tolist()):
            many = PITCH_WORDS + LENGTH_WORDS
            drawn = self.noise.gumbels(many, "sing", self.place, self.states.ticks[row], row)
            chances = self.next[row]
            by_pitch = _logsumexp(chances.T[..., None]) + drawn[self.pitch_words]
            pitches[number] = by_pitch.argmax()
            by_length = chances[:, pitches[number]] + drawn[PITCH_WORDS + self.duration_words]
            durations[number] = by_length.argmax()
        place, ticks = self.counts[rows], self.states.ticks[rows]
        self.onsets[rows, place], self.sung_durations[rows, place] = ticks, durations
        self.sung_pitches[rows, place] = pitches
        self.counts[rows] += 1
        starts, heard = ticks + self.offset, self.pitch_words[pitches]
        self.histories.add(rows, starts, starts + self.durations[durations], heard)
        self.last[rows, 0], self.last[rows, 1] = heard, self.duration_words[durations]
        after = self.many.follow(self.states[rows], durations, pitches)
        for name in ("ticks", "places", "duties", "codes"):
            getattr(self.states, name)[rows] = getattr(after, name)

    def _choose_anew(self, barline: int) -> None:
        """Where the weights of few particles count, choose as many anew (systematic resampling)."""
        most = self.weights.max()
        shares = np.exp(self.weights - most)
        if shares.sum() ** 2 >= self.live / 2 * (shares**2).sum():
            return
        self.total += float(most + np.log(shares.mean()))
        offset = self.noise.uniform("sing", self.place, "anew", barline)
        marks = (np.arange(self.live) + offset) / self.live
        rows = np.searchsorted(np.cumsum(shares) / shares.sum(), marks)
        rows = np.minimum(rows, self.live - 1)
        self.weights = np.zeros(self.live)
        self.states = self.states[rows]
        self.counts, self.last, self.next = self.counts[rows], self.last[rows], self.next[rows]
        self.onsets, self.sung_pitches = self.onsets[rows], self.sung_pitches[rows]
        self.sung_durations, self.hidden = self.sung_durations[rows], self.hidden[rows]
        self.histories.keep(rows)
        self.decoder.keep(np.concatenate([rows, np.arange(self.live, self.live + self.padding)]))

    # What the particles share.

    def _read_past(self, before: Sequence[Past]) -> None:
        """The events before the phrase, with rests for the gaps between them."""
        start = self.automaton.ground.start + self.offset
        events: list[tuple[int, int, int, Key]] = []
        self.heard: list[tuple[int, int, int]] = []
        for tick, ticks, pitch, key in (*before, Past(start, 0, None)):
            key = key or self.guide.key
            if events and tick > events[-1][0] + events[-1][1]:
                gap = events[-1][0] + events[-1][1]
                events.append((gap, tick - gap, words.REST, key))
            if ticks:
                word = words.REST if pitch is None else _word(pitch, key)
                events.append((tick, ticks, word, key))
                if pitch is not None:
                    self.heard.append((tick, tick + ticks, word))
        ticks_, lasted, sung = (
            np.array([each[part] for each in events], np.int64) for part in range(3)
        )
        after = np.concatenate([[words.START], sung])
        lengths = np.concatenate([[LENGTH_WORDS], words.duration_word(lasted)])
        self.entering = (int(after[-1]), int(lengths[-1]))
        whole, real = _columns(self.guide, ticks_, [each[3] for each in events])
        starts, ends, pitches = (
            np.array([[each[part] for each in self.heard] + [NEVER]]) for part in range(3)
        )
        told = Motifs(self.guide.slots).columns(ticks_, starts, ends, pitches)
        whole[:, PLACES] = told
        metre = self.guide.metre
        self.decoder.past(
            Read(after[:-1], lengths[:-1], ticks_, whole, real), metre.beat, metre.bar
        )

    def _know(self) -> None:
        """What is known at every tick that an event of the phrase may begin at."""
        ground = self.automaton.ground
        ticks = np.array(sorted(self.automaton.reachable), np.int64)
        columns = fixed_columns(self.guide, ticks + self.offset)
        self.known = self.decoder.known(columns.whole, columns.real)
        self.known_row = np.zeros(ground.end - ground.start + 1, np.int64)
        self.known_row[ticks - ground.start] = np.arange(len(ticks))

    def _padded(self, rows: Ints) -> Ints:
        """As many rows as the network reads at once; the last ones are noughts."""
        return np.concatenate([rows, np.zeros((self.padding, *rows.shape[1:]), np.int64)])

    def _standing(self) -> Standing:
        return Standing(
            self.states.ticks,
            self.states.places,
            self.counts,
            self.onsets,
            self.sung_durations,
            self.sung_pitches,
        )

    # What is handed back.

    def _told(self, row: int) -> Sung:
        """One particle as a phrase with its trace."""
        automaton, decoder = self.automaton, self.decoder
        count, every = int(self.counts[row]), range(int(self.counts[row]))
        durations, pitches = self.sung_durations[row, :count], self.sung_pitches[row, :count]
        states, events = [automaton.start()], []
        for duration, pitch in zip(durations.tolist(), pitches.tolist(), strict=True):
            events.append(self._event(duration, pitch))
            states.append(automaton.follow(states[-1], events[-1]))
        allowed = self.many.allowed(self.many.of(states[:-1]))
        hidden = torch.from_numpy(self.hidden[row, :count])
        joint = np.exp(
            decoder.pitches(hidden)[..., None] + decoder.lengths(hidden, np.arange(PITCH_WORDS))
        )
        firsts = joint.reshape(count, -1).argmax(axis=1)
        known = joint[:, self.pitch_words][:, :, self.duration_words].transpose(0, 2, 1) * allowed
        others = known.copy()
        others[every, durations, pitches] = -1.0
        others[~allowed] = -1.0
        seconds = others.reshape(count, -1).argmax(axis=1)
        proposals = []
        for number, event in enumerate(events):
            wanted = divmod(int(firsts[number]), LENGTH_WORDS)
            second = divmod(int(seconds[number]), automaton.count + 1)
            rival = float(others[number][second])
            proposals.append(
                Proposal(
                    event,
                    states[number],
                    self._named(*wanted),
                    float(joint[number][wanted]),
                    float(known[number, durations[number], pitches[number]]),
                    float(known[number].sum()),
                    self._event(*second) if rival >= 0 else None,
                    max(0.0, rival),
                )
            )
        mean = _logsumexp(self.weights[None])[0] - np.log(self.live)
        return Sung(tuple(events), tuple(proposals), states[-1], self.total + float(mean))

    def _event(self, duration: int, pitch: int) -> Event:
        automaton = self.automaton
        sung = automaton.pitches[pitch] if pitch < automaton.count else None
        return Event(sung, automaton.durations[duration])

    def _named(self, pitch: int, length: int) -> Event:
        sung = None if pitch == words.REST else words.pitch_of(pitch, self.guide.key)
        return Event(sung, int(words.DURATIONS[length]))


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


def _nothing(automaton: Automaton) -> NoMelody:
    """Why a phrase admits nothing at all: the rules that every first event breaks, if any does."""
    state, ground = automaton.start(), automaton.ground
    fits = [ticks for ticks in automaton.durations if ticks <= ground.end - ground.start]
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


def _words(automaton: Automaton, key: Key) -> Ints:
    """The words of an automaton's pitches and, last, of the rest."""
    return np.array([*(_word(pitch, key) for pitch in automaton.pitches), words.REST])


def _word(pitch: Pitch, key: Key) -> int:
    word = words.word_of(pitch, key)
    if word is None:
        raise ValueError(f"pitches: the model has no word for {pitch.name} in {key.name}")
    return word


def _logsumexp(logs: Floats) -> Floats:
    """Over all axes but the first."""
    flat = logs.reshape(len(logs), -1)
    most = flat.max(axis=1)
    safe = np.where(np.isfinite(most), most, 0.0)
    with np.errstate(divide="ignore"):
        found: Floats = safe + np.log(np.exp(flat - safe[:, None]).sum(axis=1))
    return found
