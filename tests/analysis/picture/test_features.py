"""The features as a whole: catalogue, ranges, what changes them and what does not."""

import io
import os
import subprocess
import sys
import warnings

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.catalogue import CATALOGUE
from analysis.picture.load import load
from tests.analysis.picture.pictures import (
    arrays,
    checkerboard,
    circle,
    gradient,
    mountains,
    noise,
    plain,
    triangle,
)


def measured(rgb: np.ndarray) -> Analysis:
    return analyse(load(rgb, "made"))


def features(rgb: np.ndarray) -> dict[str, float]:
    return dict(measured(rgb).features)


def assert_sound(found: Analysis) -> None:
    assert tuple(found.features) == tuple(CATALOGUE)
    for values in (found.features, *(region.features for region in found.regions)):
        for name, value in values.items():
            feature = CATALOGUE[name]
            assert feature.low <= value <= feature.high, (name, value)
    assert 1 <= len(found.palette) <= 6
    assert sum(swatch.share for swatch in found.palette) == pytest.approx(1)
    assert 1 <= len(found.regions) <= 5
    assert sum(region.share for region in found.regions) == pytest.approx(1, abs=1e-4)
    assert [region.x for region in found.regions] == sorted(r.x for r in found.regions)
    assert len({region.name for region in found.regions}) == len(found.regions)
    assert len(found.skyline.heights) == 64
    assert all(0 < height < 1 for height in found.skyline.heights)
    assert 0 <= found.skyline.strength <= 1


def test_the_catalogue_says_all_of_each_feature() -> None:
    assert len(CATALOGUE) >= 50
    for name, feature in CATALOGUE.items():
        assert feature.name == name
        assert name.split(".")[0] in ("colour", "light", "texture", "layout", "content")
        assert feature.low < feature.high
        assert feature.meaning.endswith(".")
        assert feature.unit
        assert feature.source


