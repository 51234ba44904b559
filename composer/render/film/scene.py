"""What a film shows and when: sections, the skyline's place, and the rules that notes name."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from composer.explanation.layout import music, plain, roman
from composer.render.film.heard import Clock, Heard
from composer.render.heading import heading
from composer.render.report.words import label, prime, sentence
from composer.table import Decision
from composer.values import Piece
from theory.harmony import forms
from theory.rules import RULES

MOST = 6  # rules that are shown at a time; more would be too small to read
FEW = 4  # notes of a rule without which it is not shown
# What says nothing of the picture: where a decision begins, and what only tidies it.
PLAIN = ("start", "default", "clamp", "rounding")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that hold from a second to a second."""

    start: float
    end: float
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule that is shown: what it decided, why, and the numbers of the notes that name it."""

    name: str
    title: str
    reason: str
    notes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Part:
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
    parts: tuple[Part, ...]
    chords: tuple[Stretch, ...]
    rules: tuple[tuple[Shown, ...], ...]  # those that are shown in each part
    passes: tuple[tuple[float, float], ...]  # from when to when the skyline is passed once
    bars: tuple[float, ...]
    end: float  # when the last bar ends


def scene(piece: Piece, notes: Sequence[Heard], clock: Clock) -> Scene:
    """The scene of a piece whose notes are heard so."""
    plan, at = piece.plan, clock.of_tick
    names = [region.name for region in piece.analysis.regions]
    parts = tuple(
        Part(at(s.start), at(s.end), names.index(s.region), f"{prime(s.name)}\u2003{s.region}")
        for s in plan.sections
    )
    return Scene(
        title=heading(piece.title),
        facts=(
            f"{plan.key.tonic.sign} {plan.key.mode.name}, {plan.metre.name}",
            piece.plan.mood.name,
        ),
        parts=parts,
        chords=tuple(
            Stretch(at(span.start), at(span.end), roman(span.chord.roman))
            for span in piece.harmony.spans
        ),
        rules=tuple(shown(piece, notes, part.start, part.end) for part in parts),
        passes=_passes(piece, clock),
        bars=tuple(at(bar * plan.metre.bar) for bar in range(plan.bars + 1)),
        end=at(plan.end),
    )


def shown(piece: Piece, notes: Sequence[Heard], start: float, end: float) -> tuple[Shown, ...]:
    """Rules that notes name from one second to another: of those that the same notes name one.

    Decisions that a rule of the table led come before those that merely began somewhere.
    """
    named: dict[str, set[int]] = defaultdict(set)
    for number, each in enumerate(notes):
        for name in each.note.cause.rules:
            named[name].add(number)
    by_notes: dict[frozenset[int], list[Shown]] = defaultdict(list)
    for name, found in named.items():
        rule = _shown(piece, name, frozenset(found))
        here = frozenset(number for number in found if start <= notes[number].start < end)
        # A tail of what is over is no rule in play.
        if rule is not None and len(here) >= min(FEW, len(found)):
            by_notes[here].append(rule)
    weights = {name: _weight(piece.decisions.get(name)) for name in named}
    groups = [sorted(group, key=lambda rule: -weights[rule.name]) for group in by_notes.values()]
    chosen: list[Shown] = []
    for place in range(max(map(len, groups), default=0)):
        row = [group[place] for group in groups if place < len(group)]
        chosen += sorted(row, key=lambda rule: (-weights[rule.name], rule.name))
    kept = {rule.name for rule in chosen[:MOST]}
    return tuple(rule for rule in _in_order(chosen, piece.decisions) if rule.name in kept)


def _in_order(rules: Sequence[Shown], decisions: Mapping[str, Decision]) -> list[Shown]:
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


def _shown(piece: Piece, name: str, notes: frozenset[int]) -> Shown | None:
    decision = piece.decisions.get(name)
    if decision is not None:
        value = music(str(decision.value))
        if decision.kind == "number":
            number = plain(float(decision.value))
            words = ("MIDI", number) if decision.unit == "MIDI pitch" else (number, decision.unit)
            value = " ".join(words).rstrip()
        return Shown(name, f"{label(name)}: {value}", sentence(_because(decision)), notes)
    if name in RULES:
        return Shown(name, name.replace("-", " "), sentence(RULES[name].sentence), notes)
    if name.startswith("motif ") and name.removeprefix("motif ") in piece.motifs:
        rhythm = len(piece.motifs[name.removeprefix("motif ")].rhythm)
        return Shown(name, name, f"{rhythm} notes that the melody remembers.", notes)
    return None


def _because(decision: Decision) -> str:
    """The reason of the rule that moved it most."""
    moved = [s for s in decision.shares if s.rule not in PLAIN and s.amount]
    if not moved:
        return "Nothing in the picture spoke against it."
    leading = max(moved, key=lambda share: abs(share.amount))
    return "You set it." if leading.rule == "you" else leading.because


def _passes(piece: Piece, clock: Clock) -> tuple[tuple[float, float], ...]:
    """The skyline is passed once in every period, from left to right."""
    plan = piece.plan
    found, tick = [], 0
    for section in forms.layout(plan.form, plan.bars).sections:
        for period in section.periods:
            end = tick + sum(phrase.bars for phrase in period) * plan.metre.bar
            found.append((clock.of_tick(tick), clock.of_tick(end)))
            tick = end
    return tuple(found)


def place(spans: Sequence[tuple[float, float]], second: float) -> tuple[int, float]:
    """Which span a second falls in, and how far (0..1) it has gone; the last one at the end."""
    number = max(0, bisect_right([start for start, _ in spans], second) - 1)
    start, end = spans[number]
    return number, min(1.0, max(0.0, (second - start) / (end - start)))
