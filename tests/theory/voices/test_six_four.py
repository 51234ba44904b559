"""Six-four chords with both their neighbours: each kind as the books have it, and gone wrong.

Examples after Aldwell & Schachter, Harmony and Voice Leading, ch. 10 and 19.
"""

import random

import pytest

from tests.theory.generator import voices_break
from tests.theory.strategies import ROMANS, TONICS
from theory.chord import Chord
from theory.pitch import Pitch
from theory.rules import RULES
from theory.scale import Key
from theory.verify import verify_voices
from theory.voices.frame import NoVoicing, lead
from theory.voices.six_four import strays
from theory.voices.voicing import Voicing

C = Key.of("C", "ionian")
RIGHT = {
    "cadential, reached by step": (
        "IV I64 V", "A4 F4 C4 F3 | G4 E4 C4 G3 | G4 D4 B3 G3",
    ),
    "cadential, reached by leap": (
        "ii I64 V", "A4 F4 D4 D3 | G4 E4 C4 G3 | G4 D4 B3 G3",
    ),
    "cadential, its bass falling an octave": (
        "ii6 I64 V", "D5 A4 F4 F3 | C5 G4 E4 G3 | B4 G4 D4 G2",
    ),
    "passing up": ("I V64 I6", "G4 E4 C4 C3 | G4 D4 B3 D3 | G4 C4 C4 E3"),
    "passing down": ("IV6 I64 ii6", "C5 F4 C4 A3 | C5 E4 C4 G3 | D5 D4 A3 F3"),
    "pedal": ("I IV64 I", "G4 E4 C4 C3 | A4 F4 C4 C3 | G4 E4 C4 C3"),
    "arpeggio": ("I I64 IV", "G4 E4 C4 C3 | G4 E4 C4 G3 | A4 F4 C4 F3"),
    "accented, over the root that it delays": (
        "viio6 IV64 I", "F4 D4 B3 D3 | F4 C4 A3 C3 | E4 C4 G3 C3",
    ),
}  # fmt: skip
WRONG = {
    "cadential, and no dominant comes": (
        "ii I64 IV", "A4 F4 D4 D3 | G4 E4 C4 G3 | A4 F4 C4 F3",
    ),
    "cadential, and the dominant is inverted": (
        "ii6 I64 V6", "D5 A4 F4 F3 | C5 G4 E4 G3 | D5 G4 D4 B3",
    ),
    "reached by a seventh that stands for a step": (
        "IV I64 V", "A4 F4 C4 F3 | G4 E4 C4 G2 | G4 D4 B3 G2",
    ),
    "passing, and turned back": (
        "I V64 I", "G4 E4 C4 C3 | G4 D4 B3 D3 | G4 E4 C4 C3",
    ),
    "passing, and left by leap": (
        "I V64 vi", "G4 E4 C4 C3 | G4 D4 B3 D3 | A4 E4 C4 A2",
    ),
    "pedal, and left by step": (
        "I IV64 V6", "G4 E4 C4 C3 | A4 F4 C4 C3 | G4 D4 D4 B2",
    ),
    "leapt to": ("IV V64 I", "F4 C4 A3 F3 | G4 B3 G3 D3 | G4 C4 G3 C3"),
    "leapt to, and its root after it": (
        "ii I64 I", "A4 F4 D4 D3 | G4 E4 C4 G3 | G4 E4 C4 C3",
    ),
}  # fmt: skip


def read(text):
    return [Voicing(*(Pitch.parse(name) for name in row.split())) for row in text.split("|")]


def row(romans, key=C):
    return [Chord.parse(roman, key) for roman in romans.split()]


def verdicts(romans, notes):
    """What optimiser and verifier say of the rule."""
    chords, voicings = row(romans), read(notes)
    faults = verify_voices(chords, voicings, "strict", rules=["six-four"])
    return voices_break("six-four", chords, voicings), bool(faults)


@pytest.mark.parametrize("name", RIGHT)
def test_every_kind_is_right(name):
    assert verdicts(*RIGHT[name]) == (False, False)


@pytest.mark.parametrize("name", WRONG)
def test_every_kind_gone_wrong_is_found(name):
    assert verdicts(*WRONG[name]) == (True, True)


def test_the_verifier_says_where_and_why():
    romans, notes = WRONG["cadential, and no dominant comes"]
    (fault,) = verify_voices(row(romans), read(notes), "strict", rules=["six-four"])
    assert (fault.rule, fault.index) == ("six-four", 2)
    assert "neither passes nor stays nor goes to a chord on its bass" in fault.sentence


def test_two_chords_say_as_much_as_they_can():
    """Without the third a cadential six-four and a passing one are left in peace."""
    for romans in ("vi I64", "I64 V", "I V64", "I64", "V64 I"):
        assert strays(row(romans)) == ()


def test_no_voices_can_mend_a_stray_six_four():
    with pytest.raises(NoVoicing, match="neither passes nor stays on a pedal") as refused:
        lead(row("I ii I64 vi"))
    assert (refused.value.chords, refused.value.rules) == ((1, 2, 3), ("six-four",))
    free = lead(row("I ii I64 vi"), off=frozenset({"six-four"}))
    assert all("six-four" not in costs for costs in free.costs)


def test_in_popular_language_it_costs_its_weight():
    chords = row("I ii I64 IV6 I V64 I")
    frame = lead(chords, language="popular")
    free = lead(chords, language="popular", off=frozenset({"six-four"}))
    weight = RULES["six-four"].weight
    paid = sum(costs.get("six-four", 0) for costs in frame.costs)
    assert paid >= 2 * weight
    assert frame.total >= free.total
    assert frame.total == pytest.approx(sum(sum(costs.values()) for costs in frame.costs))
    assert frame.runner_up is not None
    assert frame.runner_up >= frame.total


@pytest.mark.parametrize("seed", range(60))
def test_what_the_optimiser_leads_the_verifier_passes(seed):
    """Random rows full of six-fours: either refused, or sound by the verifier's own reading."""
    rng = random.Random(seed)
    key = Key.spelled(rng.choice(TONICS), rng.choice(("ionian", "aeolian")))
    names = [*ROMANS, *["I64", "IV64", "V64", "I64"] * 6]
    chords = [Chord.parse(rng.choice(names), key) for _ in range(4)]
    try:
        frame = lead(chords, off=frozenset({"augmented-step", "overlap", "parallel-fifths"}))
    except NoVoicing:
        return
    assert verify_voices(chords, frame.voicings, "strict", rules=["six-four"]) == ()


def test_both_readings_agree_on_three_chords():
    """Every row of three triads, on basses that step, stay and leap."""
    names = ("I", "I6", "I64", "ii6", "IV", "IV6", "IV64", "V", "V6", "V64", "vi")
    seen = set()
    for one in names:
        for two in ("I64", "IV64", "V64"):
            for three in names:
                chords = row(f"{one} {two} {three}")
                basses = [chord.bass.at(3) for chord in chords]
                voicings = [
                    Voicing(*(chord.tones[k].at(5 - k) for k in range(3)), bass)
                    for chord, bass in zip(chords, basses, strict=True)
                ]
                judged = bool(verify_voices(chords, voicings, "strict", rules=["six-four"]))
                assert judged == voices_break("six-four", chords, voicings), (one, two, three)
                seen.add(judged)
    assert seen == {True, False}
