"""Singing under constraints: the model proposes, the automaton disposes.

Masking alone is short-sighted: it never breaks a rule, but it follows the model into corners that
the model, had it known where they lead, would have left out. So several particles sing side by side
(`neural.particles`), and the more they are, the nearer is what is sung to the model's own melodies
given that they are legal. `promenade evaluate melody --table constraints` says how near.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from neural import vocabulary as words
from neural.decoder import Decoder
from neural.guide import Guide
from neural.network import Network
from neural.particles import Particles, PhraseWords
from neural.sung import Past, Proposal, SampledPhrase, Standing, Tilt
from neural.vocabulary import LENGTH_WORDS
from neural.voice import NetworkVoice
from neural.weights import Weights
from theory.melody import Automaton, Event, State
from theory.melody.batch import batched
from theory.noise import Noise

__all__ = [
    "PARTICLES",
    "TEMPERATURE",
    "Past",
    "Proposal",
    "SampledPhrase",
    "Singer",
    "Standing",
    "Tilt",
]
PARTICLES = 8
TEMPERATURE = 1.0


class Singer:
    """Sings phrases with one network, in any number of threads at once. Raises WeightsError for
    weights that are not finite.

    particles: how many sing side by side; 1 is plain masking. temperature: 1 is the model's own
    distribution, less is bolder.
    """

    def __init__(
        self, weights: Weights, particles: int = PARTICLES, temperature: float = TEMPERATURE
    ) -> None:
        if particles < 1 or temperature <= 0:
            raise ValueError("particles: at least 1; temperature: above 0")
        self.network = Network(weights)
        self.particles, self.temperature = particles, temperature
        # Decoders that no phrase is sung with now. What one has read sways nothing but how long
        # the next phrase takes, so whoever sings takes the last that was given back.
        self._idle: list[Decoder] = []

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
        start: State | None = None,
        until: int | None = None,
    ) -> SampledPhrase:
        """One phrase. The guide and `before` count ticks from the piece's first barline, which are
        the automaton's ticks plus `offset`; `place` names the phrase to the noise.

        Of a phrase that is begun, what follows its state `start`, up to the tick `until` or a
        little beyond where that cannot be helped: `before` then ends with what was sung of it.

        Raises theory's NoMelody where no melody at all is legal, ValueError for durations or
        pitches that the model has no words for.
        """
        names = PhraseWords(automaton, guide.key)
        particles = Particles(
            batched(automaton), names, self.particles, noise, place, tilt, start, until
        )
        with self._decoder() as decoder:
            voice = NetworkVoice(
                decoder,
                automaton,
                names,
                guide,
                [Past(*each) for each in before],
                offset,
                self.particles,
                self.temperature,
                (int(particles.states.ticks[0]), particles.end),
            )
            crowd = particles.sing(voice)
        first = automaton.start() if start is None else start
        return _told(particles, voice, first, crowd.chosen, crowd.log_weight)

    @contextmanager
    def _decoder(self) -> Iterator[Decoder]:
        """One that is nobody else's meanwhile."""
        try:
            decoder = self._idle.pop()
        except IndexError:
            decoder = Decoder(self.network)
        yield decoder
        self._idle.append(decoder)


def _told(
    particles: Particles, voice: NetworkVoice, start: State, row: int, log_weight: float
) -> SampledPhrase:
    """One particle as a phrase with its trace."""
    many, names = particles.many, particles.vocabulary
    automaton, sung = many.automaton, particles.standing
    count = int(sung.counts[row])
    every, durations, pitches = range(count), sung.durations[row, :count], sung.pitches[row, :count]
    states, events = [start], []
    for duration, pitch in zip(durations.tolist(), pitches.tolist(), strict=True):
        events.append(_event(automaton, duration, pitch))
        states.append(automaton.follow(states[-1], events[-1]))
    allowed = many.allowed(many.of(states[:-1]))
    joint = voice.joint(row, count)
    known = joint[:, names.pitches][:, :, names.durations].transpose(0, 2, 1) * allowed
    others = np.where(allowed, known, -1.0)
    others[every, durations, pitches] = -1.0
    firsts = joint.reshape(count, -1).argmax(axis=1)
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
                _named(voice.guide, *wanted),
                float(joint[number][wanted]),
                float(known[number, durations[number], pitches[number]]),
                float(known[number].sum()),
                _event(automaton, *second) if rival >= 0 else None,
                max(0.0, rival),
            )
        )
    return SampledPhrase(tuple(events), tuple(proposals), states[-1], log_weight)


def _event(automaton: Automaton, duration: int, pitch: int) -> Event:
    """An event by the numbers of its duration and pitch."""
    sung = automaton.pitches[pitch] if pitch < automaton.count else None
    return Event(sung, automaton.durations[duration])


def _named(guide: Guide, pitch: int, length: int) -> Event:
    """An event by its words."""
    sung = None if pitch == words.REST else words.pitch_of(pitch, guide.key)
    return Event(sung, int(words.DURATIONS[length]))
