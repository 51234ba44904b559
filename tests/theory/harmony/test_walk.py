"""Named patterns and changes of key: that they are sung whole, and drawn from the exact shares."""

from collections import Counter
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.chord import Chord
from theory.harmony.family import COLOURS, families, kindred, read
from theory.harmony.grammar import formulas
from theory.harmony.phrase import phrase, reading
from theory.harmony.walk import modulating, pivots, walk
from theory.noise import Noise
from theory.scale import Key
from theory.verify import verify_voices
from theory.voices.frame import lead

FAMILIES = families()
WITH_PATTERNS = [name for name in FAMILIES if FAMILIES[name].patterns]
C, G, A_MINOR = Key.of("C", "ionian"), Key.of("G", "ionian"), Key.of("A", "aeolian")


@pytest.mark.parametrize("name", FAMILIES)
def test_what_follows_a_state_is_a_share(name):
    for colour in COLOURS:
        graph = walk(FAMILIES[name], colour)
        assert graph.begins.sum() == pytest.approx(1)
        sums = graph.after.sum(axis=1)
        assert np.all((abs(sums - 1) < 1e-9) | (sums == 0))


@pytest.mark.parametrize("name", WITH_PATTERNS)
def test_a_pattern_is_sung_as_it_is_written(name):
    family = FAMILIES[name]
    heard = Counter()
    key = Key.of("C", family.modes[0])
    for colour, seed in product(COLOURS, range(60)):
        drawn = phrase(
            family, key, "authentic", 10, colour=colour, noise=Noise(seed), place=("phrase",)
        )
        index = 0
        while index < len(drawn):
            name_, start = drawn[index].pattern, index
            while index < len(drawn) and drawn[index].pattern == name_:
                index += 1
            if name_ is None:
                continue
            pattern = family.patterns[name_]
            sung = tuple(step.chord.roman for step in drawn[start:index])
            assert len(sung) % pattern.unit == 0 or sung[-1] == pattern.chords[-1]
            assert len(sung) >= 2 * pattern.unit
            places = range(len(pattern.chords) - len(sung) + 1)
            assert sung in {pattern.chords[at : at + len(sung)] for at in places}
            heard[name_] += 1
    assert set(heard) == set(family.patterns)


def test_the_textbooks_sequences():
    hymn = FAMILIES["hymn"].patterns
    assert hymn["Pachelbel"].chords == ("I", "V", "vi", "iii", "IV", "I", "IV", "V")
    roots = [Chord.parse(r, C).root for r in hymn["descending fifths"].chords]
    assert [(b.step - a.step) % 7 for a, b in pairwise(roots)] == [3] * 7
    basses = [Chord.parse(r, C).bass for r in hymn["ascending 5–6"].chords]
    assert [note.name for note in basses] == ["C", "C", "D", "D", "E", "E", "F", "F"]


def test_a_pedal_holds_its_bass():
    chords = [Chord.parse(r, C) for r in FAMILIES["pastoral"].patterns["tonic pedal"].chords]
    assert {chord.bass.name for chord in chords} == {"C"}
    frame = lead(chords, bass=None)
    assert len({voicing.bass for voicing in frame.voicings}) == 1
    assert verify_voices(chords, frame.voicings, "strict") == ()


SMALL = """
small:
  says: Three chords and a row of four.
  modes: [ionian]
  moods: [serene]
  language: strict
  begins: {I: 3, IV: 1}
  follows: {I: {IV: 1, V: 2}, IV: {V: 1, I: 1}, V: {I: 1}}
  cadences: {authentic: {IV V I: 1, V I: 2}, half: {I V: 1}}
  patterns: {row: {chords: I V I IV, unit: 1, weight: 0.5}}
  colours: {}
"""


def paths(graph, ending, count):
    """Every walk of a graph with its weight, by looking at all of them."""
    places = [graph.weigh(row, 0) for row in ending.places]
    free = count - len(places)
    rows = [((n,), graph.begins[n]) for n in np.flatnonzero(graph.begins)]
    for index in range(1, count):
        rows = [
            (
                (*path, m),
                weight * (graph.after[path[-1], m] if index <= free else places[index - free][m]),
            )
            for path, weight in rows
            for m in range(len(graph.states))
        ]
        rows = [
            (path, weight)
            for path, weight in rows
            if weight > 0 and (index < free or places[index - free][path[-1]] > 0)
        ]
    return rows


@pytest.mark.parametrize("count", [4, 5])
def test_draws_follow_the_exact_distribution_with_patterns(count):
    family = read(SMALL)["small"]
    graph = walk(family, "triads")
    exact = Counter()
    for ending in formulas(family, "triads", "authentic", count):
        for path, weight in paths(graph, ending, count):
            named = tuple((graph.states[n].roman, graph.states[n].pattern or None) for n in path)
            exact[named] += weight * ending.weight
    total, draws = sum(exact.values()), 3000
    seen = Counter()
    for seed in range(draws):
        drawn = phrase(
            family, C, "authentic", count, colour="triads", noise=Noise(seed), place=("p",)
        )
        seen[tuple((step.chord.roman, step.pattern) for step in drawn)] += 1
    assert set(seen) <= set(exact)
    for path, mass in exact.items():
        share = mass / total
        assert abs(seen[path] / draws - share) < 5 * (share * (1 - share) / draws) ** 0.5 + 1e-9


