"""What a person sees in photographs, measured; only where the rated photographs lie beside."""

import os
from pathlib import Path

import pytest

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import load

BESIDE = Path(__file__).resolve().parents[3].parent / "shared" / "data"
FOLDER = Path(os.environ.get("PROMENADE_DATA", BESIDE)) / "pictures"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the rated photographs are not here (set PROMENADE_DATA)"
)


def of(name: str) -> Analysis:
    return analyse(load(str(FOLDER / f"{name}.jpg")))


def test_the_moon_is_round_and_rubble_is_angular() -> None:
    assert of("moon-1").features["texture.angularity"] < 0.2
    assert of("rocks-6").features["texture.angularity"] > 0.65


def test_grass_is_green_and_fire_is_warm() -> None:
    assert of("grass-1").features["colour.green_share"] > 0.8
    assert of("fire-5").features["colour.warmth"] > 0.4
    assert of("cold-1").features["colour.warmth"] < -0.5


def test_a_beach_from_top_to_bottom() -> None:
    regions = sorted(of("beach-1").regions, key=lambda region: region.y)
    assert regions[0].name == "across the top, bright blue"
    assert regions[-1].name.startswith("across the bottom")
    assert regions[-1].features["colour.yellow_share"] > 0.5


def test_a_valley_at_sunset_has_a_clear_skyline() -> None:
    skyline = of("sunset-4").skyline
    assert skyline.strength > 0.7
    middle = skyline.heights[16:40]
    assert min(middle) == pytest.approx(min(skyline.heights))
    assert skyline.heights[0] > skyline.heights[20] < skyline.heights[-1]


def test_typing_has_more_straight_lines_than_a_galaxy() -> None:
    keys, stars = of("keyboard-1").features, of("galaxy-1").features
    assert keys["texture.line_count"] > 60 > 10 > stars["texture.line_count"]
