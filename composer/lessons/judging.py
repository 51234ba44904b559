"""What the verifier says of a lesson's example: the hard rules that it breaks, and its own rule."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from composer.lessons.values import METRE
from composer.verifier import Finding
from composer.verifier.findings import binding, in_melody, in_voices, measured, sonorities
from theory.melody import Span
from theory.pitch import NoteName
from theory.timed import TimedChord, TimedNote
from theory.voices.voicing import SOPRANO_RANGE

WHERE = measured(METRE)


def judge_voices(
    spans: Sequence[Span], language: str, also: Collection[str] = ()
) -> tuple[Finding, ...]:
    """What four voices break: the language's hard rules, and the rules named in `also`."""
    rules = binding("voices", language, also)
    return tuple(in_voices(sonorities(spans), language, WHERE, rules=rules))


def judge_tune(
    tune: Sequence[TimedNote],
    spans: Sequence[Span],
    language: str,
    closes: Collection[NoteName],
    also: Collection[str] = (),
) -> tuple[Finding, ...]:
    """What a tune breaks over its chords: the language's hard rules, and those of `also`.

    `closes` are the notes on one of which it may end.
    """
    last = frozenset(note.name for note in closes)
    chords = [
        TimedChord(each.start, each.end, each.chord, each.voicing.bass, closing)
        for each, closing in zip(spans, [None] * (len(spans) - 1) + [last], strict=True)
    ]
    rules = binding("melody", language, also)
    return tuple(
        in_melody(tune, chords, METRE, language, WHERE, rules=rules, compass=SOPRANO_RANGE)
    )