# --- from key to key ------------------------------------------------------------------------------


def test_the_pivots_from_c_to_g():
    hymn = FAMILIES["hymn"]
    found = {(one, two) for one, two, _ in pivots(hymn, C, hymn, G, "triads")}
    assert {("I", "IV"), ("vi", "ii"), ("iii", "vi"), ("I6", "IV6")} <= found
    assert not any(two.startswith(("V", "vii")) for _, two in found)


def test_a_chord_is_read_in_another_key():
    assert reading(Chord.parse("I", C), FAMILIES["hymn"], G, "triads").roman == "IV"
    assert reading(Chord.parse("V7", C), FAMILIES["hymn"], G, "triads") is None


def test_the_family_of_another_mode_is_the_most_alike():
    assert kindred(FAMILIES["hymn"], "ionian") is FAMILIES["hymn"]
    assert kindred(FAMILIES["circle of fifths"], "aeolian").language == "strict"
    with pytest.raises(ValueError, match="no progression family is of the mode 'enigmatic'"):
        kindred(FAMILIES["hymn"], "enigmatic")


STRICT = [("ionian", name) for name in ("pastoral", "hymn", "folk", "circle of fifths", "romantic")]
STRICT += [("harmonic minor", name) for name in ("minor drama", "harmonic tango", "lament")]


@given(
    st.sampled_from(STRICT),
    st.sampled_from(["P5", "P4", "relative"]),
    st.integers(6, 10),
    st.sampled_from(["authentic", "half"]),
    st.sampled_from(COLOURS),
    st.integers(0, 99),
)
@settings(max_examples=150, deadline=None)
def test_a_phrase_goes_over_by_one_pivot(place, way, count, cadence, colour, seed):
    from composer.music.plan.departures import related

    mode, name = place
    family, key = FAMILIES[name], Key.of("D", mode)
    other_key = related(key, {"P5": "dominant", "P4": "subdominant"}.get(way, way))
    other = kindred(family, other_key.mode.name)
    drawn = phrase(
        family, key, cadence, count, colour=colour, noise=Noise(seed), place=("p",),
        to=(other, other_key),
    )  # fmt: skip
    assert len(drawn) == count
    keys = [step.chord.key for step in drawn]
    assert keys == sorted(keys, key=[key, other_key].index)
    assert keys[-1] == other_key
    turns = [step for step in drawn if step.pivot is not None]
    assert len(turns) == (key in keys)
    for step in turns:
        assert step.pivot.tones == step.chord.tones
        assert step.pivot.bass == step.chord.bass
        assert step.pivot.leading is None
    frame = lead([step.chord for step in drawn])
    assert verify_voices(frame.chords, frame.voicings, "strict") == ()


def test_a_modulating_graph_is_of_shares_but_for_its_pivots():
    hymn = FAMILIES["hymn"]
    graph = modulating(hymn, C, hymn, G, "triads")
    plain = np.array([state.pivot == "" for state in graph.states])
    sums = graph.after[:, plain].sum(axis=1)
    assert np.all((abs(sums - 1) < 1e-9) | (sums < 1e-9))


# --- as the books lead them -----------------------------------------------------------------------


@pytest.mark.parametrize("roman", ["It6", "Fr43", "Ger65"])
def test_an_augmented_sixth_is_led_outwards(roman):
    key = Key.of("C", "harmonic minor")
    middle = ["i64", "V7"] if roman == "Ger65" else ["V"]
    chords = [Chord.parse(r, key) for r in ["i", "iv6", roman, *middle, "i"]]
    frame = lead(chords)
    assert verify_voices(chords, frame.voicings, "strict") == ()
    before, after = frame.voicings[2], frame.voicings[3]
    moved = {one.note.name: one.to(two).name for one, two in zip(before, after, strict=True)}
    assert (moved["Ab"], moved["F#"]) == ("-m2", "m2")


@pytest.mark.parametrize("mode", ["ionian", "harmonic minor"])
def test_a_neapolitan_doubles_its_bass_and_falls_to_the_leading_tone(mode):
    key = Key.of("C", mode)
    chords = [Chord.parse(r, key) for r in ("iv", "bII6", "V7", "i")]
    _, neapolitan, dominant, _ = lead(chords).voicings
    assert sum(pitch.note.name == "F" for pitch in neapolitan) == 2
    moved = {one.note.name: two.note.name for one, two in zip(neapolitan, dominant, strict=True)}
    assert moved["Db"] == "B"


@pytest.mark.parametrize("name", WITH_PATTERNS)
@pytest.mark.parametrize("tonic", ["C", "Ab", "F#"])
def test_every_pattern_can_be_led_in_every_key(name, tonic):
    family = FAMILIES[name]
    key = Key.spelled(tonic, family.modes[0])
    for pattern in family.patterns.values():
        whole = [Chord.parse(roman, key) for roman in pattern.chords]
        frame = lead([*whole, Chord.parse("i" if key.mode.minor else "I", key)])
        assert verify_voices(frame.chords, frame.voicings, "strict") == ()
