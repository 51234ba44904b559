"""Progression families: what the files hold, what is drawn from them, and that it can be led."""

from collections import Counter
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.strategies import TONICS
from theory.chord import Chord
from theory.harmony import family as family_module
from theory.harmony.family import COLOURS, KINDS, MOODS, Families, families, read
from theory.harmony.phrase import alternatives, cadence_in, grammar, progression
from theory.harmony.walk import walk as graph_of
from theory.noise import Noise
from theory.rules import FREE, LANGUAGES
from theory.scale import Key
from theory.verify import verify_voices
from theory.voices.frame import lead
from theory.voices.transitions import BANNED, transitions

FAMILIES = families()
MODES = "lydian", "ionian", "mixolydian", "dorian", "aeolian", "harmonic minor", "phrygian"
PLACES = [(name, mode) for name, family in FAMILIES.items() for mode in family.modes]


def home(mode, tonic="C"):
    return Key.spelled(tonic, mode)


def draw(name, cadence, count, *, colour="triads", seed=0, mode=None, **more):
    family = FAMILIES[name]
    key = home(mode or family.modes[0])
    return progression(
        family, key, cadence, count, colour=colour, noise=Noise(seed), place=("phrase",), **more
    )


def romans(chords):
    return [chord.roman for chord in chords]


# --- the files ------------------------------------------------------------------------------------


def test_every_promised_family_is_there():
    assert set(FAMILIES) >= {
        *("pastoral", "folk", "hymn", "bright pop", "circle of fifths", "romantic"),
        *("lydian float", "lydian wonder", "mixolydian road", "celtic"),
        *("dorian vamp", "dorian ballad", "aeolian anthem", "lament", "minor drama"),
        *("harmonic tango", "phrygian shade", "flamenco"),
    }


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_two_families(mode):
    assert sum(mode in family.modes for family in FAMILIES.values()) >= 2


def test_every_mood_and_language_has_a_family():
    assert {mood for family in FAMILIES.values() for mood in family.moods} == set(MOODS)
    assert {family.language for family in FAMILIES.values()} == set(LANGUAGES)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_every_chord_of_a_family_is_a_chord_of_its_key(family):
    for mode, colour in product(family.modes, COLOURS):
        rules = grammar(family, colour)
        for chord, follows in rules.after.items():
            assert Chord.parse(chord, home(mode)).tones
            assert sum(follows.values()) == pytest.approx(1)
            assert chord not in follows


def test_the_textbooks_cadences():
    assert "ii6 V7 I" in FAMILIES["hymn"].cadences["authentic"]
    assert "IV i" in FAMILIES["dorian vamp"].cadences["modal"]
    assert "bVII I" in FAMILIES["mixolydian road"].cadences["modal"]
    assert "bII i" in FAMILIES["phrygian shade"].cadences["modal"]
    assert "bVI bVII i" in FAMILIES["aeolian anthem"].cadences["modal"]
    assert "iv bIII bII I" in FAMILIES["flamenco"].cadences["modal"]
    assert "bVII bVI V" in FAMILIES["lament"].cadences["half"]


def test_a_missing_cadence_has_a_nearest_one():
    assert cadence_in(FAMILIES["phrygian shade"], "authentic") == "modal"
    assert cadence_in(FAMILIES["harmonic tango"], "modal") == "authentic"
    assert cadence_in(FAMILIES["hymn"], "half") == "half"
    with pytest.raises(ValueError, match="'feminine' is no cadence"):
        cadence_in(FAMILIES["hymn"], "feminine")


MORE = """
  patterns: {rock: {chords: V I V I, unit: 1, weight: 0.5}}
  colours: {modal: {closes: {half: {IV V: 1}}, also: {I: {IV: 1}, IV: {V: 1}}},
            sevenths"""
GOOD = """
drone:
  says: One chord and its fifth.
  modes: [ionian]
  moods: [serene]
  language: strict
  begins: {I: 1}
  follows: {I: {V: 1}, V: {I: 1}}
  cadences: {authentic: {V I: 1}, half: {I V: 1}}
  patterns: {rock: {chords: V I V I, unit: 1, weight: 0.5}}
  colours: {modal: {closes: {half: {IV V: 1}}, also: {I: {IV: 1}, IV: {V: 1}}},
            sevenths: {instead: {V: V7}}}
"""


def test_a_familys_modes_are_known_before_it_is_read():
    folder = Path(family_module.__file__).with_name("families")
    texts = [file.read_text("utf-8") for file in sorted(folder.glob("*.yaml"))]
    unread, whole = Families(texts), {}
    for text in texts:
        whole |= read(text)
    assert list(unread) == list(whole)
    assert {name: unread.modes(name) for name in unread} == {
        name: family.modes for name, family in whole.items()
    }


