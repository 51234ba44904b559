"""The verifier's verdict on an example: every rule that it breaks, with the notes at fault."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from composer.lessons.values import METRE, Finding, Span, Tone
from theory.pitch import Note
from theory.rules import RULES
from theory.verify import Ground, Sung, verify_melody, verify_voices
from theory.voices.motion import MOTION_RULES
from theory.voices.voicing import SOPRANO_RANGE, VOICES

TUNE = "tune"


def judge_voices(
    spans: Sequence[Span], language: str, also: Collection[str] = ()
) -> tuple[Finding, ...]:
    """What four voices break: the language's hard rules, and the rules named in `also`."""
    found = verify_voices(
        [span.chord for span in spans],
        [span.voicing for span in spans],
        language,
        rules=_named("voices", language, also),
    )
    return tuple(
        Finding(
            one.rule,
            spans[one.index].start,
            one.sentence.partition(": ")[2],
            tuple(
                (voice, tick)
                for tick in _ticks(one.rule, one.index, spans)
                for voice in one.voices or VOICES
            ),
        )
        for one in found
    )


def _named(kind: str, language: str, also: Collection[str]) -> list[str]:
    """The rules of a kind that are hard in a language, and those of `also`."""
    return [
        name
        for name, rule in RULES.items()
        if rule.kind == kind and (rule.binds(language) or name in also)
    ]


def _ticks(rule: str, index: int, spans: Sequence[Span]) -> tuple[int, ...]:
    """Where the chords begin that a rule looks at."""
    if rule in MOTION_RULES and index:
        return spans[index - 1].start, spans[index].start
    return (spans[index].start,)


def judge_tune(
    tune: Sequence[Tone],
    spans: Sequence[Span],
    language: str,
    closes: Collection[Note],
    also: Collection[str] = (),
) -> tuple[Finding, ...]:
    """What a tune breaks over its chords: the language's hard rules, and those of `also`.

    `closes` are the notes on one of which it may end.
    """
    grounds = [Ground(span.start, span.end, span.chord, span.voicing.bass) for span in spans]
    last = spans[-1]
    grounds[-1] = Ground(
        last.start,
        last.end,
        last.chord,
        last.voicing.bass,
        frozenset(note.name for note in closes),
    )
    found = verify_melody(
        [Sung(tone.start, tone.end, tone.pitch) for tone in tune],
        grounds,
        METRE,
        SOPRANO_RANGE,
        language,
        rules=_named("melody", language, also),
    )
    return tuple(
        Finding(one.rule, one.tick, one.sentence, _sounding(tune, one.tick)) for one in found
    )


def _sounding(tune: Sequence[Tone], tick: int) -> tuple[tuple[str, int], ...]:
    """The note of the tune that sounds at a tick, or the last before it."""
    begun = [tone.start for tone in tune if tone.start <= tick]
    return ((TUNE, begun[-1]),) if begun else ()
