"""The palette and the features that are taken from it."""

import numpy as np
import pytest

from analysis.picture.palette import Swatch, features, find
from tests.analysis.picture.pictures import plain


def stripes(*colours: tuple[int, int, int]) -> np.ndarray:
    return np.concatenate([plain(colour, 90, 60) for colour in colours], axis=1)


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (252, 253, 254), (12, 200, 90)])
def test_a_single_colour(colour: tuple[int, int, int]) -> None:
    (swatch,) = find(plain(colour))
    assert swatch.hex == "#{:02x}{:02x}{:02x}".format(*colour)
    assert swatch.share == 1
    found = features((swatch,))
    assert found["colour.palette_size"] == found["colour.dominant_share"] == 1
    assert found["colour.palette_spread"] == 0


def test_white_paper_is_a_colour_too() -> None:
    picture = plain((255, 255, 255), 200, 200)
    picture[80:120, 80:120] = (200, 20, 20)
    white, red = find(picture)
    assert (white.hex, red.hex) == ("#ffffff", "#c81414")
    assert white.share == pytest.approx(0.96, abs=0.01)


def test_four_stripes_are_four_colours() -> None:
    swatches = find(stripes((200, 30, 30), (240, 220, 60), (30, 120, 50), (30, 40, 120)))
    assert len(swatches) == 4
    found = features(swatches)
    assert found["colour.palette_size"] == pytest.approx(4, abs=0.05)
    assert found["colour.dominant_share"] == pytest.approx(0.25, abs=0.02)


def test_two_of_a_kind_count_little_more_than_one() -> None:
    def of(difference: float) -> dict[str, float]:
        pair = (
            Swatch("#000001", 0.5, 50.0, 0.0, 0.0),
            Swatch("#000002", 0.5, 50.0 + difference, 0.0, 0.0),
        )
        return features(pair)

    sizes = [of(difference)["colour.palette_size"] for difference in (0, 5, 15, 60)]
    assert sizes[0] == pytest.approx(1)
    assert sizes[1] < 1.1
    assert sizes == sorted(sizes)
    assert sizes[-1] == pytest.approx(2, abs=0.01)
    assert of(40)["colour.palette_spread"] == pytest.approx(20)
