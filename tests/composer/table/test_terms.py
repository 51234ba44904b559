"""Terms of every form: lines through points, round a circle, and in a region."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.picture.analyse import Analysis
from composer.table import measured
from composer.table.conditions import PLACE, REGIONS, Term

HILL = Term("hill", "f", 0, 10, points=((0, 0.2), (4, 1), (10, 0)))
ROUND = Term("round", "f", 350, 370, turn=360, points=((350, 0), (365, 1), (370, 0)))


@pytest.mark.parametrize(
    ("x", "strength"), [(-5, ".2"), (0, ".2"), (2, ".6"), (4, "1"), (7, ".5"), (10, "0"), (99, "0")]
)
def test_points_are_joined_by_straight_lines_level_beyond_the_ends(x: float, strength: str) -> None:
    assert HILL.value(x) == Decimal(strength)


@pytest.mark.parametrize(
    ("x", "strength"), [(350, "0"), (5, "1"), (365, "1"), (357.5, ".5"), (180, "0"), (8, ".4")]
)
def test_points_go_round_a_circle(x: float, strength: str) -> None:
    assert ROUND.value(x) == Decimal(strength)


@given(st.floats(-200, 200), st.sampled_from(["ramp", "fall", "peak"]))
def test_every_form_is_the_line_through_its_corners(x: float, form: str) -> None:
    term = {
        "ramp": Term("t", "f", -3, 40),
        "fall": Term("t", "f", 40, -3),
        "peak": Term("t", "f", 12, 12, within=9),
    }[form]
    line = Term("t", "f", 0, 0, points=term.corners())
    assert abs(line.value(x) - term.value(x)) <= Decimal("0.0001")


def test_every_name_of_a_region_finds_one(china_analysis: Analysis) -> None:
    analysis, found = china_analysis, measured(china_analysis)
    assert {name: found[name] for name in analysis.features} == dict(analysis.features)
    for region in REGIONS:
        for feature in (*PLACE, "light.lightness", "colour.hue", "texture.roughness"):
            assert f"{feature} in {region}" in found
    lightness = [region.features["light.lightness"] for region in analysis.regions]
    assert found["light.lightness in lightest region"] == max(lightness)
    assert found["light.lightness in darkest region"] == min(lightness)
    assert found["region.share in dominant region"] == max(r.share for r in analysis.regions)
    assert found["region.y in top region"] >= found["region.y in bottom region"]


def test_a_picture_without_regions_has_its_features_alone() -> None:
    assert measured(SimpleNamespace(features={"a": 1.0}, regions=())) == {"a": 1.0}
