"""What the hard rules say of the notes people wrote, and what masking does to the model on them.

Held-out tunes with chords are read by the automaton, event by event as they were sung; after a note
that it forbids, nothing is owed. The frame's voices are not known, so the rules that need them
(structural notes, cadences) are off; the compass is the tune's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import torch

from corpora.dataset import read, split
from corpora.progress import watched
from corpora.tune import Tune
from neural import vocabulary as words
from neural.batches import plain
from neural.errors import NeuralError
from neural.evaluate.tables import FigureRow, FigureTable
from neural.examples import MelodyExample, examples_of
from neural.model import MelodyModel, load
from neural.particles import Floats, PhraseWords
from neural.weights import SHIPPED
from theory.melody import Automaton, Event, HarmonicContext, Span, State
from theory.melody.grammar import OWED, Duty
from theory.melody.moves import Move
from theory.melody.reachability import on_grid
from theory.pitch import Pitch
from theory.rules import RULES
from theory.voices.voicing import Voicing

BARS, JUDGED = 4, 3  # a stretch that an automaton is made for, and how much of it is judged
OFF = frozenset({"structural-note", "melodic-cadence"})
UNTOLD = ("phrases", "contour", "density", "slots")  # what the model is not told
LANGUAGE = "popular"
BITS = 1 / np.log(2)
EACH = 6  # stretches of a tune, from its middle outwards
LATER = ", a note on"  # of a rule that is not broken yet, but by whatever follows


@dataclass(slots=True)
class _Counts:
    """Sums over the events of one collection."""

    tunes: int = 0
    notes: int = 0
    outside: int = 0  # notes that no words or no grid have
    forbidden: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    allowed: int = 0  # events that the mask leaves, rests too
    unmasked: float = 0.0  # bits of these
    masked: float = 0.0
    events: int = 0
    mass: float = 0.0  # that the mask takes, over all events


def human(
    dataset: Path, weights: Path = SHIPPED, each: int = EACH
) -> tuple[FigureTable, FigureTable]:
    """Two tables over a dataset's held-out tunes with chords, by collection: the share of notes
    that each hard rule forbids, and bits an event, masked and not.

    each: how many stretches of a tune are read at most. Raises NeuralError where no held-out tune
    has chords.
    """
    model = load(weights)
    tunes = [tune for tune in read(dataset) if split(tune) == "test" and tune.chords]
    if not tunes:
        raise NeuralError(f"{dataset} holds no held-out tunes with chords.", "Build one with them.")
    names = sorted({tune.collection for tune in tunes})
    found = {
        name: _counted(model, [tune for tune in tunes if tune.collection == name], each)
        for name in names
    }
    about = {n: f"{c.tunes} held-out tunes, {c.notes} notes" for n, c in found.items()}
    told = f"Data: {dataset.name}, split test, {LANGUAGE} language, chords told."
    return _forbidden(found, about, told), _bits(found, about, told)


def _forbidden(found: dict[str, _Counts], about: dict[str, str], told: str) -> FigureTable:
    rules = [
        rule
        for name in RULES
        for rule in (name, name + LATER)
        if any(counts.rules[rule] for counts in found.values())
    ]
    lines = [
        FigureRow(
            "outside grid and words", tuple(c.outside / max(1, c.notes) for c in found.values())
        ),
        FigureRow("forbidden in all", tuple(c.forbidden / max(1, c.notes) for c in found.values())),
        *(
            FigureRow(f"  {rule}", tuple(c.rules[rule] / max(1, c.notes) for c in found.values()))
            for rule in rules
        ),
    ]
    return FigureTable(
        "The share of notes people wrote that the hard rules forbid",
        tuple(found),
        tuple(lines),
        (
            *(f"{name}: {text}." for name, text in about.items()),
            f"A note may break several rules;{LATER[1:]}: what it owes by the rule cannot be met.",
            told,
        ),
    )


def _bits(found: dict[str, _Counts], about: dict[str, str], told: str) -> FigureTable:
    lines = [
        FigureRow(
            name,
            (
                c.unmasked / max(1, c.allowed),
                c.masked / max(1, c.allowed),
                c.mass / max(1, c.events),
                c.allowed / max(1, c.events),
            ),
            f"{about[name]}, {c.events} events.",
        )
        for name, c in found.items()
    ]
    return FigureTable(
        "The network on what people wrote, with the mask and without",
        ("bits unmasked", "bits masked", "mass masked", "events allowed"),
        tuple(lines),
        (
            "bits: an event, pitch and duration, of events that the mask allows; mass masked: the "
            "share of the model's probability that the mask takes, on all events.",
            told,
        ),
    )


def _counted(model: MelodyModel, tunes: Sequence[Tune], each: int) -> _Counts:
    counts = _Counts()
    for tune in watched(tunes, "judging tunes"):
        before = counts.events
        for example in examples_of(tune):
            stretches = list(islice(_stretches(tune, example), each))
            if stretches:
                joint = _joint(model, example)
            for context, events in stretches:
                _judge(context, events, joint, counts)
        counts.tunes += counts.events > before
    return counts


def _joint(model: MelodyModel, example: MelodyExample) -> Floats:
    """The model's probabilities at each event, (events, PITCH_WORDS, LENGTH_WORDS)."""
    batch, *_ = plain([example], *UNTOLD)
    with torch.inference_mode():
        states = model(batch)[0, : len(example.ticks)]
        pitches = model.pitch_logits(states).double().log_softmax(-1)
        every = np.arange(pitches.shape[1])
        lengths = [
            model.length_logits(states, states.new_full((len(states),), int(pitch)).long())
            for pitch in every
        ]
        joint = np.stack([each.double().log_softmax(-1).numpy() for each in lengths], axis=1)
        found: Floats = np.exp(pitches.numpy()[..., None] + joint)
    return found


