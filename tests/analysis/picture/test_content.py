"""What a picture shows: exact sums over places, the same however the picture is saved or turned."""

from __future__ import annotations

import io
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from analysis.errors import ContentError
from analysis.picture.analyse import Analysis, analyse
from analysis.picture.catalogue import CATALOGUE, REGIONAL
from analysis.picture.content import content, network
from analysis.picture.content.words import SEEN, class_names, words
from analysis.picture.load import load

SAMPLES = ("sample:china", "sample:flower")


@pytest.fixture(scope="module", params=SAMPLES)
def seen(request: pytest.FixtureRequest) -> Analysis:
    return analyse(load(request.param), look=True)


def of(found: Analysis) -> dict[str, float]:
    return {name: value for name, value in found.features.items() if name.startswith("content.")}


def test_a_class_is_in_one_word_or_in_none() -> None:
    assert 25 <= len(words()) <= 40
    classes = [each for word in words().values() for each in word.classes]
    assert len(classes) == len(set(classes))
    assert all(0 <= each < 1000 for each in classes)
    names = class_names()
    assert len(names) == len(set(names)) == 1000
    assert names[151] == "Chihuahua"
    assert names[413] == "assault rifle"
    assert names[980] == "volcano"


def test_no_stranger_is_among_the_mountains() -> None:
    mountain = words()["mountain"]
    assert {class_names()[each] for each in mountain.classes} == {"alp", "cliff", "valley"}


def test_words_say_what_they_are_by_which_measurement() -> None:
    for word in words().values():
        assert word.trust in ("good", "usable", "poor")
        assert word.by
        assert word.means.endswith(".")
        assert not word.says.endswith(".")
        assert word.says[:1].islower()
        feature = CATALOGUE[word.feature]
        assert (feature.low, feature.high, feature.unit) == (0, 1, "probability")
        assert word.feature in REGIONAL


def test_the_samples_show_what_they_show() -> None:
    china, flower = (of(analyse(load(name), look=True)) for name in SAMPLES)
    assert max(words(), key=lambda word: china[f"content.{word}"]) == "building"
    assert china["content.building"] >= 0.5
    assert china["content.weapon"] < 0.02
    assert flower["content.weapon"] < 0.02
    assert flower["content.flower"] > china["content.flower"]
    assert flower["content.pleasant"] > 0 > flower["content.exciting"]


def test_values_lie_in_their_ranges_in_every_region(seen: Analysis) -> None:
    for values in (seen.features, *(region.features for region in seen.regions)):
        for name in content.names():
            if name in values:
                assert CATALOGUE[name].low <= values[name] <= CATALOGUE[name].high
                assert values[name] == round(values[name], 3)
    assert seen.features[SEEN] == 1
    assert seen.content.absent == ""


def test_what_is_shared_out_sums_to_its_whole_exactly(seen: Analysis) -> None:
    shares = seen.content.shares
    assert len(shares) == len(seen.regions)
    assert set(shares[0]) == set(content.names()) - {SEEN}
    for name in shares[0]:
        assert sum(share[name] for share in shares) == Decimal(str(seen.features[name])), name
        if name.removeprefix("content.") in words():
            assert min(share[name] for share in shares) >= 0


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(-1e5, 1e5, width=32), min_size=1, max_size=5),
    st.integers(-10_000_000, 10_000_000),
)
def test_whole_numbers_sum_to_the_total(parts: list[float], total: int) -> None:
    exact = np.array(parts)
    exact += (total - exact.sum()) / len(exact)
    found = content._whole(exact, total)
    assert sum(found) == total
    assert all(abs(a - b) <= 1.001 for a, b in zip(found, exact, strict=True))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 72), st.integers(1, 72), st.integers(1, 9), st.integers(1, 9), st.randoms())
def test_places_are_shared_out_among_regions_whole(h, w, rows, columns, random) -> None:
    labels = np.array([[random.randrange(3) for _ in range(w)] for _ in range(h)])
    parts = [content._weights(labels == number, (rows, columns)) for number in range(3)]
    assert sum(parts) == pytest.approx(np.ones((rows, columns)))
    for number, part in enumerate(parts):
        assert part.sum() / (rows * columns) == pytest.approx((labels == number).mean())


@pytest.mark.parametrize("name", SAMPLES)
def test_png_and_jpeg_show_the_same(name: str) -> None:
    picture = Image.fromarray(load(name).pixels)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=95)
    one = of(analyse(load(np.array(picture)), look=True))
    other = of(analyse(load(file.getvalue()), look=True))
    for each, value in one.items():
        span = CATALOGUE[each].high - CATALOGUE[each].low
        assert other[each] == pytest.approx(value, abs=0.02 * span), each