def test_a_family_of_ones_own_is_read():
    family = read(GOOD)["drone"]
    assert family.instead("sevenths") == {"V": {"V7": 1.0}}
    assert romans(
        progression(
            family, home("ionian"), "authentic", 4, colour="triads", noise=Noise(0), place=()
        )
    ) == ["I", "I", "V", "I"]


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("moods: [serene]", "moods: [jolly]", "'drone', moods: 'jolly' is none of joyful"),
        ("[ionian]", "[major]", "'drone', modes: 'major' is none of lydian"),
        ("begins: {I: 1}", "begins: {IX: 1}", "'drone', begins: 'IX' is no Roman numeral"),
        ("begins: {I: 1}", "begins: {vi: 1}", "begins, vi: `follows` does not say what comes"),
        ("I: {V: 1}", "I: {IV: 1}", "follows, I: nothing is said to follow IV"),
        ("I: {V: 1}", "I: {I: 1}", "follows, I: a chord cannot follow itself"),
        ("V: {I: 1}", "V: {I: 0}", "follows, V: at least one weight above 0"),
        ("V: {I: 1}", "V: {I: much}", "follows, V: I has the weight 'much'"),
        ("half: {I V: 1}", "weak: {I V: 1}", "cadences, weak: kinds are authentic"),
        ("half: {I V: 1}", "plagal: {I V: 1}", "cadences: a half cadence and an authentic"),
        ("half: {I V: 1}", "half: {ii V: 1}", "half, ii V: no chord of `follows` leads"),
        ("  language: strict\n", "", "'drone', language: exactly these entries"),
        ("sevenths: {instead", "ninths: {instead", "colours, ninths: colours are triads"),
        (
            "{instead: {V: V7}}",
            "{other: {V: V7}}",
            "the entries are `instead`, `also` and `closes`",
        ),
    ],
)
def test_a_wrong_family_is_refused_by_name_and_entry(right, wrong, fault):
    assert right in GOOD
    with pytest.raises(ValueError, match="progression family 'drone'") as refused:
        read(GOOD.replace(right, wrong))
    assert fault in str(refused.value)


# --- what is drawn --------------------------------------------------------------------------------


@given(
    st.sampled_from(PLACES),
    st.sampled_from((*KINDS, "open")),
    st.integers(1, 20),
    st.sampled_from(COLOURS),
    st.integers(0, 999),
)
@settings(max_examples=400, deadline=None)
def test_a_phrase_has_its_length_and_its_cadence(place, kind, count, colour, seed):
    name, mode = place
    family = FAMILIES[name]
    chords = draw(name, kind, count, colour=colour, seed=seed, mode=mode)
    assert len(chords) == count
    assert all(one.roman != two.roman for one, two in pairwise(chords))
    if kind != "open":
        formulas = family.cadences[cadence_in(family, kind)]
        assert chords[-1].roman in {formula.split()[-1] for formula in formulas}


def test_a_short_phrase_is_the_end_of_its_formula():
    assert romans(draw("hymn", "authentic", 1)) == ["I"]
    assert romans(draw("hymn", "authentic", 2)) in (["V7", "I"], ["V", "I"])


def test_draws_are_the_same_again_and_differ_by_seed_and_place():
    one = draw("romantic", "authentic", 8)
    assert draw("romantic", "authentic", 8) == one
    assert len({tuple(romans(draw("romantic", "authentic", 8, seed=s))) for s in range(30)}) > 15


def test_an_answer_can_open_as_the_question_did():
    kept = 0
    for seed in range(20):
        question = romans(draw("hymn", "half", 7, seed=seed))
        answer = romans(draw("hymn", "authentic", 8, seed=seed + 1, opening=question[:3]))
        kept += answer[:3] == question[:3]
    # Not every opening leads to the cadence in time.
    assert kept >= 15


def test_a_phrase_that_does_not_open_goes_on_from_the_chord_before():
    half = Chord.parse("IV6", home("ionian"))
    for seed in range(20):
        chords = draw("hymn", "authentic", 5, seed=seed, before=half, opens=False)
        assert chords[0].roman in FAMILIES["hymn"].follows["IV6"]


@pytest.mark.parametrize("count", [3, 4, 5])
def test_draws_follow_the_grammars_own_conditional_distribution(count):
    family, colour = FAMILIES["folk"], "triads"
    rules = grammar(family, colour)
    exact = Counter()
    for formula, weight in family.cadences["authentic"].items():
        ending = formula.split()
        free = count - len(ending)
        if free < 0:
            continue
        if free == 0:
            exact[tuple(ending)] += weight * (1.0 if ending[0] in rules.begins else 0.2)
        for walk in product(rules.after, repeat=free) if free else ():
            chance = rules.begins.get(walk[0], 0.0)
            for one, two in pairwise((*walk, ending[0])):
                chance *= rules.after[one].get(two, 0.0)
            exact[(*walk, *ending)] += weight * chance
    total = sum(exact.values())
    draws = 3000
    seen = Counter(
        tuple(romans(draw("folk", "authentic", count, seed=seed))) for seed in range(draws)
    )
    assert set(seen) <= {walk for walk, mass in exact.items() if mass > 0}
    for walk, mass in exact.items():
        share = mass / total
        spread = (share * (1 - share) / draws) ** 0.5
        assert abs(seen[walk] / draws - share) < 5 * spread + 1e-9


