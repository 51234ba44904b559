"""The picture to look at, and the outlines of its regions."""

import io
from dataclasses import replace

import cv2
import numpy as np
from PIL import Image

from analysis.picture.analyse import analyse
from analysis.picture.load import from_array, load
from analysis.picture.shown import jpeg, outlines


def opened(data):
    image = Image.open(io.BytesIO(data))
    assert image.format == "JPEG"
    return np.asarray(image)


def test_a_large_picture_is_shown_larger_than_it_is_measured(tmp_path):
    rows = np.linspace(0, 255, 1500).astype(np.uint8)
    Image.fromarray(np.repeat(rows[:, None, None], 2000, axis=1).repeat(3, axis=2)).save(
        tmp_path / "x.png"
    )
    picture = load(str(tmp_path / "x.png"))
    assert picture.pixels.shape == (384, 512, 3)
    shown = opened(jpeg(picture))
    assert shown.shape == (768, 1024, 3)
    assert abs(int(shown[-1, 0, 0]) - 255) < 4
    assert opened(jpeg(picture, 200)).shape == (150, 200, 3)


def test_another_file_in_its_place_is_not_shown(tmp_path):
    path = tmp_path / "x.png"
    Image.new("RGB", (600, 600), "red").save(path)
    picture = load(str(path))
    Image.new("RGB", (600, 600), "blue").save(path)
    for _ in range(2):
        assert opened(jpeg(picture)).shape == (512, 512, 3)
        assert opened(jpeg(picture))[0, 0, 0] > 200
        path.unlink(missing_ok=True)


def test_the_same_picture_gives_the_same_bytes():
    picture = load("sample:flower")
    assert jpeg(picture) == jpeg(picture)
    assert jpeg(picture)[:2] == jpeg(replace(picture, path=None))[:2] == b"\xff\xd8"


def test_outlines_enclose_the_regions_shares():
    for source in ("sample:china", "sample:flower"):
        picture = load(source)
        regions, found = analyse(picture).regions, outlines(picture)
        assert len(found) == len(regions)
        covered = np.zeros((500, 500), int)
        for region, pieces in zip(regions, found, strict=True):
            canvas = np.zeros((500, 500), np.uint8)
            points = [np.round(np.array(piece) * 499).astype(np.int32) for piece in pieces]
            cv2.fillPoly(canvas, points, 1)  # by the rule of odd and even
            covered += canvas
            assert abs(canvas.mean() - region.share) < 0.02
            assert all(0 <= x <= 1 and 0 <= y <= 1 for piece in pieces for x, y in piece)
        assert (covered == 1).mean() > 0.95


def test_a_plain_picture_is_one_outline():
    plain = from_array(np.full((60, 80, 3), 200, np.uint8), "plain")
    ((piece,),) = outlines(plain)
    assert set(piece) == {(0, 0), (1, 0), (1, 1), (0, 1)}
