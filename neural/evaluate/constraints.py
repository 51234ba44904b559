"""What constraints do to a model's distribution: plain masking, and the sampler by its particles.

Every phrase's exact answer is known for a Markov model (`neural.evaluate.markov`). For the network
it is not, but the sampler's evidence tells how far it is: with Ẑ its estimate of the mass Z of all
legal phrases, log Z − E[log Ẑ] is, for one particle, just the divergence of what is sung from the
model given that it is legal, and for several an upper bound of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpora.progress import progress
from neural.evaluate.markov import Exact, Markov
from neural.evaluate.masks import human
from neural.evaluate.tables import FigureRow, FigureTable
from neural.guide import Guide
from neural.particles import Crowd, Floats, Particles, PhraseWords
from neural.sample import Singer
from neural.weights import SHIPPED, read
from theory.chord import Chord
from theory.melody import Automaton, HarmonicContext, Span
from theory.melody.batch import BatchAutomaton
from theory.metre import METRES
from theory.noise import Noise
from theory.pitch import Pitch
from theory.scale import Key
from theory.voices.frame import lead

COUNTS = (1, 2, 4, 8, 16, 32, 64)
RUNS = 500  # of the Markov model, a phrase and number of particles
NETWORK_RUNS = 24
DURATIONS = (6, 12, 18, 24, 36, 48, 72)


@dataclass(frozen=True, slots=True)
class Setting:
    """A phrase to be sung: a chord a bar; it ends on the last one's root or on the frame's note."""

    tonic: str
    mode: str
    metre: str
    language: str
    chords: str
    compass: tuple[str, str]


SETTINGS = (
    Setting("C", "ionian", "2/4", "strict", "I IV V I", ("C4", "E5")),
    Setting("A", "harmonic minor", "3/4", "strict", "i iv V i", ("E4", "A5")),
    Setting("D", "dorian", "6/8", "modal", "i IV bVII i", ("D4", "F5")),
    Setting("G", "mixolydian", "4/4", "popular", "I bVII IV I", ("D4", "G5")),
)


def context_of(setting: Setting) -> HarmonicContext:
    """The phrase with its frame."""
    key, metre = Key.of(setting.tonic, setting.mode), METRES[setting.metre]
    chords = tuple(Chord.parse(roman, key) for roman in setting.chords.split())
    frame = lead(chords, language=setting.language)
    spans = tuple(
        Span(bar * metre.bar, (bar + 1) * metre.bar, chord, voicing)
        for bar, (chord, voicing) in enumerate(zip(chords, frame.voicings, strict=True))
    )
    low, high = map(Pitch.parse, setting.compass)
    return HarmonicContext(
        key=key,
        metre=metre,
        start=0,
        end=spans[-1].end,
        spans=spans,
        compass=(low, high),
        scale=key.notes,
        final=frozenset({chords[-1].root, frame.voicings[-1].soprano.note}),
        language=setting.language,
        durations=DURATIONS,
    )


def guide_of(context: HarmonicContext) -> Guide:
    """What the network is told of a phrase: its chords and where it ends."""
    chords = tuple((span.start, span.end, span.chord) for span in context.spans)
    return Guide(context.key, context.metre, chords, ((context.start, context.end),))


def distances(runs: int = RUNS, counts: Sequence[int] = COUNTS, seed: int = 0) -> FigureTable:
    """The Markov model: how far plain masking and the sampler are from the exact conditional."""
    problems = []
    for setting in SETTINGS:
        automaton = Automaton(context_of(setting))
        many, model = BatchAutomaton(automaton), Markov(automaton)
        problems.append((many, model, Exact(many, model)))
    lines = [_masked([exact for *_, exact in problems])]
    with progress(len(counts) * len(problems), "singing, a Markov model") as step:
        for count in counts:
            rows = []
            for number, problem in enumerate(problems):
                rows.append(_distance(*problem, count, runs, Noise(seed), number))
                step()
            name = f"{count} particle{'s' * (count > 1)}"
            lines.append(FigureRow(name, tuple(np.array(rows).mean(axis=0).tolist())))
    floor = np.mean([_floor(exact, runs, seed) for *_, exact in problems], axis=0)
    lines.append(FigureRow(f"{runs} exact draws", (None, *floor.tolist())))
    return FigureTable(
        "How far the sampler is from a Markov model's own legal melodies",
        ("nats a phrase", "first note", "all notes"),
        tuple(lines),
        (
            "nats a phrase: log Z − E[log Ẑ], the divergence of what is sung from the exact "
            "conditional (with several particles an upper bound).",
            "first note, all notes: total variation, 0 to 1, of the first pitch and of what sounds "
            "at each tick (mean over ticks); the last row is what chance alone leaves of it.",
            f"Data: {len(SETTINGS)} phrases of four bars in four modes, metres and three languages,"
            f" {runs} runs each, seed {seed}; the model's shares are counted on training tunes.",
        ),
    )


def network(
    weights: Path = SHIPPED,
    runs: int = NETWORK_RUNS,
    counts: Sequence[int] = COUNTS,
    seed: int = 0,
) -> FigureTable:
    """The trained network on the same phrases: evidence and time by number of particles."""
    read_ = read(weights)
    contexts = [context_of(setting) for setting in SETTINGS]
    evidence = np.zeros((len(counts), len(contexts), runs))
    seconds, bars = [], len(contexts) * 4 * runs
    with progress(evidence.size, "singing, the network") as step:
        for row, count in enumerate(counts):
            singer, begun = Singer(read_, count), time.process_time()
            for column, context in enumerate(contexts):
                automaton, guide = Automaton(context), guide_of(context)
                for run in range(runs):
                    sung = singer.sing(automaton, guide, (), Noise(seed), ("evaluate", run))
                    evidence[row, column, run] = sung.log_weight
                    step()
            seconds.append((time.process_time() - begun) / bars * 32)
    # What all runs together estimate is the best estimate that there is.
    best = np.log(np.mean(np.exp(evidence[-1]), axis=-1))
    short = (best - evidence.mean(axis=-1)).mean(axis=-1)
    lines = [
        FigureRow(f"{count} particle{'s' * (count > 1)}", (float(gap), second))
        for count, gap, second in zip(counts, short, seconds, strict=True)
    ]
    return FigureTable(
        "The trained network under the same constraints",
        ("nats a phrase", "s for 32 bars"),
        tuple(lines),
        (
            "nats a phrase: log Z − E[log Ẑ] as above, with Z estimated by all runs with the most "
            "particles together; seconds of one processor's time, the automaton's included.",
            f"Data: the same phrases, chords told, {runs} runs each, seed {seed}.",
        ),
    )


def report(
    weights: Path = SHIPPED, dataset: Path | None = None, seed: int = 0
) -> Iterator[FigureTable]:
    """Every table about constraints, each as soon as it is there; those about what people wrote
    need a dataset."""
    yield distances(seed=seed)
    yield network(weights, seed=seed)
    if dataset is not None:
        yield from human(dataset, weights)


def _masked(exacts: Sequence[Exact]) -> FigureRow:
    """Plain masking, computed and not drawn."""
    rows = []
    for exact in exacts:
        sounding, _ = exact.events()
        masked, divergence = exact.events(masked=True)
        rows.append((divergence, *_variation(sounding, masked)))
    return FigureRow("masking, exactly", tuple(np.mean(rows, axis=0).tolist()))


def _distance(
    many: BatchAutomaton,
    model: Markov,
    exact: Exact,
    count: int,
    runs: int,
    noise: Noise,
    number: int,
) -> tuple[float, float, float]:
    """One phrase sung so often with so many particles."""
    vocabulary = PhraseWords(many.automaton, many.automaton.context.key)
    wanted, _ = exact.events()
    heard, evidence = np.zeros_like(wanted), 0.0
    for run in range(runs):
        crowd = Particles(many, vocabulary, count, noise, (number, count, run)).sing(model)
        evidence += crowd.log_weight / runs
        heard += _heard(many, crowd) / runs
    return (exact.log_mass - evidence, *_variation(wanted, heard))


def _heard(many: BatchAutomaton, crowd: Crowd) -> Floats:
    """What sounds at each tick, (ticks, pitches + 1), on average over the draw of a particle."""
    context = many.automaton.context
    found = np.zeros((context.end - context.start, many.automaton.count + 1))
    shares = np.exp(crowd.weights - crowd.weights.max())
    for row, share in enumerate((shares / shares.sum()).tolist()):
        count = crowd.standing.counts[row]
        onsets = crowd.standing.onsets[row, :count] - context.start
        lasting = np.diff([*onsets, context.end - context.start])
        pitches = np.repeat(crowd.standing.pitches[row, :count], lasting)
        found[np.arange(len(found)), pitches] += share
    return found


def _variation(one: Floats, other: Floats) -> tuple[float, float]:
    """Total variation at the first tick, and its mean over all."""
    away = np.abs(one - other).sum(axis=1) / 2
    return float(away[0]), float(away.mean())


def _floor(exact: Exact, runs: int, seed: int) -> tuple[float, float]:
    """What so many exact draws, a tick at a time, would seem to be away."""
    sounding, _ = exact.events()
    rng = np.random.default_rng(seed)
    shares = sounding / sounding.sum(axis=1, keepdims=True)
    drawn = np.stack([rng.multinomial(runs, row) for row in shares]) / runs
    return _variation(sounding, drawn)
