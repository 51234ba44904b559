"""With `keep_strict` the lower voices can be led as strict language asks in any language."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.theory.melody.contexts import random_context
from tests.theory.melody.walking import walk
from theory.melody import Automaton, Event, HarmonicContext
from theory.melody.structure import structural_notes
from theory.rules import POPULAR, STRICT
from theory.verify import verify_voices
from theory.voices.frame import lead
from theory.voices.voicing import Voicing


def led_again(context: HarmonicContext, events: Sequence[Event]) -> tuple[Voicing, ...]:
    """The least costly voices under a melody, on the frame's bass."""
    frame = lead(
        [span.chord for span in context.spans],
        language=context.language,
        soprano=[[pitch] for pitch in structural_notes(context, events)],
        bass=[span.voicing.bass for span in context.spans],
    )
    return frame.voicings


def strict_faults(context: HarmonicContext, voicings: Sequence[Voicing]) -> set[int]:
    """The spans into which strict language's rules are broken."""
    chords = [span.chord for span in context.spans]
    return {fault.index for fault in verify_voices(chords, voicings, STRICT) if fault.index}


@pytest.mark.parametrize("seed", range(40))
def test_where_the_frame_keeps_the_strict_rules_so_do_the_voices_under_a_melody(seed: int) -> None:
    context = replace(random_context(seed, 4), language=POPULAR, before=None, keep_strict=True)
    framed = strict_faults(context, [span.voicing for span in context.spans])
    automaton, rng = Automaton(context), random.Random(seed)
    for _ in range(4):
        events = walk(automaton, rng)
        if not framed:
            tops = [[pitch] for pitch in structural_notes(context, events)]
            bass = [span.voicing.bass for span in context.spans]
            strict = lead([s.chord for s in context.spans], soprano=tops, bass=bass)
            assert strict_faults(context, strict.voicings) == set()


def test_careless_popular_melodies_do_break_them() -> None:
    """Without it the same walks leave no room: the field says something."""
    broken = 0
    for seed in range(40):
        context = replace(random_context(seed, 4), language=POPULAR, before=None)
        events = walk(Automaton(context), random.Random(seed))
        broken += bool(strict_faults(context, led_again(context, events)))
    assert broken > 5


def test_a_learned_ground_is_careful_already() -> None:
    context = replace(random_context(3), language=STRICT)
    events = [
        walk(Automaton(replace(context, keep_strict=c)), random.Random(1)) for c in (False, True)
    ]
    assert events[0] == events[1]


def test_a_frame_that_breaks_a_rule_is_still_a_way() -> None:
    """A link on which the frame itself runs in fifths is left open."""
    for seed in range(40):
        context = replace(random_context(seed, 4), language=POPULAR, before=None, keep_strict=True)
        bad = [
            replace(span, voicing=voicing)
            for span, voicing in zip(context.spans, worst(context), strict=True)
        ]
        tops = [span.voicing.soprano for span in bad]
        context = replace(
            context,
            spans=tuple(bad),
            compass=(min(tops), max(tops)),
            final=frozenset({tops[-1].note}),
        )
        if all(abs(one.height - two.height) < 3 for one, two in pairwise(tops)):
            walk(Automaton(context), random.Random(seed))


def worst(context: HarmonicContext) -> tuple[Voicing, ...]:
    """A frame that nothing but popular language's rules has formed."""
    soft = frozenset({"parallel-fifths", "parallel-octaves", "seventh", "leading-tone", "overlap"})
    chords = [span.chord for span in context.spans]
    return lead(chords, language=POPULAR, off=soft).voicings