Numbered = tuple[int, int, Event]  # an event's number in the example, its tick, and the event


def _stretches(
    tune: Tune, example: MelodyExample
) -> Iterator[tuple[HarmonicContext, list[Numbered]]]:
    """Stretches of bars over which chords sound without a gap, from the middle of the tune."""
    bar = tune.metre.bar
    events = _events(tune, example)
    first, last = events[0][1] // bar, (events[-1][1] + events[-1][2].ticks) // bar
    middle = (first + last) / 2
    numbers = range(first, last - BARS + 1, JUDGED)
    for number in sorted(numbers, key=lambda n: abs(n - middle)):
        inside = [e for e in events if number * bar <= e[1] < (number + BARS) * bar]
        if len(inside) < BARS:
            continue
        start, end = inside[0][1], inside[-1][1] + inside[-1][2].ticks
        spans = _spans(tune, start, end)
        pitches = [e.pitch for *_, e in events if e.pitch is not None]
        if spans is not None:
            context = HarmonicContext(
                key=tune.key,
                metre=tune.metre,
                start=start,
                end=end,
                spans=spans,
                compass=(min(pitches), max(pitches)),
                scale=tune.key.notes,
                final=frozenset(spans[-1].chord.tones),
                language=LANGUAGE,
                durations=tuple(int(d) for d in words.DURATIONS if d <= end - start),
                off=OFF,
            )
            yield context, [e for e in inside if e[1] < (number + JUDGED) * bar]


def _events(tune: Tune, example: MelodyExample) -> list[Numbered]:
    """The example's events with their true lengths."""
    pitches = [
        None if word == words.REST else words.pitch_of(word, tune.key)
        for word in example.pitches.tolist()
    ]
    ticks = example.ticks.tolist()
    last = ticks[-1] + int(words.DURATIONS[example.lengths[-1]])
    lengths = [b - a for a, b in pairwise([*ticks, last])]
    return [
        (number, tick, Event(pitch, length))
        for number, (tick, pitch, length) in enumerate(zip(ticks, pitches, lengths, strict=True))
    ]


def _spans(tune: Tune, start: int, end: int) -> tuple[Span, ...] | None:
    """The chords under a stretch, each over its bass; None where none sounds for a while."""
    found = [
        Span(max(c.start, start), min(c.end, end), c.chord, Voicing(c.bass, c.bass, c.bass, c.bass))
        for c in tune.chords
        if c.start < end and c.end > start
    ]
    whole = found and found[0].start == start and found[-1].end == end
    joined = all(one.end == other.start for one, other in pairwise(found))
    return tuple(found) if whole and joined else None


def _judge(
    context: HarmonicContext, events: Sequence[Numbered], joint: Floats, counts: _Counts
) -> None:
    automaton = Automaton(context)
    names = PhraseWords(automaton, context.key)
    state = automaton.start()
    for number, tick, event in events:
        allowed = automaton.allowed(state)
        chances = joint[number][names.pitches][:, names.durations].T
        left = float(chances[allowed].sum())
        counts.events += 1
        counts.mass += 1 - left
        place = _place(automaton, event)
        good = place is not None and bool(allowed[place])
        if good:
            assert place is not None
            own = float(chances[place])
            counts.allowed += 1
            counts.unmasked -= np.log(own) * BITS
            counts.masked -= np.log(own / left) * BITS
        if event.pitch is not None:
            counts.notes += 1
            broken = automaton.broken(state, event)
            if not broken and not (on_grid(tick + event.ticks) and place is not None):
                counts.outside += 1
            elif not good:
                counts.forbidden += 1
                counts.rules.update(broken or (_owed(automaton, state, event) + LATER,))
        state = _after(automaton, state, event, good)


def _owed(automaton: Automaton, state: State, event: Event) -> str:
    """The rule of the duty that an event leaves; the phrase's end where there is none."""
    return OWED.get(automaton.follow(state, event).duty, "melodic-cadence")


def _place(automaton: Automaton, event: Event) -> tuple[int, int] | None:
    """An event's row and column in what is allowed."""
    if event.ticks not in automaton.durations:
        return None
    row = automaton.durations.index(event.ticks)
    if event.pitch is None:
        return row, automaton.count
    number = automaton.number.get(event.pitch)
    return None if number is None else (row, number)


def _after(automaton: Automaton, state: State, event: Event, good: bool) -> State:
    """The state after what was sung; after what is forbidden, as if nothing were owed."""
    if good:
        return automaton.follow(state, event)
    tick = state.tick + event.ticks
    pitch: Pitch | None = event.pitch
    if pitch is None or pitch not in automaton.number:
        return State(tick, state.pitch, Move.NONE, Duty.REST, None, True, 0, state.bass)
    index = automaton.context.span_at(state.tick)
    bass = automaton.context.spans[index].voicing.bass
    return State(tick, pitch, Move.NONE, Duty.FREE, None, True, 0, bass)