def test_the_eight_orientations_show_the_same() -> None:
    upright = np.ascontiguousarray(load("sample:flower").pixels[:320, :480])
    turned = {
        1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1],
        5: upright.transpose(1, 0, 2), 6: np.rot90(upright),
        7: upright[::-1, ::-1].transpose(1, 0, 2), 8: np.rot90(upright, 3),
    }  # fmt: skip
    found = []
    for orientation, pixels in turned.items():
        picture, file = Image.fromarray(np.ascontiguousarray(pixels)), io.BytesIO()
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture.save(file, "PNG", exif=exif)
        found.append(of(analyse(load(file.getvalue()), look=True)))
    assert all(each == found[0] for each in found)


def test_a_mirrored_picture_shows_the_same(seen: Analysis) -> None:
    mirrored = analyse(load(np.ascontiguousarray(seen.picture.pixels[:, ::-1])), look=True)
    for name, value in of(seen).items():
        assert of(mirrored)[name] == pytest.approx(value, abs=0.002), name


def test_one_thread_and_two_see_the_same() -> None:
    code = (
        "import sys, cv2; cv2.setNumThreads(int(sys.argv[1]))\n"
        "from analysis.picture.analyse import analyse\n"
        "from analysis.picture.load import load\n"
        "found = analyse(load('sample:flower'), look=True)\n"
        "print(dict(found.content.values), found.content.regions, found.content.shares)"
    )
    command = [sys.executable, "-c", code]
    one, two = (
        subprocess.run([*command, threads], capture_output=True, text=True, check=True).stdout
        for threads in ("1", "2")
    )
    assert one == two
    assert "content.dog" in one


def test_what_nobody_looked_at_is_not_there() -> None:
    found = analyse(load("sample:china"))
    assert set(of(found).values()) == {0.0}
    assert tuple(found.features) == tuple(CATALOGUE)
    assert "content.seen" not in found.regions[0].features
    assert found.content.absent == ""
    assert found.content.shares == ()


def test_what_you_say_counts_everywhere(seen: Analysis) -> None:
    told = seen.told({"wedding": 1, "building": 0})
    assert told.features["content.wedding"] == 1
    assert told.features["content.building"] == 0
    assert all(region.features["content.wedding"] == 1 for region in told.regions)
    for name, value in (("content.wedding", 1), ("content.building", 0)):
        assert sum(share[name] for share in told.content.shares) == value
    assert dict(told.content.yours) == {"content.wedding": 1, "content.building": 0}
    rest = set(content.names()) - set(told.content.yours)
    assert all(told.features[name] == seen.features[name] for name in rest)


@pytest.mark.parametrize("how", ["missing", "damaged", "empty"])
def test_weights_that_are_missing_or_damaged_are_said(how: str, tmp_path: Path) -> None:
    file = tmp_path / "network.onnx"
    if how != "missing":
        data = bytearray(network.WEIGHTS.read_bytes() if how == "damaged" else b"")
        if data:
            data[len(data) // 2] ^= 1
        file.write_bytes(data)
    with pytest.raises(ContentError, match=r"missing|damaged"):
        network.look(load("sample:china").pixels, file)


def test_without_its_weights_a_picture_is_measured_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(pixels: np.ndarray) -> None:
        raise ContentError("The network's weights are missing; install promenade again.")

    monkeypatch.setattr(content, "look", missing)
    found = analyse(load("sample:china"), look=True)
    assert found.content.absent.startswith("The network's weights are missing")
    assert found.features == analyse(load("sample:china")).features


@pytest.mark.parametrize("shape", [(1, 1), (1, 512), (512, 1), (3, 40), (512, 512)])
def test_any_shape_can_be_looked_at(shape: tuple[int, int]) -> None:
    pixels = np.full((*shape, 3), 90, np.uint8)
    found = analyse(load(pixels), look=True)
    assert found.features[SEEN] == 1
    height, width = network.size(*shape)
    assert height % 32 == width % 32 == 0
    assert height * width <= 40_000 * 32


def test_measuring_pixels_loads_no_network() -> None:
    code = (
        "import cv2\n"
        "def never(*_): raise AssertionError\n"
        "cv2.dnn.readNetFromONNX = never\n"
        "from analysis.picture.analyse import analyse\n"
        "from analysis.picture.load import load\n"
        "analyse(load('sample:china'))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_conversion_gives_the_shipped_bytes_and_agrees_with_the_original(
    tmp_path: Path,
) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    pytest.importorskip("efficientnet_lite_pytorch")
    sys.path.insert(0, str(Path(__file__).parent))
    from export_network import export, original

    assert export(tmp_path).read_bytes() == network.WEIGHTS.read_bytes()
    pixels = load("sample:china").pixels
    height, width = network.size(*pixels.shape[:2])
    small = Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC)
    codes = (np.asarray(small, np.float32) - network.MIDDLE) / network.SPREAD
    with torch.no_grad():
        both = torch.from_numpy(np.stack([codes, codes[:, ::-1]]).transpose(0, 3, 1, 2).copy())
        full = original()(both).mean(0).numpy()
    ours = network.look(pixels).logits.mean(axis=(1, 2))
    assert ours.argmax() == full.argmax()
    assert np.abs(ours - full).max() < 0.05
