"""The best of several takes: what is weighed, and that it can be composed again."""

import pytest

from composer import compose
from composer.errors import UserError
from composer.explanation.document import explanation, to_json
from composer.explanation.text import summary
from composer.settings import Settings
from composer.takes import best, clarity, memorability, said, weigh
from composer.values import Cause, Note
from theory.pitch import Pitch

SHORT = {"melody": "rules", "bars": 8}


def tune(*heights, ticks=24):
    names = {0: "C4", 2: "D4", 4: "E4", 5: "F4", 7: "G4", 9: "A4", 12: "C5", 19: "G5"}
    cause = Cause("melody", "", None, None, None, "", ())
    return [Note(n * ticks, ticks, Pitch.parse(names[h]), 64, cause) for n, h in enumerate(heights)]


def test_a_motif_that_comes_again_is_remembered_and_a_scale_is_not():
    assert memorability(tune(0, 7, 5, 4, 0, 7, 5, 4)) > 0
    assert memorability(tune(0, 2, 4, 5, 7, 9)) == 0
    assert memorability(tune(0, 7, 5, 4, 9, 2, 12, 0)) == 0


def test_a_climax_is_clear_where_one_note_stands_out():
    low = [0, 2, 4, 2] * 4
    assert clarity(tune(*low, 19)) == 1
    assert clarity(tune(*low, 19, 19)) < 1
    assert clarity(tune(*low)) == 0


def test_the_best_take_is_that_of_its_seed_alone():
    chosen = compose("sample:china", takes=3, seed=5, **SHORT)
    takes = [compose("sample:china", seed=seed, **SHORT) for seed in (5, 6, 7)]
    weighed = {one.seed: weigh(one).sum for one in takes}
    assert chosen.seed == max(weighed, key=lambda seed: (weighed[seed], -seed))
    alone = next(one for one in takes if one.seed == chosen.seed)
    assert to_json(explanation(chosen)) == to_json(explanation(alone))
    assert f"The best of 3 takes: seed {chosen.seed} " in summary(chosen)
    assert "takes" not in summary(alone)
    assert best(takes)[0] is alone
    assert said(chosen.seed, best(takes)[1]) == chosen.chosen


@pytest.mark.parametrize("takes", [0, -1, 101, True, "x", 1.5])
def test_takes_that_cannot_be_are_told(takes):
    with pytest.raises(UserError, match="takes are to be a whole number from 1 to 100"):
        Settings(takes=takes)
