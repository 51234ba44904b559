"""The frame: its optimum against brute force, its constraints, what it says when it cannot."""

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.strategies import TONICS, chords, major_keys, steps
from theory.chord import Chord
from theory.pitch import NoteName, Pitch
from theory.rules import LANGUAGES, RULES
from theory.scale import Key
from theory.verify import verify_voices
from theory.voices.frame import NoVoicing, lead
from theory.voices.motion import MOTION_RULES
from theory.voices.transitions import BANNED, admissible, broken, motion_costs, transitions
from theory.voices.voicing import (
    POINT,
    SOPRANO_RANGE,
    VOICING_RULES,
    Parts,
    admissible_voicing,
    candidates,
    price,
)

C = Key.of("C", "ionian")
NONE = frozenset()
HIGH = (Pitch.parse("C5"), Pitch.parse("A5"))  # a narrow soprano keeps brute force small


def row(text, key=C):
    return [Chord.parse(roman, key) for roman in text.split()]


def test_the_table_and_the_optimiser_know_the_same_rules():
    assert {*VOICING_RULES, *MOTION_RULES} == {r.name for r in RULES.values() if r.kind == "voices"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["I V7 vi", "ii65 I64 V7 I", "Vsus4 V42 I6", "V65/V V7 I"])
def test_the_frame_is_the_least_costly_of_all_rows_of_voicings(text, language):
    chords = row(text)
    found = [candidates(chord, language, NONE, HIGH) for chord in chords]
    best: dict = {(None, n): int(cost) for n, cost in enumerate(found[0].costs)}
    best = {found[0].voicing(n): [cost] for (_, n), cost in best.items()}
    for k, (before, after) in enumerate(pairwise(chords), start=1):
        fresh: dict = {}
        for number in range(len(found[k])):
            new = found[k].voicing(number)
            ways = [
                cost + int(found[k].costs[number]) + going
                for old, costs in best.items()
                if admissible(old, before, new, after, language)
                for going in [sum(motion_costs(old, before, new, after, language, NONE).values())]
                for cost in costs
            ]
            if ways:
                fresh[new] = sorted(ways)[:2]
        best = fresh
    totals = sorted(cost for costs in best.values() for cost in costs)
    frame = lead(chords, language=language, soprano_range=HIGH)
    assert frame.total == totals[0] / POINT
    assert frame.runner_up == totals[1] / POINT


@given(steps(), st.sampled_from(LANGUAGES))
@settings(max_examples=300, deadline=None)
def test_the_optimisers_table_is_the_scalar_predicates_spread_out(step, language):
    before, _, after, _ = step
    rows, columns = (candidates(c, language, NONE, HIGH) for c in (before, after))
    table = transitions(before, after, language, NONE, HIGH)
    assert table.shape == (len(rows), len(columns))
    for a, b in product(range(0, len(rows), 7), range(0, len(columns), 5)):
        one, two = rows.voicing(a), columns.voicing(b)
        assert admissible_voicing(one, before, language, NONE, HIGH)
        if broken(one, before, two, after, language):
            assert table[a, b] >= BANNED
        else:
            costs = motion_costs(one, before, two, after, language, NONE)
            assert table[a, b] == sum(costs.values())


@given(chords())
def test_the_candidates_are_all_the_admissible_voicings(chord):
    found = candidates(chord, "strict", NONE, HIGH)
    listed = {found.voicing(number) for number in range(len(found))}
    assert len(listed) == len(found)
    soprano, alto, tenor, bass = found.pitches
    free = candidates(chord, "strict", frozenset(VOICING_RULES), HIGH)
    several = (free.voicing(number) for number in range(0, len(free), 11))
    for voicing in several:
        assert admissible_voicing(voicing, chord, "strict", NONE, HIGH) == (voicing in listed)
    assert all(len(one) > 0 for one in (soprano, alto, tenor, bass))


PLAIN = st.lists(st.sampled_from(("I", "ii6", "IV", "V", "V7", "vi", "I6", "ii65")), min_size=2)


@given(PLAIN, major_keys)
@settings(max_examples=40, deadline=None)
def test_costs_sum_to_the_total_and_no_hard_rule_is_broken(romans, key):
    chords = [Chord.parse(roman, key) for roman in romans]
    try:
        frame = lead(chords)
    except NoVoicing:
        return
    assert frame.total == pytest.approx(sum(sum(costs.values()) for costs in frame.costs))
    assert frame.runner_up is None or frame.runner_up >= frame.total
    assert verify_voices(chords, frame.voicings, "strict") == ()
    for chord, voicing, costs in zip(chords, frame.voicings, frame.costs, strict=True):
        own = price(Parts.of(voicing), chord, "strict", NONE, SOPRANO_RANGE)
        assert all(costs.get(name, 0) >= cost / POINT for name, cost in own.items())


