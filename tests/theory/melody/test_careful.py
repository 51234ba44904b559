"""A careful ground: in popular language too the lower voices can be led as strict language asks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.theory.melody.grounds import random_ground
from tests.theory.melody.walking import walk
from theory.melody import Automaton, Event, Ground
from theory.melody.structure import structural_notes
from theory.rules import POPULAR, STRICT
from theory.verify import verify_voices
from theory.voices.frame import lead
from theory.voices.voicing import Voicing


def led_again(ground: Ground, events: Sequence[Event]) -> tuple[Voicing, ...]:
    """The least costly voices under a melody, on the frame's bass."""
    frame = lead(
        [span.chord for span in ground.spans],
        language=ground.language,
        soprano=[[pitch] for pitch in structural_notes(ground, events)],
        bass=[span.voicing.bass for span in ground.spans],
    )
    return frame.voicings


def strict_faults(ground: Ground, voicings: Sequence[Voicing]) -> set[int]:
    """The spans into which strict language's rules are broken."""
    chords = [span.chord for span in ground.spans]
    return {fault.index for fault in verify_voices(chords, voicings, STRICT) if fault.index}


@pytest.mark.parametrize("seed", range(40))
def test_where_the_frame_keeps_the_strict_rules_so_do_the_voices_under_a_melody(seed: int) -> None:
    ground = replace(random_ground(seed, 4), language=POPULAR, before=None, careful=True)
    framed = strict_faults(ground, [span.voicing for span in ground.spans])
    automaton, rng = Automaton(ground), random.Random(seed)
    for _ in range(4):
        events = walk(automaton, rng)
        if not framed:
            tops = [[pitch] for pitch in structural_notes(ground, events)]
            bass = [span.voicing.bass for span in ground.spans]
            strict = lead([s.chord for s in ground.spans], soprano=tops, bass=bass)
            assert strict_faults(ground, strict.voicings) == set()


def test_careless_popular_melodies_do_break_them() -> None:
    """Without it the same walks leave no room: the field says something."""
    broken = 0
    for seed in range(40):
        ground = replace(random_ground(seed, 4), language=POPULAR, before=None)
        events = walk(Automaton(ground), random.Random(seed))
        broken += bool(strict_faults(ground, led_again(ground, events)))
    assert broken > 5


def test_a_learned_ground_is_careful_already() -> None:
    ground = replace(random_ground(3), language=STRICT)
    events = [walk(Automaton(replace(ground, careful=c)), random.Random(1)) for c in (False, True)]
    assert events[0] == events[1]


def test_a_frame_that_breaks_a_rule_is_still_a_way() -> None:
    """A link on which the frame itself runs in fifths is left open."""
    for seed in range(40):
        ground = replace(random_ground(seed, 4), language=POPULAR, before=None, careful=True)
        bad = [
            replace(span, voicing=voicing)
            for span, voicing in zip(ground.spans, worst(ground), strict=True)
        ]
        tops = [span.voicing.soprano for span in bad]
        ground = replace(
            ground,
            spans=tuple(bad),
            compass=(min(tops), max(tops)),
            final=frozenset({tops[-1].note}),
        )
        if all(abs(one.height - two.height) < 3 for one, two in pairwise(tops)):
            walk(Automaton(ground), random.Random(seed))


def worst(ground: Ground) -> tuple[Voicing, ...]:
    """A frame that nothing but popular language's rules has formed."""
    soft = frozenset({"parallel-fifths", "parallel-octaves", "seventh", "leading-tone", "overlap"})
    chords = [span.chord for span in ground.spans]
    return lead(chords, language=POPULAR, off=soft).voicings
