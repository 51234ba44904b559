"""The picture to look at, and the outlines of its regions."""

import io

import cv2
import numpy as np
from PIL import Image

from analysis.picture import clusters, maps
from analysis.picture.analyse import analyse
from analysis.picture.decode import reduce
from analysis.picture.load import load
from analysis.picture.regions import masks
from analysis.picture.view import jpeg, light, outlines


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


def test_what_is_shown_is_what_was_measured(tmp_path):
    """A file is read once: what becomes of it then is not seen."""
    path = tmp_path / "x.png"
    Image.new("RGB", (1200, 600), "red").save(path)
    picture = load(path)
    Image.new("RGB", (600, 600), "blue").save(path)
    other = load(path)
    path.unlink()
    assert opened(jpeg(picture)).shape == (512, 1024, 3)
    assert opened(jpeg(picture))[0, 0, 0] > 200
    assert opened(jpeg(other)).shape == (600, 600, 3)
    assert opened(jpeg(other))[0, 0, 2] > 200


def test_bytes_are_shown_like_their_file(tmp_path):
    path = tmp_path / "x.jpg"
    Image.fromarray(load("sample:china").pixels).resize((4000, 2670)).save(path)
    from_path, from_bytes = load(path), load(path.read_bytes())
    for side in (480, 1024, 1920):
        shown = from_path.view(side)
        assert max(shown.shape) == side
        assert np.array_equal(shown, from_bytes.view(side))


def test_an_array_is_shown_from_a_copy_of_its_own():
    """At up to 1,920 px a side; what its owner draws on it later is not seen."""
    rgb = np.kron(load("sample:flower").pixels, np.ones((5, 5, 1), np.uint8))
    picture = load(rgb)
    before = picture.view(1024)
    assert np.array_equal(before, reduce(reduce(rgb, 1920), 1024))
    rgb[:] = 0
    assert np.array_equal(picture.view(1024), before)
    assert max(picture.view(5000).shape) == 1920
    small = np.zeros((40, 60, 3), np.uint8)
    shown = load(small)
    small[:] = 255
    assert not shown.view(1024).any()


def test_the_same_picture_gives_the_same_bytes():
    picture = load("sample:flower")
    assert jpeg(picture) == jpeg(picture)
    assert jpeg(picture)[:2] == b"\xff\xd8"


def test_nothing_is_measured_again(monkeypatch):
    analysis = analyse(load("sample:china"))
    monkeypatch.setattr(clusters, "label", None)
    monkeypatch.setattr(maps, "measure", None)
    assert len(outlines(analysis)) == len(light(analysis, (300, 200))) == len(analysis.regions)


def test_the_labels_are_the_regions_numbers():
    """Of the label map and of the measured copy: shares, and where they lie."""
    for source in ("sample:china", "sample:flower"):
        analysis = analyse(load(source))
        assert max(analysis.labels.shape) <= 72
        assert analysis.labels.dtype == np.uint8
        found = masks(analysis.labels, analysis.picture.pixels.shape[:2])
        assert len(found) == len(analysis.regions)
        for region, mask in zip(analysis.regions, found, strict=True):
            assert abs(mask.mean() - region.share) < 0.01
            assert abs(np.nonzero(mask)[1].mean() / mask.shape[1] - region.x) < 0.01
            assert abs(np.nonzero(mask)[0].mean() / mask.shape[0] - region.y) < 0.01


def test_a_region_is_lit_where_it_lies():
    analysis = analyse(load("sample:china"))
    shares = light(analysis, (300, 200))
    assert all(share.shape == (200, 300) and share.dtype == np.float32 for share in shares)
    assert min(share.min() for share in shares) >= 0
    assert np.abs(sum(shares) - 1).max() < 1e-5
    for region, share in zip(analysis.regions, shares, strict=True):
        assert abs(share.mean() - region.share) < 0.02


def test_outlines_enclose_the_regions_shares():
    for source in ("sample:china", "sample:flower"):
        analysis = analyse(load(source))
        regions, found = analysis.regions, outlines(analysis)
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
    plain = load(np.full((60, 80, 3), 200, np.uint8), "plain")
    ((piece,),) = outlines(analyse(plain))
    assert set(piece) == {(0, 0), (1, 0), (1, 1), (0, 1)}
