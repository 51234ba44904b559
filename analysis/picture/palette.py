"""The picture's few colours (by colorthief), their shares, and how well they go together."""

from dataclasses import dataclass

import numpy as np

from analysis.picture.decode import reduce
from analysis.picture.maps import lch, to_hex, to_lab

# Every second pixel each way of a copy of at most 128 a side: small enough for colorthief, which is
# written in plain Python, and not so blurred that thin things lose their colour.
SIDE, EVERY = 128, 2
COLOURS = 6
SETTLE = 4
ALIKE = 6.0  # CIELAB difference below which two colours become one
KIN = 15.0  # CIELAB difference at which two colours still count as one by a third
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
    """The palette of (h, w, 3) uint8 sRGB: 1 to 6 colours, the largest first; shares sum to 1."""
    small = reduce(rgb, SIDE)
    if max(small.shape) > SIDE // EVERY:
        small = np.ascontiguousarray(small[::EVERY, ::EVERY])
    codes, pixels = small.reshape(-1, 3), to_lab(small).reshape(-1, 3).astype(np.float64)
    labs = _settled(pixels, to_lab(_candidates(small)[None])[0].astype(np.float64))
    while (weak := _superfluous(pixels, labs)) is not None:
        labs = np.delete(labs, weak, axis=0)
    nearest = _nearest(pixels, labs)
    swatches = []
    for index in range(len(labs)):
        own = nearest == index
        # The median is a colour of the picture's own; a mean would take in the borders' mixtures.
        colour = np.median(codes[own], axis=0).astype(np.uint8)
        swatch = (round(value, 6) for value in lch(to_lab(colour[None, None])[0, 0]))
        swatches.append(Swatch(to_hex(colour), float(own.mean()), *swatch))
    return tuple(sorted(swatches, key=lambda swatch: (-swatch.share, swatch.hex)))


def features(swatches: tuple[Swatch, ...]) -> dict[str, float]:
    """The features `colour.*` of a palette."""
    shares = np.array([swatch.share for swatch in swatches])
    labs = np.array([_lab(swatch) for swatch in swatches])
    apart = np.linalg.norm(labs[:, None] - labs[None], axis=2)
    pairs = shares[:, None] * shares[None]
    # Colours count by how alike they are (Leinster & Cobbold 2012), so that nothing jumps where a
    # sky comes out as one blue here and as two there.
    kindred = np.exp(-((apart / KIN) ** 2)) @ shares
    return {
        "colour.dominant_share": min(1.0, float(kindred.max())),
        "colour.palette_size": float(np.exp(-(shares * np.log(kindred)).sum())),
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


def _candidates(small: np.ndarray) -> np.ndarray:
    """colorthief's colours, (k, 3) uint8, of (h, w, 3) uint8.

    Its median cut is called directly, on codes brought to 0..63: its time goes with the volume of
    the colours' box, and what the cut loses in fineness the colours regain when they settle.
    Nothing is passed over for being near white.
    """
    from colorthief import MMCQ

    flat = small.reshape(-1, 3).astype(np.int64)
    low = flat.min(axis=0)
    span = int((flat.max(axis=0) - low).max())
    if span == 0:  # it cannot cut a single colour
        return small[0, :1]
    codes = (flat - low) * 63 // span
    found = np.array(MMCQ.quantize([tuple(code) for code in codes.tolist()], COLOURS).palette)
    colours: np.ndarray = np.minimum(low + found * span // 63, 255).astype(np.uint8)
    return colours


def _settled(pixels: np.ndarray, labs: np.ndarray) -> np.ndarray:
    """Colours moved to the middle of the pixels nearest to them, a few times over (Lloyd 1982).

    A box of the median cut may end in the midst of a sky; after this the cut hardly matters.
    """
    for _ in range(SETTLE):
        nearest = _nearest(pixels, labs)
        labs = np.array(
            [
                pixels[nearest == index].mean(axis=0) if (nearest == index).any() else colour
                for index, colour in enumerate(labs)
            ]
        )
    return labs


def _superfluous(pixels: np.ndarray, labs: np.ndarray) -> int | None:
    """A colour to leave out: one with hardly a pixel, or the smaller of two that are alike."""
    if len(labs) == 1:
        return None
    shares = np.bincount(_nearest(pixels, labs), minlength=len(labs)) / len(pixels)
    weak = int(np.argmin(shares))
    if shares[weak] < LEAST:
        return weak
    apart = np.linalg.norm(labs[:, None] - labs[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    if apart.min() >= ALIKE:
        return None
    one, other = np.unravel_index(int(apart.argmin()), apart.shape)
    return int(one if shares[one] < shares[other] else other)


def _nearest(pixels: np.ndarray, labs: np.ndarray) -> np.ndarray:
    """Which of the k colours each of the n pixels is nearest to, in CIELAB."""
    # Plane by plane: a sum along an axis of three costs several times as much.
    apart = [pixels[:, plane, None] - labs[None, :, plane] for plane in range(3)]
    nearest: np.ndarray = sum(plane * plane for plane in apart).argmin(axis=1)
    return nearest


def _lab(swatch: Swatch) -> tuple[float, float, float]:
    hue = np.radians(swatch.hue)
    return swatch.lightness, swatch.chroma * float(np.cos(hue)), swatch.chroma * float(np.sin(hue))
