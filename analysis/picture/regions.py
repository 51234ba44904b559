"""Regions: a few areas alike in colour and place, each measured like a picture of its own.

A region is named as a person would say it: where it lies, and its colour.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import cv2
import numpy as np

from analysis.picture import clusters, colour, texture
from analysis.picture.maps import Maps, to_hex

# Hue in degrees of CIELAB up to which a name holds, for colours of middling lightness.
_HUES = (
    (12, "pink"),
    (50, "red"),
    (75, "orange"),
    (108, "yellow"),
    (165, "green"),
    (215, "turquoise"),
    (308, "blue"),
    (332, "purple"),
    (360, "pink"),
)


@dataclass(frozen=True, slots=True)
class Region:
    """An area of the picture.

    name: its place and colour in words.  share: of the picture's area, 0..1.
    x, y: its centre of mass, 0..1 from the left and from the top.
    box: left, top, right, bottom, 0..1, of the middle 90 % of its mass each way.
    hex: its mean colour.  features: those of `colour.*`, `light.*` and `texture.*` that make sense
    for a part of a picture, under the same names.
    """

    name: str
    share: float
    x: float
    y: float
    box: tuple[float, float, float, float]
    hex: str
    features: Mapping[str, float]


def find(maps: Maps) -> tuple[tuple[Region, ...], np.ndarray]:
    """One to five regions, ordered from left to right by their centres of mass; and a label map.

    The label map, (h, w) uint8 and at most 72 px a side, has for each place its region's number.
    """
    labels = clusters.label(maps)
    # Half the pixels each way describe a region as well, in a quarter of the time; but never fewer
    # than the label map has.
    shape = maps.lightness.shape
    thin = maps.thinned(2) if min(shape) >= 128 and max(shape) >= 2 * clusters.SIDE else maps
    areas = masks(labels, thin.lightness.shape)
    order = sorted(range(len(areas)), key=lambda number: _centre(areas[number]))
    found = [_region(thin.where(areas[number]), areas[number]) for number in order]
    names = distinct([(region.name, region.features["light.lightness"]) for region in found])
    regions = (replace(region, name=name) for region, name in zip(found, names, strict=True))
    ranks = np.argsort(order).astype(np.uint8)
    return tuple(regions), ranks[labels]


def masks(labels: np.ndarray, shape: tuple[int, ...]) -> list[np.ndarray]:
    """One mask, of bool in this shape (h, w), for each region of a label map, in their order."""
    height, width = shape
    full = cv2.resize(labels, (width, height), interpolation=cv2.INTER_NEAREST)
    return [full == index for index in range(int(labels.max()) + 1)]


def colour_word(lightness: float, a: float, b: float) -> str:
    """A plain English name of a CIELAB colour, such as "dark blue" or "pale grey".

    >>> colour_word(32, 79, -108)
    'dark blue'
    >>> colour_word(97, 0, 0)
    'white'
    """
    chroma = float(np.hypot(a, b))
    hue = float(np.degrees(np.arctan2(b, a))) % 360
    if (lightness < 9 and chroma < 20) or (lightness < 16 and chroma < 13):
        return "black"
    if chroma < 7:
        return _grey(lightness)
    tone = _tone(lightness, chroma)
    name = _hue(lightness, chroma, hue)
    if name in ("beige", "cream"):
        return name
    if chroma < 16 and name != "olive":
        return f"{tone}greyish {name}"
    if chroma > 70 and 35 <= lightness <= 75:
        return f"bright {name}"
    return f"{tone}{name}"


def place_word(x: float, y: float, box: tuple[float, float, float, float], share: float) -> str:
    """Where an area lies, from its centre of mass (0..1, from left and top), box and share."""
    width, height = box[2] - box[0], box[3] - box[1]
    if width > 0.75 and height > 0.75:
        return "all over" if share > 0.9 else "background" if share > 0.3 else "here and there"
    row = "upper" if y < 0.4 else "lower" if y > 0.6 else ""
    column = "left" if x < 0.4 else "right" if x > 0.6 else ""
    if width > 0.75:
        return f"across the {({'upper': 'top', 'lower': 'bottom'}).get(row, 'middle')}"
    if height > 0.75:
        return f"{column} side" if column else "down the middle"
    if row and column:
        return f"{row} {column}"
    if row:
        return {"upper": "top", "lower": "bottom"}[row]
    return column or "centre"


def distinct(named: list[tuple[str, float]]) -> list[str]:
    """Names made different where two are the same, by their lightness (L*)."""
    names = []
    for index, (name, lightness) in enumerate(named):
        same = [(value, i) for i, (other, value) in enumerate(named) if other == name]
        if len(same) == 1:
            names.append(name)
            continue
        rank = sorted(same).index((lightness, index))
        word = (
            "the darkest"
            if rank == 0
            else "the lightest"
            if rank == len(same) - 1
            else "the middle"
        )
        if len(same) == 2:
            word = ("the darker", "the lighter")[rank]
        names.append(
            f"{name} ({word})" if len(same) <= 3 else f"{name} ({rank + 1} of {len(same)})"
        )
    return names


def _region(part: Maps, mask: np.ndarray) -> Region:
    left, x, right = _extent(mask.sum(axis=0))
    top, y, bottom = _extent(mask.sum(axis=1))
    features = {**colour.of_pixels(part), **texture.of_pixels(part)}
    share = float(mask.mean())
    box = (left, top, right, bottom)
    word = colour_word(
        features["light.lightness"], features["colour.redness"], features["colour.yellowness"]
    )
    return Region(
        name=f"{place_word(x, y, box, share)}, {word}",
        share=round(share, 6),
        x=round(x, 6),
        y=round(y, 6),
        box=box,
        hex=to_hex(np.round(part.rgb.reshape(-1, 3).mean(axis=0))),
        features=MappingProxyType(
            {name: round(value, 6) + 0.0 for name, value in features.items()}
        ),
    )


def _centre(mask: np.ndarray) -> tuple[float, float]:
    """The centre of mass, 0..1 from the left and from the top."""
    return round(_extent(mask.sum(axis=0))[1], 6), round(_extent(mask.sum(axis=1))[1], 6)


def _extent(counts: np.ndarray) -> tuple[float, float, float]:
    """Where the middle 90 % of the mass begin, its centre, and where they end; 0..1."""
    total = np.cumsum(counts) / counts.sum()
    size = len(counts)
    low = int(np.searchsorted(total, 0.05)) / size
    high = min(size, int(np.searchsorted(total, 0.95)) + 1) / size
    centre = float((np.arange(size) + 0.5) @ counts) / float(counts.sum()) / size
    return round(low, 6), centre, round(high, 6)


def _hue(lightness: float, chroma: float, hue: float) -> str:
    """The name of a hue, which for warm colours hangs on lightness and chroma too."""
    name = next(name for bound, name in _HUES if hue <= bound)
    if chroma < 50 and lightness < 78 and (45 if chroma > 28 else 25) <= hue <= 112:
        # Dull orange is called brown, or beige where it is light; dull yellow olive.
        if hue > 85 and lightness < 70:
            return "olive"
        return "beige" if lightness > 60 and hue <= 100 else "brown" if hue <= 100 else name
    if chroma < 35 and 50 <= hue <= 100:
        return "cream" if lightness > 85 else "beige"
    if name == "red" and lightness > 58:
        return "orange" if hue > 38 else "pink"
    return name


def _tone(lightness: float, chroma: float) -> str:
    """A light colour is pale only where it is dull: yellow is light by nature."""
    return "dark " if lightness < 38 else "pale " if lightness > 78 and chroma < 45 else ""


def _grey(lightness: float) -> str:
    for bound, name in ((14, "black"), (40, "dark grey"), (68, "grey"), (92, "pale grey")):
        if lightness < bound:
            return name
    return "white"