@pytest.mark.parametrize("tonic", TONICS)
def test_a_cadence_is_led_alike_in_every_key(tonic):
    frame = lead(row("I IV V7 I", Key.of(tonic, "ionian")))
    leading = frame.chords[2].leading
    for before, after in zip(frame.voicings[2], frame.voicings[3], strict=True):
        if before.note == leading:
            assert before.to(after).name in ("m2", "-M3")
    assert len(set(frame.voicings)) >= 3


def test_a_soprano_and_a_bass_that_are_given_are_kept():
    soprano = [[Pitch.parse("E5")], None, [Pitch.parse("D5")], [Pitch.parse("C5")]]
    bass = [None, Pitch.parse("F3"), None, Pitch.parse("C3")]
    frame = lead(row("I ii6 V7 I"), soprano=soprano, bass=bass)
    assert [str(v.soprano) for v in frame.voicings][0::3] == ["E5", "C5"]
    assert str(frame.voicings[2].soprano) == "D5"
    assert (str(frame.voicings[1].bass), str(frame.voicings[3].bass)) == ("F3", "C3")


def test_a_led_frame_is_a_witness_that_its_own_soprano_and_bass_can_be_led():
    chords = row("I V65/V V V42 I6 IV viio6 I vi ii65 I64 V7 I")
    first = lead(chords, targets=[60 + 2 * k for k in range(len(chords))], target_weight=2.0)
    again = lead(
        chords,
        soprano=[[voicing.soprano] for voicing in first.voicings],
        bass=[voicing.bass for voicing in first.voicings],
    )
    assert [v.soprano for v in again.voicings] == [v.soprano for v in first.voicings]
    assert again.total <= first.total


def test_targets_bounds_and_wanted_notes_pull_the_soprano():
    chords = row("I IV V I vi IV V I")
    low, high = (lead(chords, targets=[t] * 8, target_weight=3.0) for t in (62, 79))
    mean = [sum(v.soprano.midi for v in f.voicings) / 8 for f in (low, high)]
    assert mean[0] + 7 < mean[1]
    kept = lead(chords, within=[(72, 81)] * 8, within_weight=9.0)
    assert min(v.soprano.midi for v in kept.voicings) >= 72
    closed = lead(chords, wanted=[None] * 7 + [{NoteName.parse("C")}])
    assert closed.voicings[-1].soprano.note.name == "C"


def test_a_held_chord_does_not_move():
    frame = lead(row("I I I"))
    assert len(set(frame.voicings)) == 1
    assert frame.costs[1].get("motion", 0) == 0


def test_a_rule_switched_off_may_be_broken():
    chords = row("I ii")
    soprano = [[Pitch.parse("G5")], [Pitch.parse("A5")]]
    bass = [Pitch.parse("C3"), Pitch.parse("D3")]
    with pytest.raises(NoVoicing) as refused:
        lead(chords, soprano=soprano, bass=bass)
    assert refused.value.chords == (0, 1)
    assert "parallel-fifths" in refused.value.rules
    assert "chord 1 (I) cannot go on to chord 2 (ii)" in str(refused.value)
    frame = lead(chords, soprano=soprano, bass=bass, off=frozenset({"parallel-fifths"}))
    assert str(frame.voicings[1].soprano) == "A5"


def test_the_popular_language_lets_parallel_fifths_pass_at_a_price():
    frame = lead(
        row("I ii"),
        language="popular",
        soprano=[[Pitch.parse("G5")], [Pitch.parse("A5")]],
        bass=[Pitch.parse("C3"), Pitch.parse("D3")],
    )
    assert frame.costs[1]["parallel-fifths"] >= 6.0


def test_an_impossible_soprano_is_named():
    with pytest.raises(NoVoicing, match=r"chord 2 \(V\) has no legal voicing under the soprano"):
        lead(row("I V"), soprano=[None, [Pitch.parse("C5")]])


def test_no_chords_and_too_few_wishes_are_refused():
    with pytest.raises(ValueError, match="no chords"):
        lead([])
    with pytest.raises(ValueError, match="1 constraints were given for 2 chords"):
        lead(row("I V"), targets=[60])


def test_the_same_chords_give_the_same_frame():
    chords = row("I vi IV V7 I")
    first = lead(chords)
    transitions.cache_clear()
    candidates.cache_clear()
    assert lead(chords) == first