@settings(max_examples=150, deadline=None)
@given(arrays())
def test_any_picture_measures_within_range(rgb: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_sound(measured(rgb))


@pytest.mark.parametrize(
    "rgb",
    [
        plain((255, 255, 255)),
        plain((0, 0, 0)),
        plain((255, 0, 0)),
        plain((9, 9, 9), 1, 1),
        noise(1, 500),
        noise(500, 1),
        noise(3, 4000),
        noise(600, 700),
        checkerboard(),
        gradient(),
    ],
    ids=["white", "black", "red", "1×1", "500×1", "1×500", "4000×3", "noise", "board", "ramp"],
)
def test_odd_pictures_measure_within_range(rgb: np.ndarray) -> None:
    with warnings.catch_warnings(), np.errstate(divide="raise", invalid="raise", over="raise"):
        warnings.simplefilter("error")
        assert_sound(measured(rgb))


def test_a_plain_picture_has_nothing_in_it() -> None:
    found = measured(plain((70, 110, 160)))
    assert len(found.palette) == len(found.regions) == 1
    assert found.palette[0].hex == found.regions[0].hex == "#466ea0"
    assert found.skyline.strength == pytest.approx(0, abs=1e-3)
    for name in ("edge_density", "roughness", "grain", "entropy", "line_count"):
        assert found.features[f"texture.{name}"] == pytest.approx(0, abs=1e-3)
    assert found.features["layout.symmetry"] == found.features["layout.openness"] == 1


def test_a_checkerboard_has_more_edges_than_a_gradient() -> None:
    board, ramp = features(checkerboard()), features(gradient())
    assert board["texture.edge_density"] > 10 * ramp["texture.edge_density"]
    assert board["texture.roughness"] > ramp["texture.roughness"]
    assert board["texture.line_count"] > ramp["texture.line_count"]


def test_a_circle_is_less_angular_than_a_triangle() -> None:
    assert features(circle())["texture.angularity"] < 0.3
    assert features(triangle())["texture.angularity"] > 0.6


def test_noise_falls_off_less_than_a_gradient() -> None:
    blurred = cv2.GaussianBlur(noise(256, 256), (0, 0), 4)
    assert features(noise(256, 256))["texture.slope"] == pytest.approx(0, abs=0.25)
    assert features(blurred)["texture.slope"] < -1.5
    assert features(noise(256, 256))["texture.grain"] > 20 * features(blurred)["texture.grain"]


def test_directions_of_stripes() -> None:
    stripes = np.repeat(np.repeat([[0], [255]] * 8, 16, axis=0), 256, axis=1).astype(np.uint8)
    lying = np.repeat(stripes[:, :, None], 3, axis=2)
    assert features(lying)["texture.horizontal_share"] > 0.95
    assert features(lying.transpose(1, 0, 2))["texture.vertical_share"] > 0.95
    turned = cv2.warpAffine(lying, cv2.getRotationMatrix2D((128, 128), 45, 1.6), (256, 256))
    assert features(turned)["texture.diagonal_share"] > 0.9


def test_the_horizon_lies_where_the_sky_ends() -> None:
    picture = plain((120, 170, 230), 200, 300)
    picture[140:] = (60, 80, 30)
    found = features(picture)
    assert found["layout.horizon"] == pytest.approx(0.3, abs=0.03)
    assert found["layout.horizon_strength"] > 0.8
    assert found["light.vertical_gradient"] > 25


def test_a_spot_draws_the_eye() -> None:
    picture = cv2.circle(plain((40, 60, 40), 240, 360), (90, 60), 16, (250, 220, 60), -1)
    found = features(picture)
    assert found["layout.salient_x"] == pytest.approx(0.25, abs=0.05)
    assert found["layout.salient_y"] == pytest.approx(0.75, abs=0.05)
    assert found["layout.salient_share"] > 0.6


def test_the_skyline_follows_a_ridge() -> None:
    picture, ridge = mountains()
    skyline = measured(picture).skyline
    assert np.corrcoef(skyline.heights, ridge)[0, 1] > 0.98
    assert np.abs(np.array(skyline.heights) - ridge).max() < 0.05
    assert skyline.strength > 0.8


def test_regions_of_two_halves() -> None:
    picture = plain((30, 60, 140), 200, 300)
    picture[:, 150:] = (230, 200, 60)
    left, right = measured(picture).regions
    assert left.name == "left side, dark blue"
    assert right.name == "right side, yellow"
    assert left.share == pytest.approx(0.5, abs=0.02)
    assert left.x == pytest.approx(0.25, abs=0.02)
    assert left.features["colour.blue_share"] > 0.95


def test_a_mirrored_picture() -> None:
    picture = np.array(load("sample:china").pixels)
    one, other = features(picture), features(np.ascontiguousarray(picture[:, ::-1]))
    for name in ("colour.chroma", "colour.colourfulness", "light.contrast", "light.range"):
        assert other[name] == pytest.approx(one[name], rel=1e-3)
    for name in ("layout.symmetry", "layout.horizon", "texture.horizontal_share"):
        assert other[name] == pytest.approx(one[name], abs=0.01)
    assert other["light.horizontal_gradient"] == pytest.approx(
        -one["light.horizontal_gradient"], abs=0.01
    )
    assert other["layout.salient_x"] == pytest.approx(1 - one["layout.salient_x"], abs=0.01)
    assert one["layout.symmetry"] < 0.9
    both = np.concatenate([picture, picture[:, ::-1]], axis=1)
    assert features(both)["layout.symmetry"] > 0.99


# How far a feature may differ between a PNG and a JPEG of quality 95, as a share of the range it
# spans in photographs.
SPANS = {
    "colour.warmth": 1.5, "colour.activity": 2, "colour.chroma": 50, "colour.colourfulness": 80,
    "colour.redness": 40, "colour.yellowness": 60, "texture.edge_density": 0.2,
    "texture.roughness": 10, "texture.grain": 5, "texture.line_count": 80, "texture.entropy": 3,
    "texture.slope": 1.5, "light.vertical_gradient": 80, "light.horizontal_gradient": 40,
    "layout.aspect": 1.5, "layout.skyline_roughness": 0.05, "colour.palette_spread": 40,
}  # fmt: skip
LOOSE = {
    "layout.region_count": 0.25,
    "texture.line_count": 0.1,
    "texture.grain": 0.06,
    "texture.angularity": 0.06,
}


@pytest.mark.parametrize("sample", ["sample:china", "sample:flower"])
def test_png_and_jpeg_measure_nearly_the_same(sample: str) -> None:
    picture = Image.fromarray(load(sample).pixels)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=95)
    one = features(np.array(picture))
    other = features(np.array(Image.open(file).convert("RGB")))
    for name, feature in CATALOGUE.items():
        span = SPANS.get(name, feature.high - feature.low)
        difference = abs(one[name] - other[name])
        if name == "colour.hue":
            difference = min(difference, 360 - difference)
        assert difference <= LOOSE.get(name, 0.04) * span, (name, one[name], other[name])


def test_the_same_in_another_process_with_other_threads() -> None:
    code = (
        "import sys, cv2; cv2.setNumThreads(int(sys.argv[1]))\n"
        "from analysis.picture.analyse import analyse\n"
        "from analysis.picture.load import load\n"
        "found = analyse(load('sample:flower'))\n"
        "print(dict(found.features), found.palette, found.regions, found.skyline)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, threads],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads},
        ).stdout
        for threads in ("1", "2", "4")
    }
    assert len(outputs) == 1
    assert "colour.warmth" in outputs.pop()
