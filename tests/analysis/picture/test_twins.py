"""The same picture in another format, depth or profile measures the same."""

from functools import cache

import numpy as np
import pytest
from PIL import Image

from analysis.picture.analyse import analyse
from analysis.picture.catalogue import CATALOGUE
from analysis.picture.load import load
from tests.analysis.picture import twins

GREYS = np.repeat(twins.grey()[:, :, None], 3, axis=2)
SAME = {
    **{f"colours, {name}": (twins.truth(), make) for name, make in twins.SAME.items()},
    **{f"greys, {name}": (GREYS, make) for name, make in twins.SAME_GREY.items()},
    **{f"few, {name}": (twins.inked(), make) for name, make in twins.SAME_INKED.items()},
}


@cache
def features(rgb: bytes, height: int) -> dict[str, float]:
    return dict(analyse(load(np.frombuffer(rgb, np.uint8).reshape(height, -1, 3))).features)


def apart(twin: np.ndarray, data: bytes) -> tuple[float, dict[str, float]]:
    """How far a file's pixels lie from its twin's, in codes, and its features, in their ranges."""
    picture = load(data)
    assert picture.pixels.shape == twin.shape
    found, expected = analyse(picture).features, features(twin.tobytes(), len(twin))
    return float(np.abs(picture.pixels.astype(int) - twin).mean()), {
        name: abs(found[name] - expected[name]) / (each.high - each.low)
        for name, each in CATALOGUE.items()
    }


@pytest.mark.parametrize("name", SAME)
def test_the_same_codes(name: str) -> None:
    twin, make = SAME[name]
    codes, parts = apart(twin, make())
    assert codes < 0.01
    assert max(parts.values()) < 0.01


@pytest.mark.parametrize("name", twins.RECODED)
def test_the_same_colours_in_other_codes(name: str) -> None:
    twin, make = twins.RECODED[name]
    codes, parts = apart(twin, make())
    assert codes < 0.1  # littleCMS, in eight bits, is one code away here and there
    del parts["layout.region_count"]  # a whole number
    assert max(parts.values()) < 0.011


@pytest.mark.parametrize("name", twins.LOSSY)
def test_coders_that_lose_a_little(name: str) -> None:
    if name.startswith("avif") and "AVIF" not in Image.registered_extensions().values():
        pytest.skip("this Pillow was built without AVIF")
    codes, parts = apart(twins.truth(), twins.LOSSY[name]())
    assert codes < 1
    del parts["layout.region_count"]  # a whole number
    assert max(parts.values()) < 0.05
