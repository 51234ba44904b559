"""What a singer is given and hands back: past, standing of particles, a phrase and its trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory.melody import Event, State
from theory.pitch import Pitch
from theory.scale import Key

Ints = NDArray[np.int64]


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
class SampledPhrase:
    """A phrase; `log_weight` is the sampler's estimate, in nats, of the log of the model's mass on
    all legal phrases (of its events within the automaton's vocabulary, each times exp(−tilt))."""

    events: tuple[Event, ...]
    proposals: tuple[Proposal, ...]
    end: State
    log_weight: float
