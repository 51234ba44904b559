"""Decisions: the arithmetic of shares, the order of choices, what a user says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import UserError
from composer.table import decide
from composer.table.conditions import Is, Joined, Shaped, Term
from tests.composer.table.small import TEXT, table

GREY = {"light.lightness": 50.0, "colour.hue": 200.0}
NIGHT = {"light.lightness": 10.0, "colour.hue": 200.0}
lightness = st.floats(0, 100)
hues = st.floats(0, 360)


@pytest.mark.parametrize(
    ("x", "strength"), [(40, "0"), (50, "0.25"), (80, "1"), (200, "1"), (0, "0")]
)
def test_a_term_is_a_straight_line_between_its_ends(x: float, strength: str) -> None:
    assert Term("light", "f", 40, 80).value(x) == Decimal(strength)
    assert Term("dark", "f", 80, 40).value(x) == 1 - Decimal(strength)


@pytest.mark.parametrize(("x", "strength"), [(10, "1"), (30, "0.5"), (350, "0.5"), (50, "0")])
def test_a_peak_goes_round_the_circle(x: float, strength: str) -> None:
    assert Term("red", "f", 10, 10, within=40, turn=360).value(x) == Decimal(strength)


@pytest.mark.parametrize(
    ("how", "x", "y"),
    [("not", ".3", ".7"), ("very", ".75", ".5"), ("very", ".4", "0"), ("somewhat", ".3", ".6")],
)
def test_shapes(how: str, x: str, y: str) -> None:
    assert Shaped(how, Is("a")).strength({"a": Decimal(x)}, {}) == Decimal(y)


def test_all_is_the_least_and_any_the_greatest() -> None:
    terms = {"a": Decimal("0.2"), "b": Decimal("0.9")}
    assert Joined("all", (Is("a"), Is("b"))).strength(terms, {}) == Decimal("0.2")
    assert Joined("any", (Is("a"), Is("b"))).strength(terms, {}) == Decimal("0.9")


@given(lightness, hues)
def test_shares_sum_to_the_value_exactly(light: float, hue: float) -> None:
    made = decide(table(), {"light.lightness": light, "colour.hue": hue})
    for decision in made.values():
        total = sum((share.amount for share in decision.shares), Decimal(0))
        if decision.kind == "number":
            assert total == decision.value
        else:
            assert total == decision.votes[str(decision.value)]
            assert total == max(decision.votes.values())


@given(lightness, hues)
def test_numbers_keep_their_range_and_step(light: float, hue: float) -> None:
    t = table()
    made = decide(t, {"light.lightness": light, "colour.hue": hue})
    for name, question in t.decisions.items():
        value = made[name].value
        if isinstance(value, Decimal):
            assert question.low <= value <= question.high
            assert question.step is None or (value - question.low) % question.step == 0


@given(lightness)
def test_a_small_change_of_the_picture_is_a_small_change_of_a_number(light: float) -> None:
    one = decide(table(), {**GREY, "light.lightness": light}).number("valence")
    two = decide(table(), {**GREY, "light.lightness": min(100, light + 0.1)}).number("valence")
    assert abs(one - two) < 0.005


def test_by_hand() -> None:
    made = decide(table(), GREY)  # light .25, dark .25, not red 1
    assert made["valence"].value == Decimal("0.1") + Decimal("0.1125") - Decimal("0.08333325")
    assert [share.rule for share in made["bars"].shares] == ["start", "glad-quick", "rounding"]
    assert made["tonic"].votes == {"C": Decimal("0.25"), "F#": Decimal("0.175")}
    assert (made["tonic"].runner_up, made["tonic"].margin) == ("F#", Decimal("0.075"))
    assert made.strengths["light-pleases"] == Decimal("0.25")
    assert made["valence"].shares[1].evidence is not None


def test_a_tie_goes_to_the_choice_declared_first() -> None:
    made = decide(table(), {"light.lightness": 60.0, "colour.hue": 10.0})
    assert made.choice("metre") == "4/4"
    assert made["metre"].margin == 0


def test_the_tempo_lets_the_bars_last() -> None:
    made = decide(table(), NIGHT, {"bars": "64", "metre": "3/4"})
    assert made.number("tempo") == 157  # 96 + 60.5, rounded up
    slow = decide(table(), {**GREY, "light.lightness": 70.0}, {"bars": "64", "metre": "3/4"})
    assert 64 * 3 * 60 / slow.number("tempo") <= 86
    forced = decide(table(), NIGHT, {"bars": "16", "metre": "3/4", "tempo": "170"})
    assert forced.number("tempo") == 170


def test_where_no_tempo_fits_the_nearest_end_is_taken() -> None:
    made = decide(table(), GREY, {"bars": "64", "metre": "4/4"})
    assert made.number("tempo") == 170
    assert "clamp" in [share.rule for share in made["tempo"].shares]


def test_an_entry_is_excluded_where_it_does_not_fit() -> None:
    made = decide(table(), GREY, {"metre": "4/4"})
    assert made["figure"].excluded == {"waltz": "needs metre 3/4, not 4/4"}
    assert "waltz" not in made["figure"].votes
    assert decide(table(), GREY, {"metre": "3/4"}).choice("figure") == "waltz"


def test_the_ensembles_instrument_has_a_start_vote() -> None:
    made = decide(table(), NIGHT)
    assert made.choice("band") == "trio"
    assert made["solo"].shares[0].rule == "default"
    assert made.choice("solo") == "violin"


def test_a_user_decides() -> None:
    made = decide(table(), GREY, {"tonic": "F#", "valence": "0.9"})
    assert made.choice("tonic") == "F#"
    assert [(s.rule, s.amount) for s in made["valence"].shares] == [("you", Decimal("0.9"))]
    assert made.terms["glad"] == 1
    assert made.choice("band") == "trio"  # a later decision saw it


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("valance", "0", "There is no decision 'valance'. Did you mean valence?"),
        ("valence", "loud", "'loud' is no number. valence is a number from -1 to 1."),
        ("valence", "nan", "valence cannot be nan. valence is a number from -1 to 1."),
        (
            "tempo",
            "400",
            "tempo cannot be 400. tempo is a number from 50 to 170 bpm in steps of 1.",
        ),
        (
            "bars",
            "30",
            "bars cannot be 30. bars is a number from 16 to 64 bars in steps of 4; "
            "the nearest are 28 and 32.",
        ),
        (
            "solo",
            "fluet",
            "solo cannot be 'fluet'. Did you mean flute? solo can be flute, violin, tuba.",
        ),
        (
            "figure",
            "waltz",
            "figure cannot be waltz: it needs metre 3/4, not 4/4. figure can be plain.",
        ),
    ],
)
def test_an_override_that_cannot_be(name: str, value: str, said: str) -> None:
    features = {"light.lightness": 60.0, "colour.hue": 10.0}
    with pytest.raises(UserError) as caught:
        decide(table(), features, {name: value})
    assert str(caught.value) == said


def test_nothing_left_to_choose() -> None:
    text = TEXT.replace("{choice: figures}", "{choice: [a], only: {a: {metre: 3/4}}}")
    with pytest.raises(UserError, match="Nothing is left to choose for figure: a needs metre 3/4"):
        decide(table(text), GREY, {"metre": "4/4"})
