"""The optimiser, proven: its cost is that of an independent integer programme, its runner-up and
rivals are those of brute force, and the rules that it blames are the fewest."""

from __future__ import annotations

import random
from itertools import combinations, pairwise, product

import pytest

from tests.theory.strategies import ROMANS, TONICS
from theory.chord import Chord
from theory.pitch import Pitch
from theory.rules import LANGUAGES, RULES
from theory.scale import Key
from theory.voices.frame import NoVoicing, lead
from theory.voices.motion import MOTION_RULES
from theory.voices.transitions import admissible, motion_costs, transitions
from theory.voices.voicing import POINT, VOICING_RULES, candidates, hard_rules

cp_frame = pytest.importorskip("tests.theory.voices.cp_frame", reason="OR-Tools is not installed")
EVERY = (*ROMANS, "It6", "Fr43", "Ger65", "Iadd6", "IV@1", "V7@5")
VOICES = frozenset(name for name, rule in RULES.items() if rule.kind == "voices")


def agree(seed: int, longest: int) -> bool:
    """Do both find the same least cost, or both nothing, for a random progression?"""
    rng = random.Random(seed)
    key = Key.spelled(rng.choice(TONICS), rng.choice(("ionian", "aeolian", "dorian")))
    chords = [Chord.parse(rng.choice(EVERY), key) for _ in range(rng.randint(1, longest))]
    language = rng.choice(LANGUAGES)
    off = frozenset(rng.sample(sorted(VOICES - {"range"}), rng.choice((0, 0, 1, 2))))
    assert cp_frame.KNOWN == VOICES
    try:
        ours = round(lead(chords, language=language, off=off).total * 100)
    except NoVoicing:
        ours = None
    theirs = cp_frame.least_cost(chords, language, off)
    assert ours == theirs, (seed, [chord.roman for chord in chords], language, off)
    return ours is not None


def test_the_cost_is_that_of_the_integer_programme() -> None:
    assert sum(agree(seed, 4) for seed in range(20)) >= 10


@pytest.mark.slow
def test_the_cost_is_that_of_the_integer_programme_on_500_progressions() -> None:
    assert sum(agree(seed, 8) for seed in range(1000, 1500)) > 250


@pytest.mark.parametrize("seed", range(8))
def test_rows_full_of_six_fours_cost_what_the_integer_programme_says(seed: int) -> None:
    rng = random.Random(seed)
    names = [*ROMANS, *(["I64", "IV64", "V64", "I64"] * 10)]
    chords = [Chord.parse(rng.choice(names), Key.of("D", "ionian")) for _ in range(4)]
    for language in ("popular", "strict"):
        try:
            ours = round(lead(chords, language=language).total * 100)
        except NoVoicing:
            ours = None
        assert ours == cp_frame.least_cost(chords, language, frozenset())


@pytest.mark.parametrize("romans", ["V7 I", "IV V7 vi", "I"])
def test_the_frame_its_runner_up_and_rivals_are_those_of_brute_force(romans: str) -> None:
    narrow = (Pitch.parse("D5"), Pitch.parse("G5"))
    chords = [Chord.parse(roman, Key.of("C", "ionian")) for roman in romans.split()]
    lows = {"C": "C3", "D": "D3", "F": "F3", "G": "G3", "A": "A3"}
    bass = [lows[chord.bass.name] for chord in chords]
    found = [candidates(chord, "strict", frozenset(), narrow) for chord in chords]
    stages = [
        [
            (row.voicing(n), int(row.costs[n]))
            for n in range(len(row))
            if row.voicing(n).bass.name == b
        ]
        for row, b in zip(found, bass, strict=True)
    ]
    legal = {
        (k, a, b): sum(motion_costs(a, chords[k], b, chords[k + 1], "strict", frozenset()).values())
        for k in range(len(chords) - 1)
        for (a, _), (b, _) in product(stages[k], stages[k + 1])
        if admissible(a, chords[k], b, chords[k + 1])
    }
    rows = []
    for row in product(*stages):
        steps = [legal.get((k, a, b)) for k, ((a, _), (b, _)) in enumerate(pairwise(row))]
        if None not in steps:
            rows.append((sum(steps) + sum(cost for _, cost in row), [one for one, _ in row]))
    rows.sort(key=lambda row: row[0])
    pitches = [Pitch.parse(each) for each in bass]
    frame = lead(chords, bass=pitches, soprano_range=narrow, rivals=True)
    assert round(frame.total * POINT) == rows[0][0]
    assert list(frame.voicings) in [led for total, led in rows if total == rows[0][0]]
    if len(rows) > 1:
        assert frame.runner_up is not None
        assert round(frame.runner_up * POINT) == rows[1][0]
    for k, (sung, rival) in enumerate(zip(frame.voicings, frame.rivals, strict=True)):
        others = [total for total, led in rows if led[k] != sung]
        assert (rival is None) == (not others)
        if rival is not None:
            assert round(rival.margin * POINT) == min(others) - rows[0][0]


HARD = hard_rules((*VOICING_RULES, *MOTION_RULES), "strict", frozenset())
# Chords, sopranos and basses that strict part-writing cannot lead.
FAILING = [
    ("I ii", "G5 A5", "C3 D3"),
    ("V I", "B4 G4", "G3 C3"),
    ("V6 I", "B4 C5", "B2 C3"),
    ("IV V", "F5 G5", "F3 G3"),
    ("V7 I", "F5 G5", "G3 C3"),
    ("I V I", "C5 G5 C5", "C3 G3 C3"),
    ("ii V", "F4 G4", "D4 G3"),
]


def legal(chords: list[Chord], soprano: list[str], bass: list[str], kept: tuple[str, ...]) -> bool:
    """Is there a way that keeps these rules, all other hard rules being switched off?"""
    try:
        lead(
            chords,
            soprano=[[Pitch.parse(each)] for each in soprano],
            bass=[Pitch.parse(each) for each in bass],
            off=frozenset(HARD) - set(kept),
        )
    except NoVoicing:
        return False
    return True


@pytest.mark.parametrize(("romans", "soprano", "bass"), FAILING)
def test_the_rules_in_conflict_are_the_fewest(romans: str, soprano: str, bass: str) -> None:
    key = Key.of("C", "ionian")
    chords = [Chord.parse(roman, key) for roman in romans.split()]
    tops, lows = soprano.split(), bass.split()
    with pytest.raises(NoVoicing) as refused:
        lead(
            chords,
            soprano=[[Pitch.parse(each)] for each in tops],
            bass=[Pitch.parse(each) for each in lows],
        )
    place, rules = refused.value.chords, refused.value.rules
    passage = (
        chords[place[0] : place[-1] + 1],
        tops[place[0] : place[-1] + 1],
        lows[place[0] : place[-1] + 1],
    )
    assert rules
    assert not legal(*passage, rules)
    for size in range(len(rules)):
        for some in combinations(HARD, size):
            assert legal(*passage, some), some
    transitions.cache_clear()
