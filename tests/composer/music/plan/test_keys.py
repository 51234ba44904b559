"""The keys of sections: which keys are related, where a piece goes to them, and how it returns."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.music.plan.departures import RELATIONS, RELATIVES, related
from composer.pipeline import compose_decided
from composer.settings import Settings
from composer.table import decide
from theory.scale import Key


@pytest.mark.parametrize(
    ("tonic", "mode", "relation", "expected"),
    [
        ("C", "ionian", "home", "C ionian"),
        ("C", "ionian", "dominant", "G ionian"),
        ("C", "ionian", "subdominant", "F ionian"),
        ("C", "ionian", "relative", "A aeolian"),
        ("A", "aeolian", "relative", "C ionian"),
        ("G", "harmonic minor", "relative", "Bb ionian"),
        ("D", "dorian", "dominant", "A dorian"),
        ("F#", "ionian", "dominant", "B ionian"),
        ("Gb", "ionian", "subdominant", "Db ionian"),
    ],
)
def test_related_keys(tonic, mode, relation, expected):
    assert related(Key.of(tonic, mode), relation).name == expected


@given(
    st.sampled_from(["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]),
    st.sampled_from(["lydian", "ionian", "mixolydian", "dorian", "aeolian", "phrygian"]),
    st.sampled_from(RELATIONS),
)
def test_a_related_key_has_all_notes_but_one(tonic, mode, relation):
    key = Key.spelled(tonic, mode)
    if relation == "relative" and mode not in RELATIVES:
        return
    other = related(key, relation)
    assert len({*key.notes} & {*other.notes}) >= 6
    assert abs(other.signature) <= 6


@pytest.mark.parametrize(("relation", "fault"), [("mediant", "is no relation"), ("relative", "no")])
def test_wrong_relations_are_refused(relation, fault):
    with pytest.raises(ValueError, match=fault):
        related(Key.of("D", "dorian"), relation)


@pytest.fixture(scope="module")
def composed(default_table, china_analysis):
    def piece(seed=0, **more):
        decisions = decide(default_table, china_analysis.features, more)
        settings = Settings(seed=seed, melody="rules")
        return compose_decided(china_analysis, default_table, decisions, settings)

    return piece


@pytest.mark.parametrize(
    ("mode", "relation", "middle"),
    [
        ("ionian", "dominant", "A ionian"),
        ("ionian", "relative", "B aeolian"),
        ("harmonic minor", "relative", "F ionian"),
        ("aeolian", "subdominant", "G aeolian"),
        ("dorian", "dominant", "A dorian"),
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_middle_goes_away_and_comes_home(composed, mode, relation, middle, seed):
    made = composed(
        seed, mode=mode, tonic="D", middle_key=relation, form="ternary", bars="32",
        harmonic_rhythm="1.5",
    )  # fmt: skip
    assert [check for check in made.checks if check.hard and check.count] == []
    letters = {section.name: section.letter for section in made.plan.sections}
    spans = made.harmony.spans
    assert spans[0].chord.key == spans[-1].chord.key == made.plan.key
    away = {span.phrase for span in spans if span.chord.key != made.plan.key}
    assert away
    assert {letters[name.partition(".")[0]] for name in away} == {"B"}
    assert {span.chord.key.name for span in spans if span.phrase in away} <= {
        middle,
        made.plan.key.name,
    }
    for before, after in itertools.pairwise(spans):
        if before.chord.key != after.chord.key:
            assert before.pivot is not None or before.cadence
        if before.pivot is not None:
            assert before.pivot.tones == before.chord.tones
            assert after.chord.key == before.pivot.key
    # The melody over the new key's chords sings the new key's notes.
    for note in made.part("melody").notes:
        span = next(span for span in spans if span.start <= note.start < span.end)
        if span.chord.key != made.plan.key and not span.chord.key.mode.minor and not span.cadence:
            allowed = {*span.chord.key.notes, *span.chord.tones}
            later = next((s for s in spans if s.start == span.end), span)
            assert note.pitch.note in allowed | {*later.chord.key.notes, *later.chord.tones}


def test_a_piece_that_stays_at_home_has_one_key(composed):
    made = composed(middle_key="home", form="ternary", bars="32")
    assert {span.chord.key for span in made.harmony.spans} == {made.plan.key}
    assert all(span.pivot is None for span in made.harmony.spans)


def test_a_mode_without_a_relative_key_is_not_offered_one(composed):
    from composer.errors import UserError

    with pytest.raises(UserError, match="middle_key cannot be relative"):
        composed(mode="lydian", middle_key="relative")
