"""The picture's few colours (by colorthief), their shares, and how well they go together."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from analysis.lab import lch, to_hex, to_lab
from analysis.picture import reduce

SIDE = 64  # pixels a side of the copy for colorthief, which is written in plain Python
COLOURS = 6
ALIKE = 8.0  # CIELAB difference below which two colours count as one
LEAST = 0.01  # smallest share of a colour in the palette


@dataclass(frozen=True, slots=True)
class Swatch:
    """One colour of the palette: "#rrggbb", its share of the picture 0..1, and its CIELAB LCh."""

    hex: str
    share: float
    lightness: float
    chroma: float
    hue: float


def find(rgb: np.ndarray) -> tuple[Swatch, ...]:
    """The palette of (h, w, 3) uint8 sRGB: 1 to 7 colours, the largest first; shares sum to 1."""
    small = reduce(rgb, SIDE)
    colours = np.array(_candidates(small), np.uint8)
    labs = to_lab(colours[None])[0]
    pixels = to_lab(small).reshape(-1, 3)
    kept = list(range(len(colours)))
    while True:
        shares = _shares(pixels, labs[kept])
        # The smallest goes first: its pixels may make its neighbours large enough to stay.
        weak = int(np.argmin(shares))
        if len(kept) > 1 and (shares[weak] < LEAST or _nearest(labs[kept], weak) < ALIKE):
            del kept[weak]
            continue
        alike = _alike(labs[kept], shares)
        if alike is None:
            break
        del kept[alike]
    order = sorted(range(len(kept)), key=lambda i: (-shares[i], kept[i]))
    return tuple(
        Swatch(to_hex(colours[kept[i]]), float(shares[i]), *lch(labs[kept[i]])) for i in order
    )


def features(swatches: tuple[Swatch, ...]) -> dict[str, float]:
    """The features `colour.*` of a palette."""
    shares = np.array([swatch.share for swatch in swatches])
    labs = np.array([_lab(swatch) for swatch in swatches])
    apart = np.linalg.norm(labs[:, None] - labs[None], axis=2)
    pairs = shares[:, None] * shares[None]
    return {
        "colour.dominant_share": float(shares.max()),
        "colour.palette_size": float(np.exp(-(shares * np.log(shares)).sum())),
        "colour.palette_spread": float((pairs * apart).sum()),
        "colour.harmony": _harmony(swatches, pairs),
    }


def pair_harmony(one: Swatch, other: Swatch) -> float:
    """Ou & Luo 2006: harmony CH of two colours, about −1.24 (discord) to 1.39 (harmony)."""
    chroma = one.chroma - other.chroma
    hue = 2 * np.sqrt(one.chroma * other.chroma) * np.sin(np.radians(one.hue - other.hue) / 2)
    chromatic = 0.04 + 0.53 * np.tanh(0.8 - 0.045 * np.hypot(hue, chroma / 1.46))
    lightness = (
        0.28
        + 0.54 * np.tanh(-3.88 + 0.029 * (one.lightness + other.lightness))
        + 0.14
        + 0.15 * np.tanh(-2 + 0.2 * abs(one.lightness - other.lightness))
    )
    return float(chromatic + lightness + _hue_effect(one) + _hue_effect(other))


def _hue_effect(colour: Swatch) -> float:
    saturated = 0.5 + 0.5 * np.tanh(-2 + 0.5 * colour.chroma)
    hue = np.radians(colour.hue)
    preferred = (
        -0.08 - 0.14 * np.sin(hue + np.radians(50)) - 0.07 * np.sin(2 * hue + np.radians(90))
    )
    away = (90 - colour.hue) / 10
    yellow = (0.22 * colour.lightness - 12.8) / 10 * np.exp(away - np.exp(away))
    return float(saturated * (preferred + yellow))


def _harmony(swatches: tuple[Swatch, ...], pairs: np.ndarray) -> float:
    """Mean harmony of the pairs, weighted by area, on the published range brought to 0..1."""
    count = len(swatches)
    if count == 1:
        return _unit(pair_harmony(swatches[0], swatches[0]))
    total = weight = 0.0
    for i in range(count):
        for j in range(i + 1, count):
            total += pairs[i, j] * pair_harmony(swatches[i], swatches[j])
            weight += pairs[i, j]
    return _unit(total / weight)


def _unit(harmony: float) -> float:
    return float(np.clip((harmony + 1.24) / (1.39 + 1.24), 0, 1))


def _candidates(small: np.ndarray) -> list[tuple[int, int, int]]:
    """colorthief's colours; it leaves out near-white pixels and fails on fewer than two colours."""
    from colorthief import ColorThief

    flat = small.reshape(-1, 3)
    white = (flat > 250).all(axis=1)
    rest = flat[~white]
    found: list[tuple[int, int, int]] = []
    if white.any():
        found.append((255, 255, 255))
    if len(np.unique(rest >> 3, axis=0)) > 1:
        file = io.BytesIO()
        Image.fromarray(small).save(file, "BMP")
        found += [tuple(colour) for colour in ColorThief(file).get_palette(COLOURS, quality=1)]
    elif len(rest):
        mean = np.round(rest.mean(axis=0)).astype(int)
        found.append((int(mean[0]), int(mean[1]), int(mean[2])))
    return found


def _shares(pixels: np.ndarray, labs: np.ndarray) -> np.ndarray:
    """Share of the pixels nearest to each colour."""
    nearest = ((pixels[:, None] - labs[None]) ** 2).sum(axis=2).argmin(axis=1)
    return np.bincount(nearest, minlength=len(labs)) / len(pixels)


def _nearest(labs: np.ndarray, index: int) -> float:
    apart = np.linalg.norm(labs - labs[index], axis=1)
    apart[index] = np.inf
    return float(apart.min())


def _alike(labs: np.ndarray, shares: np.ndarray) -> int | None:
    """The smaller of the two colours that are most alike, if any two are."""
    apart = np.linalg.norm(labs[:, None] - labs[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    if apart.min() >= ALIKE:
        return None
    one, other = np.unravel_index(int(apart.argmin()), apart.shape)
    return int(one if shares[one] < shares[other] else other)


def _lab(swatch: Swatch) -> tuple[float, float, float]:
    hue = np.radians(swatch.hue)
    return swatch.lightness, swatch.chroma * float(np.cos(hue)), swatch.chroma * float(np.sin(hue))
