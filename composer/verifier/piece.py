"""Checks a finished piece by rules that share no code with what composed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from composer.values import Check, Harmony, Note, Plan, cadence_notes
from theory.rules import RULES, switched_off
from theory.verify import Ground, Sung, verify_melody, verify_voices

MOST_PLACES = 5  # that are named for a rule broken more often


def check(plan: Plan, harmony: Harmony, melody: Sequence[Note]) -> tuple[Check, ...]:
    """Every rule, hard or soft in the plan's language, with how often it is broken and where."""
    chords = [span.chord for span in harmony.spans]
    voicings = [tuple(span.voicing) for span in harmony.spans]
    voices = [name for name, rule in RULES.items() if rule.kind == "voices"]
    found: dict[str, list[str]] = defaultdict(list)
    for violation in verify_voices(
        chords, voicings, plan.language, rules=voices, soprano_range=plan.melody.compass
    ):
        place = _place(plan, harmony.spans[violation.index].start)
        found[violation.rule].append(f"{place}: {violation.sentence}")
    off = switched_off(plan.off)
    own = [name for name, rule in RULES.items() if rule.kind == "melody"]
    # What is switched off is counted; the rest is judged as if it were not there.
    for rules, left_out in ((own, off), ([name for name in own if name in off], ())):
        for fault in verify_melody(
            [Sung(n.start, n.end, n.pitch) for n in melody if n.pitch is not None],
            _grounds(plan, harmony),
            plan.metre,
            plan.melody.compass,
            plan.language,
            off=left_out,
            rules=rules,
        ):
            found[fault.rule].append(f"{_place(plan, fault.tick)}: {fault.sentence}")
    return tuple(_checked(plan, found, name) for name in RULES)


def _checked(plan: Plan, found: Mapping[str, Sequence[str]], name: str) -> Check:
    places = found.get(name, ())
    off = name in switched_off(plan.off)
    hard = RULES[name].binds(plan.language) and not off
    return Check(name, hard, len(places), tuple(places[:MOST_PLACES]), off)


def _grounds(plan: Plan, harmony: Harmony) -> list[Ground]:
    """The chords in time; a phrase's last chord yields to the next phrase's upbeat."""
    upbeats = {phrase.start: phrase.upbeat for phrase in plan.phrases}
    return [
        Ground(
            span.start,
            span.end - (upbeats.get(span.end, 0) if span.cadence else 0),
            span.chord,
            span.voicing.bass,
            frozenset(note.name for note in cadence_notes(span.chord)) if span.cadence else None,
        )
        for span in harmony.spans
    ]


def _place(plan: Plan, tick: int) -> str:
    bar, rest = divmod(tick, plan.metre.bar)
    return f"bar {bar + 1} beat {rest // plan.metre.beat + 1}"
