"""Colours of which the textbooks give the values."""

from dataclasses import fields

import numpy as np
import pytest

from analysis.picture import colour, maps
from analysis.picture.maps import lch, to_lab
from analysis.picture.palette import Swatch, pair_harmony
from tests.analysis.picture.pictures import plain


def lab_of(*rgb: int) -> np.ndarray:
    return to_lab(np.array([[rgb]], np.uint8))[0, 0]


def reference_lab(rgb: np.ndarray) -> np.ndarray:
    """CIE 15:2018 and IEC 61966-2-1, written out in double precision."""
    code = rgb / 255
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
         [0.0193339, 0.1191920, 0.9503041]]
    )  # fmt: skip
    ratio = linear @ to_xyz.T / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def test_white_and_black() -> None:
    assert lab_of(255, 255, 255) == pytest.approx([100, 0, 0], abs=0.02)
    assert lab_of(0, 0, 0) == pytest.approx([0, 0, 0], abs=0.02)


@pytest.mark.parametrize(
    ("rgb", "lightness", "chroma", "hue"),
    [
        ((255, 0, 0), 53.24, 104.55, 40.0),
        ((0, 255, 0), 87.73, 119.78, 136.0),
        ((0, 0, 255), 32.30, 133.81, 306.3),
        ((255, 255, 0), 97.14, 96.91, 102.9),
    ],
)
def test_primaries(rgb: tuple[int, int, int], lightness: float, chroma: float, hue: float) -> None:
    assert lch(lab_of(*rgb)) == pytest.approx((lightness, chroma, hue), abs=0.2)


def test_lab_agrees_with_the_standard_everywhere() -> None:
    codes = np.arange(0, 256, 15, dtype=np.uint8)
    cube = np.stack(np.meshgrid(codes, codes, codes), axis=-1).reshape(-1, 1, 3)
    assert np.abs(to_lab(cube) - reference_lab(cube)).max() < 0.05


def test_lab_is_exact_and_in_steps() -> None:
    codes = np.arange(0, 256, 5, dtype=np.uint8)
    cube = np.stack(np.meshgrid(codes, codes, codes), axis=-1).reshape(-1, 1, 3)
    ratios = (cube / 255.0).ravel()
    dark = (6 / 29) ** 3
    expected = np.where(ratios > dark, np.cbrt(ratios), ratios * (29 / 6) ** 2 / 3 + 4 / 29)
    assert np.abs(maps._roots(ratios) / expected - 1).max() < 1e-13
    assert np.array_equal(to_lab(cube) * maps.STEPS % 1, np.zeros_like(cube))
    greys = to_lab(np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, axis=2))
    assert not greys[:, :, 1:].any()
    assert greys[-1, 0, 0] == 100


def test_hues_are_told_apart_at_the_sectors_bounds() -> None:
    """By whole turns of a coloured pixel: each hue lies in the sector that begins before it."""
    degrees = np.arange(0.25, 360, 0.5)
    a, b = (40 * f(np.radians(degrees)).astype(np.float32) for f in (np.cos, np.sin))
    begins = sorted((begin, name) for name, begin in colour.SECTORS.items())
    blank = np.zeros_like(a)
    for hue, x, y in zip(degrees, a, b, strict=True):
        pixel = {"a": np.array([x]), "b": np.array([y]), "chroma": np.array([40.0], np.float32)}
        one = maps.Maps(**{field.name: blank[:1] for field in fields(maps.Maps)} | pixel)
        sector = max((each for each in begins if each[0] <= hue), default=begins[-1])[1]
        shares = colour._shares(one)
        assert shares.pop(f"colour.{sector}_share") == 1
        assert not any(shares.values())


def test_colourfulness_by_hand() -> None:
    # Red, green, blue and black: rg = 255, −255, 0, 0; yb = 127.5, 127.5, −255, 0.
    picture = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [0, 0, 0]]], np.uint8)
    variance_rg = (255**2 + 255**2) / 4
    variance_yb = (127.5**2 + 127.5**2 + 255**2) / 4
    expected = np.sqrt(variance_rg + variance_yb)  # both means are nought
    found = colour.of_pixels(maps.measure(picture))["colour.colourfulness"]
    assert found == pytest.approx(expected, rel=1e-5)


def test_grey_has_neither_hue_nor_colour() -> None:
    found = colour.of_pixels(maps.measure(plain((128, 128, 128))))
    assert found["colour.hue"] == 0
    assert found["colour.hue_concentration"] == 0
    assert found["colour.chroma"] < 0.05
    assert found["colour.colourfulness"] == 0


@pytest.mark.parametrize(
    ("rgb", "share"),
    [
        ((200, 30, 30), "red"),
        ((230, 210, 40), "yellow"),
        ((40, 140, 40), "green"),
        ((60, 120, 200), "blue"),
        ((150, 40, 180), "purple"),
    ],
)
def test_each_colour_has_its_sector(rgb: tuple[int, int, int], share: str) -> None:
    found = colour.of_pixels(maps.measure(plain(rgb)))
    shares = {name: found[f"colour.{name}_share"] for name in colour.SECTORS}
    assert shares == {name: pytest.approx(float(name == share)) for name in shares}


def test_orange_is_warm_and_blue_is_cool() -> None:
    orange = colour.of_pixels(maps.measure(plain((240, 140, 40))))["colour.warmth"]
    blue = colour.of_pixels(maps.measure(plain((40, 120, 220))))["colour.warmth"]
    assert orange > 0 > blue
    # Ou et al. 2004 for orange: C* = 72.6, h = 67.5°.
    assert orange == pytest.approx(-0.5 + 0.02 * 72.6**1.07 * np.cos(np.radians(17.5)), abs=0.05)


def test_harmony_by_hand() -> None:
    # Two equal greys of L* = 50: no chroma, so only the constants of Ou & Luo's terms are left.
    grey = Swatch("#777777", 0.5, 50.0, 0.0, 0.0)
    hue = (0.5 + 0.5 * np.tanh(-2)) * (-0.08 - 0.14 * np.sin(np.radians(50)) - 0.07)
    expected = (
        0.04 + 0.53 * np.tanh(0.8)
        + 0.28 + 0.54 * np.tanh(-0.98)
        + 0.14 + 0.15 * np.tanh(-2)
        + 2 * hue
    )  # fmt: skip
    assert pair_harmony(grey, grey) == pytest.approx(expected, abs=1e-3)


def test_a_light_pair_agrees_better_than_a_glaring_one() -> None:
    pale = [Swatch("", 0.5, 85.0, 20.0, hue) for hue in (240.0, 260.0)]
    glaring = [Swatch("", 0.5, 50.0, 100.0, hue) for hue in (40.0, 310.0)]
    assert pair_harmony(*pale) > 0.5 > 0 > pair_harmony(*glaring)
