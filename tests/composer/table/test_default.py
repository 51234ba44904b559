"""The default table: whole, sound, never at a loss, and varied over photographs."""

import json
import random
from collections import Counter
from collections.abc import Mapping

import pytest

from analysis.picture.catalogue import CATALOGUE
from composer.music.vocabulary import vocabulary
from composer.table import Decisions, Table, decide, load_table
from composer.table.conditions import Chosen, leaves
from composer.vocabulary import DECISIONS


@pytest.fixture(scope="module")
def default() -> Table:
    return load_table(None, vocabulary())


def random_features(count: int) -> list[dict[str, float]]:
    drawn = random.Random(1)
    return [
        {name: drawn.uniform(feature.low, feature.high) for name, feature in CATALOGUE.items()}
        for _ in range(count)
    ]


def test_it_decides_everything_with_reasons(default: Table) -> None:
    assert set(DECISIONS) == set(default.decisions)
    assert len(default.rules) >= 60
    assert all(rule.because.endswith(".") for rule in default.rules)
    assert {rule.evidence.grade for rule in default.rules} == {"A", "B", "C"}


def test_a_convention_is_graded_c(default: Table) -> None:
    for rule in default.rules:
        if rule.evidence.source == "convention":
            assert rule.evidence.grade == "C", rule.id


def test_every_term_is_used(default: Table) -> None:
    used = {
        leaf.term for rule in default.rules for leaf in leaves(rule.when) if hasattr(leaf, "term")
    }
    assert used == set(default.terms)


def test_nothing_hears_the_tempo_or_an_instrument(default: Table) -> None:
    """Changing one of them leaves every other decision, and so every pitch and tick, as it was."""
    silent = {"tempo", *(name for name in default.decisions if name.endswith("_instrument"))}
    for rule in default.rules:
        for leaf in leaves(rule.when):
            used = leaf.decision if isinstance(leaf, Chosen) else default.terms[leaf.term].feature
            assert used not in silent, rule.id
    for question in default.decisions.values():
        assert question.default is None or question.default.by not in silent
        for needs in (question.only or {}).values():
            assert not silent & set(needs)


def test_no_features_leave_it_at_a_loss(default: Table) -> None:
    for features in random_features(2000):
        made = decide(default, features)
        assert set(made) == set(default.decisions)


@pytest.mark.parametrize("metre", DECISIONS["metre"].choices)
@pytest.mark.parametrize("mode", DECISIONS["mode"].choices)
def test_every_mode_and_metre_can_be_asked_for(default: Table, mode: str, metre: str) -> None:
    middle = {name: (f.low + f.high) / 2 for name, f in CATALOGUE.items()}
    assert decide(default, middle, {"mode": mode, "metre": metre}).choice("mode") == mode


def test_the_bars_last_20_to_120_seconds(default: Table) -> None:
    from theory.metre import METRES

    for features in random_features(300):
        made = decide(default, features)
        beats = made.number("bars") * METRES[made.choice("metre")].beats
        assert 20 <= beats * 60 / made.number("tempo") <= 120


def test_the_resolved_table_is_plain_data(default: Table) -> None:
    plain = json.loads(json.dumps(default.resolved()))
    assert len(plain["rules"]) == len(default.rules)
    assert plain["decisions"]["mode"]["choice"][0] == "lydian"


def test_the_same_features_give_the_same_decisions(default: Table) -> None:
    features = random_features(1)[0]
    assert decide(default, features).made == decide(default, features).made


def test_photographs_differ(default: Table, rated: Mapping[str, Mapping[str, float]]) -> None:
    made = [decide(default, features) for features in rated.values()]
    assert {each.choice("mode") for each in made} == set(DECISIONS["mode"].choices)
    assert len({each.choice("metre") for each in made}) >= 4
    alike = Counter[tuple[str, str, int]]()
    for each in made:
        tempo = round(each.number("tempo"))
        for near in range(tempo - 5, tempo + 6):
            alike[each.choice("mode"), each.choice("ensemble"), near] += 1
    assert max(alike.values()) <= 0.1 * len(made)


def test_moods_move_the_music_as_people_hear_it(default: Table) -> None:
    middle = {name: (f.low + f.high) / 2 for name, f in CATALOGUE.items()}

    def with_mood(valence: float, arousal: float) -> Decisions:
        return decide(default, middle, {"valence": str(valence), "arousal": str(arousal)})

    sad, joyful, calm = with_mood(-0.8, -0.3), with_mood(0.8, 0.3), with_mood(0.3, -0.8)
    assert joyful.choice("mode") in ("lydian", "ionian")
    assert sad.choice("mode") in ("aeolian", "harmonic minor", "phrygian")
    assert joyful.number("register") > sad.number("register")
    assert joyful.number("density") > calm.number("density")
    assert joyful.number("dynamics") > calm.number("dynamics")
    assert joyful.number("tempo") > sad.number("tempo")
