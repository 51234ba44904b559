"""In the free language figures cost and are not forbidden; what makes a tune singable still is."""

import numpy as np
import pytest

from tests.theory.melody.contexts import broken, context, melody
from theory.melody import Automaton, best_melody
from theory.rules import RULES

# A dissonance on a strong beat that leaps away, a tritone, and a note of no figure before a rest.
ROUGH = "F5:48 C5:24 F5 B4:24 D5:12 -:12 C5:48"


def test_what_strict_language_forbids_the_free_one_sings():
    assert broken(context("I I", language="strict"), ROUGH) == "strong-beat-dissonance"
    assert broken(context("I I", language="free"), ROUGH) == ""


def test_a_note_outside_the_scale_is_none_in_any_language():
    assert broken(context("I I", language="free"), "F#5:96 C5:96") == "scale"


@pytest.mark.parametrize(
    ("tune", "rule"),
    [
        ("F5:48 E5 D5 C5", "strong-beat-dissonance"),
        ("E5:24 D5 G4:48 E5 C5", "passing-note"),
        ("C5:48 G4:24 C5 E5:36 F5:12 C5:48", ""),
    ],
)
def test_what_is_broken_costs_its_weight(tune, rule):
    automaton = Automaton(context("I I", language="free"))
    wanted = melody(tune)
    rows = [
        [0.0 if pitch == event.pitch else np.inf for pitch in automaton.pitches] for event in wanted
    ]
    found = best_melody(automaton, [(event.ticks, True) for event in wanted], np.array(rows))
    told = {name: cost for name, cost in found.costs.items() if name not in ("pitch", "step")}
    figures = {name: cost for name, cost in told.items() if name != "leap-answered"}
    assert figures == ({rule: RULES[rule].weight} if rule else {})
    assert found.total == pytest.approx(sum(found.costs.values()))