def test_alternatives_are_shares_with_the_likeliest_first():
    family = FAMILIES["hymn"]
    found = alternatives(family, Chord.parse("V", home("ionian")), "triads")
    assert next(iter(found)) == "I"
    assert sum(found.values()) == pytest.approx(1)
    assert found["I"] == pytest.approx(0.64)
    assert set(alternatives(family, None, "triads")) == set(family.begins)


def test_colours_add_their_chords():
    def heard(name, colour):
        return {
            chord.quality.name
            for seed in range(40)
            for chord in draw(name, "authentic", 8, colour=colour, seed=seed)
        }

    assert "major seventh" in heard("bright pop", "sevenths")
    assert "major seventh" not in heard("bright pop", "triads")
    assert "suspended fourth" in heard("bright pop", "modal")
    borrowed = {
        chord.roman
        for seed in range(60)
        for chord in draw("pastoral", "authentic", 8, colour="borrowed", seed=seed)
    }
    assert borrowed & {"iv", "V7/IV", "V65/V"}


@pytest.mark.parametrize(
    ("names", "mode", "goal", "low", "high"),
    [
        (("hymn", "pastoral", "folk", "circle of fifths"), "ionian", "I", 0.74, 0.88),
        (("minor drama", "lament", "harmonic tango"), "harmonic minor", "i", 0.74, 0.88),
    ],
)
def test_tonal_families_move_as_chorales_do(names, mode, goal, low, high):
    """V goes to I 79–81 % of the time and the commonest root motion is up a fourth."""
    after_v, roots = Counter(), Counter()
    phrases = (("half", 5), ("authentic", 6), ("half", 6), ("authentic", 6), ("deceptive", 5))
    for name, seed in product(names, range(25)):
        before = None
        for number, (kind, count) in enumerate((*phrases, ("authentic", 7))):
            chords = progression(
                FAMILIES[name], home(mode), kind, count,
                colour="triads", noise=Noise(seed), place=(number,), before=before,
            )  # fmt: skip
            for one, two in pairwise([*([before] if before else []), *chords]):
                roots[(two.root.chroma - one.root.chroma) % 12] += one.root != two.root
                if one.root == home(mode).degree(4) and one.leading and two.root != one.root:
                    after_v[two.root] += 1
            before = chords[-1]
    tonic = Chord.parse(goal, home(mode)).root
    assert low < after_v[tonic] / after_v.total() < high
    assert roots.most_common(1)[0][0] == 5


# --- that it can be led ---------------------------------------------------------------------------


@cache
def can_be_led(one, two, key, language):
    chords = Chord.parse(one, key), Chord.parse(two, key)
    # Each step is asked for once, so that the table of steps is not filled with all of them.
    return (transitions.__wrapped__(*chords, language, frozenset()) < BANNED).any()


@pytest.mark.parametrize(("name", "mode"), PLACES)
def test_every_step_of_every_grammar_can_be_led(name, mode):
    """Within phrases, through cadences, and from any phrase's end to any phrase's beginning."""
    family, key = FAMILIES[name], home(mode, "A")
    # What leaps from key to key is chosen in the free language only.
    language = FREE if family.language == FREE else "strict"
    for colour in COLOURS:
        rules = grammar(family, colour)
        pairs = {(one, two) for one, row in rules.after.items() for two in row}
        closes = (family.cadences, family.closes(colour))
        formulas = [f.split() for table in closes for kind in table.values() for f in kind]
        for formula in formulas:
            places = [rules.variants.get(chord, {chord: 1.0}) for chord in formula[:-1]]
            for one, two in pairwise([*places, [formula[-1]]]):
                pairs |= set(product(one, two))
        graph = graph_of(family, colour)
        for n, m in zip(*np.nonzero(graph.after), strict=True):
            pairs.add((graph.states[n].roman, graph.states[m].roman))
        ends = {formula[-1] for formula in formulas} | family.begins.keys()
        pairs |= set(product(ends, rules.begins))
        for one, two in pairs:
            assert can_be_led(one, two, key, language), f"{one} to {two} under {colour}"


@pytest.mark.parametrize(("name", "mode"), PLACES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_long_rows_of_phrases_can_be_led(name, mode, language):
    family = FAMILIES[name]
    language = FREE if family.language == FREE else language
    kinds = ("half", "authentic", "deceptive", "plagal", "open", "modal", "half", "authentic")
    for number, colour in enumerate(COLOURS):
        key = home(mode, TONICS[(number * 5 + len(name)) % 12])
        chords = []
        for phrase, kind in enumerate(kinds):
            chords += progression(
                family, key, kind, 2 + (phrase * 3 + number) % 7, colour=colour,
                noise=Noise(number), place=(name, phrase), before=chords[-1] if chords else None,
            )  # fmt: skip
        frame = lead(chords, language=language, wanted=[None] * (len(chords) - 1) + [{key.tonic}])
        assert verify_voices(chords, frame.voicings, language) == ()
