"""What a film shows and when: sections, the skyline's place, rules that notes name, their light."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from composer.explanation.layout import music, plain, roman
from composer.render.film.look import GLOW, RATE
from composer.render.report.words import label, prime, sentence
from composer.render.timeline import HeardNote, Timeline
from composer.table import Decision
from composer.values import Piece
from theory.rules import RULES

MOST = 6  # rules that are shown at a time; more would be too small to read
FEW = 4  # notes of a rule without which it is not shown
# What says nothing of the picture: where a decision begins, and what only tidies it.
PLAIN = ("start", "default", "clamp", "rounding")


@dataclass(frozen=True, slots=True)
class ChordLabel:
    """Words that hold from a second to a second."""

    start: float
    end: float
    words: str


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule that is shown: what it decided, why, and the numbers of the notes that name it."""

    name: str
    title: str
    reason: str
    notes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Shot:
    """A section's time, its region's number, and what is written over the picture."""

    start: float
    end: float
    region: int
    words: str


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a film shows, in seconds."""

    title: str
    facts: tuple[str, ...]
    shots: tuple[Shot, ...]
    chords: tuple[ChordLabel, ...]
    rules: tuple[tuple[ShownRule, ...], ...]  # those that are shown in each shot
    passes: tuple[tuple[float, float], ...]  # from when to when the skyline is passed once
    bars: tuple[float, ...]
    end: float  # when the last bar ends


def scene(piece: Piece, timeline: Timeline) -> Scene:
    """The scene of a piece; its timeline says when things are heard."""
    plan, at, notes = piece.plan, timeline.second_of_tick, timeline.heard
    names = [region.name for region in piece.analysis.regions]
    shots = tuple(
        Shot(at(s.start), at(s.end), names.index(s.region), f"{prime(s.name)}\u2003{s.region}")
        for s in plan.sections
    )
    return Scene(
        title=piece.heading,
        facts=(
            f"{plan.key.tonic.sign} {plan.key.mode.name}, {plan.metre.name}",
            piece.plan.mood.name,
        ),
        shots=shots,
        chords=tuple(
            ChordLabel(at(span.start), at(span.end), roman(span.chord.roman))
            for span in piece.harmony.spans
        ),
        rules=tuple(shown(piece, notes, s.start, s.end) for s in plan.sections),
        passes=_passes(piece, timeline),
        bars=tuple(at(bar * plan.metre.bar) for bar in range(plan.bars + 1)),
        end=at(plan.end),
    )


def shown(piece: Piece, notes: Sequence[HeardNote], start: int, end: int) -> tuple[ShownRule, ...]:
    """Rules that notes name from one tick to another: of those that the same notes name one.

    Decisions that a rule of the table led come before those that merely began somewhere.
    """
    named: dict[str, set[int]] = defaultdict(set)
    for number, each in enumerate(notes):
        for name in each.note.cause.rules:
            named[name].add(number)
    by_notes: dict[frozenset[int], list[ShownRule]] = defaultdict(list)
    for name, found in named.items():
        rule = _shown(piece, name, frozenset(found))
        here = frozenset(number for number in found if start <= notes[number].note.start < end)
        # A tail of what is over is no rule in play.
        if rule is not None and len(here) >= min(FEW, len(found)):
            by_notes[here].append(rule)
    weights = {name: _weight(piece.decisions.get(name)) for name in named}
    groups = [sorted(group, key=lambda rule: -weights[rule.name]) for group in by_notes.values()]
    chosen: list[ShownRule] = []
    for place in range(max(map(len, groups), default=0)):
        row = [group[place] for group in groups if place < len(group)]
        chosen += sorted(row, key=lambda rule: (-weights[rule.name], rule.name))
    kept = {rule.name for rule in chosen[:MOST]}
    return tuple(rule for rule in _in_order(chosen, piece.decisions) if rule.name in kept)


def _in_order(rules: Sequence[ShownRule], decisions: Mapping[str, Decision]) -> list[ShownRule]:
    """As the table decides them, then rules of theory and motifs by name."""
    order = {name: place for place, name in enumerate(decisions)}
    return sorted(rules, key=lambda rule: (order.get(rule.name, len(order)), rule.name))


def _weight(decision: Decision | None) -> float:
    """How much the picture had to do with it: the share of rules in all that was added."""
    if decision is None:
        return 0.5
    led = sum(abs(share.amount) for share in decision.shares if share.rule not in PLAIN)
    start = sum(abs(share.amount) for share in decision.shares if share.rule in PLAIN)
    # A number's start is its middle, which says nothing against it.
    return float(led / (led + start)) if decision.kind == "choice" and led else float(led > 0)


def _shown(piece: Piece, name: str, notes: frozenset[int]) -> ShownRule | None:
    decision = piece.decisions.get(name)
    if decision is not None:
        value = music(str(decision.value))
        if decision.kind == "number":
            number = plain(float(decision.value))
            words = ("MIDI", number) if decision.unit == "MIDI pitch" else (number, decision.unit)
            value = " ".join(words).rstrip()
        return ShownRule(name, f"{label(name)}: {value}", sentence(_because(decision)), notes)
    if name in RULES:
        return ShownRule(name, name.replace("-", " "), sentence(RULES[name].sentence), notes)
    if name.startswith("motif ") and name.removeprefix("motif ") in piece.motifs:
        rhythm = len(piece.motifs[name.removeprefix("motif ")].rhythm)
        return ShownRule(name, name, f"{rhythm} notes that the melody remembers.", notes)
    return None


def _because(decision: Decision) -> str:
    """The reason of the rule that moved it most."""
    moved = [s for s in decision.shares if s.rule not in PLAIN and s.amount]
    if not moved:
        return "Nothing in the picture spoke against it."
    leading = max(moved, key=lambda share: abs(share.amount))
    return "You set it." if leading.rule == "you" else leading.because


def _passes(piece: Piece, timeline: Timeline) -> tuple[tuple[float, float], ...]:
    """The skyline is passed once in every period that is sung, from left to right."""
    at = timeline.second_of_tick
    periods = groupby(piece.plan.phrases, key=lambda phrase: phrase.period)
    rows = [row for row in (list(phrases) for _, phrases in periods) if any(p.sung for p in row)]
    return tuple((at(row[0].start), at(row[-1].end)) for row in rows)


def place(spans: Sequence[tuple[float, float]], second: float) -> tuple[int, float]:
    """Which span a second falls in, and how far (0..1) it has gone; the last one at the end."""
    number = max(0, bisect_right([start for start, _ in spans], second) - 1)
    start, end = spans[number]
    return number, min(1.0, max(0.0, (second - start) / (end - start)))


Light = NDArray[np.float32]  # of shape (frames,), 0 dark to 1
HELD = 0.4  # what stays of the light while a note is held
OUT = 0.1  # seconds in which it halves once the note is over


def frame_of(second: float) -> int:
    """The frame whose beginning is nearest to this second."""
    return int(second * RATE + 0.5)


def light(notes: Sequence[HeardNote], numbers: Iterable[int], frames: int) -> Light:
    """The light of these notes: of several at once the brightest counts.

    It is there in the very frame in which a note begins.
    """
    found = np.zeros(frames, np.float32)
    for number in numbers:
        note = notes[number]
        first, last = frame_of(note.start), max(frame_of(note.end), frame_of(note.start) + 1)
        held = np.arange(first, min(last, frames))
        since = np.maximum(0.0, held / RATE - note.start)
        bright = HELD + (1 - HELD) * 2.0 ** (-since / GLOW)
        found[held] = np.maximum(found[held], bright)
        after = np.arange(min(last, frames), min(last + RATE, frames))
        if len(held):
            fading = bright[-1] * 2.0 ** (-(after - last + 1) / RATE / OUT)
            found[after] = np.maximum(found[after], fading)
    return found
