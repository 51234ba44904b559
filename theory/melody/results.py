"""What the search for the best melody hands back: it, with its reasons, or why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from theory.melody.automaton import Automaton, State
from theory.melody.context import Event
from theory.pitch import Pitch
from theory.rules import RULES


class NoMelody(ValueError):  # noqa: N818 (it is what it says)
    """No melody on this rhythm is legal: past `tick` there is no way, because of `rules`."""

    def __init__(self, tick: int, rules: tuple[str, ...], sentence: str) -> None:
        super().__init__(sentence)
        self.tick = tick
        self.rules = rules


@dataclass(frozen=True, slots=True)
class BestNote:
    """One event of the best melody. `costs` by name ("pitch", "step", soft rules); `runner_up` is
    the best other pitch here, and `margin` how much dearer the best melody with it is (None for a
    rest, or where no other pitch is possible)."""

    event: Event
    before: State
    costs: Mapping[str, float]
    runner_up: Pitch | None
    margin: float | None


@dataclass(frozen=True, slots=True)
class BestMelody:
    """The best melody: its events, its total cost, and the same cost by name."""

    events: tuple[Event, ...]
    notes: tuple[BestNote, ...]
    end: State
    total: float
    costs: Mapping[str, float]


def refusal(automaton: Automaton, tick: int, faults: Counter[tuple[str, ...]]) -> NoMelody:
    fewest = min(len(rules) for rules in faults)
    named = {rule for rules in faults if len(rules) == fewest for rule in rules}
    rules = tuple(rule for rule in RULES if rule in named)
    place = f"tick {tick} of the phrase's {automaton.context.end - automaton.context.start}"
    reason = f"every way on breaks {' or '.join(rules)}" if rules else "no pitch is wished for"
    return NoMelody(tick, rules, f"no melody gets past {place} on this rhythm: {reason}")
