"""A piece of our own, judged by rules that share no code with what composed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from composer.values import Check, Harmony, Note, Piece, Plan, cadence_notes
from composer.verifier.findings import (
    Verdict,
    in_melody,
    in_voices,
    measured,
    softened,
    sonorities,
    with_rests,
)
from theory.metre import QUARTER
from theory.rules import RULES, switched_off
from theory.timed import TimedChord, TimedNote

PIECE = "piece"
MOST_PLACES = 5  # that are named for a rule broken more often


def judge_piece(piece: Piece, language: str | None = None) -> Verdict:
    """The verdict on a piece, by the rules of its own language unless another is given."""
    return judge_music(piece.plan, piece.harmony, piece.melody, language or piece.plan.language)


def judge_music(
    plan: Plan, harmony: Harmony, melody: Sequence[Note], language: str | None = None
) -> Verdict:
    """The verdict on the frame's four voices and the melody: every rule, hard or soft.

    A rule that was switched off is judged and never hard; the others are judged as if it were not
    there.
    """
    language = language or plan.language
    where = measured(plan.metre)
    voices, own = (
        [name for name, rule in RULES.items() if rule.kind == kind] for kind in ("voices", "melody")
    )
    compass = plan.melody.compass
    row = sonorities(harmony.spans)
    found = list(in_voices(row, language, where, rules=voices, soprano_range=compass))
    off = switched_off(plan.off)
    notes = [TimedNote(n.start, n.end, n.pitch) for n in melody if n.pitch is not None]
    chords = with_rests(notes, _chords(plan, harmony), plan.metre)
    for rules, left_out in ((own, off), ([name for name in own if name in off], ())):
        found += in_melody(
            notes, chords, plan.metre, language, where, rules=rules, off=left_out, compass=compass
        )
    found = softened(found, off)
    return Verdict(
        plan.key,
        "as composed",
        language,
        PIECE,
        tuple(sorted(found, key=lambda one: one.moment)),
        tuple(RULES),
        (),
        len(row),
        len(row) + len(notes),
    )


def check(plan: Plan, harmony: Harmony, melody: Sequence[Note]) -> tuple[Check, ...]:
    """Every rule, hard or soft in the plan's language, with how often it is broken and where."""
    numbers = {span.start: number for number, span in enumerate(harmony.spans, 1)}
    places: dict[str, list[str]] = defaultdict(list)
    for one in judge_music(plan, harmony, melody).findings:
        of_chord = RULES[one.rule].kind == "voices"
        which = f"chord {numbers[int(one.moment * QUARTER)]}: " if of_chord else ""
        places[one.rule].append(f"bar {one.bar} beat {int(one.beat)}: {which}{one.sentence}")
    off = switched_off(plan.off)
    return tuple(
        Check(
            name,
            rule.binds(plan.language) and name not in off,
            len(places[name]),
            tuple(places[name][:MOST_PLACES]),
            name in off,
        )
        for name, rule in RULES.items()
    )


def _chords(plan: Plan, harmony: Harmony) -> list[TimedChord]:
    """The chords in time; a phrase's last chord yields to the next phrase's upbeat."""
    upbeats = {phrase.start: phrase.upbeat for phrase in plan.phrases}
    return [
        TimedChord(
            span.start,
            span.end - (upbeats.get(span.end, 0) if span.cadence else 0),
            span.chord,
            span.voicing.bass,
            frozenset(note.name for note in cadence_notes(span.chord)) if span.cadence else None,
        )
        for span in harmony.spans
    ]
